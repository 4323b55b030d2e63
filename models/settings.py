"""Settings of each kind of model: what the study file says of it, as its constructor takes it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, fields, replace
from pathlib import Path
from typing import Any, Protocol

from models.inputs import Inputs
from models.selection_steps import is_used, steps_of


class ModelSettings(Protocol):
    """Settings of a model, of any kind."""

    def content(self) -> dict[str, Any]:
        """Plain values for keys; where the study lies is no part of what is computed."""

    def read(self, inputs: Inputs) -> dict[str, Any]:
        """Inputs that the model reads, by kind.

        Kind of input -> only what the model reads of it, so that a change of the others leaves its
        key alone; None where it is not there.
        """


def _plain(settings: Any) -> dict[str, Any]:
    return {each.name: getattr(settings, each.name) for each in fields(settings)}


@dataclass(frozen=True)
class _PlainSettings:
    """Settings whose fields are plain values."""

    @property
    def arguments(self) -> dict[str, Any]:
        """Arguments of the constructor, by name."""
        return _plain(self)

    def content(self) -> dict[str, Any]:
        """Content of the settings, as plain values."""
        return _plain(self)


@dataclass(frozen=True)
class ClinicalSettings(_PlainSettings):
    """Arguments of models.clinical.ClinicalModel."""

    candidates: Sequence[str]
    levels: Mapping[str, Sequence[Any]] = field(default_factory=dict)
    log: Sequence[str] = ()
    entry_p: float = 0.05
    rule: str = "p"
    screening: bool | None = None
    splines: Mapping[str, int] = field(default_factory=dict)
    imputation: str = "median"
    imputations: int = 20
    lasso_penalty: str = "min"

    def read(self, inputs: Inputs) -> dict[str, Any]:
        """The candidates."""
        table = inputs.clinical
        return {"clinical": None if table is None else table[list(self.candidates)]}


@dataclass(frozen=True)
class RadiomicsSettings(_PlainSettings):
    """Arguments of models.radiomics.RadiomicsModel but for the classifier."""

    features: Sequence[str]
    selection: Sequence[str] = ("variance", "univariable", "correlation", "mrmr", "lasso")
    most_common: float = 0.95
    univariable_features: int = 60
    correlation_limit: float = 0.9
    mrmr_features: int = 30
    selected_features: int = 12
    tuning_folds: int = 3
    lasso_penalty: str = "min"
    harmonisation: Mapping[str, Any] | None = None
    anova_features: int = 20
    elastic_net_mixing: float = 0.5
    pca_variance: float = 0.9
    paths: Mapping[str, Sequence[str]] | None = None
    references: Mapping[str, str] | None = None
    habitats: Mapping[str, Any] | None = None
    pca_components: int | None = None

    def content(self) -> dict[str, Any]:
        """Content of the settings, as plain values, without settings of steps that came later.

        They are part of it where a path has their step, so that other studies keep their keys. The
        order of paths is part of it too: of equally good ones the first is taken.
        """
        steps = steps_of(self.selection, self.paths)
        content = {name: value for name, value in _plain(self).items() if is_used(name, steps)}
        if not self.references:
            content.pop("references")
        if self.habitats is None:
            content.pop("habitats")
        paths = content.pop("paths")
        if self.pca_components is None:
            del content["pca_components"]
        if not paths:
            return content
        return {**content, "selection": [], "paths": [[name, list(paths[name])] for name in paths]}

    def read(self, inputs: Inputs) -> dict[str, Any]:
        """What a fit reads of the inputs.

        The features, and what quotients among them are divided by; centres, and covariates that are
        kept, where they are harmonised; the voxels of habitats.
        """
        table = inputs.radiomics
        names = list(dict.fromkeys([*self.features, *(self.references or {}).values()]))
        features = None if table is None else table[names]
        found: dict[str, Any] = {"radiomics": features}
        if self.harmonisation is not None:
            found["centre"] = inputs.centre
            if kept := self.harmonisation.get("covariates"):
                found["clinical"] = None if inputs.clinical is None else inputs.clinical[list(kept)]
        if self.habitats is not None:
            found["voxels"] = inputs.voxels
        return found

    def of_resample(self, inputs: Inputs) -> RadiomicsSettings:
        """Settings for a resample or fold that may lack the reference centre."""
        if self.harmonisation is None:
            return self
        # SciPy and scikit-learn load when something is harmonised.
        from models.radiomics.combat import within_resample

        return replace(self, harmonisation=within_resample(self.harmonisation, inputs.centres))


@dataclass(frozen=True)
class BlockSettings(RadiomicsSettings):
    """Settings of a block of other people's features, which is reduced as radiomics is."""

    def read(self, inputs: Inputs) -> dict[str, Any]:
        """The features of the block, in the place of radiomics."""
        table = inputs.blocks
        return {"radiomics": None if table is None else table[list(self.features)]}


