"""A verdict by number: identical, within tolerance, different, or not recomputable and why."""

from __future__ import annotations

import io
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

import pandas as pd

from analysis.core.word_lists import counted
from analysis.results import keys
from analysis.results.keys.quantity import Needs
from analysis.results.older_tables import table_in_present_form
from analysis.results.record import Record, as_text
from analysis.workflow.review.rebuild import Bundle
from analysis.workflow.review.recompute import Recomputed

Word = Literal["identical", "within tolerance", "different", "not recomputable"]
# Between processors and library builds the last digits of sums differ; a number of the paper has
# three.
RELATIVE, ABSOLUTE = 1e-6, 1e-9
PARTS = ("value", "ci_low", "ci_high", "p", "n")

# Why a number can't be had from predictions and outcomes, by what its declaration says it needs.
REASONS: dict[Needs, str] = {
    "images": "needs the images",
    "models": "needs the models",
    "images and models": "needs images and models",
    "terms of the models": "needs the models' terms",
    "features": "needs the features",
    "excluded patients": "excluded patients are not in the bundle",
    "values before preparation": "the bundle has the values as they were prepared",
    "split": "the bundle has the split as a recorded column",
    "words of the authors": "the authors' words on a model of their own",
    "answers of people": "counts answers that people gave",
    "machine": "describes the machine that made it",
    "history": "history of the study",
}
FILES = {
    "curves/nomogram.csv": "needs the models",
    "curves/nomogram_example.csv": "needs the models",
    "curves/contributions.csv": "needs the models",
    "curves/models.csv": "what the models are",
    "curves/permutations.csv": "needs images and models",
    "tables/guards.csv": "needs images and models",
    "tables/importance.csv": "needs the models",
    "curves/selection.csv": "needs the models",
    "curves/selection_deviance.csv": "needs the models",
    "curves/selection_path.csv": "needs the models",
    "curves/selection_steps.csv": "needs the models",
    "curves/training.csv": "needs the models",
    "curves/feature_icc.csv": "needs the images",
    "tables/feature_icc_by_class.csv": "needs the images",
    "tables/quality_by_phase.csv": "needs the images",
    "tables/region_quality_by_phase.csv": "needs the images",
    "tables/registration_by_phase.csv": "needs the images",
    "tables/standard_scale.csv": "needs the images",
    "curves/selection_by_region.csv": "needs the models",
    "tables/delta_left_out.csv": "needs the models",
    "tables/habitats.csv": "needs images and models",
    "tables/selection_frequency.csv": "needs the models",
    "tables/clinical_frequency.csv": "needs the models",
    "tables/tuning.csv": "needs the models",
    "tables/paths.csv": "needs the models",
    "tables/feature_dictionary.csv": "needs the features",
    "tables/feature_dictionary_summary.csv": "needs the features",
    "tables/checklists.csv": "answers that people gave",
    "tables/settings.csv": "a copy of the study file",
    "tables/variables.csv": "a copy of the data dictionary",
    "tables/predictions_by_patient.csv": "the packed predictions in another order",
    "tables/updating.csv": "needs the models' terms",
    "tables/updated_model.csv": "needs the models' terms",
}


@dataclass(frozen=True)
class Verdict:
    """Verdict on a number or a table.

    key: of the number, or the file of a table; word; detail: what was found and what was packed, or
    why nothing can be said.
    """

    key: str
    word: Word
    detail: str = ""


def _compare(packed: Any, found: Any) -> Word:
    if packed == found or (packed is None and found is None):
        return "identical"
    if (
        isinstance(packed, (int, float))
        and isinstance(found, (int, float))
        and not isinstance(packed, bool)
    ):
        return (
            "within tolerance"
            if abs(packed - found) <= ABSOLUTE + RELATIVE * max(abs(packed), abs(found))
            else "different"
        )
    return "different"


def compare_records(packed: Record, found: Record) -> Verdict:
    """The worst of value, interval, p and n."""
    words = {part: _compare(getattr(packed, part), getattr(found, part)) for part in PARTS}
    for word in ("different", "within tolerance"):
        parts = [part for part in PARTS if words[part] == word]
        if parts:
            return Verdict(
                packed.key,
                word,
                "; ".join(
                    f"{part} {_shown(getattr(packed, part))} in the bundle,"
                    f" {_shown(getattr(found, part))} recomputed"
                    for part in parts
                ),
            )
    return Verdict(packed.key, "identical")


def _shown(value: Any) -> str:
    if value is None:
        return "undefined"
    return f"{value:.6g}" if isinstance(value, float) else as_text(value)


