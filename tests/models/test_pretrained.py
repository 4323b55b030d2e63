"""Weights from a file: read without running anything, checked layer by layer, fitted to the number
of phases."""

import pickle

import pytest
import torch
from safetensors.torch import save_file

from models.deep import DeepModel
from models.deep.architecture import Architecture
from models.deep.pretrained import first_convolution, load_pretrained, read_weights, sha256_of
from tests.support.pictures import pictures


def _weights(**changes):
    """As torchvision has them: seven pixels wide, no bias in the shortcuts, a thousand classes."""
    torch.manual_seed(0)
    weights = (
        Architecture(
            "resnet18", changes.pop("channels", 3), width=0.125, kernel=7, shortcut_bias=False
        )
        .build()
        .state_dict()
    )
    weights = {
        name: value.contiguous()
        for name, value in weights.items()
        if not name.endswith("num_batches_tracked")
    }
    return weights | {"fc.weight": torch.zeros(1000, 64), "fc.bias": torch.zeros(1000)} | changes


@pytest.mark.parametrize("name", ["weights.safetensors", "weights.pth", "wrapped.pt"])
def test_every_kind_of_file_starts_a_network(tmp_path, name):
    weights = _weights()
    if name.endswith("safetensors"):
        save_file(weights, tmp_path / name)
    else:
        torch.save(
            (
                {
                    "epoch": 3,
                    "state_dict": {f"module.{key}": value for key, value in weights.items()},
                }
                if name == "wrapped.pt"
                else weights
            ),
            tmp_path / name,
        )
    pretrained = {"file": name, "sha256": sha256_of(tmp_path / name), "source": "a test"}
    model = DeepModel(
        "resnet18", epochs=1, batch_size=8, width=0.125, pretrained=pretrained, root=tmp_path
    )
    network, architecture = model._start(3, 24, seed=0)
    assert architecture.kernel == 7
    assert not architecture.shortcut_bias
    assert torch.equal(network.layer4[1].conv2.weight, weights["layer4.1.conv2.weight"])
    assert network.fc.weight.shape == (1, 64)
    assert model.first_convolution_ == "its 3 input channels taken as the 3 phases"
    inputs, label = pictures()
    scores = model.fit(inputs, label).predict(inputs)
    assert scores.notna().all()
    assert not scores.equals(
        DeepModel("resnet18", epochs=1, batch_size=8, width=0.125)
        .fit(inputs, label)
        .predict(inputs)
    )
    again = DeepModel.from_description(model.description(), model.tensors()).predict(inputs)
    assert again.equals(scores)


@pytest.mark.parametrize("channels", [1, 2, 5])
def test_an_image_repeated_in_all_channels_gives_the_same_first_answer(channels):
    kernel = torch.randn(4, 3, 7, 7, dtype=torch.double)
    image = torch.randn(1, 1, 20, 20, dtype=torch.double)
    mapped, words = first_convolution(kernel, channels)
    before, after = (
        torch.nn.functional.conv2d(image.expand(-1, weight.shape[1], -1, -1), weight)
        for weight in (kernel, mapped)
    )
    assert torch.allclose(before, after)
    assert f"scaled by 3/{channels}" in words


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"layer9.weight": torch.zeros(1)}, "unexpected: layer9.weight"),
        (
            {"layer1.0.conv1.weight": torch.zeros(8, 8, 5, 5)},
            r"of another shape: layer1.0.conv1.weight \(8×8×5×5 in the file, 8×8×3×3 here\)",
        ),
    ],
)
def test_what_does_not_fit_is_named(changes, message):
    network = Architecture("resnet18", 3, width=0.125, kernel=7, shortcut_bias=False).build()
    with pytest.raises(ValueError, match=message):
        load_pretrained(network, _weights(**changes), "w.pt")
    few = {name: value for name, value in _weights().items() if not name.startswith("layer4")}
    with pytest.raises(
        ValueError,
        match="weights of w.pt do not fit .*missing: layer4.0.bn1.bias[^;]* and [0-9]+ more",
    ):
        load_pretrained(network, few, "w.pt")


def test_a_network_of_another_width_is_refused(tmp_path):
    save_file(_weights(), tmp_path / "w.safetensors")
    inputs, label = pictures()
    with pytest.raises(ValueError, match="of another shape: bn1.bias .*width must be those"):
        DeepModel(
            "resnet18",
            epochs=1,
            width=0.25,
            pretrained={"file": "w.safetensors", "source": "a test"},
            root=tmp_path,
        ).fit(inputs, label)


class Malicious:
    def __reduce__(self):
        return print, ("this must not be printed",)


def test_files_that_are_refused(tmp_path, capsys):
    (tmp_path / "code.pt").write_bytes(pickle.dumps({"conv1.weight": Malicious()}))
    (tmp_path / "half.safetensors").write_bytes(b"\x10")
    torch.save({"conv1.weight": "text"}, tmp_path / "text.pt")
    torch.save({"conv1.weight": torch.tensor([float("nan")])}, tmp_path / "nan.pt")
    for name, message in {
        "absent.pt": "no file of pretrained weights .*nothing is downloaded",
        "code.pt": "can't be read as weights alone",
        "half.safetensors": "no safetensors file",
        "text.pt": "holds no state dict",
        "nan.pt": "not finite in conv1.weight",
    }.items():
        with pytest.raises(ValueError, match=message):
            read_weights(tmp_path / name)
    with pytest.raises(ValueError, match="has changed since the study was read"):
        read_weights(tmp_path / "nan.pt", sha256="0" * 64)
    assert "must not be printed" not in capsys.readouterr().out
