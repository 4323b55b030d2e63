"""Facts that hold of a study by name, and conditions of them: `radiomics and not repeats`."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from analysis.results import keys
from analysis.results.record import Record
from analysis.study import Extraction, Study
from analysis.study.checklists.items import load_questions
from models.classifiers.logistic import CLASSIFIER as LOGISTIC


class Undecided(ValueError):
    """A condition hangs on something that is not known yet."""


def holds(condition: str | None, facts: Mapping[str, bool | None]) -> bool:
    """Whether a condition of names, `not`, `and` and `or` (which binds the least) holds.

    A condition of None always holds.

    Raises Undecided where a name that decides is None, KeyError for a name that is no fact.
    """
    if condition is None:
        return True
    undecided = []
    for alternative in condition.split(" or "):
        values = []
        for part in alternative.split(" and "):
            fact = facts[part.strip().removeprefix("not ")]
            values.append(None if fact is None else fact != part.strip().startswith("not "))
        if all(values):
            return True
        if False not in values:
            undecided.append(alternative)
    if undecided:
        raise Undecided(f"not known yet: {' or '.join(undecided)}")
    return False


def _any(count: Any) -> bool | None:
    """Whether a count is above zero; None where nobody counted."""
    return None if count is None else int(count) > 0


def _image_facts(extraction: Extraction | None) -> dict[str, bool]:
    """Image types that features are taken from: the usual ones, some of them, or others."""
    types = set(extraction.image_types if extraction is not None else ())
    usual = {"original", "wavelet", "log"}
    return {
        "usual_images": types >= usual,
        "wavelet": "wavelet" in types,
        "laplacian": "log" in types,
        "further_images": bool(types - usual),
        "unfiltered": types == {"original"},
    }


def _engine_facts(study: Study) -> dict[str, bool]:
    """Which software extracts features of any phase."""
    extracted = study.radiomics is not None and study.radiomics.table is None
    return {
        "by_mirp": bool(study.ibsi_phases),
        "by_pyradiomics": extracted and len(study.ibsi_phases) < len(study.phases),
    }


def facts_about(study: Study, records: Mapping[str, Record]) -> dict[str, bool | None]:
    """Name → whether it holds; None where results or a person's answer are still missing."""

    def value(key: str) -> Any:
        return records[key].value if key in records else None

    def enough(there: str, needed: str) -> bool | None:
        found, wanted = value(there), value(needed)
        return None if found is None or wanted is None else float(found) >= float(wanted)

    radiomics, deep, clinical = (
        study.radiomics,
        study.deep_learning is not None,
        study.clinical is not None,
    )
    developed = study.predictions is None
    extraction = radiomics.extraction if radiomics else None
    contrasts = study.statistics.contrasts
    centres = value(keys.cohort_centres_n())
    several_centres: bool | None = None if centres is None else int(centres) > 1
    if study.cohort.centre is None:
        several_centres = False
    guards = [value(keys.guard(name)) for name in ("outside_fold", "same_name", "same_values")]
    facts: dict[str, bool | None] = {
        "developed": developed,
        "imbalance_corrected": (
            study.deep_learning is not None and study.deep_learning.class_weights == "balanced"
        ),
        "enough_to_develop": enough(keys.n_of_cohort("training"), keys.planning_development_n()),
        "enough_to_validate": enough(keys.n_of_cohort("validation"), keys.planning_validation_n()),
        "probabilities": (
            None
            if value(keys.best_model()) is None
            else keys.brier(str(value(keys.best_model())), "validation") in records
        ),
        "images": bool(study.phases),
        # Features and given predictions may rest on images that the study does not have.
        "from_images": bool(study.phases) or radiomics is not None or deep or not developed,
        "radiomics": radiomics is not None,
        "paths": radiomics is not None and bool(radiomics.paths),
        "extracted": radiomics is not None and radiomics.table is None,
        **_engine_facts(study),
        "deep_learning": deep,
        "network_scale": any(seen.keeps_scale for seen in study.network_inputs().values()),
        "clinical": clinical,
        "fused": radiomics is not None and deep and clinical,
        "repeats": any(phase.repeat_masks for phase in study.phases.values()),
        "images_perturbed": (
            radiomics is not None
            and radiomics.perturbation is not None
            and radiomics.perturbation.images_changed
        ),
        "bias_corrected": any(each.bias_correction for each in study.preprocessing_of.values()),
        "intensity_reference": any(
            each.intensity and not each.is_matched for each in study.preprocessing_of.values()
        ),
        "histogram_matched": bool(study.matched_phases),
        "followed": study.endpoint.horizon_months is not None,
        "dictionary": study.cohort.dictionary is not None,
        "comparators": bool(study.comparators),
        "scores": bool(study.comparators or study.supplement_scores),
        "contrasts": bool(contrasts.primary or contrasts.family),
        "several_models": (
            sum((radiomics is not None, deep, clinical)) + len(study.additional_models) > 1
        ),
        "centres": study.cohort.centre is not None,
        "several_centres": several_centres,
        "by_centre": (
            study.cohort.centre is not None
            and (
                any(group.variable == study.cohort.centre for group in study.subgroups)
                or study.validation.outer == "leave_one_centre_out"
            )
        ),
        "external": bool(study.split.external or study.split.centres),
        "subgroups": bool(study.subgroups),
        "fairness": any(group.fairness for group in study.subgroups),
        "logarithms": study.clinical is not None and bool(study.clinical.log_transform),
        "logistic_radiomics": radiomics is not None and LOGISTIC.id in radiomics.classifiers,
        "normalised": extraction is not None and extraction.normalise,
        "resampled": extraction is not None and extraction.resampled_spacing_mm is not None,
        "masks_resampled": study.masks.resampling != "none" and bool(study.phases),
        "gaps_filled": study.masks.gaps != "keep" and bool(study.phases),
        "bin_count": extraction is not None and extraction.bin_count is not None,
        **_image_facts(extraction),
        "tolerance": study.endpoint.horizon_tolerance_days > 0,
        "detection_limits": any(True for _ in keys.preparation_limited.of(records)),
        "guards_failed": _any(value(keys.guards_n("fail"))),
        "guards_not_run": _any(value(keys.guards_n("not_run"))),
        "partition_sound": None if None in guards else all(each == "pass" for each in guards),
        "updated": False,
    }
    for name, question in load_questions().items():
        if question.decides:
            answer = study.reporting.get(name)
            facts[question.decides] = None if answer is None else answer.answer == "yes"
    return facts