def _reason(words: str, bundle: Bundle) -> str:
    """A reason as it is for this study, which may have no images."""
    no_images = words == REASONS["images and models"] and not bundle.study.phases
    return REASONS["models"] if no_images else words


def _why(record: Record, bundle: Bundle, found: Recomputed) -> str:
    if record.needs in REASONS:
        return _reason(REASONS[record.needs], bundle)
    if record.needs == "clinical values":
        return (
            "needs clinical values, which the bundle does not hold"
            if not bundle.clinical
            else "; ".join(found.failed.values()) or "its step computes it no more"
        )
    return (
        "; ".join(f"{step}: {reason}" for step, reason in found.failed.items())
        or "no step of the verification computes it"
    )


def _explained(record: Record, bundle: Bundle) -> bool:
    """Whether something other than tampering explains that a number is missing."""
    if record.quantity == keys.log_rank_trend.name and bundle.study.comparator_files:
        return True
    return record.needs in REASONS or (record.needs == "clinical values" and not bundle.clinical)


def record_verdicts(bundle: Bundle, found: Recomputed) -> Iterator[Verdict]:
    """One for each number of results.json, and one for each that should be there and isn't."""
    banded = sum(bundle.about.get("banded", {}).values())
    for key in sorted(set(bundle.results) | set(found.records)):
        if key not in found.records:
            # A step that failed on what should have been enough is a finding.
            packed = bundle.results[key]
            word: Word = "not recomputable" if _explained(packed, bundle) else "different"
            yield Verdict(key, word, _why(packed, bundle, found))
        elif key not in bundle.results:
            yield Verdict(
                key,
                "different",
                f"recomputed as {_shown(found.records[key].value)}, and not among the bundle's"
                " results",
            )
        else:
            verdict = compare_records(bundle.results[key], found.records[key])
            if verdict.word == "different" and banded and key in found.clinical:
                verdict = Verdict(
                    key,
                    "not recomputable",
                    f"ages above 89 are banded ({counted(banded, 'patient')})",
                )
            yield verdict


def _as_written(frame: pd.DataFrame) -> pd.DataFrame:
    """As a run writes and reads its curves and tables: ten digits, an empty cell is missing."""
    return pd.read_csv(
        io.StringIO(frame.to_csv(index=False, float_format="%.10g", lineterminator="\n")),
        keep_default_na=False,
        na_values=[""],
    )


def compare_tables(name: str, packed: pd.DataFrame, found: pd.DataFrame) -> Verdict:
    """Cell by cell; the first that differs is named."""
    found = _as_written(found)
    if list(packed.columns) != list(found.columns) or len(packed) != len(found):
        return Verdict(
            name,
            "different",
            f"{counted(len(packed), 'row')} of {counted(len(packed.columns), 'column')} in the"
            f" bundle, {len(found)} of {len(found.columns)} recomputed",
        )
    worst: Word = "identical"
    for column in packed:
        for row, (one, two) in enumerate(
            zip(packed[column].tolist(), found[column].tolist(), strict=True)
        ):
            word: Word = "identical" if pd.isna(one) and pd.isna(two) else _compare(one, two)
            if word == "different":
                return Verdict(
                    name,
                    "different",
                    f"row {row + 1}, {column}: {_shown(one)} in the bundle, {_shown(two)}"
                    " recomputed",
                )
            worst = "within tolerance" if word == "within tolerance" else worst
    return Verdict(name, worst)


def table_verdicts(bundle: Bundle, found: Recomputed) -> Iterator[Verdict]:
    """One for each curve and table of the bundle."""
    banded = sum(bundle.about.get("banded", {}).values())
    for path in sorted(
        [*(bundle.folder / "curves").glob("*.csv"), *(bundle.folder / "tables").glob("*.csv")]
    ):
        name = path.relative_to(bundle.folder).as_posix()
        if name in found.tables:
            verdict = compare_tables(name, _read(path, name), found.tables[name])
            if verdict.word == "different" and banded and name in found.clinical:
                verdict = Verdict(
                    name,
                    "not recomputable",
                    f"ages above 89 are banded ({counted(banded, 'patient')})",
                )
            yield verdict
        elif name in FILES:
            yield Verdict(name, "not recomputable", _reason(FILES[name], bundle))
        elif not bundle.clinical:
            yield Verdict(
                name, "not recomputable", "needs clinical values, which the bundle does not hold"
            )
        else:
            yield Verdict(
                name,
                "not recomputable",
                "; ".join(found.failed.values()) or "no step of the verification computes it",
            )


def _read(path: Path, name: str) -> pd.DataFrame:
    table = pd.read_csv(path, keep_default_na=False, na_values=[""])
    return table_in_present_form(name.removesuffix(".csv"), table)
