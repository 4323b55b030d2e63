"""Tables of the user: cohorts, features and predictions, from CSV or Excel."""
