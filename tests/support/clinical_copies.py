"""A cohort with other clinical variables."""

from dataclasses import replace


def with_clinical(cohort, clinical):
    return replace(cohort, clinical=clinical)
