"""The people team's side of the career pathways."""
