"""The networks, a file each; one more is a file and a line here."""

from importlib import import_module

from models.networks.declaration import LEAST_WIDTH, Network

# A file of this folder each, in the order of tables; of equally good ones the first is chosen.
FILES = (
    "resnet18",
    "resnet34",
    "resnet50",
)

NETWORKS: dict[str, Network] = {
    each.id: each for each in (import_module(f"{__name__}.{name}").NETWORK for name in FILES)
}

__all__ = ["LEAST_WIDTH", "NETWORKS", "Network"]
