"""A feature's region by its name; habitats are of the region that the study clusters."""

import pytest

from analysis.inputs.radiomics.region_of_feature import region_in_words
from analysis.study import Phase, Radiomics, load_study
from tests.support.tiny_study import tiny_study


@pytest.mark.parametrize(("clustered", "words"), [("shell", "the shell"), (None, "tumour")])
def test_regions_of_habitats(tmp_path, clustered, words):
    radiomics = Radiomics(
        regions={"shell": {"ring": {"from_mm": 0, "to_mm": 5}, "label": "the shell"}},
        habitats={"reference_phase": "late", "region": clustered},
    )
    study = load_study(tiny_study(tmp_path)).model_copy(
        update={"phases": {"late": Phase(image="", mask="", air="mr")}, "radiomics": radiomics}
    )
    assert region_in_words(study, "late_shell_original_glcm_Contrast") == "the shell"
    assert region_in_words(study, "late_original_glcm_Contrast") == "tumour"
    for name in ("habitats_1of2_fraction", "habitats_2of2_late_p10"):
        assert region_in_words(study, name) == words
