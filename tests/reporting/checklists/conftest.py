"""Results that no analysis made, as the checklists read them."""

import pytest

from analysis.results.record import read_records
from analysis.study import load_study
from tests.support.fake_kinds import LIVER, SARCOMA
from tests.support.fake_results import write_fake_study
from tests.support.manuscript_pages import placeholder_figures


@pytest.fixture(scope="module")
def studies(tmp_path_factory):
    """kind → study and records of results that no analysis made."""
    found = {}
    for kind in (LIVER, SARCOMA):
        study = load_study(write_fake_study(kind, tmp_path_factory.mktemp(kind.name)))
        placeholder_figures(study.output_folder)
        found[kind] = (study, read_records(study.output_folder / "results.json"))
    return found
