"""Blocks of other people's features: fitted in the fold alone, in fusions, exported and applied;
what is wrong with their tables is named."""

import numpy as np
import pandas as pd
import pytest
from sklearn.decomposition import PCA

from analysis.cohort.tables.block_table import read_block
from analysis.cohort.tables.feature_table import read_features
from analysis.core.problems import Problems
from analysis.inputs.blocks import block_features
from analysis.reporting.wordings.blocks import block_words
from analysis.results import read_records
from analysis.study import StudyError, load_study
from analysis.study.feature_blocks import FeatureBlock
from analysis.study.protocol import Fusion
from analysis.study.supplied_tables import FeatureTable
from analysis.training import trained
from analysis.workflow.check.examine import examine
from analysis.workflow.check.load import load_cohort
from analysis.workflow.cohort_update.patient_digests import patient_contents
from analysis.workflow.locked_model.blocks import of_no_block, used_blocks
from analysis.workflow.locked_model.cohort_table import read_cohort_table
from analysis.workflow.locked_model.export import write_model
from analysis.workflow.locked_model.predict import (
    model_for,
    patients_of,
    predict_patients,
    score_patients,
)
from models.inputs import Inputs
from models.locked import LockedModelError
from models.radiomics import RadiomicsModel
from models.radiomics.components import PrincipalComponents
from models.registry import registry_of
from models.settings import RadiomicsSettings
from tests.support.blank_figures import run_with_blank_figures
from tests.support.block_study import block_study, embeddings
from tests.support.small_cohort import edit_study, table_study

FILE = "embeddings.csv"


def _problems(path, level="error"):
    return [str(each) for each in examine(load_study(path))[1].of(level)]


def _with_table(path, table):
    table.to_csv(path.parent / "data" / FILE, index=False)
    return path


@pytest.fixture(scope="module")
def study(tmp_path_factory):
    """A run study of radiomics, clinical variables and a block."""
    path = block_study(tmp_path_factory.mktemp("blocks"))
    found = load_study(path)
    run_with_blank_figures(found)
    return found


@pytest.fixture(scope="module")
def alone(tmp_path_factory):
    """A cohort of clinical variables and a block, and its training."""
    cohort = load_cohort(load_study(block_study(tmp_path_factory.mktemp("alone"), alone=True)))
    return cohort, trained(cohort)[1]


def test_components_are_those_of_scikit_learn():
    values = embeddings().drop(columns="patient_id").to_numpy()
    for number in (3, 200):
        found = PrincipalComponents(components=number).fit(values)
        expected = PCA(min(number, 12), svd_solver="full", whiten=True).fit_transform(values)
        np.testing.assert_allclose(found.transform(values), expected, atol=1e-10)
    few = values[:5]
    assert PrincipalComponents(components=50).fit(few).transform(few).shape == (5, 4)


def test_keys_of_other_studies_are_as_before():
    assert "pca_components" not in RadiomicsSettings(["a"]).content()
    assert Fusion().model_dump() == {"method": "chosen"}
    assert "readers" not in FeatureTable(file="f").model_dump()


@pytest.mark.parametrize(
    "given",
    [
        {"pca_components": 3},
        {"pca_variance": 0.5},
        {"paths": {"few": ["anova"], "all": []}},
        {"readers": {"column": "r", "first": "A"}},
    ],
)
def test_what_was_read_can_be_written_and_read_again(given):
    block = FeatureBlock(file=FILE, **given)
    assert FeatureBlock(**block.model_dump()) == block


def test_a_block_has_a_model_and_a_place_in_fusions(alone):
    cohort, training = alone
    registry = registry_of(cohort.study)
    assert registry["embeddings"].label == "Embeddings of BiomedCLIP"
    assert registry.headline == ["cr", "embeddings", "fused"]
    final = training.fitted.fit("embeddings").model
    assert final.components_ == 3
    assert len(final.features) == 12
    assert training.fitted.fusions["final"]["fused"].scored_parts == ("embeddings",)
    assert {"cr", "embeddings", "fused"} == set(training.predictions.table["model"])


