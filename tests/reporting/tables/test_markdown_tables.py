"""Tables lay out the results that they are given."""

import html
import shutil
from dataclasses import replace

import pandas as pd
import pytest

from analysis.inputs.radiomics.definitions import feature_parts
from analysis.reporting.manuscript import MissingResult, open_results
from analysis.reporting.tables import (
    added_value_markdown,
    agreement_markdown,
    assumptions_list,
    baseline_markdown,
    calibration_markdown,
    classification_markdown,
    comparators_markdown,
    cutoffs_markdown,
    direct_markdown,
    discrimination_markdown,
    features_markdown,
    flow_markdown,
    hazards_markdown,
    net_benefit_markdown,
    regression_markdown,
    scores_markdown,
    table_one_markdown,
    trends_markdown,
)
from analysis.reporting.tables.cells import printed_units
from analysis.reporting.tables.markdown import pipe_table
from analysis.results.record import Record
from tests.support.fake_kinds import LIVER, SARCOMA
from tests.support.fake_results import write_fake_study


def rows(table):
    lines = table.data.splitlines()
    assert set(lines[1]) <= set("|:-")
    cells = [
        [html.unescape(cell.strip(" ")) for cell in line.strip("|").split("|")]
        for line in (lines[0], *lines[2:])
    ]
    assert len({len(row) for row in cells}) == 1
    return cells


def test_pipe_table_escapes_what_would_end_a_cell():
    assert pipe_table(["a", "b"], [["x|y", "1\n2"]]).data.splitlines()[-1] == "| x\\|y | 1 2 |"


def test_apparent_and_out_of_fold_have_columns_of_their_own(liver):
    table = rows(discrimination_markdown(liver, LIVER.headline))
    assert table[0][:4] == [
        "Model",
        "AUC (95% CI)‖Training, apparent, n = 132 (81 events)",
        "AUC (95% CI)‖Training, out of fold, n = 132 (81 events)",
        "AUC (95% CI)‖Validation, n = 33 (20 events)",
    ]
    assert table[0][4:] == [
        "Published AUC‖Training",
        "Published AUC‖Validation",
    ]
    record = liver.record("auc.cr.out_of_fold")
    assert table[1][2] == f"{record.value:.3f} ({record.ci_low:.3f}–{record.ci_high:.3f})"
    assert table[5][4:] == ["0.917", "0.844"]
    assert table[1][4:] == ["–", "–"]


def test_a_model_that_scores_fewer_patients_says_so_in_its_row(liver):
    fewer = {
        key: replace(
            liver.records[key],
            n=31,
            value=(
                18
                if key.startswith("events")
                else 31
                if key.startswith("n_")
                else liver.records[key].value
            ),
        )
        for key in (f"{name}.cr.validation" for name in ("auc", "events", "n_evaluable"))
    }
    table = rows(
        discrimination_markdown(replace(liver, records=liver.records | fewer), LIVER.headline)
    )
    assert table[0][3] == "AUC (95% CI)‖Validation"
    assert table[1][3].endswith("; n = 31 (18)")
    assert table[2][3].endswith("; n = 33 (20)")
    assert table[0][2].endswith("n = 132 (81 events)")


def test_no_published_columns_where_nothing_was_published(liver, sarcoma):
    assert len(rows(discrimination_markdown(sarcoma, SARCOMA.headline))[0]) == 4
    assert len(rows(discrimination_markdown(liver, LIVER.parts))[0]) == 4


def test_classification_puts_published_values_in_a_row_of_their_own(liver):
    table = rows(classification_markdown(liver, LIVER.headline, "validation"))
    assert table[-1][:2] + table[-1][3:] == ["DLRCR, published", "–", "0.818", "–", "–", "–", "–"]
    assert table[0][2].startswith("AUC")
    printed = rows(discrimination_markdown(liver, LIVER.headline))
    assert (
        table[1][2]
        == printed[1][[each.partition("‖")[2][:10] for each in printed[0]].index("Validation")]
    )
    assert len(table) == 1 + len(LIVER.headline) + 1
    both = rows(classification_markdown(liver, LIVER.headline, "validation", "out_of_fold"))
    headings = [row[0] for row in both if row[0].startswith("**")]
    assert headings == ["**Training, out of fold**", "**Validation**"]


def test_calibration_names_how_each_row_was_judged(sarcoma):
    table = rows(calibration_markdown(sarcoma, SARCOMA.headline))
    assert [row[1] for row in table[1:]] == ["Training, out of fold"] * 2 + ["Validation"] * 2
    assert table[0][2:4] == ["Brier score", "O:E"]
    assert table[1][3].replace("\u00a0", " ") == "1.03 (0.77–1.38)"


def test_net_benefit_has_a_column_a_threshold_and_treats_all_too(sarcoma):
    table = rows(net_benefit_markdown(sarcoma, SARCOMA.headline))
    assert table[0] == ["Model", "50%"]
    assert table[-1] == ["Treat all", "0.100"]
    assert (
        len(rows(net_benefit_markdown(sarcoma, SARCOMA.headline, kind="standardized_net_benefit")))
        == len(SARCOMA.headline) + 1
    )


