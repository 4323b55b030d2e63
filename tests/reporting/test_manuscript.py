"""The manuscript says each number as its result is, and fails where there is none."""

import json
import re
from dataclasses import replace

import pytest

from analysis.reporting.manuscript import MissingResult, format_number, open_results
from analysis.reporting.number_style import format_interval, format_p, p_statement, use_style
from analysis.reporting.sentences import (
    added,
    cited,
    comparators_cited,
    declarations,
    listed,
    published_check,
    thresholds_reason,
    unconfirmed,
)
from analysis.results.record import Record
from analysis.study import Declarations, load_study
from tests.conftest import ROOT
from tests.support.documents import rendered
from tests.support.fake_kinds import LIVER, SARCOMA
from tests.support.fake_results import write_fake_study
from tests.support.manuscript_pages import placeholder_figures


@pytest.fixture(scope="module")
def studies(tmp_path_factory):
    paths = {
        kind.name: write_fake_study(kind, tmp_path_factory.mktemp(kind.name))
        for kind in (LIVER, SARCOMA)
    }
    for path in paths.values():
        placeholder_figures(path.parent / "outputs")
    return paths


@pytest.fixture(scope="module")
def liver(studies):
    return open_results(studies["liver"])


@pytest.mark.parametrize(
    ("value", "unit", "text"),
    [
        (0.8437, "AUC", "0.844"),
        (1.0, "AUC", "1.000"),
        (0.0, "net benefit difference", "0.000"),
        (-0.0001, "AUC difference", "0.000"),
        (-0.0312, "AUC difference", "−0.031"),
        (165, "patients", "165"),
        (12345, "patients", "12,345"),
        (24.0, "months", "24"),
        (50.4, "months", "50.4"),
        (0.002, None, "0.002"),
        (1.0, "odds ratio", "1.00"),
        (0.994, "odds ratio", "0.99"),
        (17.34, "odds ratio", "17.3"),
        (0.0153, "odds ratio", "0.015"),
        (785.4, "odds ratio", "785"),
        (99.97, "odds ratio", "100"),
        (0.00002, "odds ratio", "< 0.001"),
        (-0.373, "log odds", "−0.37"),
        (1.0, "slope", "1.00"),
        ("ResNet-18", None, "ResNet-18"),
        (None, "AUC", "–"),
    ],
)
def test_numbers_are_written_as_their_unit_is(value, unit, text):
    assert format_number(value, unit) == text


@pytest.fixture
def plain_style():
    use_style("plain")
    yield
    use_style("ama")


def test_p_values_and_intervals_in_the_style_of_ama():
    assert [format_p(p) for p in (0.0004, 0.0316, 0.5, 0.9999, None)] == [
        "< .001",
        ".03",
        ".50",
        "> .99",
        "–",
    ]
    assert p_statement(0.0316) == "*P* = .03"
    # The decimals that tell on which side of .05 it lies.
    assert [format_p(p) for p in (0.0472, 0.0524, 0.0051)] == [".047", ".052", ".005"]
    assert p_statement(0.0004) == "*P* < .001"
    assert format_interval(0.7, 0.9, "AUC") == "0.700–0.900"
    assert (
        format_interval(-0.02, 0.22, "AUC difference") == "−0.020 to 0.220"
    )  # a dash beside a minus can't be read
    assert format_interval(0.00001, 2.0, "odds ratio") == "< 0.001 to 2.00"


def test_p_values_and_intervals_in_the_plain_style(plain_style):
    assert [format_p(p) for p in (0.0004, 0.0316)] == ["< 0.001", "0.032"]
    assert p_statement(0.0316) == "p = 0.032"
    assert format_interval(0.7, 0.9, "AUC") == "0.700 to 0.900"
    with pytest.raises(KeyError):
        use_style("unknown")


def test_a_number_carries_what_made_it_and_words_do_not(studies):
    linked = open_results(studies["liver"], links=True)
    record = linked.record("auc.dlrcr.validation")
    text = linked.text("auc.dlrcr.validation")
    assert text.startswith(f'[{record.value:.3f}]{{.result title="auc.dlrcr.validation')
    assert (
        linked.plain("auc.dlrcr.validation")
        == f"{record.value:.3f}"
        == open_results(studies["liver"]).text("auc.dlrcr.validation")
    )
    assert linked.text("study.event") == "early recurrence"
    twice = linked.fill(linked.text("auc.dlrcr.validation") + " in {cohort.n} patients")
    assert twice.count(".result") == 2
    assert "{cohort" not in twice


