"""The people team's side of induction."""
