"""Sentences on the path from features to a classifier, and on the features that the model uses."""

from __future__ import annotations

from analysis.reporting.manuscript import Results
from analysis.results import keys
from models.selection_steps import COMPONENTS

# Steps that keep the table's order; after any other, features stand by their worth.
UNORDERED = {"variance", COMPONENTS}


def path_chosen(results: Results) -> str:
    """Paths that tuning chose; empty where the study has one only."""
    if keys.radiomics_path() not in results.records:
        return ""
    return (
        "The path chosen with the classifier was {radiomics.path}; the outer folds chose"
        " {radiomics.path.in_folds} (supplement)."
    )


def features_used(results: Results, reference: str) -> str:
    """How many features the final model uses, and as what; reference: to table and figure."""
    components = keys.features_components_n() in results.records
    read = (
        ", summarised by {features.components.n|principal component}, so that single features have"
        " no coefficient"
        if components
        else ""
    )
    unlisted = "" if features_listed(results) else "; they are too many to list"
    return f"The final model used {{features.selected.n|feature}}{read}{unlisted}{reference}."


def features_listed(results: Results) -> bool:
    """False where the final model uses so many features that no result names them."""
    return keys.features_selected("01") in results.records


def order_of_features(results: Results) -> str:
    """Order in which the final model's features are listed, for a caption."""
    radiomics = results.study.radiomics
    steps = list(radiomics.selection) if radiomics is not None else []
    if keys.radiomics_path() in results.records and radiomics is not None:
        steps = list(radiomics.paths.get(str(results.record(keys.radiomics_path()).value), []))
    worth = not steps and not (radiomics and radiomics.paths)
    if worth or any(step not in UNORDERED for step in steps):
        return "ordered by weight in the selection"
    return "in the order of the feature table"
