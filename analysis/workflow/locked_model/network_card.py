"""What the networks of an exported model see, for its card."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from analysis.reporting.wordings.networks import input_words
from analysis.study import DeepLearning, Phase
from analysis.study.phase_label import in_spaces


def _reference_values(
    description: Mapping[str, Any], labels: Sequence[str]
) -> list[tuple[str, float, float]]:
    """Phase, mean and deviation of the training patients' crops, of the first network's part."""
    scales = [
        part["reference_scale"]
        for part in description.get("parts", {}).values()
        if "reference_scale" in part
    ]
    return [
        (labels[channel], mean, deviation)
        for scale in scales[:1]
        for channel, mean, deviation in zip(
            scale["channels"], scale["mean"], scale["deviation"], strict=True
        )
    ]


def network_input(description: Mapping[str, Any]) -> list[str]:
    """Scale on which networks see the images, where it is one that patients share.

    Its values mean something: an image in another unit is another input.
    """
    deep = DeepLearning(**description["deep_learning"])
    phases = {name: Phase(**each) for name, each in description["phases"].items()}
    inputs = {
        phase.label or in_spaces(name): phase.networks or deep.every_input
        for name, phase in phases.items()
    }
    if not any(seen.keeps_scale for seen in inputs.values()):
        return []
    learnt = [
        f"{name} {mean:.4g} ± {deviation:.4g}"
        for name, mean, deviation in _reference_values(description, list(inputs))
    ]
    values = f" (mean ± standard deviation: {'; '.join(learnt)})" if learnt else ""
    return [f"networks' input: {input_words(deep, inputs)}{values}; images in the same units"]
