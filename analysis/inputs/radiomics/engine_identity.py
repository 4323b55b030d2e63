"""What of the settings and of an engine that is not in every key goes into a key of the cache."""

from __future__ import annotations

from importlib.metadata import PackageNotFoundError
from pathlib import Path
from typing import Any

from analysis.core.cache import digest, source_digest, versions
from analysis.study import Extraction

# What MIRP computes with, beside what features of the other engines depend on as well.
LIBRARIES = ("mirp", "scikit-image", "pandas")
CODE = (
    *("ibsi_engine.py", "ibsi_features.py", "ibsi_features.yml"),
    *("ibsi_grid.py", "spatial_autocorrelation.py"),
)


def settings_content(settings: Extraction) -> dict[str, Any]:
    """Settings as a key has them; with `engine: ibsi`, MIRP's version and its code here too."""
    content = settings.model_dump(mode="json")
    return content if settings.engine != "ibsi" else {**content, "engine": ibsi_identity()}


def ibsi_identity() -> str:
    """Digest of all that values of `engine: ibsi` depend on but the settings."""
    room = Path(__file__).parent
    found: dict[str, str] = {}
    for name in LIBRARIES:
        try:
            found |= versions([name])
        except PackageNotFoundError:
            found[name] = "not installed"
    return "ibsi " + digest(source_digest(*(room / name for name in CODE)), found)
