"""The people team's side of coaching."""
