"""Weights to start from, from a local file.

They are tensors only, checked layer by layer, never downloaded.
"""

from __future__ import annotations

import hashlib
import pickle
from pathlib import Path

import torch
from monai.networks.nets.resnet import ResNet

from analysis.core.word_lists import counted

# The file's own output layer belongs to another question.
HEAD = ("fc.weight", "fc.bias")
WRAPPERS = ("state_dict", "model_state_dict", "model")


def sha256_of(path: Path) -> str:
    """SHA-256 of a file. Raises ValueError where there is none."""
    if not path.is_file():
        raise ValueError(
            f"deep_learning: there is no file of pretrained weights {path}; nothing is downloaded,"
            " so put it there"
        )
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _loaded(path: Path) -> dict[str, torch.Tensor]:
    if path.suffix == ".safetensors":
        # Imported here: other files of weights are read without it.
        from safetensors import SafetensorError
        from safetensors.torch import load_file

        try:
            return load_file(path)
        except SafetensorError as error:
            raise ValueError(f"{path} is no safetensors file: {error}") from None
    try:
        content = torch.load(path, map_location="cpu", weights_only=True)
    except (pickle.UnpicklingError, RuntimeError, EOFError) as error:
        raise ValueError(
            f"{path} can't be read as weights alone; save a state dict with"
            f" torch.save(model.state_dict()), or as safetensors ({str(error).splitlines()[0]})"
        ) from None
    for name in WRAPPERS:
        if isinstance(content, dict) and isinstance(content.get(name), dict):
            content = content[name]
    if (
        not isinstance(content, dict)
        or not content
        or not all(isinstance(value, torch.Tensor) for value in content.values())
    ):
        raise ValueError(
            f"{path} holds no state dict: expected names of layers, each with a tensor"
        )
    return content


def read_weights(path: Path, sha256: str | None = None) -> dict[str, torch.Tensor]:
    """Weights of a network, read from a file.

    Layer → tensor of a .safetensors file, or of one of torch.save whose pickle holds nothing but
    tensors.

    A prefix that all names share (`module.`, `backbone.`) is taken off. Raises ValueError for a
    file that is absent, holds anything else, has values that are not finite, or is not the one of
    this SHA-256.
    """
    found = sha256_of(path)
    if sha256 is not None and found != sha256:
        raise ValueError(
            f"{path} has changed since the study was read (SHA-256 {found[:12]}…, expected"
            f" {sha256[:12]}…)"
        )
    weights = _loaded(path)
    prefixes = {name.partition(".")[0] for name in weights}
    while (
        "conv1.weight" not in weights
        and len(prefixes) == 1
        and all("." in name for name in weights)
    ):
        weights = {name.partition(".")[2]: value for name, value in weights.items()}
        prefixes = {name.partition(".")[0] for name in weights}
    broken = [
        name
        for name, value in weights.items()
        if value.is_floating_point() and not torch.isfinite(value).all()
    ]
    if broken:
        raise ValueError(f"{path}: values that are not finite in {_few(broken)}")
    return weights


def _few(names: list[str], limit: int = 4) -> str:
    return ", ".join(names[:limit]) + (
        f" and {len(names) - limit} more" if len(names) > limit else ""
    )


def first_convolution(kernel: torch.Tensor, channels: int) -> tuple[torch.Tensor, str]:
    """The first convolution for another number of channels, and in words what became of it.

    With as many channels it stays. Otherwise each channel gets the mean over the file's, times
    their number over the new one, so that an image repeated in all channels gives the answer that
    it gave before.
    """
    held = kernel.shape[1]
    if held == channels:
        return (
            kernel,
            f"its {counted(held, 'input channel')} taken as the {counted(channels, 'phase')}",
        )
    spread = kernel.mean(dim=1, keepdim=True).repeat_interleave(channels, dim=1) * (held / channels)
    return (
        spread,
        (
            f"the mean of its {counted(held, 'input channel')} for each of"
            f" {counted(channels, 'phase')}, scaled by {held}/{channels}"
        ),
    )


def load_pretrained(network: ResNet, weights: dict[str, torch.Tensor], name: str) -> str:
    """Put weights into a network, all but the output layer.

    Returns in words what became of the first convolution.

    Raises ValueError that names layers that are missing, unexpected or of another shape.
    """
    own = network.state_dict()
    held = {key: value for key, value in weights.items() if key not in HEAD}
    words = ""
    if "conv1.weight" in held and held["conv1.weight"].ndim == own["conv1.weight"].ndim:
        held["conv1.weight"], words = first_convolution(
            held["conv1.weight"].float(), own["conv1.weight"].shape[1]
        )
    # Files older than PyTorch 0.4.1 do not count batches; nothing here depends on the count.
    wanted = {
        key
        for key in own
        if key not in HEAD and not (key.endswith("num_batches_tracked") and key not in held)
    }
    faults = {
        "missing": sorted(wanted - set(held)),
        "unexpected": sorted(set(held) - set(own)),
        "of another shape": [
            f"{key} ({'×'.join(map(str, held[key].shape))} in the file,"
            f" {'×'.join(map(str, own[key].shape))} here)"
            for key in sorted(wanted & set(held))
            if held[key].shape != own[key].shape
        ],
    }
    if any(faults.values()):
        lists = "; ".join(f"{kind}: {_few(names)}" for kind, names in faults.items() if names)
        raise ValueError(
            f"the weights of {name} do not fit the network ({lists}); network, dimensions and width"
            " must be those that they were trained with"
        )
    network.load_state_dict(own | held)
    return words
