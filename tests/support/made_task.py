"""A task of the queue of fits with nothing to fit; in a module that processes import quickly."""

from __future__ import annotations

from types import SimpleNamespace


class MadeTask:
    """A fit by its device; titles as those of fits."""

    def __init__(self, title: str, device: str) -> None:
        self.title = title
        self.models = (SimpleNamespace(settings=SimpleNamespace(device=device)),)
