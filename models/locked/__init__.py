"""Fitted model as files that hold no code.

They are JSON, XGBoost's JSON, safetensors, and skops with a list of allowed types.
"""

from models.locked.folder import FORMAT, LockedModelError, read_folder, write_folder
from models.locked.locked import LockedModel

__all__ = ["FORMAT", "LockedModel", "LockedModelError", "read_folder", "write_folder"]
