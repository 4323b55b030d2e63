"""Additional models: classes of one's own.

It is the class that a line of study.yml names, from a package or from a file beside the study.
"""

from __future__ import annotations

import importlib
import importlib.util
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

READS = ("clinical", "radiomics", "images")


def source_of(reference: str, root: Path, section: str = "additional_models") -> Path:
    """The file that holds the class. section: of the study file, for messages.

    Raises ValueError where it is not there, or outside the study's folder.
    """
    place, _, _ = reference.partition(":")
    if place.endswith(".py"):
        path = (root / place).resolve()
        if not path.is_relative_to(root.resolve()):
            raise ValueError(
                f"{section}: {place} lies outside the study's folder; put the file beside the study"
                " file"
            )
        if not path.is_file():
            raise ValueError(f"{section}: no file {place} beside the study file")
        return path
    try:
        found = importlib.util.find_spec(place)
    except ModuleNotFoundError:
        found = None
    if found is None or found.origin is None:
        raise ValueError(
            f"{section}: there is no module '{place}'; name an installed module, or a file such as"
            " my_model.py:MyModel"
        )
    return Path(found.origin)


def load_class(
    reference: str, root: Path, needed: Sequence[str], section: str = "additional_models"
) -> type[Any]:
    """The class of `package.module:Class` or `file.py:Class`, relative to `root`.

    Raises ValueError where it is not there or lacks one of the attributes that are needed.
    """
    place, _, name = reference.partition(":")
    path = source_of(reference, root, section)
    if place.endswith(".py"):
        spec = importlib.util.spec_from_file_location(f"additional_{path.stem}", path)
        assert spec is not None
        assert spec.loader is not None
        module = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(module)
    else:
        module = importlib.import_module(place)
    found = getattr(module, name, None)
    if not isinstance(found, type):
        raise ValueError(f"{section}: {place} has no class '{name}'")
    absent = [part for part in needed if not hasattr(found, part)]
    if absent:
        raise ValueError(f"{section}: {reference} lacks {' and '.join(absent)}")
    return found


def load_model_class(reference: str, root: Path) -> type[Any]:
    """The class of `package.module:Class` or `file.py:Class`, relative to `root`.

    It must have `fit(inputs, label)`, `predict(inputs)` and `reads`, the inputs that it takes
    (clinical, radiomics, images). Raises ValueError that says which of these is missing.
    """
    try:
        model = load_class(reference, root, ("fit", "predict", "reads"))
    except ValueError as error:
        if " lacks " not in str(error):
            raise
        raise ValueError(
            f"{error}; a model has fit(inputs, label), predict(inputs) and reads"
        ) from None
    reads = reads_of(model)
    if not reads or set(reads) - set(READS):
        raise ValueError(
            f"additional_models: {reference} reads {', '.join(map(str, reads)) or 'nothing'};"
            f" allowed are {', '.join(READS)}"
        )
    return model


def patient_scores(name: str, values: Any, patients: pd.Index) -> pd.Series:
    """What a model predicted, by patient: its Series, or an array in the order of the patients.

    Raises ValueError where it is not a finite number for each patient.
    """
    wanted = (
        f"{name}: predict(inputs) returns a number for each patient of inputs.patients, in order"
    )
    try:
        scores = (
            values.astype(float)
            if isinstance(values, pd.Series)
            else pd.Series(np.asarray(values, dtype=float).reshape(len(patients)), index=patients)
        )
    except (TypeError, ValueError):
        raise ValueError(f"{wanted}; it returned {_described(values)}") from None
    if not scores.index.equals(patients):
        raise ValueError(f"{wanted}; it returned a Series of other patients, or in another order")
    without = patients[~np.isfinite(scores.to_numpy())]
    if len(without):
        named = ", ".join(map(str, without[:5])) + (", …" if len(without) > 5 else "")
        raise ValueError(f"{wanted}; it returned no number for {named}")
    return scores


def _described(values: Any) -> str:
    shape = getattr(values, "shape", None)
    return type(values).__name__ + ("" if shape is None else f" of shape {tuple(shape)}")


def reads_of(model: type[Any]) -> tuple[str, ...]:
    """Names of the inputs that a model class takes."""
    return (model.reads,) if isinstance(model.reads, str) else tuple(model.reads)


def description_of(written: str | None, model: type[Any]) -> str | None:
    """Description of the model for the methods: the study file's words, else the class's."""
    found = written or getattr(model, "description", None)
    return str(found).strip() or None if found else None
