"""Results that no analysis made, for tests of what is drawn, laid out and written: two studies, one
without clinical variables."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd
from ruamel.yaml import YAML

from analysis.results.record import Records, write_records
from tests.conftest import ROOT

HOWS = ("apparent", "out_of_fold", "validation")
LABELS = {
    "cr": "CR",
    "radiomics": "Radiomics",
    "dl": "DL",
    "rcr": "RCR",
    "dlrcr": "DLRCR",
    "radiomics_logistic": "Radiomics, logistic regression",
    "radiomics_mlp": "Radiomics, multilayer perceptron",
    "resnet18": "ResNet-18",
    "resnet34": "ResNet-34",
    "bclc_2022": "BCLC",
    "albi": "ALBI",
}
CLASSIFICATION = ("accuracy", "sensitivity", "specificity", "ppv", "npv")


@dataclass(frozen=True)
class Kind:
    """What a study has: followed over time, clinical variables, a synthetic cohort, and its
    models."""

    name: str
    headline: tuple[str, ...]
    parts: tuple[str, ...]
    comparators: tuple[str, ...]
    followed: bool
    synthetic: bool
    phases: tuple[str, ...]

    @property
    def models(self) -> tuple[str, ...]:
        return (*self.headline, *self.parts, *self.comparators)


LIVER = Kind(
    "liver",
    ("cr", "radiomics", "dl", "rcr", "dlrcr"),
    ("radiomics_logistic", "radiomics_mlp", "resnet18", "resnet34"),
    ("bclc_2022", "albi"),
    True,
    True,
    ("arterial", "portal_venous", "delayed"),
)
SARCOMA = Kind(
    "sarcoma",
    ("radiomics", "dl"),
    ("radiomics_logistic", "resnet18"),
    (),
    False,
    False,
    ("mr_t1", "pet"),
)


def study_file(kind: Kind, folder: Path) -> Path:
    """study.yml of the kind; its output lies beside it."""
    yaml = YAML(typ="safe")
    study = yaml.load((ROOT / "study.yml").read_text(encoding="utf-8"))
    study["study"]["name"], study["output"] = kind.name, "outputs"
    if kind is SARCOMA:
        study["study"] = {
            "name": "sarcoma",
            "title": "Lung metastasis of soft-tissue sarcoma",
            "disease": "soft-tissue sarcoma",
            "event": "lung metastasis",
            "modality": "MR and PET",
            "protocol": "full",
        }
        study["cohort"] = {"folder": "data", "table": "clinical.csv", "patient_id": "patient_id"}
        study["endpoint"], study["split"] = (
            {"label": "lung_metastasis"},
            {"validation_fraction": 0.3, "seed": 1},
        )
        study["phases"] = {
            phase: {
                "image": f"{{patient_id}}/{phase}.nii.gz",
                "mask": "{patient_id}/mask.nii.gz",
                "extraction": {"bin_count": 32},
            }
            for phase in kind.phases
        }
        study["deep_learning"]["reference_phase"] = "mr_t1"
        for section in (
            "clinical",
            "comparators",
            "comparators_supplement",
            "published",
            "declarations",
        ):
            study.pop(section)
        study["statistics"].pop("contrasts")
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / "study.yml").open("w", encoding="utf-8") as file:
        yaml.dump(study, file)
    return folder / "study.yml"


def _describe(records: Records, kind: Kind) -> None:
    liver = kind is LIVER
    texts = {
        "study.title": "A study",
        "study.disease": "hepatocellular carcinoma" if liver else "soft-tissue sarcoma",
        "study.event": "early recurrence" if liver else "lung metastasis",
        "study.modality": "MRI",
        "study.phases": list(kind.phases),
        "cohort.synthetic": kind.synthetic,
        "settings.demo": kind.synthetic,
        "settings.protocol": "demonstration",
        "settings.classifiers": ["logistic regression"],
        "settings.networks": ["ResNet-18"],
        "settings.wavelet": "coif1",
        "settings.log_sigmas": ["2", "4"],
        "settings.reference_phase": kind.phases[0].replace("_", " "),
        "radiomics.best": "logistic regression",
        "radiomics.chosen_in_folds": ["logistic regression"],
        "training.precision": "float32",
        "deep.best": "ResNet-18",
        "deep.chosen_in_folds": ["ResNet-18"],
        "settings.proportion_interval": "exact",
        "contrasts.model": kind.headline[-1],
        "provenance.commit": "abcdef0",
        "provenance.study_digest": "0123456789ab",
        "plan.digest": "0123456789ab",
        "plan.date": "2024-05-06",
        "plan.first_evaluation": "2024-05-06",
        "models.included": kind.models,
        "models.headline": kind.headline,
        "models.comparators": kind.comparators,
        **({"models.comparators.best": kind.comparators} if kind.comparators else {}),
    }
    texts |= {
        f"software.{name}": "1.2.3"
        for name in (
            "python",
            "torch",
            "monai",
            "scikit-learn",
            "xgboost",
            "statsmodels",
            "lifelines",
            "pyradiomics",
        )
    }
    texts |= {
        f"label.{how}": label
        for how, label in zip(
            HOWS, ("Training, apparent", "Training, out of fold", "Validation"), strict=True
        )
    }
    texts |= {f"label.{model}": LABELS[model] for model in kind.models}
    numbers = {
        "settings.confidence_level": 0.95,
        "settings.outer_folds": 3,
        "settings.inner_folds": 3,
        "settings.seed": 1,
        "settings.bootstrap_resamples": 1000,
        "planning.r2_share": 0.15,
        "planning.observed_expected_width": 0.4,
        "planning.auc_width": 0.1,
        "planning.slope_width": 0.4,
        "planning.net_benefit_width": 0.2,
        "planning.anticipated_auc": 0.8,
        "planning.correlation": 0.5,
        "planning.power": 0.8,
        "planning.alpha": 0.05,
        "settings.sensitivity": 0.9,
        "settings.tuning_folds": 3,
        "settings.crop": 40,
        "settings.epochs": 20,
        "settings.slices": 3,
        "settings.field_of_view": 80.0,
        "settings.batch_size": 22,
        "settings.learning_rate": 0.002,
        "decision.threshold_low": 0.2,
        "decision.threshold_high": 0.8,
        "decision.reported_threshold": 0.5,
        "decision.claim_low": 0.5,
        "decision.claim_high": 0.5,
        "decision.net_benefit_tolerance": 0.001,
        "settings.calibration_band_low": 0.8,
        "settings.calibration_band_high": 1.25,
    }
    counts = {
        "cohort.n": 177,
        "cohort.labelled.n": 165,
        "cohort.unknown.n": 12 if kind.followed else 0,
        "cohort.events.n": 96,
        "cohort.non_events.n": 69,
        "cohort.training.n": 132,
        "cohort.training.events": 77,
        "cohort.training.non_events": 55,
        "cohort.validation.n": 33,
        "cohort.validation.events": 19,
        "cohort.validation.non_events": 14,
        "features.total": 3111,
        "features.per_phase": 1037,
        "features.shape": 14,
        "features.first_order": 198,
        "features.texture": 825,
        "features.selected.n": 2,
        "study.phases.n": len(kind.phases),
        "planning.validation.n": 490,
        "planning.validation.observed_expected": 70,
        "planning.validation.calibration_slope": 490,
        "planning.validation.auc": 299,
        "planning.validation.net_benefit": 279,
        "calibration_curve_stable.least": 100,
        "comparisons.least": 10,
        "ledger.evaluations.n": 1,
        "ledger.plans.n": 1,
        "ledger.outcome_edits.n": 0,
        "ledger.removed.n": 0,
        "ledger.training_edits.n": 0,
        "ledger.splits.n": 1,
        "ledger.moved.n": 0,
    }
    for number, phase in enumerate(kind.phases[:2], start=1):
        texts[f"features.selected.{number:02d}"] = f"{phase}_wavelet-LLH_glcm_Imc1"
    if kind.followed:
        numbers |= {"endpoint.horizon_months": 24.0, "cohort.follow_up_median": 50.4}
        records.add("log_rank.risk_group.validation", None, p=0.378)
        records.add("gray_test.risk_group.validation", None, p=0.412)
        for cohort in ("training", "validation"):
            for event in ("any_event", "cause_specific", "cause_specific_death", "subdistribution"):
                records.add(
                    f"hazard_ratio.{event}.{cohort}",
                    2.22,
                    ci_low=1.46,
                    ci_high=3.38,
                    p=0.01 if cohort == "validation" else None,
                    unit="hazard ratio",
                )
                records.add(f"proportional_hazards.{event}.{cohort}", None, p=0.05)
    if liver:
        texts |= {
            "clinical.selected": ["AST", "Tumour diameter"],
            "label.term.ast": "AST (per doubling)",
            "label.term.tumour_diameter": "Tumour diameter (per cm)",
            "assumption.01": "The phases are assumed.",
            "published.source": "the abstract",
        }
        counts |= {
            "settings.clinical_candidates": 19,
            "cohort.centres.n": 2,
            "features.stable.n": 2905,
            "agreement.patients.n": 30,
            "missing.patients.n": 8,
        }
        numbers |= {"agreement.icc_threshold": 0.75}
        for kind_of, term, p in (
            ("univariable", "ast", 0.0004),
            ("univariable", "tumour_diameter", 0.03),
            ("multivariable", "ast", 0.01),
        ):
            records.add(
                f"odds_ratio.{kind_of}.{term}",
                1.994,
                ci_low=1.0,
                ci_high=785.4,
                p=p,
                unit="odds ratio",
            )
        for cohort, value in (("training", 0.917), ("validation", 0.844)):
            records.add(f"published.dlrcr.{cohort}.auc", value, unit="AUC")
        records.add("published.dlrcr.validation.accuracy", 0.818, unit="proportion")
        for cohort, events, others in (("training", 81, 51), ("validation", 20, 13)):
            records.add(f"published.fits.dlrcr.{cohort}", 1, n=events + others, unit="tables")
            counts |= {
                f"published.fits.dlrcr.{cohort}.events": events,
                f"published.fits.dlrcr.{cohort}.non_events": others,
            }
        counts |= {
            "published.fits.dlrcr.events": 101,
            "published.fits.dlrcr.non_events": 64,
            "published.events": 96,
            "published.non_events": 69,
            "planning.development.n": 1665,
            "planning.parameters": 22,
        }
        numbers |= {
            "planning.events_per_parameter": 3.5,
            "optimism_corrected.auc.cr": 0.72,
            "optimism_corrected.slope.cr": 0.7,
            "optimism_corrected.brier.cr": 0.22,
            "optimism.failed": 0,
            "regression.events_per_parameter": 38.5,
            "variance_inflation.ast": 1.0,
        }
        texts |= {
            "regression.method": "maximum likelihood",
            "contrasts.primary": "cr",
            "contrasts.family": ["bclc_2022"],
        }
    else:
        records.add("contrasts.primary", None)
        texts |= {"contrasts.family": []}
    for key, value in (texts | numbers | counts).items():
        records.add(key, value)


def _perform(records: Records, kind: Kind, rng: np.random.Generator) -> None:
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
            "cr": "primary contrast",
            "bclc_2022": "secondary, Holm-adjusted over 1 contrasts",
        }.get(model, "exploratory, no p-value")
        records.add(
            f"delong.{best}_vs_{model}.validation",
            low + 0.12,
            ci_low=low,
            ci_high=low + 0.24,
            p=None if role.startswith("exploratory") else 0.04,
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
        records.add(f"added_value.seen.{name}", "0 to C")
        records.add(f"added_value.lost.{name}", 2 if name == "bclc_2022" else 0, unit="patients")
    records.add("label.milan", "Milan criteria")
    records.add("n_evaluable.milan.validation", 33, unit="patients")
    records.add("nomogram.model", "dlrcr")
    records.add("nomogram.example.points", 62.0, unit="points")
    records.add("nomogram.example.risk", 0.48, unit="probability")
    records.add("log_rank_trend.bclc_2022", 4.2, p=0.04, n=174, unit="chi-square")


def _curves(kind: Kind) -> dict[str, pd.DataFrame]:
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
                ("points", "Points", "0", 0.0, None),
                ("points", "Points", "100", 100.0, None),
                ("dl", "DL score (log odds)", "-1", 0.0, None),
                ("dl", "DL score (log odds)", "2", 100.0, None),
                ("capsule", "Capsule", "complete", 0.0, None),
                ("capsule", "Capsule", "incomplete", 12.0, None),
                ("capsule", "Capsule", "none", 30.0, None),
                ("total", "Total points", "0", None, 0.0),
                ("total", "Total points", "120", None, 120.0),
                ("risk", "Risk", "0.1", None, 20.0),
                ("risk", "Risk", "0.9", None, 90.0),
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


def _append(records: Records, kind: Kind, path: Path, output: Path) -> None:
    """The supplement's appendices and the checklists, answered from these results."""
    from analysis.inputs.radiomics.definitions import definition_of
    from analysis.reporting.checklists.records import add_checklists
    from analysis.results.appendix import dictionary_summary, settings_table
    from analysis.study import load_study

    study = load_study(path)
    dictionary = pd.DataFrame(
        [
            [
                f"{phase}_original_glcm_Imc1",
                phase.replace("_", " "),
                "original",
                "grey level co-occurrence",
                "Imc1",
                definition_of("glcm", "Imc1"),
                0.9,
                "yes",
                number,
                6,
                "no",
            ]
            for number, phase in enumerate(kind.phases)
        ],
        columns=[
            "feature",
            "phase",
            "image",
            "class",
            "name",
            "definition",
            "icc",
            "reproducible",
            "selected_n",
            "selected_of",
            "final",
        ],
    )
    records.add("dictionary.fits.n", 6, unit="folds")
    records.add("tuning.contexts.n", 2, unit="folds")
    tables = {
        "settings": settings_table(study),
        "feature_dictionary": dictionary,
        "feature_dictionary_summary": dictionary_summary(dictionary),
        "tuning": pd.DataFrame(
            [["radiomics_logistic", context, "C", 0.1] for context in ("outer_1", "final")],
            columns=["model", "context", "parameter", "value"],
        ),
        "predictions_by_patient": pd.DataFrame(
            [
                ["R001", "training", 1, *[0.5] * len(kind.headline)],
                ["R002", "validation", None, *[0.25] * len(kind.headline)],
            ],
            columns=["patient", "cohort", "outcome", *kind.headline],
        ),
        "checklists": add_checklists(records, study),
    }
    for name, frame in tables.items():
        frame.to_csv(output / "tables" / f"{name}.csv", index=False)
    (output / "provenance.json").write_text(
        json.dumps(
            {
                "python": "3.11.9",
                "platform": "Linux",
                "commit": "abcdef0",
                "study": "0" * 64,
                "table": "1" * 64,
                "packages": {"numpy": "2.2.0"},
            }
        )
    )


