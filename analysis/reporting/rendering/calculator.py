"""Nomogram as a calculator on the html page, without network, from the values of results.json."""

from __future__ import annotations

from typing import Any

from analysis.reporting.manuscript import Results, Shown
from analysis.reporting.rendering.page_data import interactive_block
from analysis.results import keys
from analysis.study.level_label import level_label
from models.declared import PARTS, Part, part_of

# How a term enters, by what its slope is per.
KINDS = {"unit": "number", "doubling": "doubling", "level": "level"}


def _part(results: Results, term: str) -> Part | None:
    return part_of(term, {name: each.label for name, each in results.models.items()})


def _kind(results: Results, term: str) -> str:
    return "logit" if _part(results, term) else KINDS[results.plain(keys.nomogram_scale(term))]


def nomogram_model(results: Results) -> dict[str, Any]:
    """intercept, event and terms (term, label, kind, slope, low, high, start) of the fused model.

    kind: `logit`, a probability that enters as its log odds, clipped as in training; `doubling`, a
    value that enters as its log2; `level`, 0 or 1, of a `factor` with its name and `reference`
    level: one list with all levels; `number`, the value itself. low, high: range of the learning
    patients that the nomogram shows.
    """
    ticks = results.frame("curves/nomogram")
    clip = results.record(keys.nomogram_clip()).value
    terms = []
    slopes = {parts["term"]: each for parts, each in keys.nomogram_slope.of(results.records)}
    for term, record in sorted(slopes.items()):
        kind, (factor, _, level) = _kind(results, term), term.partition("=")
        rows = ticks[ticks["axis"] == factor]
        label = str(rows["label"].iloc[0]) if len(rows) else factor.replace("_", " ")
        of_factor: dict[str, Any] = (
            {
                "factor": label,
                "level": level_label(level),
                "reference": level_label(results.plain(keys.nomogram_reference(term))),
            }
            if level
            else {}
        )
        low, high = 0.0, 1.0
        part = _part(results, term)
        if part is not None:
            label = (
                f"{part.score.removesuffix(' score')} model's probability"
                if term in PARTS
                else f"probability by {results.models[term].label}"
            )
            label = label[:1].upper() + label[1:]
        elif kind != "level" and len(rows):
            values = rows["tick"].astype(float)
            low, high = float(values.min()), float(values.max())
        start = 0.5 if kind == "logit" else float(f"{(low + high) / 2:.3g}")
        terms.append(
            of_factor
            | {
                "term": term,
                "label": label,
                "kind": kind,
                "slope": record.value,
                "low": low,
                "high": high,
                "start": start,
                "clip": clip,
            }
        )
    return {
        "model": results.plain(keys.nomogram_model()),
        "event": results.plain(keys.study_event()),
        "intercept": results.record(keys.nomogram_intercept()).value,
        "terms": terms,
    }


def calculator_block(results: Results) -> Shown:
    """Raw html with the model's values; the page's script makes the form.

    Other formats leave it out.
    """
    return interactive_block(
        "nomogram-calculator",
        "Nomogram calculator",
        "(for research, not for the care of patients)",
        nomogram_model(results),
    )
