"""Made-up results that describe a study."""

from __future__ import annotations

from analysis.results.description import SOFTWARE
from analysis.results.record import Records
from tests.support.fake_kinds import HOWS, LABELS, LIVER, Kind


def describe(records: Records, kind: Kind) -> None:
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
    texts |= {f"software.{name}": "1.2.3" for name in ("python", *SOFTWARE[:6], "pyradiomics")}
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
