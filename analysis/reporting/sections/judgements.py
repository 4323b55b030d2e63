"""Sentences whose very words the results decide.

Within an author's own text they stay calls by their name.
"""

from __future__ import annotations

from analysis.reporting.sections.context import Context
from analysis.reporting.sections.registry import CLINICAL, FEATURES, IMAGES, section
from analysis.reporting.sentences import (
    added,
    apparent_words,
    best_parts,
    fallback_found,
    fusion_remarks,
    published_check,
    redrawn,
    unconfirmed,
    unstable_selection,
)
from models.declared import DL, RADIOMICS


@section("added", "where the gain over each comparator lies", decided=True)
def _added(c: Context) -> str:
    return added(c.r)


@section("unconfirmed", "scores whose definition nobody has read in its source", decided=True)
def _unconfirmed(c: Context) -> str:
    return unconfirmed(c.r)


@section(
    "fallback-found",
    "that a variable was kept which the rule would not have kept",
    (IMAGES, FEATURES, CLINICAL),
    decided=True,
)
def _fallback_found(c: Context) -> str:
    return fallback_found(c.r)


@section("best-classifier", "a chosen score above each that it chooses from", decided=True)
def _best_classifier(c: Context) -> str:
    return best_parts(c.r, RADIOMICS.id) if c.radiomics else ""


@section("best-network", "the same of networks", decided=True)
def _best_network(c: Context) -> str:
    return best_parts(c.r, DL.id) if c.deep else ""


@section("unstable-selection", "features that every fold chose", (IMAGES, FEATURES), decided=True)
def _unstable_selection(c: Context) -> str:
    return unstable_selection(c.r)


@section("fusion-remarks", "fusions that turn a score round", decided=True)
def _fusion_remarks(c: Context) -> str:
    return fusion_remarks(c.r)


@section("apparent", "apparent and out-of-fold AUC side by side", decided=True)
def _apparent(c: Context) -> str:
    return apparent_words(c.r, c.headline) if c.judged else ""


@section("published-check", "which numbers of patients the published values fit", decided=True)
def _published_check(c: Context) -> str:
    return published_check(c.r)


@section("redrawn", "that patients changed cohort after results were known", decided=True)
def _redrawn(c: Context) -> str:
    return redrawn(c.r)