def test_forms_of_a_result(liver):
    record = liver.record("auc.dlrcr.validation")
    assert (
        str(liver("auc.dlrcr.validation"))
        == liver("auc.dlrcr.validation")._repr_markdown_()
        == f"{record.value:.3f}"
    )
    assert (
        str(liver.ci("auc.dlrcr.validation"))
        == f"{record.value:.3f} (95% CI {record.ci_low:.3f}–{record.ci_high:.3f})"
    )
    assert str(liver.p("log_rank.risk_group.validation")) == "*P* = .38"
    assert str(liver.p("odds_ratio.univariable.ast")) == "*P* < .001"
    assert str(liver.percent("settings.confidence_level")) == "95.0%"
    assert liver.text("settings.confidence_level", "level") == "95%"
    assert liver.text("study.event", "sentence") == "Early recurrence"
    with pytest.raises(ValueError, match="unknown form 'odds'"):
        liver.text("study.event", "odds")


@pytest.mark.parametrize(("n", "said"), [(0, "0 patients"), (1, "1 patient"), (2, "2 patients")])
def test_a_noun_follows_its_number_which_stays_bound(liver, n, said):
    counted = replace(
        liver, records=liver.records | {"cohort.n": Record("cohort.n", n, unit="patients")}
    )
    assert str(counted.plural("cohort.n", "patient")) == said
    assert counted.fill("Of {cohort.n|patient} all.") == f"Of {said} all."
    assert counted.fill_plain("{cohort.n|patient was|patients were} seen") == (
        f"{said} {'was' if n == 1 else 'were'} seen"
    )
    number, noun = said.split()
    bound = str(replace(counted, links=True).plural("cohort.n", "patient"))
    assert bound.startswith(f"[{number}]{{.result ")
    assert bound.endswith(f"}} {noun}")
    own = replace(counted, inline=True)
    assert own.fill("{cohort.n|patient}") == '`{python} r.plural("cohort.n", "patient")`'
    assert str(own.plural("subgroups.n", "analysis", "analyses")) == (
        '`{python} r.plural("subgroups.n", "analysis", "analyses")`'
    )


def test_a_noun_follows_the_n_of_a_result(liver):
    found = replace(liver, records=liver.records | {"a.b": Record("a.b", 0.5, n=1)})
    assert found.fill("{a.b:n|outer fold}") == "1 outer fold"
    assert str(found.plural("a.b:n", "axis", "axes")) == "1 axis"


def test_conditions(liver):
    assert liver.has("cr", "dlrcr")
    assert not liver.has("cr", "resnet152")
    assert str(liver.when(True, "{cohort.n} patients, {auc.cr.validation:ci}")).startswith(
        "177 patients, 0."
    )
    assert str(liver.when(False, "{no.such.key}")) == ""


def test_a_missing_key_is_named_with_those_that_are_close(liver):
    with pytest.raises(
        MissingResult, match=r"no key 'auc.dlrcr.validaton'; close are auc.dlrcr.validation"
    ):
        liver("auc.dlrcr.validaton")
    with pytest.raises(MissingResult, match="figure 'heatmap'"):
        liver.figure("heatmap")


def test_statements_follow_the_intervals(liver):
    assert listed(["a", "b", "c"]) == "a, b and c"
    assert listed(["a"]) == "a"
    assert listed([]) == ""
    assert (
        added(liver)
        == "On the 31 of 33 validation patients graded by all comparators, the unadjusted 95% CI of"
        " the gain in AUC from adding DLRCR was above zero for 1 of 2 (BCLC). BCLC graded the"
        " fewest patients (2 without a grade)."
    )
    assert unconfirmed(liver).startswith(
        "The definition of Milan criteria was not confirmed in its original"
    )
    assert published_check(liver).endswith(
        "Together these are 101 and 64, where the paper states 96 and 69."
    )
    assert cited("bclc_2018") == " [@easl2018; @llovet1999]"
    assert cited("mlr") == ""
    assert (
        comparators_cited(liver, ["bclc_2022", "albi"])
        == "BCLC [@reig2022] and ALBI [@johnson2015]"
    )