@dataclass(frozen=True)
class NetworkOptions:
    """Options of a network and of its training, as its constructor takes them.

    dimensions: 2.5 (slices one by one, phases as channels) or 3 (the whole block). width: factor on
    the channels of every layer. members: networks of different initialisation whose probabilities
    are averaged. class_weights: balanced lets both outcomes count alike in the loss; its shift of
    the log odds is taken back in the scores. schedule: one_cycle, or cosine after `warmup_epochs`;
    learning_rate is the peak of either. weight_decay: AdamW's. early_stopping: None trains for all
    `epochs`. precision: float32 or bfloat16 (autocast) in training; scores are always computed in
    float32. device: cpu or cuda. gradient_checkpointing: less memory, more time, the same numbers.
    pretrained: file, sha256, source. reference_channels: positions of the phases that are put on
    the scale of the patients who are learnt from (models.deep.reference_scale). Those who inherit
    say how early_stopping and augmentation are written; they stand here for the order of the
    fields.
    """

    epochs: int
    dimensions: float = 2.5
    batch_size: int = 16
    learning_rate: float = 1e-3
    weight_decay: float = 1e-2
    width: float = 1.0
    members: int = 1
    class_weights: str = "none"
    schedule: str = "one_cycle"
    warmup_epochs: int = 0
    early_stopping: Any = None
    augmentation: Any = None
    precision: str = "float32"
    device: str = "cpu"
    gradient_checkpointing: bool = False
    pretrained: Mapping[str, str] | None = None
    reference_channels: tuple[int, ...] = ()


def without_reference(content: dict[str, Any]) -> dict[str, Any]:
    """Settings of a network without reference_channels where there are none.

    So they are written, and are a key, as they were before there could be any.
    """
    return {name: value for name, value in content.items() if value or name != "reference_channels"}


# Time of a network's step: what does not grow with the picture, as so many pixels, and the power of
# the width that it grows with.
FIXED_PIXELS, WIDTH_POWER = 2000, 1.65


@dataclass(frozen=True)
class NetworkSettings(NetworkOptions, _PlainSettings):
    """Arguments of models.deep.DeepModel but for the network.

    early_stopping, augmentation and pretrained are as models.deep.settings.settings_of takes them.
    root: folder of the weights.
    """

    early_stopping: Mapping[str, Any] | None = None
    augmentation: Mapping[str, Any] = field(default_factory=dict)
    root: str = "."

    def content(self) -> dict[str, Any]:
        """Content of the settings but for the folder, as plain values."""
        content = without_reference(_plain(self))
        return {name: value for name, value in content.items() if name != "root"}

    def read(self, inputs: Inputs) -> dict[str, Any]:
        """The images."""
        return {"images": inputs.images}

    @property
    def pilot(self) -> NetworkSettings:
        """One epoch of one member, for a pilot that is timed."""
        return replace(self, epochs=1, members=1, early_stopping=None, warmup_epochs=0)

    def work(self, patients: int, slices: int, pixels: int) -> float:
        """What the time of a fit grows with, over all epochs and members.

        slices, pixels: of the crops, pixels the number along a side. Early stopping may leave
        epochs out. Of ten sizes of 40 to 128 pixels and widths of 0.25 to 1, each gives the time of
        each other within a factor of 1.4 (ResNet-18, 34 and 50); of six sizes in three dimensions,
        within one of 3.3 (benchmarks/network_sizes.py).
        """
        depth = slices if self.dimensions == 3 else 1
        picture = depth * pixels**2 + FIXED_PIXELS
        return patients * self.epochs * self.members * picture * self.width**WIDTH_POWER


@dataclass(frozen=True)
class OwnSettings:
    """Class of one's own as a model.

    It is `file.py:Class` or `package.module:Class`, relative to root, with what it takes beside its
    seed, what it reads, and the digest of its file.
    """

    model: str
    root: Path
    source: str
    reads: tuple[str, ...]
    settings: Mapping[str, Any] = field(default_factory=dict)

    def content(self) -> dict[str, Any]:
        """Content of the settings but for the folder, as plain values."""
        return {name: value for name, value in _plain(self).items() if name != "root"}

    def read(self, inputs: Inputs) -> dict[str, Any]:
        """Inputs that the class reads, by kind."""
        return {kind: getattr(inputs, kind) for kind in self.reads}
