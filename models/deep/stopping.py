"""Early stopping by patients of the fold who are held out of the gradient.

It finds the epoch at which their loss was lowest.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
import torch
from sklearn.model_selection import StratifiedShuffleSplit

from analysis.core.word_lists import counted
from models.deep.settings import EarlyStopping


def held_out_split(
    label: np.ndarray, settings: EarlyStopping, seed: int
) -> tuple[np.ndarray, np.ndarray]:
    """Positions of those who are trained on and of those held out, both with both outcomes.

    Raises ValueError where that can't be.
    """
    try:
        train, held = next(
            StratifiedShuffleSplit(1, test_size=settings.share, random_state=seed).split(
                label, label
            )
        )
    except ValueError as error:
        raise ValueError(
            f"early_stopping: a share of {settings.share:g} of {counted(len(label), 'patient')}"
            f" can't hold both outcomes ({error}); take a larger share or leave early_stopping out"
        ) from None
    if len(np.unique(label[held])) < 2 or len(np.unique(label[train])) < 2:
        raise ValueError(
            f"early_stopping: a share of {settings.share:g} of {counted(len(label), 'patient')}"
            " holds one outcome only; take a larger share or leave early_stopping out"
        )
    return np.sort(train), np.sort(held)


@dataclass
class Best:
    """The best epoch so far (1-based), its loss and its weights; waited: epochs since."""

    epoch: int = 0
    loss: float = float("inf")
    waited: int = 0
    weights: dict[str, torch.Tensor] = field(default_factory=dict)

    def update(self, epoch: int, loss: float, network: torch.nn.Module) -> None:
        """Keep the weights of an epoch whose held-out loss is the lowest so far.

        The epochs since then are counted.
        """
        # A loss that is not a number is no improvement.
        if loss < self.loss:
            self.epoch, self.loss, self.waited = epoch, loss, 0
            self.weights = {
                name: value.detach().clone() for name, value in network.state_dict().items()
            }
        else:
            self.waited += 1