def test_hazard_ratios_carry_a_p_value_in_validation_only(liver):
    table = rows(hazards_markdown(liver))
    assert [row[3] for row in table[1:]] == 4 * ["–"] + 4 * [".01"]
    assert all(row[4] == ".05" or row[4] == "–" for row in table[1:])


def test_added_value_shows_what_was_seen_and_how_many_pairs_tie(liver):
    table = rows(added_value_markdown(liver))
    assert table[1][:2] == ["BCLC", "0 to C (34.5%)"]
    assert [row[5] for row in table] == ["*P* (Holm)", ".03", "–"]
    assert table[1][7] == "12.30"


def test_scores_say_where_they_come_from(liver):
    table = rows(scores_markdown(liver))
    assert table[2][-1] == "[@johnson2015]"
    assert table[3][-1] == "[@mazzaferro1996] (unconfirmed)"
    assert table[1][3:5] == ["174", "0:\u00a016, A:\u00a087"]
    assert rows(agreement_markdown(liver, ["bclc_2022", "albi"]))[1] == [
        "ALBI",
        "0.38\u00a0(−0.27\u00a0to\u00a00.48)",
    ]
    assert rows(direct_markdown(liver, ["milan"]))[1] == ["Milan criteria", "33", "–", "–"]
    assert rows(trends_markdown(liver))[1] == ["BCLC", "174", "4.20", ".04"]


def test_inputs_of_scores_have_the_labels_of_the_dictionary(tmp_path):
    results = open_results(write_fake_study(LIVER, tmp_path))
    tables = results.folder / "tables"
    pd.DataFrame(
        {"variable": ["ecog", "tumour_number"], "label": ["ECOG performance status", "Tumours"]}
    ).to_csv(tables / "variables.csv", index=False)
    assert rows(scores_markdown(results))[1][1] == "ECOG performance status; bilirubin"


def test_cutoffs_name_their_ties_and_the_prespecified_one(liver):
    table = rows(cutoffs_markdown(liver, ["cr"]))
    assert [cell.replace("\u00a0", " ") for cell in table[1]] == [
        "CR",
        "0.500 (0.300–0.800)",
        "2",
        "0.250",
    ]


def test_comparators_show_difference_p_and_n(liver):
    table = rows(comparators_markdown(liver, ["bclc_2022", "albi"]))
    record = liver.record("delong.dlrcr_vs_bclc_2022.validation")
    assert table[1][0] == "BCLC"
    assert table[1][1] == "33 (20)"
    assert table[1][4] == ".04 (Holm)"
    assert [row[4] for row in rows(comparators_markdown(liver, ["cr", "radiomics"]))[1:]] == [
        ".04 (primary)",
        "–",
    ]
    assert table[1][3].replace("\u00a0", " ").replace("−", "-") == (
        f"{record.value:.3f} ({record.ci_low:.3f}–{record.ci_high:.3f})"
        if record.ci_low >= 0
        else f"{record.value:.3f} ({record.ci_low:.3f} to {record.ci_high:.3f})"
    )


def test_regression_lists_candidates_and_marks_unselected_terms(liver):
    table = rows(regression_markdown(liver))
    assert [row[0] for row in table[1:]] == ["AST (per doubling)", "Tumour diameter (per cm)"]
    assert table[1][1:3] == ["1.99 (1.00–785)", "< .001"]
    assert table[2][3:] == ["–", "–"]


def test_baseline_indents_levels_and_counts_missing_values(liver):
    table = rows(baseline_markdown(liver))
    assert table[0][2].replace("\u00a0", " ") == "Training (n = 132)"
    assert [row[0] for row in table[1:]] == ["AST, U/L", "Sex: non-binary"]
    assert table[1][-1] == "3"


def test_levels_stand_together_below_their_variable(liver, tmp_path):
    shutil.copytree(liver.folder, tmp_path / "outputs")
    baseline = tmp_path / "outputs" / "tables" / "baseline.csv"
    with baseline.open("a", encoding="utf-8") as file:
        file.write(",unknown,n (%),0 (0.0),0 (0.0),,,,\n")
    changed = replace(liver, folder=tmp_path / "outputs")
    table = rows(baseline_markdown(changed))
    levels = ["\u2003non-binary", "\u2003unknown"]
    assert [row[0] for row in table[2:]] == ["Sex: female", *levels]
    # What belongs to the variable stands in its first row alone.
    assert [row[-1] for row in table[2:]] == ["0", "", ""]
    outcome = rows(table_one_markdown(changed))
    assert [row[0] for row in outcome[3:]] == levels
    assert outcome[3][3] == ""


