"""Made-up results of the models."""

from __future__ import annotations

import numpy as np

from analysis.results.record import Records
from tests.support.fake_kinds import CLASSIFICATION, HOWS, LABELS, LIVER, Kind


def perform(records: Records, kind: Kind, rng: np.random.Generator) -> None:
    for model in kind.models:
        records.add(f"cutoff.{model}", 0.5, ci_low=0.3, ci_high=0.8, unit="score")
        records.add(f"cutoff_ties.{model}", 2, unit="cut-offs")
        records.add(f"cutoff.{model}.prespecified", 0.25, unit="score")
        for how in HOWS:
            n, events = (33, 20) if how == "validation" else (132, 81)
            records.add(f"n_evaluable.{model}.{how}", n, unit="patients")
            records.add(f"events.{model}.{how}", events, n=n, unit="patients")
            for name, unit in (
                ("auc", "AUC"),
                *((each, "proportion") for each in CLASSIFICATION),
                ("calibration_intercept", "log odds"),
                ("calibration_slope", "slope"),
            ):
                value = float(rng.uniform(0.6, 0.9))
                records.add(
                    f"{name}.{model}.{how}",
                    value,
                    ci_low=value - 0.1,
                    ci_high=value + 0.08,
                    n=n,
                    unit=unit,
                )
            records.add(f"brier.{model}.{how}", 0.2, unit="Brier score")
            records.add(
                f"net_benefit.{model}.{how}.50", 0.0, ci_low=-0.1, ci_high=0.1, unit="net benefit"
            )
            records.add(
                f"observed_expected.{model}.{how}", 1.03, ci_low=0.77, ci_high=1.38, unit="ratio"
            )
            records.add(f"calibration_curve_stable.{model}.{how}", False)
            records.add(f"auc_horizon.{model}.{how}", 0.8, ci_low=0.7, ci_high=0.9, unit="AUC")
    records.add("net_benefit.treat_all.validation.50", 0.1, unit="net benefit")
    if kind is LIVER:
        for model in (*kind.models, "treat_all"):
            records.add(
                f"net_benefit_competing.{model}.validation.50",
                0.05,
                ci_low=-0.1,
                ci_high=0.2,
                unit="net benefit",
            )
        records.add("settings.target_prevalence", 0.3, unit="proportion")
        records.add("score_correlation.radiomics_vs_dl", 0.41, n=132, unit="index")
        records.add("score_correlation.radiomics_vs_dl.given_volume", 0.22, n=132, unit="index")
        for model in kind.headline:
            records.add(
                f"net_benefit_target.{model}.validation.50",
                0.02,
                ci_low=-0.1,
                ci_high=0.1,
                unit="net benefit",
            )
        records.add(
            "concordance_difference.dlrcr_vs_cr.validation",
            0.052,
            ci_low=-0.04,
            ci_high=0.14,
            n=33,
            unit="AUC difference",
        )
        records.add(
            "brier_horizon_difference.dlrcr_vs_cr.validation",
            -0.021,
            ci_low=-0.06,
            ci_high=0.02,
            n=33,
            unit="Brier score difference",
        )
    best = kind.headline[-1]
    records.add("best.model", best)
    records.add(f"calibration_test.{best}.validation", 1.2, p=0.55, unit="chi-square")
    records.add(
        f"net_benefit_gain.{best}.validation",
        0.03,
        ci_low=-0.12,
        ci_high=0.2,
        unit="net benefit difference",
    )
    records.add("best.model.label", LABELS[best])
    # One comparison of each kind: the interval above, across and below zero.
    for number, model in enumerate(model for model in kind.models if model != best):
        low = (0.02, -0.1, -0.3)[number % 3]
        role = {
            "cr": "primary",
            "bclc_2022": "secondary",
        }.get(model, "exploratory")
        records.add(
            f"delong.{best}_vs_{model}.validation",
            low + 0.12,
            ci_low=low,
            ci_high=low + 0.24,
            p=None if role == "exploratory" else 0.04,
            unit="AUC difference",
        )
        records.add(f"contrast_role.{model}", role)
    records.add("models.supplement", ["milan"] if kind is LIVER else [])
    if kind is LIVER:
        _grade(records)
        records.add(
            f"net_benefit_difference.{best}_vs_{model}.validation",
            0.0,
            ci_low=-0.1,
            ci_high=0.1,
            unit="net benefit difference",
        )


def _grade(records: Records) -> None:
    """What the model adds to two comparators: one gain above zero, one that includes it; and a
    score of the supplement."""
    records.add("added_value.scores", ["bclc_2022", "albi"])
    records.add("added_value.common.n", 31, unit="patients")
    records.add("added_value.common.of", 33, unit="patients")
    records.add("added_value.common.rarer", 12, unit="patients")
    for name, low, p in (("bclc_2022", 0.02, 0.03), ("albi", -0.05, None)):
        records.add(
            f"added_value.{name}", 0.2, ci_low=low, ci_high=0.4, p=p, n=31, unit="AUC difference"
        )
        for part, unit, value in (
            ("auc_alone", "AUC", 0.63),
            ("auc_together", "AUC", 0.83),
            ("net_benefit", "net benefit difference", 0.1),
            ("likelihood_ratio", "chi-square", 12.3),
            ("tied_pairs", "proportion", 0.345),
        ):
            records.add(
                f"added_value.{part}.{name}",
                value,
                **({} if unit == "chi-square" else {"ci_low": value - 0.1, "ci_high": value + 0.1}),
                unit=unit,
            )
        records.add(f"added_value.seen.{name}", ["0", "C"])
        records.add(f"added_value.lost.{name}", 2 if name == "bclc_2022" else 0, unit="patients")
    records.add("label.milan", "Milan criteria")
    records.add("n_evaluable.milan.validation", 33, unit="patients")
    records.add("nomogram.model", "dlrcr")
    records.add("nomogram.example.points", 62.0, unit="points")
    records.add("nomogram.example.risk", 0.48, unit="probability")
    records.add("log_rank_trend.bclc_2022", 4.2, p=0.04, n=174, unit="chi-square")
