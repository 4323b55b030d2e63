"""Training again: from the features of a bundle, or from a study whose data the reviewer has."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from importlib.metadata import version
from pathlib import Path

import numpy as np
import pandas as pd
from sklearn.metrics import roc_auc_score

from analysis.core.word_lists import counted
from analysis.inputs.radiomics import RadiomicsTable
from analysis.results.record import read_records
from analysis.study import load_study
from analysis.training import train_all
from analysis.workflow.check.load import load_cohort
from analysis.workflow.review.bundle_readme import left_out_of_retraining
from analysis.workflow.review.expected_identity import obstacles, origin_here, origin_of_bundle
from analysis.workflow.review.rebuild import Bundle
from analysis.workflow.review.verdicts import ABSOLUTE, RELATIVE, compare_records
from analysis.workflow.run import compute

# Counts people's answers, and is no part of what `compute` makes.
OF_A_RUN = ("checklist.",)


@dataclass(frozen=True)
class Retrained:
    """Results of training again.

    lines: what was found, one a model and way of judging, or a number. different: what is another
    now, beyond the tolerance of `verify`. apart: why identical numbers could not be expected, empty
    where they could; then a difference counts.
    """

    lines: list[str]
    different: list[str] = field(default_factory=list)
    apart: list[str] = field(default_factory=list)

    @property
    def sound(self) -> bool:
        """Whether nothing differs that was expected to be the same."""
        return bool(self.apart) or not self.different


def retrain_obstacles(bundle: Bundle, study: Path | None = None) -> list[str]:
    """Why training again can't be expected to give the bundle's numbers; empty where it can."""
    apart = obstacles(origin_of_bundle(bundle), origin_here())
    packed, here = bundle.about["origin"].get("package"), version("hcc-early-recurrence")
    if packed != here:
        apart.append(f"the package: {packed} for the bundle, {here} for this computer")
    banded = sum(bundle.about.get("banded", {}).values())
    if study is None and bundle.clinical and banded:
        apart.append(f"ages above 89 are banded in the bundle ({counted(banded, 'patient')})")
    return apart


def retrained(bundle: Bundle, study: Path | None = None) -> Retrained:
    """Make the models again, and compare."""
    apart = retrain_obstacles(bundle, study)
    lines, different = _from_study(bundle, study) if study is not None else _from_bundle(bundle)
    return Retrained(lines, different, apart)


@contextmanager
def _afresh() -> Iterator[Path]:
    """Folder of its own with an empty cache.

    Nothing that was trained before is taken for trained again.
    """
    before = os.environ.get("EARLY_RECURRENCE_CACHE")
    with tempfile.TemporaryDirectory(prefix="retrain-") as folder:
        os.environ["EARLY_RECURRENCE_CACHE"] = str(Path(folder) / "cache")
        try:
            yield Path(folder)
        finally:
            os.environ.pop("EARLY_RECURRENCE_CACHE")
            if before is not None:
                os.environ["EARLY_RECURRENCE_CACHE"] = before


def _from_study(bundle: Bundle, path: Path) -> tuple[list[str], list[str]]:
    """Compare a full recomputation of a study with its packed results.

    Make everything again from the reviewer's own copy of the data, and compare its results with the
    packed ones. Neither the copy's outputs nor its ledger are touched.
    """
    cohort = load_cohort(load_study(path))
    with _afresh() as folder:
        compute(
            replace(cohort, study=cohort.study.model_copy(update={"output": folder / "outputs"}))
        )
        results = read_records(folder / "outputs" / "results.json")
    theirs, ours = (
        {
            key: record
            for key, record in part.items()
            if not record.is_history and not key.startswith(OF_A_RUN)
        }
        for part in (bundle.results, results)
    )
    verdicts = [compare_records(theirs[key], ours[key]) for key in sorted(set(theirs) & set(ours))]
    apart, only = (
        [each for each in verdicts if each.word == "different"],
        sorted(set(theirs) ^ set(ours)),
    )
    same = sum(each.word == "identical" for each in verdicts)
    near = len(verdicts) - same - len(apart)
    lines = [
        f"{same} of {counted(len(verdicts), 'number')} identical"
        + (f", {near} within tolerance" if near else "")
        + (f"; {len(only)} on one side only, {only[0]} first" if only else "")
    ]
    lines += [f"{each.key}: {each.detail}" for each in apart]
    return lines, [*(each.key for each in apart), *only]


NOTHING_HELD = "neither clinical values nor features"


def _from_bundle(bundle: Bundle) -> tuple[list[str], list[str]]:
    """CR, radiomics and their fusion from the clinical values and features that are shared.

    The networks need the images.
    """
    parts: dict[str, object] = {"deep_learning": None, "additional_models": {}, "features": {}}
    if not bundle.clinical:
        parts |= {"clinical": None, "comparators": [], "comparators_supplement": []}
    if bundle.features is None or left_out_of_retraining(bundle.study, bundle.clinical):
        parts["radiomics"] = None
    there = {"radiomics"} if bundle.clinical and "radiomics" not in parts else set()
    fusion = bundle.study.fusion
    further = {name: each for name, each in fusion.models.items() if set(each.parts) <= there}
    parts["fusion"] = fusion.model_copy(update={"models": further})
    study = bundle.study.model_copy(update=parts)
    if study.clinical is None and study.radiomics is None:
        reason = left_out_of_retraining(bundle.study, bundle.clinical)
        what = f"no clinical values, and {reason}" if reason else NOTHING_HELD
        return [f"nothing could be trained: the bundle holds {what}, and no --study was given"], []
    with _afresh():
        cohort = replace(bundle.cohort, study=study)
        table = None
        if study.radiomics is not None and bundle.features is not None:
            table = RadiomicsTable(bundle.features, {})
        made = train_all(cohort, table).predictions.table
    lines, different = _differences(bundle.predictions, made)
    if bundle.study.features:
        lines.append("blocks of features were not trained: the bundle does not hold them")
    if bundle.study.deep_learning is not None:
        lines.append("networks were not trained: the bundle holds no images")
    if bundle.features is not None and (
        reason := left_out_of_retraining(bundle.study, bundle.clinical)
    ):
        lines.append(f"radiomics was not trained: {reason}")
    return lines, different


def _differences(packed: pd.DataFrame, made: pd.DataFrame) -> tuple[list[str], list[str]]:
    keys = ["model", "how", "repeat", "patient_id"]
    both = packed.set_index(keys)[["score", "label"]].join(
        made.set_index(keys)["score"].rename("again"), how="inner"
    )
    lines, different = [], []
    for (model, how), rows in both.groupby(level=["model", "how"], sort=False):
        largest = float((rows["score"] - rows["again"]).abs().max())
        known = rows.dropna()
        words = (
            "identical scores" if largest == 0 else f"largest difference of a score {largest:.3g}"
        )
        if largest > 0 and known["label"].nunique() == 2:
            words += (
                f", AUC {roc_auc_score(known['label'], known['score']):.3f} packed,"
                f" {roc_auc_score(known['label'], known['again']):.3f} again"
            )
        lines.append(f"{model}, {how.replace('_', ' ')}: {words}")
        if not np.allclose(rows["score"], rows["again"], RELATIVE, ABSOLUTE, equal_nan=True):
            different.append(f"{model}.{how}")
    return lines, different
