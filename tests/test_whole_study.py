"""One small study from demonstration cohort to rendered page, and what must hold of its files."""

import html
import json
import re

import numpy as np
import pandas as pd
import pytest

from analysis.reporting.number_style import format_interval
from analysis.results import read_records
from analysis.study import load_study
from analysis.workflow.run import is_current, run
from models.declared import DECLARED
from models.fusion import as_score
from models.staging import SCORES
from tests.conftest import small_study
from tests.support.blank_figures import run_with_blank_figures
from tests.support.processor_study import compute_study, one_network_study

pytestmark = pytest.mark.whole


@pytest.fixture(scope="module")
def html_files(rendered_project):
    """Each rendered html by document."""
    return {
        document: path.read_text(encoding="utf-8")
        for (document, suffix), path in rendered_project.items()
        if suffix == ".html"
    }


@pytest.fixture(scope="module")
def pages(html_files):
    """Text of each rendered html by document."""
    texts = {}
    for name, content in html_files.items():
        body = re.sub(r"<(style|script)\b.*?</\1>", " ", content, flags=re.DOTALL)
        texts[name] = html.unescape(
            re.sub(
                r"\s+",
                " ",
                re.sub(r"<[^>]+>", " ", re.sub(r"</?(?:span|em|strong)\b[^>]*>", "", body)),
            )
        )
    return texts


@pytest.fixture(scope="module")
def page(pages):
    return pages["index"]


def test_the_numbers_of_the_page_are_those_of_the_results(whole_study, page, pages):
    records = read_records(whole_study.output_folder / "results.json")
    headline = records["models.headline"].names
    assert headline == ["cr", "radiomics", "dl", "rcr", "dlrcr"]
    for model in headline:
        for how in ("apparent", "out_of_fold", "validation"):
            record = records[f"auc.{model}.{how}"]
            interval = format_interval(record.ci_low, record.ci_high, record.unit)
            # The table of each way of judging is one of those that the supplement takes.
            where = pages["supplement"] if how == "apparent" else page
            assert f"{record.value:.3f} ({interval})" in where, (model, how)
        assert f"{records[f'accuracy.{model}.validation'].value:.3f}" in page
    for key in (
        "cohort.n",
        "cohort.training.n",
        "cohort.validation.n",
        "features.stable.n",
        "features.total",
    ):
        assert re.search(rf"\b{records[key].value}\b", page), key


@pytest.mark.parametrize("document", ["index", "supplement", "checklists"])
def test_the_pages_are_clean(pages, document):
    page = pages[document]
    assert "synthetic" in page
    assert "Preview rendering" in page
    for fault in ("nan", "None", "{python}", "@fig-", "@tbl-", "Traceback", "???"):
        assert not re.search(rf"(?<![A-Za-z]){re.escape(fault)}(?![A-Za-z])", page), fault


def test_every_link_of_the_checklists_resolves(html_files):
    anchors = {
        name: set(re.findall(r'\bid="([^"]+)"', content)) for name, content in html_files.items()
    }
    links = set(re.findall(r'href="(\w+)\.html#([^"]+)"', html_files["checklists"]))
    assert len(links) > 25
    assert {document for document, _ in links} == {"index", "supplement"}
    assert not {(document, anchor) for document, anchor in links if anchor not in anchors[document]}


def test_every_patient_has_every_score(whole_study):
    predictions = pd.read_csv(whole_study.output_folder / "predictions.csv")
    patients = predictions.groupby("cohort")["patient_id"].nunique()
    assert patients.sum() == 26
    trained = predictions[
        predictions["family"].isin(["clinical", "radiomics", "deep_learning", "fusion"])
    ]
    assert trained["score"].notna().all()
    counts = trained.groupby(["model", "how"])["patient_id"].agg(["nunique", "size"])
    assert (counts["nunique"] == counts["size"]).all()
    for how, cohort in (
        ("apparent", "training"),
        ("out_of_fold", "training"),
        ("validation", "validation"),
    ):
        assert (counts.xs(how, level="how")["size"] == patients[cohort]).all()
    assert trained["model"].nunique() == 13
    assert not predictions.duplicated(["patient_id", "model", "how"]).any()


def test_p_values_stand_only_on_validation(whole_study):
    records = read_records(whole_study.output_folder / "results.json")
    # Of a regression's terms and of its assumption, of stages that learnt nothing, of a model
    # against chance, of the padding of crops: no comparison of models.
    others = (
        *("odds_ratio.", "proportional_hazards.", "log_rank_trend.", "permuted_observed."),
        "crop.padding.",
    )
    with_p = [
        key
        for key, record in records.items()
        if record.p is not None and not key.startswith(others)
    ]
    assert with_p
    assert all(
        key.endswith(".validation") or "judged in validation" in str(records[key].method)
        for key in with_p
    )