def test_a_fit_knows_nothing_of_the_rows_of_those_it_scores(alone, tmp_path):
    """The rows of an outer fold's patients, and of the validation cohort, are changed."""
    cohort, training = alone
    fold = training.fitted.scores.contexts["outer_1"]
    left_out = {*fold.score, *cohort.labelled("validation")}
    table = embeddings()
    rows = table["patient_id"].isin(left_out)
    table.loc[rows, "e0":"e11"] = np.random.default_rng(0).normal(9, 4, (int(rows.sum()), 12))
    path = _with_table(block_study(tmp_path, alone=True), table)
    changed = trained(load_cohort(load_study(path)))[1].fitted.fit("embeddings", "outer_1").model
    model = training.fitted.fit("embeddings", "outer_1").model
    for step in ("scale", "reduce", "classify"):
        first, second = (each.fitted_.named_steps[step] for each in (model, changed))
        for name in ("mean_", "scale_", "weights_", "coef_"):
            if hasattr(first, name):
                np.testing.assert_array_equal(getattr(first, name), getattr(second, name))
    assert set(fold.learn) == set(training.fitted.fit("embeddings", "outer_1").saw)


def test_the_fit_is_that_of_the_model_by_itself(alone):
    cohort, training = alone
    fit = training.fitted.fit("embeddings")
    settings = training.fitted.models["embeddings"].settings
    table = block_features(cohort).features
    learn = list(fit.saw)
    again = RadiomicsModel("logistic", **settings.arguments, seed=0).fit(
        Inputs(pd.Index(learn), radiomics=table.loc[learn]), cohort.label[learn]
    )
    np.testing.assert_allclose(
        again.fitted_.named_steps["reduce"].weights_,
        fit.model.fitted_.named_steps["reduce"].weights_,
    )


def test_a_changed_row_is_a_change_of_its_patient(alone, tmp_path):
    cohort, _ = alone
    table = embeddings()
    table.loc[3, "e4"] += 1
    path = _with_table(block_study(tmp_path, alone=True), table)
    before, after = (patient_contents(each) for each in (cohort, load_cohort(load_study(path))))
    assert [name for name in before if before[name] != after[name]] == [table["patient_id"][3]]


def test_the_article_says_where_the_features_come_from(study):
    records = read_records(study.output_folder / "results.json")
    assert records["label.embeddings"].value == "Embeddings of BiomedCLIP"
    assert {f"auc.{name}.validation" for name in ("embeddings", "fused")} <= set(records)
    words = block_words(study, "embeddings")
    assert words.startswith("features from BiomedCLIP, image encoder (licence: MIT) were read")
    assert "replaced by their first 3 principal components" in words


@pytest.mark.parametrize("name", ["embeddings", "fused"])
def test_predict_equals_the_run(study, tmp_path, name):
    cohort = load_cohort(study)
    _, training = trained(cohort)
    folder = tmp_path / "model"
    write_model(cohort, training, name, folder)
    description = model_for(folder)
    assert list(description["blocks"]) == ["embeddings"]
    clinical = pd.read_csv(study.cohort_folder / "clinical.csv", dtype={"patient_id": str})
    whole = clinical.query("cohort == 'validation'").merge(embeddings(), on="patient_id")
    whole = whole.merge(pd.read_csv(study.cohort_folder / "features.csv"), on="patient_id")
    table = tmp_path / "new.csv"
    whole.drop(columns=["follow_up", "event_type", "cohort"]).to_csv(table, index=False)
    rows = read_cohort_table(description, table, study.cohort_folder / "dictionary.yml")
    found = score_patients(folder, description, patients_of([], rows), 1)
    run_table = training.predictions.table.query("model == @name and how == 'validation'")
    expected = run_table.set_index("patient_id").loc[whole["patient_id"], "probability"]
    np.testing.assert_allclose([each.probability for each in found], expected, atol=1e-12)
    # A patient's folder, with a file for each table.
    patient = whole["patient_id"][0]
    place = tmp_path / "patients" / patient
    place.mkdir(parents=True)
    units = {"ast": "U/L", "albumin": "g/L"}
    pd.DataFrame(
        [(key, whole[key][0], unit) for key, unit in units.items()],
        columns=["variable", "value", "unit"],
    ).to_csv(place / "clinical.csv", index=False)
    whole.iloc[[0]].to_csv(place / "features.csv", index=False)
    with pytest.raises(LockedModelError, match=r"embeddings.csv is missing; the model reads a row"):
        predict_patients(folder, [place])
    whole.iloc[[0]].to_csv(place / "embeddings.csv", index=False)
    (one,) = predict_patients(folder, [place])
    np.testing.assert_allclose(one.probability, expected.iloc[0], atol=1e-12)
    card = (folder / "MODEL_CARD.md").read_text()
    assert "row of 12 features of Embeddings of BiomedCLIP" in card


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (lambda t: t[t["patient_id"] != "P07"], ("P07", "the patient has no row of features")),
        (lambda t: pd.concat([t, t.iloc[[4]]]), ("P05", "more than once")),
        (lambda t: t.assign(row=range(3, 43)), ("column 'row' looks like an identifier",)),
        (lambda t: t.assign(x=np.arange(40) + 100), ("column 'x' looks like an identifier",)),
        (
            lambda t: t.assign(y=np.where(np.arange(40) % 2, 3.0, 7.0)),
            ("column 'y' is the outcome in other numbers", "features.embeddings.columns"),
        ),
        (lambda t: t.drop(columns="patient_id"), ("no column 'patient_id'",)),
    ],
)
def test_a_wrong_table_is_named_with_its_place_and_remedy(tmp_path, change, words):
    path = _with_table(block_study(tmp_path, alone=True), change(embeddings()))
    found = _problems(path)
    assert any(all(each in problem for each in words) for problem in found), found


