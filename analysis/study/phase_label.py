"""Phases of imaging, and readers, in words: what texts, tables and figures print of their names."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from analysis.study.sections import Study


def in_spaces(name: str) -> str:
    """A name of the study file as words: `portal_venous` is `portal venous`."""
    return name.replace("_", " ")


def phase_label(name: str, labels: Mapping[str, str]) -> str:
    """Label of a phase; its name in words where it has none. labels: phase → label."""
    return labels.get(name) or in_spaces(name)


def phase_labels(study: Study, names: Iterable[str] | None = None) -> dict[str, str]:
    """Phase → label in the study file, else its name in words.

    names: of phases, in their order; those of the images where it is left out.
    """
    own = {name: phase.label for name, phase in study.phases.items() if phase.label}
    wanted = study.phases if names is None else names
    return {name: phase_label(name, own) for name in wanted}


def name_labels(study: Study, phases: Iterable[str]) -> dict[str, str]:
    """What names of features begin with → label: phases, and comparisons of two of them."""
    labels = phase_labels(study, phases)
    return labels | {delta.prefix: delta.words(labels) for delta in study.deltas}
