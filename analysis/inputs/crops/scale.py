"""Values of a phase on the scale on which networks see them."""

from __future__ import annotations

import numpy as np

from analysis.study import DeepLearning, NetworkInput


def _by_image(
    values: np.ndarray, inside: np.ndarray, volume: np.ndarray, settings: DeepLearning, where: str
) -> np.ndarray:
    """Phase with mean 0 and standard deviation 1; MR signal has no unit that patients share."""
    known = values[inside] if where == "crop" else volume[volume != 0]
    known = known if len(known) else values[inside]
    if settings.clip_percentiles is not None:
        low, high = np.percentile(known, settings.clip_percentiles)
        known, values = np.clip(known, low, high), np.clip(values, low, high)
    spread = known.std()
    return (values - known.mean()) / (spread if spread > 0 else 1.0)


def on_scale(
    values: np.ndarray,
    inside: np.ndarray,
    volume: np.ndarray,
    settings: DeepLearning,
    seen: NetworkInput,
) -> np.ndarray:
    """Values of a crop on the scale of a network's input.

    values, inside: slices × rows × columns, as of `sampled`; volume: the whole image. A phase that
    is put on the scale of the training patients keeps its values here: the model does that, as it
    learns them from its training patients. What has no value is 0, or NaN in such a phase.
    """
    if seen.normalisation in ("crop", "volume"):
        scaled = _by_image(values, inside, volume, settings=settings, where=seen.normalisation)
    elif seen.window is not None:
        low, high = seen.window.low, seen.window.high
        scaled = (np.clip(values, low, high) - low) / (high - low)
    else:
        scaled = values / (seen.divide_by or 1.0)
    if seen.normalisation == "reference":
        return scaled
    return np.where(np.isfinite(scaled), scaled, 0.0)