def test_columns_that_are_no_features_are_told(tmp_path):
    table = embeddings().assign(copy=lambda t: t["e3"], same=1.5, scanner="A", status_x=0.5)
    table.loc[2, "status_x"] = 0.7
    path = _with_table(block_study(tmp_path, alone=True), table)
    warned = "\n".join(_problems(path, "warning") + _problems(path, "note"))
    assert "1 feature has the values of another and is left out: copy" in warned
    assert "1 column is no numbers and is no features of the block: scanner" in warned
    assert "'status_x' is called like an outcome" in warned
    assert "same value in all patients and is left out" in warned
    pattern = edit_study(
        path,
        features={"embeddings": {"file": FILE, "columns": "(?P<feature>e[0-9]+|scanner)"}},
        fusion={},
    )
    assert any("P01" in each and "'A' is no number" in each for each in _problems(pattern))


@pytest.mark.parametrize(
    ("sections", "words"),
    [
        ({"features": {"radiomics": {"file": FILE}}}, "the package's model Radiomics"),
        ({"features": {"ast": {"file": FILE}}}, "a candidate of the CR model"),
        ({"features": {"a": {"file": FILE}, "a_b": {"file": FILE}}}, "beginning of the block a_b"),
        ({"features": {"delta_x": {"file": FILE}}}, "is that of features that compare phases"),
        ({"features": {"habitats": {"file": FILE}}}, "is that of features of habitats, whose"),
        ({"features": {"features": {"file": FILE}}}, "is that of radiomics features without a"),
        ({"fusion": {"models": {"f": ["radiomics"]}}}, "radiomics is no part of this study"),
        ({"fusion": {"models": {"rcr": ["embeddings"]}}}, "the name 'rcr' is taken"),
        ({"fusion": {"models": {"f": ["cr", "x"]}}}, "cr, x are no parts .* are always in a fus"),
        ({"features": {"e": {"file": FILE, "label": "cr"}}}, "is what the package's model CR is"),
        ({"features": {"file": FILE}}, r"the name is missing; write features: {NAME: {file"),
        ({"features": {"E-2": {"file": FILE}}}, "must begin with a lower-case letter"),
        ({"features": {"e": {"file": FILE, "pca": 3}}}, "did you mean 'pca_components'"),
        (
            {"features": {"e": {"file": FILE, "pca_components": 3, "pca_variance": 0.5}}},
            "give pca_components, a number, or pca_variance",
        ),
        (
            {"features": {"e": {"file": FILE, "selection": ["anova"], "pca_components": 3}}},
            "no step is pca",
        ),
    ],
)
def test_wrong_keys_are_named(tmp_path, sections, words):
    path = block_study(tmp_path, alone=True)
    with pytest.raises(StudyError, match=words):
        load_study(edit_study(path, **{"fusion": {}, **sections}))


