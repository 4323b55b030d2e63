"""Results: every number of the paper, made from predictions and cohort, and read back by key."""

from importlib import import_module
from typing import TYPE_CHECKING

from analysis.results.record import Record, Records, read_records, write_records

if TYPE_CHECKING:
    from analysis.results.build import compute_results

__all__ = ["Record", "Records", "compute_results", "read_records", "write_records"]


def __getattr__(name: str) -> object:
    # What only reads results, as the documents do, must not wait for the libraries that made them.
    if name == "compute_results":
        return import_module("analysis.results.build").compute_results
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
