"""Words for what the study file sets.

They are phrases and sentences that a document fills in by a name, as it fills in results by their
keys.
"""

from __future__ import annotations

from collections.abc import Mapping

from analysis.core.word_lists import listed
from analysis.reporting.wordings.blocks import BLOCK, block_words
from analysis.reporting.wordings.extraction import extraction_words
from analysis.reporting.wordings.models import (
    components_words,
    harmonisation_rules,
    harmonisation_words,
    imputation_words,
    paths_words,
    rule_words,
    selection_words,
    splines_words,
)
from analysis.reporting.wordings.networks import input_words, training_words
from analysis.reporting.wordings.split import split_words
from analysis.results import keys
from analysis.results.record import Record
from analysis.study import Clinical, DeepLearning, Radiomics, Study
from analysis.study.phase_label import phase_labels
from models.selection_steps import COMPONENTS

__all__ = ["EXTRACTION_OF_PHASE", "worded"]

# Of a phase with settings of its own; the phase stands behind it.
EXTRACTION_OF_PHASE = "settings.extraction."


def worded(study: Study, records: Mapping[str, Record]) -> dict[str, str]:
    """Words of this study, name -> words.

    records: its results, which say in what precision networks were trained.
    """
    return {
        "split.words": split_words(study.split),
        "study.predictors": _predictors(study),
        **(_of_clinical(study.clinical) if study.clinical is not None else {}),
        **{BLOCK + name: block_words(study, name) for name in study.features},
        **(_of_radiomics(study, study.radiomics) if study.radiomics is not None else {}),
        **(
            _of_networks(study, study.deep_learning, records)
            if study.deep_learning is not None
            else {}
        ),
    }


def _predictors(study: Study) -> str:
    images = study.radiomics is not None or study.deep_learning is not None
    blocks = [block.name_in_words(name) for name, block in study.features.items()]
    reads = [study.study.modality or "images"] if images else []
    reads += blocks
    reads += ["clinical variables"] if study.clinical is not None else []
    return listed(reads) or "what models of one's own read"


def _of_clinical(clinical: Clinical) -> dict[str, str]:
    words = {
        "settings.clinical_rule": rule_words(clinical),
        "settings.imputation": imputation_words(clinical),
    }
    return words | ({"settings.splines": splines_words(clinical)} if clinical.splines else {})


def _of_radiomics(study: Study, radiomics: Radiomics) -> dict[str, str]:
    words = (
        {"settings.paths": paths_words(radiomics)}
        if radiomics.paths
        else {"settings.selection": selection_words(radiomics)}
    )
    if not radiomics.paths and COMPONENTS in radiomics.selection:
        words["settings.components"] = components_words(radiomics)
    if radiomics.harmonisation is not None:
        words["settings.harmonisation"] = harmonisation_words(radiomics.harmonisation)
        if rules := harmonisation_rules(radiomics.harmonisation):
            words["settings.harmonisation_rules"] = rules
    if radiomics.table is None:
        words["settings.extraction"] = extraction_words(radiomics.extraction)
    labels = phase_labels(study)
    for phase, files in study.phases.items():
        if files.extraction is not None:
            words[f"{EXTRACTION_OF_PHASE}{phase}"] = (
                f"{labels[phase]}: {extraction_words(files.extraction)}"
            )
    return words


def _of_networks(study: Study, deep: DeepLearning, records: Mapping[str, Record]) -> dict[str, str]:
    precision = records.get(keys.training_precision())
    if precision is None:
        return {}
    labels = phase_labels(study)
    inputs = {labels[phase]: seen for phase, seen in study.network_inputs().items()}
    return {
        "settings.network_input": input_words(deep, inputs, labels[study.reference_phase]),
        "settings.network_training": training_words(deep, str(precision.value)),
    }
