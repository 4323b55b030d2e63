"""Made-up points of curves."""

from __future__ import annotations

import numpy as np
import pandas as pd

from tests.support.fake_kinds import HOWS, LIVER, Kind


def curves_of(kind: Kind) -> dict[str, pd.DataFrame]:
    x = np.linspace(0, 1, 12)
    each = [(model, how) for model in kind.models for how in HOWS]
    curves = {
        "roc": pd.concat(
            [
                pd.DataFrame(
                    {
                        "model": model,
                        "how": how,
                        "false_positive_rate": x,
                        "true_positive_rate": np.sqrt(x),
                    }
                )
                for model, how in each
            ]
        ),
        "roc_band": pd.concat(
            [
                pd.DataFrame(
                    {
                        "how": how,
                        "false_positive_rate": x,
                        "ci_low": np.sqrt(x) * 0.8,
                        "ci_high": np.minimum(np.sqrt(x) * 1.1, 1),
                    }
                )
                for how in HOWS
            ]
        ),
        "calibration": pd.concat(
            [
                pd.DataFrame(
                    {
                        "model": model,
                        "how": how,
                        "predicted": x,
                        "observed": x,
                        "ci_low": x - 0.1,
                        "ci_high": x + 0.1,
                    }
                )
                for model, how in each
                if model in kind.headline and how != "apparent"
            ]
        ),
        "decision_curve": pd.concat(
            [
                pd.DataFrame(
                    {
                        "model": model,
                        "how": how,
                        "threshold": x,
                        "net_benefit": 0.4 - x / 2,
                        "ci_low": 0.3 - x / 2,
                        "ci_high": 0.5 - x / 2,
                    }
                )
                for model in (*kind.models, "treat_all", "treat_none")
                for how in HOWS
            ]
        ),
    }
    if kind is LIVER:
        curves["nomogram"] = pd.DataFrame(
            [
                ("points", None, "0", 0.0, None),
                ("points", None, "100", 100.0, None),
                ("dl", "DL score (log odds)", "-1", 0.0, None),
                ("dl", "DL score (log odds)", "2", 100.0, None),
                ("capsule", "Capsule", "complete", 0.0, None),
                ("capsule", "Capsule", "incomplete", 12.0, None),
                ("capsule", "Capsule", "none", 30.0, None),
                ("total", None, "0", None, 0.0),
                ("total", None, "120", None, 120.0),
                ("risk", None, "0.1", None, 20.0),
                ("risk", None, "0.9", None, 90.0),
            ],
            columns=["axis", "label", "tick", "points", "total_points"],
        )
        curves["nomogram_example"] = pd.DataFrame(
            [("dl", "0", 50.0), ("capsule", "incomplete", 12.0)],
            columns=["axis", "tick", "points"],
        )
    if kind.followed:
        time = np.arange(0, 66, 3.0)
        curves["kaplan_meier"] = pd.concat(
            [
                pd.DataFrame(
                    {
                        "group": f"{cohort}: {risk} risk",
                        "time_months": time,
                        "survival": np.exp(-time / scale),
                        "ci_low": np.exp(-time / scale) - 0.1,
                        "ci_high": np.exp(-time / scale) + 0.1,
                        "at_risk": np.arange(len(time), 0, -1),
                    }
                )
                for cohort in ("training", "validation")
                for risk, scale in (("high", 20), ("low", 70))
            ]
        )
        curves["stages"] = pd.concat(
            [
                pd.DataFrame(
                    {
                        "group": f"bclc_2022: {level}",
                        "time_months": time,
                        "survival": np.exp(-time / scale),
                        "at_risk": np.arange(len(time), 0, -1),
                    }
                )
                for level, scale in (("0", 70), ("A", 40))
            ]
        )
        curves["cumulative_incidence"] = pd.concat(
            [
                pd.DataFrame(
                    {
                        "group": f"{cohort}: {risk} risk",
                        "event": event,
                        "time_months": time,
                        "incidence": top * (1 - np.exp(-time / 20)),
                        "ci_low": 0.0,
                        "ci_high": 0.9,
                        "at_risk": np.arange(len(time))[::-1] + 5,
                    }
                )
                for cohort in ("training", "validation")
                for risk in ("high", "low")
                for event, top in (("recurrence", 0.7), ("death", 0.1))
            ]
        )
    return curves
