"""The reference records, their data sets, and the comparison of one record with what was
computed."""

import json
from functools import lru_cache
from pathlib import Path

import numpy as np
import pandas as pd

GOLD = Path(__file__).resolve().parents[1] / "gold"
RECORDS = json.loads((GOLD / "reference.json").read_text())["records"]
PUBLISHED = json.loads((GOLD / "reference.json").read_text())["published"]


@lru_cache
def data(name):
    return pd.read_csv(GOLD / f"{name}.csv")


@lru_cache
def resamples(name):
    """Shared bootstrap rows, zero-based, one resample a row."""
    return np.loadtxt(GOLD / f"boot_idx_{name}.csv.gz", delimiter=",", dtype=int) - 1


def value(name):
    return RECORDS[name]["value"]


def matrix(field):
    return np.asarray(field["values"] if isinstance(field, dict) else field, dtype=float)


def compare(expected, found, rtol, atol, omitted, where):
    """Every field of `expected` must be in `found` and agree, or be in `omitted` with a reason."""
    if isinstance(expected, dict) and not isinstance(found, dict):
        expected = expected["values"]
    if isinstance(expected, dict):
        for field, part in expected.items():
            path = f"{where}.{field}" if where else field
            if path in omitted:
                continue
            assert field in found, f"{path} wasn't computed and no reason is given"
            compare(part, found[field], rtol, atol, omitted, path)
        return
    reference = np.asarray(expected, dtype=object)
    if any(isinstance(each, str) for each in reference.ravel()):
        assert list(np.atleast_1d(reference)) == list(
            np.atleast_1d(np.asarray(found, dtype=object))
        ), where
        return
    # R writes NA and infinities as null; they carry no number to compare.
    reference = reference.astype(float)
    values = np.asarray(found, dtype=float)
    assert values.shape == reference.shape, f"{where}: shape {values.shape}, in R {reference.shape}"
    known = np.isfinite(reference)
    np.testing.assert_allclose(values[known], reference[known], rtol=rtol, atol=atol, err_msg=where)
