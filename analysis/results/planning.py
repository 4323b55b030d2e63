"""Sample size of the study, and consistency of the reproduced paper's numbers.

The module tells how many patients the study would have needed, and whether what the reproduced
paper printed can come from its patients.
"""

from __future__ import annotations

from analysis.cohort.cohort import Cohort
from analysis.results import keys
from analysis.results.record import Records
from analysis.statistics import (
    check_reported,
    largest_r2,
    minimum_detectable_auc_difference,
    sample_size_binary,
    sample_size_validation,
)
from analysis.study import Published
from analysis.study.load import load_study
from analysis.training.settings import clinical_settings

# Share of the largest possible Cox-Snell R² that Riley et al. (2020) take where nothing is known.
ANTICIPATED = 0.15
# Precision asked of a validation (Riley et al. 2021), and what the detectable difference takes for
# granted.
ASKED = {
    "observed_expected_width": 0.4,
    "slope_width": 0.4,
    "auc_width": 0.1,
    "net_benefit_width": 0.2,
}
TAKEN = {"correlation": 0.5, "power": 0.8, "alpha": 0.05}


def add_planning(records: Records, cohort: Cohort, parameters: int | None) -> None:
    """Add the planned sample sizes and the detectable difference in AUC.

    They are Riley's sizes for developing the CR model and for validating, and the AUC difference
    that the validation could detect.

    parameters: candidate coefficients of the CR model; None without one. All are planning values,
    not results: the AUC is the anticipated one of the study file, so that what the study observed
    has no say in how large it should have been.
    """
    settings = cohort.study.statistics
    anticipated, threshold = settings.anticipated_auc, settings.reported_threshold
    for name, value in {
        "r2_share": ANTICIPATED,
        "anticipated_auc": anticipated,
        **ASKED,
        **TAKEN,
    }.items():
        records.add(keys.named(f"planning_{name}")(), value, source=add_planning)
    # Predictions that were made elsewhere may come without training patients.
    learnt = "training" if records.value(keys.events_of_cohort("training")) else "validation"
    events, others = (
        records.value(quantity(learnt))
        for quantity in (keys.events_of_cohort, keys.non_events_of_cohort)
    )
    prevalence = events / (events + others)
    if parameters is not None:
        size = sample_size_binary(ANTICIPATED * largest_r2(prevalence), parameters, prevalence)
        records.add(
            keys.planning_development_n(),
            size.n,
            unit="patients",
            source=sample_size_binary,
            method=(
                f"Riley 2020: {parameters} candidate parameters, prevalence {prevalence:.3f},"
                f" Cox-Snell R² {ANTICIPATED:g} of maximum, shrinkage 0.9"
            ),
        )
        records.add(
            keys.planning_parameters(), parameters, unit="parameters", source=clinical_settings
        )
        records.add(
            keys.planning_events_per_parameter(),
            events / parameters,
            unit="events per parameter",
            source=add_planning,
        )
    precise = sample_size_validation(
        prevalence,
        anticipated,
        ASKED["auc_width"],
        ASKED["observed_expected_width"],
        slope_width=ASKED["slope_width"],
        threshold=threshold,
        net_benefit_width=ASKED["net_benefit_width"],
    )
    asked_methods = {
        "observed_expected": f"O:E no wider than {ASKED['observed_expected_width']:g}",
        "calibration_slope": f"calibration slope no wider than {ASKED['slope_width']:g}",
        "auc": f"AUC of {anticipated:g} no wider than {ASKED['auc_width']:g}",
        "net_benefit": (
            f"standardized net benefit at {threshold:g} no wider than"
            f" {ASKED['net_benefit_width']:g}"
        ),
    }
    for name, asked in asked_methods.items():
        records.add(
            keys.named(f"planning_validation_{name}")(),
            precise[name],
            unit="patients",
            source=sample_size_validation,
            method=f"Riley 2021: interval of {asked}, prevalence {prevalence:.3f}",
        )
    records.add(
        keys.planning_validation_n(),
        precise["n"],
        unit="patients",
        source=sample_size_validation,
        method="Riley 2021: largest of O:E, calibration slope, AUC and net benefit",
    )
    events, others = (
        records.value(quantity("validation"))
        for quantity in (keys.events_of_cohort, keys.non_events_of_cohort)
    )
    if min(events, others) > 1:
        records.add(
            keys.planning_detectable_auc_difference(),
            minimum_detectable_auc_difference(anticipated, events, others, **TAKEN),
            n=events + others,
            unit="AUC difference",
            method=(
                f"power {TAKEN['power']:.0%}, two-sided {TAKEN['alpha']:.0%}, correlation"
                f" {TAKEN['correlation']:g}, AUC {anticipated:g}"
            ),
            source=minimum_detectable_auc_difference,
        )


def add_published_check(records: Records, published: Published | None) -> None:
    """Add the consistency of the published proportions with 2×2 tables.

    `published.fits.<model>.<cohort>`: how many 2×2 tables round to the printed proportions, and the
    patients of the only one.
    """
    if published is None:
        return
    for model, cohorts in published.values.items():
        unique = {}
        for cohort, printed in cohorts.items():
            if cohort not in published.patients or not {
                "accuracy",
                "sensitivity",
                "specificity",
            } <= set(printed):
                continue
            tables = check_reported(
                published.patients[cohort],
                printed["accuracy"],
                printed["sensitivity"],
                printed["specificity"],
            )
            records.add(
                keys.published_fits(model, cohort),
                len(tables),
                n=published.patients[cohort],
                unit="tables",
                method="2×2 tables of the printed accuracy, sensitivity and specificity",
                source=check_reported,
            )
            margins = {(table.events, table.non_events) for table in tables}
            if len(margins) == 1:
                unique[cohort] = margins.pop()
                for name, count in zip(("events", "non_events"), unique[cohort], strict=True):
                    records.add(
                        keys.named(f"published_fits_{name}")(model, cohort),
                        count,
                        n=published.patients[cohort],
                        unit="patients",
                        source=check_reported,
                    )
        if len(unique) > 1 and set(unique) == set(published.patients):
            for place, name in enumerate(("events", "non_events")):
                records.add(
                    keys.named(f"published_fits_all_{name}")(model),
                    sum(counts[place] for counts in unique.values()),
                    unit="patients",
                    source=check_reported,
                )
    for name, total in (("events", published.events), ("non_events", published.non_events)):
        if total is not None:
            records.add(
                keys.named(f"published_{name}")(),
                total,
                unit="patients",
                method="printed by the reproduced paper",
                source=load_study,
            )
