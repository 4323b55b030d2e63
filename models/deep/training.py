"""Training of one network.

It goes in steps over epochs, stopped early or not, and is resumable at any epoch with the same
numbers.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import numpy as np
import torch
from monai.networks.nets.resnet import ResNet
from sklearn.metrics import roc_auc_score

from models.deep.architecture import Architecture, logits
from models.deep.batches import batch_count, epoch_batches, pictures_of
from models.deep.optimiser import Optimiser
from models.deep.schedule import schedule_of
from models.deep.settings import Settings
from models.deep.stopping import Best, held_out_split

# Gradients of a larger norm are shortened to it.
LARGEST_GRADIENT = 5.0


def class_weights(label: np.ndarray, settings: Settings) -> tuple[float, float]:
    """Weights of an outcome of 0 and of 1 in the loss, with mean one over the patients."""
    events = float(label.sum())
    if settings.class_weights == "none" or events in (0, len(label)):
        return 1.0, 1.0
    return len(label) / (2 * (len(label) - events)), len(label) / (2 * events)


def _auc(label: torch.Tensor, score: torch.Tensor) -> float | None:
    truth = label.cpu().numpy()
    values = score.float().cpu().numpy()
    return (
        float(roc_auc_score(truth, values))
        if 0 < truth.sum() < len(truth) and np.isfinite(values).all()
        else None
    )


class NetworkTraining:
    """Training of one network of one member on the patients of a fold.

    images: patients × slices × phases × rows × columns; label: 0 and 1.

    `run_epoch` goes on by one epoch; `network` has the weights of the last epoch, and `finish`
    takes those of the best.
    """

    def __init__(
        self,
        network: ResNet,
        architecture: Architecture,
        images: torch.Tensor,
        label: np.ndarray,
        settings: Settings,
        seed: int,
    ):
        self.settings, self.memory_format = settings, architecture.memory_format
        self.device = torch.device(settings.device)
        self.weights = torch.tensor(class_weights(label, settings), device=self.device)
        outcome = torch.as_tensor(label, dtype=torch.float32)
        self.best = Best() if settings.early_stopping else None
        if settings.early_stopping:
            train, held = held_out_split(label, settings.early_stopping, seed)
            self.held = (
                pictures_of(images[held], settings)
                .contiguous(memory_format=self.memory_format)
                .to(self.device),
                outcome[held].to(self.device),
            )
            images, outcome = images[train], outcome[train]
        self.images, self.label = images.to(self.device), outcome.to(self.device)
        self.network = network.to(self.device)
        self.optimiser = Optimiser(self.network, settings.learning_rate, settings.weight_decay)
        self.schedule = schedule_of(
            self.optimiser.inner, settings, batch_count(len(self.images), settings.batch_size)
        )
        self.random = torch.Generator().manual_seed(seed)
        self.history: list[dict[str, Any]] = []

    def _loss(self, out: torch.Tensor, label: torch.Tensor) -> torch.Tensor:
        return torch.nn.functional.binary_cross_entropy_with_logits(
            out.float(), label, weight=self.weights[label.long()]
        )

    def _autocast(self) -> torch.autocast:
        return torch.autocast(
            self.device.type, dtype=torch.bfloat16, enabled=self.settings.precision == "bfloat16"
        )

    def steps(
        self, batches: Iterable[tuple[torch.Tensor, torch.Tensor]]
    ) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor]:
        """Take one step a batch.

        Returns losses of the batches, and scores and labels of their patients before the step.
        """
        losses, scores, labels = [], [], []
        self.network.train()
        for pictures, label in batches:
            with self._autocast():
                out = logits(self.network, pictures, self.settings.gradient_checkpointing)
            loss = self._loss(out, label)
            self.optimiser.zero_grad()
            loss.backward()
            self.optimiser.step(LARGEST_GRADIENT)
            self.schedule.step()
            losses.append(loss.detach() * len(label))
            scores.append(out.detach())
            labels.append(label)
        return torch.stack(losses), torch.cat(scores), torch.cat(labels)

    @torch.no_grad()
    def _held_out(self) -> tuple[float, float | None]:
        pictures, label = self.held
        self.network.eval()
        with self._autocast():
            out = torch.cat(
                [
                    logits(self.network, part)
                    for part in pictures.split(4 * self.settings.batch_size)
                ]
            ).float()
        a_patient = out.view(len(label), -1)
        loss = self._loss(a_patient.flatten(), label.repeat_interleave(a_patient.shape[1]))
        return float(loss), _auc(label, torch.sigmoid(a_patient).mean(1))

    def run_epoch(self) -> None:
        """One epoch over all images; adds its loss, AUC and learning rate to the history."""
        rate = self.optimiser.inner.param_groups[0]["lr"]
        losses, scores, labels = self.steps(
            epoch_batches(
                self.images,
                self.label,
                settings=self.settings,
                memory_format=self.memory_format,
                random=self.random,
            )
        )
        row: dict[str, Any] = {
            "epoch": len(self.history) + 1,
            "loss": float(losses.sum() / len(labels)),
            "auc": _auc(labels, scores),
            "learning_rate": float(rate),
        }
        if self.best is not None:
            row["held_out_loss"], row["held_out_auc"] = self._held_out()
            self.best.update(row["epoch"], row["held_out_loss"], self.network)
        self.history.append(row)

    @property
    def done(self) -> bool:
        """True if all epochs were run, or early stopping lost its patience."""
        stopped = (
            self.best is not None
            and self.settings.early_stopping is not None
            and self.best.waited >= self.settings.early_stopping.patience
        )
        return len(self.history) >= self.settings.epochs or stopped

    @property
    def kept_epoch(self) -> int:
        """The epoch whose weights are taken: the best of early stopping, else the last."""
        return self.best.epoch if self.best is not None and self.best.weights else len(self.history)

    def finish(self) -> ResNet:
        """The network with its best weights, on the processor, for scoring."""
        self.optimiser.release()
        if self.best is not None and self.best.weights:
            self.network.load_state_dict(self.best.weights)
        if not all(torch.isfinite(value).all() for value in self.network.state_dict().values()):
            raise ValueError("training diverged: weights are not finite; lower learning_rate")
        return self.network.cpu().eval()

    def state(self) -> dict[str, Any]:
        """Tensors and numbers that `restore` goes on from."""
        best = None if self.best is None else vars(self.best)
        return {
            "network": self.network.state_dict(),
            "optimiser": self.optimiser.inner.state_dict(),
            "schedule": self.schedule.state_dict(),
            "random": self.random.get_state(),
            "history": self.history,
            "best": best,
        }

    def restore(self, state: dict[str, Any]) -> None:
        """Takes up training at a kept state, so that it goes on as if it had not stopped."""
        self.network.load_state_dict(state["network"])
        self.optimiser.inner.load_state_dict(state["optimiser"])
        self.schedule.load_state_dict(state["schedule"])
        self.random.set_state(state["random"])
        self.history = list(state["history"])
        if state["best"] is not None:
            self.best = Best(**state["best"])
