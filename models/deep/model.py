"""Network, or mean of several, as a model of the study, fitted on images and scoring patients."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import torch
from monai.networks.nets.resnet import ResNet

from analysis.core.memory import give_memory_back
from analysis.core.word_lists import counted
from models.deep.architecture import Architecture, architecture_for, shaped_by
from models.deep.batches import pictures_of
from models.deep.cards import on_device
from models.deep.device import reproducible
from models.deep.pretrained import load_pretrained, read_weights
from models.deep.reference_scale import ReferenceScale
from models.deep.settings import settings_of
from models.deep.training import NetworkTraining, class_weights
from models.deep.watch import Watch
from models.inputs import Inputs
from models.settings import without_reference

# Axes that a picture is mirrored in for scoring, where training mirrored it too; counted from the
# end, so that they are rows and columns in both dimensions.
VIEWS: tuple[list[int], ...] = ([], [-1], [-2], [-1, -2])


class DeepModel:
    """Model of the study by MONAI's ResNet.

    A patient's score is the mean probability over slices, their mirror images if training has
    flips, and members.

    network and settings: see models.deep.settings.Settings, early_stopping and augmentation as
    dictionaries. root: folder of the pretrained file. The same seed, inputs and machine give the
    same score, bit for bit, on a processor; each patient is scored alone, so that the score does
    not depend on who else is.
    """

    def __init__(self, network: str, *, seed: int = 0, root: str | Path = ".", **settings: Any):
        self.settings, self.seed, self.root = settings_of(network, settings), seed, Path(root)

    def _state(self, member: int, training: NetworkTraining) -> dict[str, Any]:
        """State of a fit, from which it can be resumed."""
        return {
            "member": member,
            "training": training.state(),
            "history": self.history_,
            "finished": [each.state_dict() for each in self.networks_],
        }

    def _start(self, channels: int, pixels: int, seed: int) -> tuple[ResNet, Architecture]:
        """A network before its first step, for pictures of this size."""
        settings = self.settings
        weights = None
        if settings.pretrained is not None:
            weights = read_weights(
                self.root / settings.pretrained["file"], settings.pretrained.get("sha256")
            )
        plain = architecture_for(settings, channels, pixels)
        self.architecture_ = plain if weights is None else shaped_by(weights, plain)
        with torch.random.fork_rng(devices=[]):
            torch.manual_seed(seed)
            network = self.architecture_.build()
        if weights is not None and settings.pretrained is not None:
            self.first_convolution_ = load_pretrained(network, weights, settings.pretrained["file"])
        return network, self.architecture_

    def fit(self, inputs: Inputs, label: pd.Series, watch: Watch | None = None) -> DeepModel:
        """Train every member. watch: shows the epochs, and lets a killed training go on.

        Raises ValueError where there is nothing to learn.
        """
        assert inputs.images is not None
        watch, settings = watch or Watch(), self.settings
        outcome = label.to_numpy(dtype=np.float32)
        if len(np.unique(outcome)) < 2:
            raise ValueError("all patients have the same outcome, so there is nothing to learn")
        self.scale_ = ReferenceScale.learnt(inputs.images, settings.reference_channels)
        pictures = self.scale_.applied(inputs.images)
        images = torch.from_numpy(np.ascontiguousarray(pictures, dtype=np.float32))
        none, event = class_weights(outcome, settings)
        self.log_odds_shift_ = float(np.log(event / none))
        self.networks_: list[ResNet] = []
        self.history_: list[dict[str, Any]] = []
        kept = watch.load()
        with reproducible(), on_device(settings.device):
            for member in range(settings.members):
                network, architecture = self._start(
                    images.shape[2], images.shape[-1], self.seed + member
                )
                if kept is not None and member < kept["member"]:
                    network.load_state_dict(kept["finished"][member])
                    self.networks_.append(network.eval())
                    continue
                training = NetworkTraining(
                    network,
                    architecture,
                    images=images,
                    label=outcome,
                    settings=settings,
                    seed=self.seed + member,
                )
                if kept is not None and member == kept["member"]:
                    training.restore(kept.pop("training"))
                    self.history_ = list(kept["history"])
                self.networks_.append(self._trained(training, member, watch))
                # Its optimiser's memory is not needed beside the next member's.
                del training
                give_memory_back()
        # One that stopped early has no time left either.
        watch.epoch(self.history_, len(self.history_))
        return self

    def _trained(self, training: NetworkTraining, member: int, watch: Watch) -> ResNet:
        """The network of a member after all its epochs, which `history_` then holds."""
        settings = self.settings
        while not training.done:
            training.run_epoch()
            seen = self.history_ + [{"member": member + 1, **row} for row in training.history]
            watch.save(partial(self._state, member, training))
            watch.epoch(seen, settings.epochs * settings.members)
        self.history_ += [
            {"member": member + 1, **row, "kept": row["epoch"] == training.kept_epoch}
            for row in training.history
        ]
        return training.finish()

    @torch.no_grad()
    def predict(self, inputs: Inputs) -> pd.Series:
        """Probability of the event, by patient.

        Raises ValueError where the images are not of the number of phases that was learnt from.
        """
        assert inputs.images is not None
        if inputs.images.shape[2] != self.architecture_.channels:
            raise ValueError(
                f"{self.settings.network} was trained on"
                f" {counted(self.architecture_.channels, 'phase')}, these images have"
                f" {inputs.images.shape[2]}"
            )
        # A locked model goes to where there may be no GPU.
        device = self.settings.device if torch.cuda.is_available() else "cpu"
        with reproducible(), on_device(device):
            scores = self._scores(inputs, device)
        return pd.Series(scores, index=inputs.patients, dtype=float)

    def _scores(self, inputs: Inputs, device: str) -> list[float]:
        """Scores of each patient, on `cpu` or `cuda`; the networks come back to the processor."""
        networks = [network.to(device) for network in self.networks_]
        scores, views = [], VIEWS if self.settings.augmentation.flips else VIEWS[:1]
        assert inputs.images is not None
        for image in self.scale_.applied(inputs.images):
            pictures = pictures_of(
                torch.from_numpy(np.ascontiguousarray(image[None], dtype=np.float32)),
                self.settings,
            )
            seen = (
                torch.cat([pictures.flip(axes) if axes else pictures for axes in views])
                .contiguous(memory_format=self.architecture_.memory_format)
                .to(device)
            )
            odds = (
                torch.stack([network(seen).squeeze(1).double() for network in networks])
                - self.log_odds_shift_
            )
            scores.append(float(torch.sigmoid(odds).mean()))
        for network in networks:
            network.cpu()
        return scores

    def description(self) -> dict[str, Any]:
        """Description in plain JSON from which, with `tensors`, the fitted model is built again.

        `training` is for the record.
        """
        return {
            "kind": "deep",
            "architecture": asdict(self.architecture_),
            "dimensions": self.settings.dimensions,
            "members": len(self.networks_),
            "log_odds_shift": self.log_odds_shift_,
            **({"reference_scale": self.scale_.description()} if self.scale_.channels else {}),
            "training": {
                "seed": self.seed,
                **without_reference(asdict(self.settings)),
                "epochs_run": len(self.history_),
            },
        }

    def tensors(self) -> dict[str, torch.Tensor]:
        """`member_<number>.<layer>` → weights."""
        return {
            f"member_{number}.{name}": value.contiguous()
            for number, network in enumerate(self.networks_, start=1)
            for name, value in network.state_dict().items()
        }

    @classmethod
    def from_description(
        cls, description: Mapping[str, Any], tensors: Mapping[str, torch.Tensor]
    ) -> DeepModel:
        """The fitted model again, for scoring.

        Raises ValueError where tensors are missing, unexpected or of another shape.
        """
        architecture = Architecture(**description["architecture"])
        trained = {
            name: value
            for name, value in description["training"].items()
            if name not in ("seed", "epochs_run", "network")
        }
        model = cls(architecture.network, seed=description["training"]["seed"], **trained)
        model.architecture_, model.log_odds_shift_, model.networks_, model.history_ = (
            architecture,
            float(description["log_odds_shift"]),
            [],
            [],
        )
        model.scale_ = ReferenceScale.from_description(description.get("reference_scale"))
        expected = {f"member_{number}" for number in range(1, description["members"] + 1)}
        if {name.partition(".")[0] for name in tensors} != expected:
            raise ValueError(
                f"the weights are not those of {counted(len(expected), 'member')}: found"
                f" {', '.join(sorted({name.partition('.')[0] for name in tensors})) or 'none'}"
            )
        for number in range(1, description["members"] + 1):
            network, prefix = architecture.build(), f"member_{number}."
            try:
                network.load_state_dict(
                    {
                        name.removeprefix(prefix): value
                        for name, value in tensors.items()
                        if name.startswith(prefix)
                    }
                )
            except RuntimeError as error:
                raise ValueError(
                    f"the weights of member {number} do not fit {architecture.network}:"
                    f" {' '.join(str(error).split())}"
                ) from None
            model.networks_.append(network.eval())
        return model
