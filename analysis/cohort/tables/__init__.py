"""What the user's tables hold: cohorts, features and predictions, from CSV or Excel."""
