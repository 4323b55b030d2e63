"""Every number of the paper ↔ results.json."""

from analysis.results.build import compute_results
from analysis.results.record import Record, Records, read_records, write_records

__all__ = ["Record", "Records", "compute_results", "read_records", "write_records"]
