"""The people team's side of the Golden Thread of teaching."""
