"""Names of the results by centre and by validation cohort.

They are the columns of curves/places.csv, for results and tables.
"""

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