def test_terms_follow_the_study_file_with_levels_below_their_reference(liver, tmp_path):
    (tmp_path / "tables").mkdir()
    (tmp_path / "tables" / "variables.csv").write_text(
        'variable,label,values\naetiology,Aetiology,"HBV, HCV, alcohol"\nsex,Sex,"male, female"\n'
    )
    template = liver.records["odds_ratio.univariable.ast"]
    terms = {
        "aetiology=alcohol": "Aetiology: alcohol",
        "aetiology=HCV": "Aetiology: HCV",
        "sex=female": "Sex: female",
    }
    records = dict(liver.records)
    for term, label in terms.items():
        key = f"odds_ratio.univariable.{term}"
        records[key] = replace(template, key=key, of={"regression": "univariable", "term": term})
        records[f"label.term.{term}"] = Record(f"label.term.{term}", label)
    table = rows(regression_markdown(replace(liver, folder=tmp_path, records=records)))
    # Candidates: …, sex, aetiology, …, ast, …, tumour_diameter.
    assert [row[0] for row in table[1:]] == [
        "Sex: female (vs male)",
        "Aetiology (reference: HBV)",
        "\u2003HCV",
        "\u2003alcohol",
        "AST (per doubling)",
        "Tumour diameter (per cm)",
    ]
    assert table[2][1:] == ["", "", "", ""]
    assert table[3][3:] == ["–", "–"]


def test_features_are_split_into_phase_image_class_and_name(liver, sarcoma):
    assert feature_parts("late_original_glcm_Contrast", []) == (
        "late",
        "original",
        "glcm",
        "Contrast",
    )
    assert feature_parts("late_own", []) == ("late", "–", "–", "own")
    assert feature_parts(
        "portal_venous_log-sigma-2-0-mm-3D_firstorder_Mean", list(LIVER.phases)
    ) == ("portal venous", "Laplacian of Gaussian, sigma 2 mm", "firstorder", "Mean")
    assert rows(features_markdown(sarcoma))[1] == [
        "Informational measure of correlation 1 (GLCM)",
        "mr t1",
        "wavelet, LLH",
    ]
    with pytest.raises(ValueError, match="'ct_original_shape_Volume' is not named"):
        feature_parts("ct_original_shape_Volume", list(LIVER.phases))


def test_units_are_printed_as_such():
    assert (
        printed_units("Platelets (per 10^9/L), Total bilirubin, umol/L")
        == "Platelets (per 10⁹/L), Total bilirubin, µmol/L"
    )


def test_assumptions_are_listed_or_said_to_be_none(liver, sarcoma):
    assert assumptions_list(liver).data == "- The phases are assumed."
    assert "no assumptions" in assumptions_list(sarcoma).data


def test_a_model_that_the_study_lacks_fails_with_its_key(sarcoma):
    with pytest.raises(MissingResult, match="label.cr"):
        discrimination_markdown(sarcoma, ["cr"])


def test_a_table_names_the_function_that_a_document_called(liver):
    assert net_benefit_markdown(liver, ["cr"]).made_by == "net_benefit_markdown"
    assert flow_markdown(liver).made_by == "flow_markdown"
    block = (
        open_results(liver.study.path, links=True)
        .table_block("tbl-flow", flow_markdown(liver), "Flow of {cohort.n}.", "A note.")
        .data
    )
    assert block.startswith("::: {#tbl-flow}")
    assert "[A note.]{.table-note}" in block
    assert '[source]{.result .made-by title="tbl-flow · flow_markdown' in block


def test_links_do_not_widen_a_column(liver):
    linked = open_results(liver.study.path, links=True)
    assert (
        net_benefit_markdown(linked, LIVER.headline).data.splitlines()[1]
        == net_benefit_markdown(liver, LIVER.headline).data.splitlines()[1]
    )


def test_table_one_has_cohorts_and_outcomes_side_by_side(liver):
    table = rows(table_one_markdown(liver))
    assert table[0][3:5] == ["Cohort‖*P*", "Outcome‖Early recurrence (n\u00a0=\u00a096)"]
    assert len(table[0]) == 8
    assert table[1] == [
        "AST, U/L, median [IQR]",
        "35 [26, 50]",
        "40 [30, 53]",
        ".46",
        "35 [26, 50]",
        "40 [30, 53]",
        ".46",
        "3",
    ]
    assert table[2][0] == "Sex: non-binary, n (%)"


def test_a_value_in_a_header_is_as_wide_as_it_is_shown():
    """Its key and maker, which are in the Markdown, take no room from the other columns."""
    marked = '(n = [132]{.result title="cohort.training.n · analysis.cohort.split:split_of"})'
    rule = pipe_table(["Variable", f"Training {marked}", "*P*"], [["Age", "56 (48–64)", ".661"]])
    plain = pipe_table(["Variable", "Training (n = 132)", "*P*"], [["Age", "56 (48–64)", ".661"]])
    assert rule.data.splitlines()[1] == plain.data.splitlines()[1]


def widths_of(table) -> list[int]:
    return [each.count("-") for each in table.data.splitlines()[1].strip("|").split("|")]


def test_a_heading_within_a_table_widens_no_column():
    rows_of_models = [["CR", "0.8"], ["Radiomics", "0.7"]]
    plain = pipe_table(["Model", "AUC"], rows_of_models)
    headed = pipe_table(["Model", "AUC"], [["**Training, out of fold**", ""], *rows_of_models])
    assert widths_of(headed) == widths_of(plain)
    assert widths_of(pipe_table(["χ²", "x"], [["14.91", "y"]]))[0] > 10
