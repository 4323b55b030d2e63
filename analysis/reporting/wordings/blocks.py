"""Blocks of other people's features, in words."""

from __future__ import annotations

from analysis.reporting.wordings.models import components_words, paths_words, selection_words
from analysis.study import Study
from analysis.study.feature_blocks import FeatureBlock
from models.classifiers import CLASSIFIERS
from models.selection_steps import COMPONENTS

# Before the name of a block.
BLOCK = "settings.features."


def block_words(study: Study, name: str) -> str:
    """Where a block's features come from and how its model was made, in sentences."""
    block = study.features[name]
    known = [
        f" from {block.source}" if block.source else "",
        f" (licence: {block.licence})" if block.licence else "",
    ]
    repeated = (
        " Those that agreed between delineations, with an intraclass correlation of at least"
        f" {block.icc_threshold:g} in training, were used."
        if block.repeats or block.readers
        else ""
    )
    return (
        f"features{''.join(known)} were read from a table.{repeated} They were standardised"
        f"{_reduction(block)} The classifier was {CLASSIFIERS[block.classifier].name}, tuned by"
        f" {block.tuning_folds}-fold cross-validation that included these steps. All of it was"
        " fitted on the training patients of each fold."
    )


def _reduction(block: FeatureBlock) -> str:
    """How standardised features reach the classifier, to the end of the sentence."""
    if block.paths:
        return f", and reached the classifier by the best of several paths: {paths_words(block)}."
    selected = selection_words(block)
    words = f" and selected by {selected}" if selected else ""
    if COMPONENTS not in block.selection:
        return f"{words}."
    link = ", then" if words else " and"
    return f"{words}{link} replaced by {components_words(block)}."
