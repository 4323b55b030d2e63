"""study.yml as checked types: what the networks see, what they are and how they are trained."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, Field, model_serializer, model_validator

from analysis.study.later_keys import without_unset
from analysis.study.network_input import (
    BY_IMAGE,
    Divisor,
    NetworkInput,
    Normalisation,
    Padding,
    Window,
    check_scale,
)
from analysis.study.section import Count, Fraction, Section
from models.catalogue import NETWORKS, Network
from models.networks import LEAST_WIDTH

FIELD_OF_VIEW_MM = 96.0


def _two_and_a_half_or_three(value: float) -> float:
    if value not in (2.5, 3):
        raise ValueError("must be 2.5 (slices with the phases as channels) or 3 (a block)")
    return value


class EarlyStopping(Section):
    """Settings of early stopping.

    share: of each fold's learning patients, held out of the gradient, stratified and seeded.
    patience: epochs without a lower loss there.
    """

    share: Fraction = 0.2
    patience: Count = 10


class Augmentation(Section):
    """Random changes of training pictures: see models.deep.settings.Augmentation."""

    flips: bool = True
    quarter_turns: bool = True
    rotation_degrees: Annotated[float, Field(ge=0, le=180)] = 0.0
    zoom: Annotated[float, Field(ge=0, lt=1)] = 0.1
    intensity: Annotated[float, Field(ge=0, lt=1)] = 0.0
    noise: Annotated[float, Field(ge=0)] = 0.1


class Pretrained(Section):
    """Pretrained weights of a network.

    file: weights beside the study file (.safetensors, or a state dict of torch.save). source: what
    they were trained on, and whence they are; printed.
    """

    file: Path
    source: Annotated[str, Field(min_length=1)]


class DeepLearning(Section):
    """Settings of deep learning: image crops and training.

    Crop: `crop_pixels` square around the tumour, of field_of_view_mm or with margin_mm around the
    tumour's bounding box.

    A fixed field of view (the default, 96 mm) keeps a millimetre as long in every patient, so that
    size and texture can be told; a margin shows every tumour whole, however large, at the cost of
    that. slices: axial ones around the largest section in 2.5-D (default 3), planes of the block in
    3-D (default crop_pixels). slice_spacing_mm: between them; default the reference phase's own in
    2.5-D, that of the pixels in 3-D. normalisation: mean 0 and standard deviation 1 of each phase
    within the crop, or over the whole volume's non-zero voxels, or one of the scales that patients
    share, with window and divide_by (analysis.study.network_input); a phase may have its own, under
    phases. clip_percentiles: of the voxels of crop and volume, beforehand.
    padding: what a crop shows beyond the border of its image. constant: 0 on the network's scale
    (the image's mean for crop and volume, the training patients' mean for reference, the value 0
    for none, the lower end of a window); edge: the nearest voxel; mirror: the image mirrored at its
    border; shift: the crop is first moved as far as needed to lie in the image of the reference
    phase, and what is beyond all the same is as with constant.

    Training: see models.deep.settings.Settings. precision auto: bfloat16 where the processor
    computes in it, and right (models.deep.device). device cuda: one process on each GPU, and `jobs`
    processes beside them for what needs none (models.deep.cards).
    """

    networks: Annotated[list[Network], Field(min_length=1)] = list(NETWORKS)
    reference_phase: str
    dimensions: Annotated[float, AfterValidator(_two_and_a_half_or_three)] = 2.5
    crop_pixels: Annotated[int, Field(ge=16)] = 64
    field_of_view_mm: Annotated[float, Field(gt=0)] | None = None
    margin_mm: Annotated[float, Field(ge=0)] | None = None
    slices: Count
    slice_spacing_mm: Annotated[float, Field(gt=0)] | None = None
    normalisation: Normalisation = "crop"
    window: Window | None = None
    divide_by: Divisor | None = None
    padding: Padding = "constant"
    clip_percentiles: (
        tuple[Annotated[float, Field(ge=0, le=100)], Annotated[float, Field(ge=0, le=100)]] | None
    ) = None
    augmentation: Augmentation = Augmentation()
    epochs: Count = 60
    batch_size: Annotated[int, Field(ge=2)] = 16
    learning_rate: Annotated[float, Field(gt=0)] = 1e-3
    weight_decay: Annotated[float, Field(ge=0)] = 1e-2
    width: Annotated[float, Field(ge=LEAST_WIDTH, le=1)] = 1.0
    members: Count = 1
    class_weights: Literal["none", "balanced"] = "none"
    schedule: Literal["one_cycle", "cosine"] = "one_cycle"
    warmup_epochs: Annotated[int, Field(ge=0)] = 0
    early_stopping: EarlyStopping | None = None
    precision: Literal["auto", "float32", "bfloat16"] = "auto"
    device: Literal["auto", "cpu", "cuda"] = "auto"
    gradient_checkpointing: bool = False
    pretrained: dict[Network, Pretrained] = {}

    @model_validator(mode="before")
    @classmethod
    def _defaults_that_depend(cls, content: Any) -> Any:
        if not isinstance(content, dict):
            return content
        filled = dict(content)
        if filled.get("slices") is None:
            filled["slices"] = (
                filled.get("crop_pixels", 64) if filled.get("dimensions", 2.5) == 3 else 3
            )
        if filled.get("field_of_view_mm") is None and filled.get("margin_mm") is None:
            filled["field_of_view_mm"] = FIELD_OF_VIEW_MM
        return filled

    @model_validator(mode="after")
    def _sound(self) -> DeepLearning:
        if self.field_of_view_mm is not None and self.margin_mm is not None:
            raise ValueError("give either field_of_view_mm or margin_mm, not both")
        if (
            self.clip_percentiles is not None
            and not self.clip_percentiles[0] < self.clip_percentiles[1]
        ):
            raise ValueError("clip_percentiles: the lower must come first")
        if self.clip_percentiles is not None and self.normalisation not in BY_IMAGE:
            raise ValueError(
                "clip_percentiles is for normalisation: crop or volume; they differ from image to"
                f" image, which {self.normalisation} is to avoid"
            )
        check_scale(self.normalisation, self.window, self.divide_by)
        if self.warmup_epochs >= self.epochs:
            raise ValueError("warmup_epochs must be fewer than epochs")
        if self.warmup_epochs and self.schedule == "one_cycle":
            raise ValueError(
                "one_cycle has a warm-up of its own; warmup_epochs is for schedule: cosine"
            )
        absent = [name for name in self.pretrained if name not in self.networks]
        if absent:
            raise ValueError(
                f"pretrained: {', '.join(absent)} is none of this study's networks"
                f" ({', '.join(self.networks)})"
            )
        return self

    @model_serializer(mode="wrap")
    def _as_before(self, serialise: Any) -> dict[str, Any]:
        """Settings without the keys that came later, where they are as if there were none."""
        content = without_unset(serialise(self), "window", "divide_by")
        if self.padding == "constant":
            del content["padding"]
        return content

    @property
    def every_input(self) -> NetworkInput:
        """Scale of the phases that have none of their own."""
        return NetworkInput(
            normalisation=self.normalisation, window=self.window, divide_by=self.divide_by
        )
