"""The extraction by `engine: ibsi` in the article, and what it says of the other engines."""

from dataclasses import replace

import pytest

from analysis.inputs.radiomics.definitions import definition_of, feature_parts
from analysis.inputs.radiomics.ibsi_features import ibsi_features
from analysis.reporting.sections import Says
from analysis.reporting.tables.feature_words import feature_words
from analysis.reporting.wordings.extraction import extraction_words
from analysis.reporting.wordings.feature_classes import CLASS_WORDS
from analysis.results.record import Record
from analysis.study import Extraction

CT = {"engine": "ibsi", "normalise": False}


def test_the_default():
    assert extraction_words(Extraction(engine="ibsi")) == (
        "intensities normalised to the image's mean and standard deviation, interpolated to"
        " 1 × 1 × 1 mm voxels by cubic B-splines, masks interpolated linearly, with voxels that"
        " lie at least half within, discretised to a fixed number of 32 bins, texture features of"
        " each direction in space averaged (IBSI: ITBB, KOBO)"
    )


@pytest.mark.parametrize(
    ("given", "ibsi", "words"),
    [
        (
            {"resegment": {"range": [-500, 400]}, "bin_width": 25},
            {},
            "with a fixed bin width of 25 units of the stored intensity from the lower limit of",
        ),
        ({}, {"outlier_sigma": 3}, "beyond 3 standard deviations of the mask's mean left out"),
        ({}, {"round_intensities": True}, "rounded to whole numbers"),
        ({}, {"volume_histogram_bin_width": 2.5}, "histogram of bins 2.5 units wide"),
        ({}, {"volume_histogram_bin_count": 1000}, "intensity-volume histogram of 1000 bins"),
        ({"gldm_alpha": 1}, {}, "a coarseness of 1 grey level"),
        ({}, {"aggregation": "3D_merged"}, "merged over the directions in space (IBSI: IAZD"),
    ],
)
def test_what_is_set_is_said(given, ibsi, words):
    assert words in extraction_words(Extraction(**CT | given, ibsi=ibsi or None))
    assert words not in extraction_words(Extraction(**CT))


def test_features_are_named_in_words_and_all_have_a_definition():
    for each in ibsi_features():
        name = f"art_original_{each.kind}_{each.name}"
        assert feature_parts(name, ["art"]) == ("art", "original", each.kind, each.name)
        assert definition_of(each.kind, each.name), each
        assert each.kind in CLASS_WORDS
    assert definition_of("ngldm", "HighDependenceEmphasis").endswith(
        "IBSI: High dependence emphasis (IMOQ)."
    )
    assert feature_words("intensitymorphology", "MoransI") == "Moran's I"
    assert feature_words("gldzm", "ZoneDistanceEntropy") == "zone distance entropy"


def _with_engine(results, *phases):
    """Results of a study whose `phases`, all if none is named, have engine: ibsi."""
    study, chosen = results.study, Extraction(engine="ibsi")
    if phases:
        update = {
            "phases": {
                name: each.model_copy(update={"extraction": chosen}) if name in phases else each
                for name, each in study.phases.items()
            }
        }
    else:
        update = {"radiomics": study.radiomics.model_copy(update={"extraction": chosen})}
    version = Record("software.mirp", "2.5.0")
    return replace(
        results,
        study=study.model_copy(update=update),
        records={**results.records, version.key: version},
    )


def test_the_methods_name_the_software_and_how_it_keeps_to_the_standard(liver):
    usual = str(Says(liver)("methods-radiomics"))
    assert usual.startswith("With PyRadiomics ")
    assert "MIRP" not in usual
    assert "with deviations: kurtosis is not the excess" in usual

    whole = str(Says(_with_engine(liver))("methods-radiomics"))
    assert whole.startswith("With MIRP ")
    assert "2.5.0" in whole
    assert "[@zwanenburg2024]" in whole
    assert "image processing of the Image Biomarker" in whole
    assert "PyRadiomics" not in whole
    assert "intensity-weighted" not in whole
    results = _with_engine(liver)
    weighted = Record("features.intensity_weighted", 4)
    records = {**results.records, weighted.key: weighted}
    counted = str(Says(replace(results, records=records))("methods-radiomics"))
    assert "shape, 4 intensity-weighted morphological, " in counted

    phase = list(liver.study.phases)[-1]
    mixed = str(Says(_with_engine(liver, phase))("methods-radiomics"))
    assert "With PyRadiomics" in mixed
    assert "PyRadiomics deviates from it: kurtosis" in mixed
    assert "and MIRP" in mixed