@pytest.mark.parametrize(
    ("table", "name", "words"),
    [
        ({"columns": {"late": "L_{feature}"}}, "late_portal", "the phase late, with which it"),
        ({"columns": {"late_portal": "L_{feature}"}}, "late", "the beginning of the phase late_p"),
        (
            {"columns": "(?P<phase>L)_(?P<feature>.+)", "phases": {"L": "late_portal"}},
            "late",
            "the beginning of the phase late_portal",
        ),
    ],
)
def test_a_block_is_not_called_as_a_phase_of_the_feature_table(tmp_path, table, name, words):
    path = table_study(tmp_path, **table)
    edit_study(path, features={name: {"file": FILE}})
    with pytest.raises(StudyError, match=words):
        load_study(path)


def test_features_of_a_block_are_told_from_others_by_its_columns(tmp_path):
    """Not by how a name begins: that of a phase may begin as the block's does."""
    study = load_study(block_study(tmp_path, alone=True))
    features = ["embeddings_e0", "embeddings_late_original_glcm_Contrast", "embeddings_e3"]
    assert of_no_block(study, features) == [features[1]]
    used = used_blocks(study, features)["blocks"]
    assert used["embeddings"]["columns"] == {"embeddings_e0": "e0", "embeddings_e3": "e3"}


def test_a_name_that_radiomics_has_too_is_refused(alone):
    cohort, _ = alone
    with pytest.raises(ValueError, match="features.embeddings: 'embeddings_e3' is the name of a"):
        block_features(cohort, ["arterial_x", "embeddings_e3"])


def test_phases_and_regions_are_in_the_names(tmp_path):
    table = embeddings(4).rename(
        columns={"e0": "ART_a", "e1": "ART_b", "e2": "ART_RING_a", "e3": "ART_RING_b"}
    )
    path = _with_table(
        block_study(
            tmp_path,
            alone=True,
            columns={"arterial": "ART_{feature}", "arterial_ring": "ART_RING_{feature}"},
        ),
        table,
    )
    features, _ = read_block(
        load_study(path), "embeddings", pd.Index(table["patient_id"]), Problems()
    )
    assert list(features) == [
        "embeddings_arterial_a",
        "embeddings_arterial_b",
        "embeddings_arterial_ring_a",
        "embeddings_arterial_ring_b",
    ]


def test_a_table_of_several_readers_leaves_out_what_they_disagree_on(tmp_path):
    table, random = embeddings(), np.random.default_rng(3)
    other = table.iloc[:20].copy()
    other.loc[:, "e0":"e11"] += random.normal(0, 0.05, (20, 12))
    other["e5"] = random.normal(size=20)
    long = pd.concat([table.assign(reader="A"), other.assign(reader="B")])
    readers = {"column": "reader", "first": "A"}
    path = _with_table(block_study(tmp_path, alone=True, readers=readers), long)
    assert not _problems(path)
    cohort = load_cohort(load_study(path))
    names = block_features(cohort).names["embeddings"]
    assert names == [f"embeddings_e{place}" for place in range(12) if place != 5]
    # The same as two tables.
    other.to_csv(path.parent / "data" / "reader_b.csv", index=False)
    two = _with_table(block_study(tmp_path, alone=True, repeats={"b": "reader_b.csv"}), table)
    assert block_features(load_cohort(load_study(two))).names["embeddings"] == names


def test_radiomics_may_come_with_readers_too(tmp_path):
    path = table_study(tmp_path, readers={"column": "reader", "first": "A"})
    file = tmp_path / "data" / "features.csv"
    table = pd.read_csv(file)
    other = table.iloc[:10].copy()
    other.iloc[:, 1] += 5
    pd.concat([table.assign(reader="A"), other.assign(reader="B")]).to_csv(file, index=False)
    features, repeats = read_features(
        load_study(path), pd.Index(table["patient_id"]), found := Problems()
    )
    assert not found.of("error")
    assert list(repeats) == ["b"]
    assert list(repeats["b"].index) == list(table["patient_id"][:10])
    column = "arterial_original_glcm_Contrast"
    np.testing.assert_allclose(repeats["b"][column] - features[column].iloc[:10], 5)


def test_a_table_of_readers_that_is_wrong_is_named(tmp_path):
    long = embeddings().assign(reader="A")
    for readers, words in (
        ({"column": "readers", "first": "A"}, "no column 'readers' of readers"),
        ({"column": "reader", "first": "C"}, "no row is of the delineation 'C'"),
        ({"column": "reader", "first": "A"}, "every row is of the delineation 'A'"),
    ):
        path = _with_table(block_study(tmp_path, alone=True, readers=readers), long)
        assert any(words in each for each in _problems(path)), words