def test_only_named_contrasts_carry_a_p_value(whole_study):
    records = read_records(whole_study.output_folder / "results.json")
    contrasts = whole_study.statistics.contrasts
    model = records["contrasts.model"].value
    tests = {
        key.split("_vs_")[1].split(".")[0]: record
        for key, record in records.items()
        if key.startswith(f"delong.{model}_vs_")
    }
    assert len(tests) > len(contrasts.family)
    # A comparator is tested by what the model adds to it, another model directly.
    for other, record in tests.items():
        named = other in (contrasts.primary, *contrasts.family) and other in DECLARED
        assert (record.p is not None) == (named and "not tested" not in str(record.method)), other
    graded = records["added_value.scores"].names
    assert graded
    for other in graded:
        record = records[f"added_value.{other}"]
        # Six validation patients are too few for a test.
        assert record.p is None, other
        assert other not in contrasts.family or "not tested: fewer than" in str(record.method), (
            other
        )


def test_every_comparator_is_judged_on_the_same_patients(whole_study):
    records = read_records(whole_study.output_folder / "results.json")
    predictions = pd.read_csv(whole_study.output_folder / "predictions.csv")
    validation = predictions[(predictions["how"] == "validation") & predictions["label"].notna()]
    scores = validation.pivot(index="patient_id", columns="model", values="score")
    common = scores[
        [*records["added_value.scores"].names, records["contrasts.model"].value]
    ].dropna()
    assert len(common) == records["added_value.common.n"].value
    for name in records["added_value.scores"].names:
        assert {
            records[f"{key}.{name}"].n
            for key in (
                "added_value",
                "added_value.auc_alone",
                "added_value.auc_together",
                "added_value.net_benefit",
            )
        } == {len(common)}
        assert records[f"added_value.lost.{name}"].value == len(scores) - scores[name].notna().sum()


def test_every_confirmed_score_is_in_the_supplement(whole_study):
    table = pd.read_csv(whole_study.output_folder / "tables" / "scores.csv")
    ordered = {
        name for name, score in SCORES.items() if score.status == "confirmed" and score.ordered
    }
    assert ordered <= set(table["id"])
    assert len(table) == table["id"].nunique()
    assert table.loc[table["n_evaluable"] == 0, "missing"].notna().all()
    assert {"bclc_2018", "milan"} <= set(
        pd.read_csv(whole_study.output_folder / "tables" / "score_agreement.csv")[
            ["first", "second"]
        ]
        .to_numpy()
        .ravel()
    )


def test_the_supplement_shows_what_the_results_have(whole_study, pages):
    records = read_records(whole_study.output_folder / "results.json")
    for key in (
        "mcc.cr.validation",
        "cutoff.dlrcr",
        "optimism_corrected.auc.cr",
        "concordance.dl.validation",
        "scaled_brier.rcr.validation",
    ):
        record = records[key]
        assert (f"{record.value:.3f}" if record.value is not None else "–") in pages[
            "supplement"
        ].replace("−", "-"), key
    assert (
        f"{records['planning.validation.n'].value} in all; the validation cohort has"
        in pages["supplement"]
    )
    assert "consistent only with 20 patients with and 13 without the event" in pages["supplement"]
    assert "Together these are 101 and 64, where the paper states 96 and 69" in pages["supplement"]


def test_features_are_counted(whole_study):
    records = read_records(whole_study.output_folder / "results.json")
    values = [
        records[f"features.{name}"].value
        for name in ("total", "per_phase", "shape", "first_order", "texture")
    ]
    assert values == [3111, 1037, 14, 11 * 18, 11 * 75]


def test_an_unchanged_study_is_not_computed_again(whole_study):
    assert is_current(whole_study)
    assert not run(whole_study).computed


