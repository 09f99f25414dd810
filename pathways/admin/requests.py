"""The people team's side of funded routes and the requests for them."""
