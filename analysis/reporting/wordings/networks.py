"""What the networks saw and how they were trained, in words."""

from __future__ import annotations

from collections.abc import Mapping

from analysis.core.word_lists import counted, listed
from analysis.study import DeepLearning, NetworkInput
from analysis.study.phase_label import in_spaces
from models.networks import NETWORKS

# What a crop shows beyond an image; a constant one needs no words where values are normalised.
PADDING = {
    "edge": "pixels beyond an image have the value of its nearest voxel",
    "mirror": "pixels beyond an image mirror it at its border",
    "shift": "crops were moved into the image of the reference phase as far as they fit, and pixels"
    " beyond an image all the same are 0",
}


def scale_words(deep: DeepLearning, seen: NetworkInput) -> str:
    """On which scale networks see a phase: `with values divided by 10`."""
    if seen.window is not None:
        return (
            f"with values clipped to {seen.window.low:g} to {seen.window.high:g} and scaled to 0"
            " to 1"
        ).replace("-", "−")
    if seen.normalisation == "reference":
        return (
            "with values standardised by the mean and standard deviation of the crops of each"
            " fit's training patients"
        )
    if seen.normalisation == "none":
        divided = f"values divided by {seen.divide_by:g}" if seen.divide_by else "stored values"
        return f"with {divided}"
    clipped = (
        f", clipped to the percentiles {deep.clip_percentiles[0]:g} to {deep.clip_percentiles[1]:g}"
        if deep.clip_percentiles
        else ""
    )
    where = "within the crop" if seen.normalisation == "crop" else "over the volume"
    return f"with mean 0 and standard deviation 1 {where}{clipped}"


def _scales(deep: DeepLearning, inputs: Mapping[str, NetworkInput]) -> str:
    """Scale of every phase, those of one scale together."""
    together: dict[str, list[str]] = {}
    for label, seen in inputs.items():
        together.setdefault(scale_words(deep, seen), []).append(label)
    if len(together) < 2:
        return f"each phase {next(iter(together), scale_words(deep, deep.every_input))}"
    return "; ".join(f"{listed(labels)} {words}" for words, labels in together.items())


def input_words(
    deep: DeepLearning, inputs: Mapping[str, NetworkInput] | None = None, grid: str = ""
) -> str:
    """The crop: `3 axial slices around the largest section, 80 mm in 40 pixels, …`.

    inputs: label of each phase and the scale of its values; that of the settings if left out.
    grid: label of the reference phase; its name in words if left out.
    """
    if deep.dimensions == 3:
        apart = (
            f"{deep.slice_spacing_mm:g} mm apart"
            if deep.slice_spacing_mm
            else "as far apart as its pixels"
        )
        planes = f"a block of {counted(deep.slices, 'plane')} {apart}"
    else:
        planes = f"{counted(deep.slices, 'axial slice')} around the largest section" + (
            f", {deep.slice_spacing_mm:g} mm apart" if deep.slice_spacing_mm else ""
        )
    field = (
        f"{deep.field_of_view_mm:g} mm"
        if deep.margin_mm is None
        else f"the tumour's bounding box with a margin of {deep.margin_mm:g} mm"
    )
    beyond = PADDING.get(deep.padding, "")
    if not beyond and any(seen.keeps_scale for seen in (inputs or {"": deep.every_input}).values()):
        beyond = "pixels beyond an image are 0 on that scale"
    return (
        f"{planes}, {field} in {counted(deep.crop_pixels, 'pixel')}, on the grid of the"
        f" {grid or in_spaces(deep.reference_phase)} phase; {_scales(deep, inputs or {})}"
        + (f"; {beyond}" if beyond else "")
    )


def _augmentation_words(deep: DeepLearning) -> str:
    part = deep.augmentation
    kinds = [
        words
        for words, used in (
            ("flips", part.flips),
            ("quarter turns", part.quarter_turns),
            (
                f"rotations up to {counted(f'{part.rotation_degrees:g}', 'degree')}",
                part.rotation_degrees,
            ),
            (f"zoom up to {100 * part.zoom:g}%", part.zoom),
            (f"contrast and brightness up to {100 * part.intensity:g}%", part.intensity),
            ("noise", part.noise),
        )
        if used
    ]
    return f"images were augmented by {listed(kinds)}" if kinds else "images were not augmented"


def training_words(deep: DeepLearning, precision: str) -> str:
    """A sentence: whence, how long, by what schedule and with what changes of the pictures."""
    loaded = [
        f"{NETWORKS[name].label} from the weights in {weights.file.name} ({weights.source})"
        for name, weights in deep.pretrained.items()
    ]
    others = "" if len(loaded) == len(deep.networks) else "the others from scratch"
    start = listed([part for part in (*loaded, others) if part]) if loaded else "from scratch"
    length = f"for {counted(deep.epochs, 'epoch')}"
    if deep.early_stopping is not None:
        length = (
            f"for at most {counted(deep.epochs, 'epoch')}, until the loss of"
            f" {100 * deep.early_stopping.share:g}% of the learning patients, held out for that,"
            f" had not fallen for {counted(deep.early_stopping.patience, 'epoch')}; the weights of"
            " the best epoch were taken"
        )
    schedule = "a one-cycle schedule" if deep.schedule == "one_cycle" else "a cosine schedule"
    if deep.schedule != "one_cycle" and deep.warmup_epochs:
        schedule += f" after {counted(deep.warmup_epochs, 'epoch')} of warm-up"
    steps = (
        f"{schedule} (peak learning rate {deep.learning_rate:g}, batches of about"
        f" {deep.batch_size})"
    )
    # A name such as ResNet-18 stands for the published network.
    width = (
        f"Their layers had {100 * deep.width:g}% of the published number of channels. "
        if deep.width != 1
        else ""
    )
    text = (
        f"{width}They were trained {start} {length}"
        + (
            f". AdamW ran under {steps}"
            if deep.early_stopping is not None
            else f" with AdamW under {steps}"
        )
        + f"; {_augmentation_words(deep)}."
    )
    text += " The loss was binary cross-entropy."
    if deep.class_weights == "balanced":
        text += (
            " Both outcomes counted alike in it, and the shift of the log odds that this makes was"
            " taken back in the probabilities."
        )
    if deep.members > 1:
        text += (
            f" A score is the mean of {counted(deep.members, 'network')} that started differently."
        )
    if precision != "float32":
        text += f" Training ran in {precision} mixed precision, scoring in float32."
    return text