def test_new_words_for_the_checklists_need_no_new_analysis(whole_study):
    """An answer that somebody wrote changes the checklists and the study file's digest, and no
    other result."""
    written, results = whole_study.path.read_text(), whole_study.output_folder / "results.json"
    before, kept = read_records(results), results.read_bytes()
    try:
        whole_study.path.write_text(
            written.replace(
                "reporting:\n",
                "reporting:\n  failure_analysis: Small tumours were predicted worst.\n",
                1,
            )
        )
        changed = load_study(whole_study.path)
        assert changed.reporting["failure_analysis"].text
        assert is_current(changed)
        assert not run(changed).computed
        after = read_records(results)
        assert {key for key in before if before[key] != after[key]} == {
            "provenance.study_digest",
            "checklist.claim.yes.n",
            "checklist.claim.open.n",
        }
        assert set(after) == set(before)
        table = pd.read_csv(whole_study.output_folder / "tables" / "checklists.csv")
        assert table.loc[
            (table["checklist"] == "CLAIM 2024") & (table["id"] == "39"), "status"
        ].tolist() == ["yes"]
        assert is_current(changed)
    finally:
        whole_study.path.write_text(written)
        assert not run(load_study(whole_study.path)).computed
    assert results.read_bytes() == kept


def test_an_edited_result_is_computed_again(whole_study, tmp_path):
    path = whole_study.output_folder / "results.json"
    kept = path.read_bytes()
    path.write_bytes(kept.replace(b"3111", b"3112"))
    assert not is_current(whole_study)
    assert run(whole_study).computed
    assert path.read_bytes() == kept


def test_the_same_seed_gives_the_same_results_from_scratch(whole_study, tmp_path):
    """Every file, to the byte, of a smaller study with all kinds of models; the proof below is of
    the whole small one."""
    assert json.loads((whole_study.output_folder / "provenance.json").read_text())["patients"] == 26
    first, second = (
        compute_study(one_network_study(tmp_path / folder)) for folder in ("once", "again")
    )
    assert {"cohort/clinical.csv", "outputs/results.json", "outputs/predictions.csv"} <= set(first)
    assert first == second


@pytest.mark.proof
def test_two_processes_give_the_same_results(whole_study, tmp_path):
    """But for the digest of the study file, which has their number. In `make test` the files of the
    demonstration and the predictions of two workers in `test_cluster` stand for it."""
    study = load_study(small_study(tmp_path / "two", jobs=2))
    run_with_blank_figures(study)
    first, second = (
        read_records(each.output_folder / "results.json") for each in (whole_study, study)
    )
    assert list(first) == list(second)
    assert [key for key in first if first[key] != second[key]] == ["provenance.study_digest"]


def test_the_nomogram_computes_what_the_fused_model_predicts(whole_study):
    """Points of the parts and of the raw predictors, summed and read as a risk: the locked model's
    own probability."""
    records = read_records(whole_study.output_folder / "results.json")
    predictions = pd.read_csv(whole_study.output_folder / "predictions.csv")
    clinical = pd.read_csv(whole_study.cohort_folder / "clinical.csv").set_index("patient_id")
    probability = predictions[predictions["how"] == "validation"].pivot(
        index="patient_id", columns="model", values="probability"
    )
    prefix = "nomogram.slope."
    terms = {
        key.removeprefix(prefix): record
        for key, record in records.items()
        if key.startswith(prefix)
    }
    linear = pd.Series(records["nomogram.intercept"].value, index=probability.index)
    for term, record in terms.items():
        if term in ("dl", "radiomics"):
            value = as_score(probability[term])
        else:
            value = clinical.loc[linear.index, term.partition("=")[0]]
            value = (
                np.log2(value)
                if records[f"nomogram.scale.{term}"].value == "doubling"
                else (value == term.partition("=")[2]).astype(float)
                if "=" in term
                else value
            )
        linear = linear + record.value * value
    known = linear.notna()
    fused = known.sum() >= 6 and {"dl", "radiomics"} <= set(terms)
    assert fused or records["nomogram.model"].value == "rcr"
    np.testing.assert_allclose(
        1 / (1 + np.exp(-linear[known])),
        probability.loc[known, records["nomogram.model"].value],
        rtol=1e-6,
    )
    ticks = pd.read_csv(whole_study.output_folder / "curves" / "nomogram.csv")
    assert ticks.loc[
        ~ticks["axis"].isin(["total", "risk", "points"]), "points"
    ].max() == pytest.approx(100)
    assert (ticks["axis"] == "risk").sum() >= 2


def test_claims_are_those_of_the_results(whole_study):
    from analysis.reporting.claims import make_claims, read_claims
    from analysis.reporting.manuscript import open_results

    stored = {
        each["key"]: each["wording"]
        for each in read_claims(whole_study.output_folder / "claims.json")
    }
    assert stored == {
        key: each.wording for key, each in make_claims(open_results(whole_study.path)).items()
    }
    assert {"discriminates", "well_calibrated", "net_benefit", "risk_groups", "conclusion"} <= set(
        stored
    )
