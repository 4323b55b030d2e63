"""The export that most tests convert."""

import pytest

from tests.support.export_of_two import RULES, export_patient


@pytest.fixture
def export(tmp_path):
    values = {
        "ID-ALPHA-1": export_patient(
            tmp_path / "export" / "Planted Surname", "ID-ALPHA-1", False, 1
        ),
        "ID-BETA-2": export_patient(tmp_path / "export" / "b", "ID-BETA-2", True, 2),
    }
    (tmp_path / "export" / "readme.txt").write_text("exported")
    # The first patient's two delineations both hold a tumour: the first rule has to name one.
    rules = RULES.replace('mask: "*tumour*"', 'mask: {segment: "*tumour*", exclude: "*second*"}')
    (tmp_path / "rules.yml").write_text(rules)
    return tmp_path, values