def test_what_the_authors_did_not_state_is_said(liver, studies, tmp_path):
    study = load_study(studies["liver"])
    silent = replace(
        liver,
        study=study.model_copy(
            update={
                "declarations": Declarations(ethics="Approved."),
                "statistics": study.statistics.model_copy(
                    update={"action": None, "thresholds_because": None}
                ),
            }
        ),
    )
    assert "**Ethics approval and consent.** Approved." in declarations(silent)
    assert declarations(silent).count("Not stated.") == 8
    assert "No clinical action above the threshold" in thresholds_reason(silent)
    stated = replace(
        liver,
        study=study.model_copy(
            update={
                "statistics": study.statistics.model_copy(
                    update={
                        "action": "closer follow-up.",
                        "thresholds_because": "nobody would choose others",
                    }
                )
            }
        ),
    )
    assert (
        thresholds_reason(stated)
        == "Patients with a predicted risk above the threshold would be offered closer follow-up."
        " The range was chosen in advance: nobody would choose others."
    )


def test_the_study_is_named_by_the_environment(studies, monkeypatch):
    monkeypatch.setenv("EARLY_RECURRENCE_STUDY", str(studies["sarcoma"]))
    assert open_results().text("study.event") == "lung metastasis"


@pytest.mark.parametrize("document", ["index", "supplement", "checklists"])
@pytest.mark.parametrize("kind", [LIVER, SARCOMA], ids=lambda kind: kind.name)
def test_the_documents_fit_both_studies(studies, kind, document, monkeypatch, capsys):
    text = rendered(studies[kind.name], monkeypatch, capsys, document)
    assert not re.findall(
        r"\{python\}|\bNone\b|\bnan\b|\{[a-z_]+\.[a-z_.]+(?::\w+)?(?:[|][^{}]*)?\}", text
    )
    there = set(re.findall(r"::: \{#((?:fig|tbl)-[a-z-]+)\}", text))
    referred = set(re.findall(r"@((?:fig|tbl)-[a-z-]+)", text))
    assert referred <= there, (
        f"the text refers to {sorted(referred - there)}, which this study does not have"
    )
    assert there <= referred | {"tbl-regression"}, f"nothing refers to {sorted(there - referred)}"
    citations, known = (
        set(re.findall(r"@([a-z]+\d{4})", text)),
        set(
            re.findall(
                r"@\w+\{(\w+),", (ROOT / "report" / "references.bib").read_text(encoding="utf-8")
            )
        ),
    )
    assert citations <= known
    assert (
        "synthetic" in text.lower().replace("study.synthetic", "")
    ) == kind.synthetic  # the name of a setting
    if document == "index" and kind.synthetic:
        for section in ("Methods", "Results", "Discussion"):
            assert re.search(
                rf"\n# {section}(?: \{{#[a-z-]+\}})?\n\n::: \{{\.callout-note title=\"Synthetic"
                r" cohort\"\}",
                text,
            ), section
    for words in {
        "index": ("hepatocellular", "BCLC", "Kaplan-Meier", "DLRCR", "OR (95% CI)"),
        "supplement": (
            "Aalen-Johansen",
            "DLRCR",
            "Fine-Gray",
            "partial correlation",
            "A against 0",
        ),
    }.get(document, ()):
        assert (words in text) == (kind is LIVER), words


def test_a_result_that_is_missing_fails_the_article_with_its_key(tmp_path, monkeypatch, capsys):
    study = write_fake_study(LIVER, tmp_path)
    placeholder_figures(tmp_path / "outputs")
    path = tmp_path / "outputs" / "results.json"
    path.write_text(
        json.dumps(
            [
                each
                for each in json.loads(path.read_text())
                if each["key"] != "sensitivity.dlrcr.validation"
            ]
        )
    )
    with pytest.raises(MissingResult, match="sensitivity.dlrcr.validation"):
        rendered(study, monkeypatch, capsys)


def test_a_figure_drawn_both_ways_has_no_suffix_and_one_of_pixels_alone_has(liver):
    folder = liver.folder / "figures"
    assert 'figures/roc.png){fig-alt="ROC curves' in str(
        liver.figure_block("fig-roc", "roc", "Curves of {cohort.n} patients.")
    )
    (folder / "roc.svg").write_text("<svg/>")
    try:
        block = str(liver.figure_block("fig-roc", "roc", "Curves of {cohort.n} patients."))
        assert "figures/roc){fig-alt" in block
        assert block.startswith("::: {#fig-roc}")
        assert "\nCurves of 177 patients.\n" in block
    finally:
        (folder / "roc.svg").unlink()
    (folder / "unknown.png").write_bytes(b"a picture")
    with pytest.raises(KeyError, match="'unknown' has no alternative text"):
        liver.figure_block("fig-unknown", "unknown", "A caption.")
    (folder / "unknown.png").unlink()
