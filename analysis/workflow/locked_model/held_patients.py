"""Parts of a locked model whose fit keeps feature values of training patients."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from models.classifiers import CLASSIFIERS


def holding_patients(description: Mapping[str, Any]) -> list[str]:
    """Names of a locked model's classifiers that hold patients, in words, each once.

    description: the content of the model's `model.json`.
    """
    classifiers = [part.get("classifier") for part in description["parts"].values()]
    return [
        classifier.name
        for name, classifier in CLASSIFIERS.items()
        if name in classifiers and classifier.holds_patients
    ]
