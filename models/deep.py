"""Deep learning: a ResNet on the tumour region, one channel a phase, trained from scratch on axial slices."""

from __future__ import annotations

import numpy as np
import pandas as pd
import torch
from monai.networks.nets import resnet18, resnet34, resnet50
from monai.transforms import Compose, RandFlip, RandGaussianNoise, RandRotate90, RandZoom

from models.inputs import Inputs

BUILDERS = {"resnet18": resnet18, "resnet34": resnet34, "resnet50": resnet50}


class DeepModel:
    """MONAI's 2-D ResNet; a patient's score is the mean probability over slices, their mirror images, and members.

    network: resnet18 | resnet34 | resnet50. epochs, batch_size, learning_rate (one-cycle peak), weight_decay (AdamW).
    width: factor on the number of channels of every layer (1 as in the original architecture).
    members: networks of different initialisation whose probabilities are averaged. The same seed, inputs and
    machine give the same score: single-threaded, deterministic kernels.
    """

    def __init__(self, network: str, *, epochs: int, batch_size: int = 16, learning_rate: float = 1e-3,
                 weight_decay: float = 1e-2, width: float = 1.0, members: int = 1, seed: int = 0):
        if network not in BUILDERS:
            raise ValueError(f"unknown network '{network}'; known are {', '.join(BUILDERS)}")
        self.network, self.epochs, self.batch_size, self.members, self.seed = network, epochs, batch_size, members, seed
        self.learning_rate, self.weight_decay, self.width = learning_rate, weight_decay, width

    def _train_one(self, images: torch.Tensor, label: torch.Tensor, seed: int) -> torch.nn.Module:
        torch.manual_seed(seed)
        random = np.random.default_rng(seed)
        augment = Compose([
            RandFlip(prob=0.5, spatial_axis=0), RandFlip(prob=0.5, spatial_axis=1), RandRotate90(prob=0.75, max_k=3),
            RandZoom(prob=0.3, min_zoom=0.9, max_zoom=1.1, mode="bilinear"), RandGaussianNoise(prob=0.3, std=0.1),
        ]).set_random_state(seed)
        network = BUILDERS[self.network](spatial_dims=2, n_input_channels=images.shape[2], num_classes=1,
                                         conv1_t_size=5, conv1_t_stride=2, widen_factor=self.width)
        batches = max(1, len(images) // self.batch_size)
        optimiser = torch.optim.AdamW(network.parameters(), lr=self.learning_rate, weight_decay=self.weight_decay, fused=True)
        schedule = torch.optim.lr_scheduler.OneCycleLR(optimiser, self.learning_rate, total_steps=self.epochs * batches)
        network.train()
        for _ in range(self.epochs):
            # Whole batches only: a batch norm over one or two patients would be noise.
            for batch in np.array_split(random.permutation(len(images)), batches):
                slices = random.integers(images.shape[1], size=len(batch))
                pictures = torch.stack([torch.as_tensor(augment(images[patient, chosen])) for patient, chosen in zip(batch, slices, strict=True)])
                loss = torch.nn.functional.binary_cross_entropy_with_logits(network(pictures.contiguous()).squeeze(1), label[batch])
                optimiser.zero_grad()
                loss.backward()
                torch.nn.utils.clip_grad_norm_(network.parameters(), 5.0)
                optimiser.step()
                schedule.step()
        return network.eval()

    def fit(self, inputs: Inputs, label: pd.Series) -> DeepModel:
        assert inputs.images is not None
        torch.set_num_threads(1)
        torch.use_deterministic_algorithms(True, warn_only=True)
        images = torch.from_numpy(np.ascontiguousarray(inputs.images, dtype=np.float32))
        outcome = torch.from_numpy(label.to_numpy(dtype=np.float32))
        self.fitted_ = [self._train_one(images, outcome, self.seed + member) for member in range(self.members)]
        return self

    @torch.no_grad()
    def predict(self, inputs: Inputs) -> pd.Series:
        assert inputs.images is not None
        images = torch.from_numpy(np.ascontiguousarray(inputs.images, dtype=np.float32))
        patients, slices = images.shape[:2]
        total = torch.zeros(patients)
        views = ([], [-1], [-2], [-1, -2])
        for network in self.fitted_:
            for start in range(0, patients, 32):
                part = images[start:start + 32].flatten(0, 1)
                for axes in views:
                    total[start:start + 32] += torch.sigmoid(network(part.flip(axes) if axes else part)).view(-1, slices).mean(1)
        return pd.Series((total / (len(self.fitted_) * len(views))).numpy().astype(float), index=inputs.patients)
