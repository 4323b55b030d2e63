"""Fitted model as files that hold no code.

They are JSON, XGBoost's JSON, safetensors, and skops with a list of allowed types. The libraries of
models are loaded when `LockedModel` is first used: a folder is read and compared without them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from models.locked.folder import FORMAT, LockedModelError, read_folder, write_folder

if TYPE_CHECKING:
    from models.locked.locked import LockedModel

__all__ = ["FORMAT", "LockedModel", "LockedModelError", "read_folder", "write_folder"]


def __getattr__(name: str) -> Any:
    if name != "LockedModel":
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    # Imported here: the errors and the format of a folder are read without PyTorch.
    from models.locked.locked import LockedModel

    return LockedModel
