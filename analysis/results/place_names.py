"""Names of the results by centre and by validation cohort.

They are the columns of curves/places.csv, for results and tables.
"""

STATISTICS = {"auc": "AUC", "observed_expected": "ratio", "calibration_slope": "slope"}
# What a division into places is, by its key.
DIVISIONS = {
    "centres_left_out": "centres left out in turn",
    "validation_centres": "centres of the validation cohort",
    "validation_cohorts": "validation cohorts",
}
COLUMNS = [
    "division",
    "place",
    "model",
    "n",
    "events",
    *[f"{name}{end}" for name in STATISTICS for end in ("", "_low", "_high")],
]
