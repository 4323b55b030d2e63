"""Content that a fit depends on, for keys and seeds: code and libraries, inputs, names."""

from __future__ import annotations

import hashlib
from pathlib import Path

import numpy as np
import pandas as pd

import models
from analysis import statistics
from analysis.core.arithmetic import description
from analysis.core.cache import digest, source_digest, versions
from models.inputs import Inputs

LIBRARIES = (
    "numpy",
    "scipy",
    "pandas",
    "scikit-learn",
    "xgboost",
    "statsmodels",
    "firthmodels",
    "torch",
    "monai",
)
# What the models compute with, of the project's own.
STATISTICS = ("mrmr", "regression", "rubin", "separation", "splines")


def code_digest() -> str:
    """Code and libraries that a fit depends on."""
    folder = Path(models.__file__).parent
    # Scores that learn nothing, what is done with a fitted model, and what only looks into it are
    # no part of a fit.
    others = (
        folder / "staging",
        folder / "locked",
        folder / "registry.py",
        folder / "deep" / "saliency.py",
    )
    sources = [
        path
        for path in sorted(folder.rglob("*.py"))
        if not any(path.is_relative_to(other) for other in others)
    ]
    sources += [Path(statistics.__file__).with_name(f"{name}.py") for name in STATISTICS]
    here = Path(__file__)
    own = source_digest(here, here.with_name("fits.py"))
    return digest(source_digest(*sources), own, versions(LIBRARIES), description())


def seed_for(seed: int, *names: str) -> int:
    """Seed of a model in a context.

    Each model and context has a seed of its own, the same on every run and whatever the order of
    work.
    """
    return int.from_bytes(hashlib.sha256(repr((seed, *names)).encode()).digest()[:4], "big") >> 1


def table_content(table: pd.DataFrame) -> bytes:
    """Values, columns and rows of the table, for keys.

    Numbers go by their bytes, as hashing thousands of columns one by one takes longer than a fit.
    """
    numeric = all(isinstance(dtype, np.dtype) and dtype.kind in "fiub" for dtype in table.dtypes)
    values = (
        np.ascontiguousarray(table.to_numpy(dtype=float)).tobytes()
        if numeric
        else pd.util.hash_pandas_object(table).to_numpy().tobytes()
    )
    return values + repr((list(table.columns), list(table.index))).encode()


def content_of(inputs: Inputs) -> list[bytes]:
    """Everything in the inputs, for keys."""
    tables = [
        table_content(table) for table in (inputs.clinical, inputs.radiomics) if table is not None
    ]
    centre = [repr(inputs.centre.tolist()).encode()] if inputs.centre is not None else []
    voxels = [inputs.voxels.content()] if inputs.voxels is not None else []
    images = [inputs.images.tobytes()] if inputs.images is not None else []
    return tables + centre + images + voxels
