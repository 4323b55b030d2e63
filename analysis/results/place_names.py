"""Names of the results by centre and by validation cohort.

They are the columns of curves/places.csv, for results and tables.
"""

# An AUC or a proportion of fewer patients of either outcome says nothing and may name somebody.
LEAST_OF_EITHER = 10
STATISTICS = {"auc": "AUC", "observed_expected": "ratio", "calibration_slope": "slope"}
# Divisions into places: centres left out in turn, centres of the validation cohort, and cohorts.
DIVISIONS = ("centres_left_out", "validation_centres", "validation_cohorts")
COLUMNS = [
    "division",
    "place",
    "model",
    "n",
    "events",
    *[f"{name}{end}" for name in STATISTICS for end in ("", "_low", "_high")],
]