def write_fake_study(kind: Kind, folder: Path) -> Path:
    """Write study.yml and the outputs that an analysis of it would leave, all but figures; returns
    the study file."""
    path, output = study_file(kind, folder), folder / "outputs"
    records = Records()
    _describe(records, kind)
    _perform(records, kind, np.random.default_rng(5))
    (output / "curves").mkdir(parents=True, exist_ok=True)
    (output / "tables").mkdir(exist_ok=True)
    _append(records, kind, path, output)
    write_records(output / "results.json", records)
    for name, frame in _curves(kind).items():
        frame.to_csv(output / "curves" / f"{name}.csv", index=False)
    if kind is LIVER:
        rows = [
            [
                "AST, U/L",
                "",
                "median [IQR]",
                "35 [26, 50]",
                "40 [30, 53]",
                0.458,
                "Mann-Whitney",
                0.08,
                3,
            ],
            ["Sex", "female", "n (%)", "23 (17.4)", "6 (18.2)", 0.919, "chi-square", 0.02, 0],
            ["", "non_binary", "n (%)", "109 (82.6)", "27 (81.8)", None, "", None, None],
        ]
        pd.DataFrame(
            rows,
            columns=[
                "variable",
                "level",
                "statistic",
                "training",
                "validation",
                "p",
                "test",
                "smd",
                "missing",
            ],
        ).to_csv(output / "tables" / "baseline.csv", index=False)
        scores = [
            [
                name,
                label,
                "ecog, bilirubin",
                "staging",
                "higher",
                "0 < A",
                "unconfirmed" if name == "milan" else "confirmed",
                "A source",
                "10.1/x" if name == "albi" else "",
                "",
                174,
                "0 16, A 87",
                "inr (3)",
            ]
            for name, label in (
                ("bclc_2022", "BCLC"),
                ("albi", "ALBI"),
                ("milan", "Milan criteria"),
            )
        ]
        columns = [
            "id",
            "label",
            "inputs",
            "family",
            "worse",
            "levels",
            "status",
            "source",
            "doi",
            "note",
            "n_evaluable",
            "distribution",
            "missing",
        ]
        pd.DataFrame(scores, columns=columns).to_csv(output / "tables" / "scores.csv", index=False)
        pd.DataFrame(
            [["bclc_2022", "albi", 174, 0.376, -0.271, 0.481]],
            columns=["first", "second", "n", "kappa", "ci_low", "ci_high"],
        ).to_csv(output / "tables" / "score_agreement.csv", index=False)
        pd.DataFrame(
            [["bclc_2022", "0", "A", 8, 21, 0.713, 0.0421]],
            columns=["system", "first", "second", "n_first", "n_second", "superiority", "p_holm"],
        ).to_csv(output / "tables" / "score_levels.csv", index=False)
        moved = [
            [outcome, old, new, 3]
            for outcome in ("event", "non_event")
            for old in ("< 0.5", "≥ 0.5")
            for new in ("< 0.5", "≥ 0.5")
        ]
        pd.DataFrame(moved, columns=["outcome", "old", "new", "n"]).to_csv(
            output / "tables" / "reclassification.csv", index=False
        )
        pd.DataFrame(
            rows,
            columns=[
                "variable",
                "level",
                "statistic",
                "event",
                "no_event",
                "p",
                "test",
                "smd",
                "missing",
            ],
        ).to_csv(output / "tables" / "baseline_by_outcome.csv", index=False)
    return path
