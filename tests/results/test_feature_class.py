"""The class that a feature's name says, of names that PyRadiomics did not give too."""

from analysis.results.reproducibility import class_of


def test_a_name_of_its_own_is_in_no_class_of_pyradiomics():
    assert class_of("arterial_original_glcm_Contrast") == "glcm"
    assert class_of("arterial_texture of our own") == "other"
