"""The people team's side of learning needs analysis and the plans from it."""
