"""Sentences stand only where what they describe is so."""

from dataclasses import replace

import pytest

from analysis.reporting.sentences import (
    apparent_words,
    background,
    best_parts,
    choice_included,
    chosen_areas,
    cross_fitted,
    each_by_itself,
    elsewhere_limit,
    evaluated_times,
    evaluation_history,
    fallback_found,
    fused_words,
    fusion_remarks,
    guards_words,
    need,
    winner,
)
from analysis.results.record import Record
from models.staging import REFITS, SCORES
from models.staging.citations import CITATIONS, WITHOUT_SOURCE


def with_values(results, **values):
    """The same results with other values; keys with `__` for a dot, None takes a record out."""
    records = dict(results.records)
    for name, value in values.items():
        key = name.replace("__", ".")
        if value is None:
            records.pop(key, None)
        else:
            records[key] = replace(records.get(key, Record(key, None)), value=value)
    return replace(results, records=records)


def test_each_score_has_a_citation_or_is_known_to_have_no_publication():
    assert set(CITATIONS) | WITHOUT_SOURCE == {*SCORES, *REFITS}
    assert not set(CITATIONS) & WITHOUT_SOURCE


def test_the_question_is_that_of_the_study(liver, sarcoma):
    assert (
        "imaging models are rarely compared with clinical models and staging systems in the same"
        in background(liver)
    )
    assert "staging" not in background(sarcoma)
    assert "staging" not in need(sarcoma)
    clinical = with_values(liver, models__included=("cr", "bclc_2022"))
    assert "imaging" not in background(clinical)
    assert "staging systems" in background(clinical)
    assert "Radiomics" not in need(clinical)
    assert (
        cross_fitted(liver)
        == "Feature selection, tuning and fusion used nested cross-validation in the training"
        " cohort; models were then fixed."
    )
    assert cross_fitted(clinical) == (
        "Variable selection used cross-validation in the training cohort; models were then fixed."
    )


def test_a_fusion_is_named_where_there_is_one(liver, sarcoma):
    assert "DLRCR" in fused_words(liver)
    assert fused_words(sarcoma) == ""
    assert (
        fused_words(with_values(liver, models__included=("cr", "radiomics", "rcr")))
        == "The radiomics score was combined with the CR predictors (RCR)."
    )


def test_what_an_apparent_value_owes(liver):
    both = with_values(
        liver,
        auc__cr__apparent=0.8,
        auc__cr__out_of_fold=0.7,
        auc__rcr__apparent=0.6,
        auc__rcr__out_of_fold=0.7,
    )
    words = apparent_words(both, ["cr", "rcr"])
    assert "For CR, the difference reflects overfitting" in words
    assert "For RCR, the apparent AUC was not higher, as can occur with a fusion" in words
    assert "overfitting" not in apparent_words(both, ["rcr"])
    assert apparent_words(with_values(both, auc__cr__apparent=None), ["cr"]) == ""


def test_a_chosen_part_above_all_that_it_chooses_from_is_explained(liver):
    above = with_values(
        liver,
        auc__dl__out_of_fold=0.83,
        auc__resnet18__out_of_fold=0.742,
        auc__resnet34__out_of_fold=0.773,
    )
    assert best_parts(above, "dl").startswith(
        "This out-of-fold AUC is higher than that of any single network"
    )
    assert best_parts(with_values(above, auc__dl__out_of_fold=0.77), "dl") == ""


def test_the_auc_of_a_chosen_score_says_that_it_includes_the_choice(liver, sarcoma):
    filled = with_values(liver, auc__dl__out_of_fold=0.751, auc__dl__validation=0.827)
    words = filled.fill_plain(chosen_areas(filled, "dl"))
    assert words.startswith(
        "The out-of-fold AUC in training, including the choice of network, was 0.751"
    )
    assert f"of the final model ({filled.plain('deep.best')}) in the validation cohort was" in words
    assert filled.fill_plain(choice_included(filled)) == (
        "The out-of-fold AUC of Radiomics and DL includes the choice among the classifiers and"
        " networks in each outer fold."
    )
    assert filled.fill_plain(each_by_itself(filled)) == (
        "Out-of-fold AUCs of single models; those of Radiomics and DL in @tbl-auc include the"
        " choice among them."
    )
    # One classifier and one network: nothing was chosen.
    assert chosen_areas(sarcoma, "dl").startswith("The AUC was {auc.dl.out_of_fold:ci} out of fold")
    assert choice_included(sarcoma) == each_by_itself(sarcoma) == ""


def test_a_fusion_that_turns_a_score_round_is_remarked_on(liver):
    assert fusion_remarks(liver) == ""
    turned = with_values(
        liver, coefficient__rcr__radiomics=-0.7, coefficient__rcr__ast=-0.2, auc__rcr__apparent=0.08
    )
    words = fusion_remarks(turned)
    assert words.startswith("In RCR, the score of Radiomics had a negative coefficient")
    assert "The apparent AUC of RCR, {auc.rcr.apparent}, was below one half" in words
    assert "DLRCR" not in words


def test_the_fallback_is_printed_with_its_p(liver):
    assert fallback_found(liver) == ""
    records = liver.records | {
        "chosen.fallback.final": Record("chosen.fallback.final", None, p=0.154),
        "chosen.fallback.outer": Record("chosen.fallback.outer", 2, n=5),
    }
    fallen = replace(liver, records=records)
    assert (
        fallen.fill_plain(fallback_found(fallen))
        == "No candidate met the rule; this variable had the smallest univariable *P* value"
        " (*P* = .15). The rule retained no variable in 2 of 5 outer folds."
    )


def test_the_checks_for_leakage_that_ran_are_counted(liver, tmp_path):
    (tmp_path / "tables").mkdir()
    (tmp_path / "tables" / "guards.csv").write_text(
        "name,title,looked_at,finding,verdict\nsame_name,A patient in two"
        " cohorts,names,none,pass\nsame_images,Near-duplicate images,no images,none,not run\n"
    )
    words = guards_words(
        replace(
            liver,
            folder=tmp_path,
            records=liver.records | {"guards.pass.n": Record("guards.pass.n", 1)},
        )
    )
    assert "automated checks for data leakage were run" in words
    assert words.endswith("{guards.pass.n} passed and none failed.")
    assert (
        guards_words(
            replace(
                liver,
                records={
                    key: record
                    for key, record in liver.records.items()
                    if not key.startswith("guards.")
                },
            )
        )
        == ""
    )


def test_the_winner_and_the_limit(liver):
    assert "optimistic" in winner(liver)
    assert winner(with_values(liver, models__headline=("cr",))) == ""
    assert "No patient is known to come from another institution" in elsewhere_limit(liver)
    assert "came from centres that also contributed training patients" in elsewhere_limit(
        with_values(liver, split__other_centres__validation=False)
    )
    assert elsewhere_limit(with_values(liver, split__other_centres__validation=True)) == ""


@pytest.mark.parametrize(("count", "said"), [(1, "once"), (2, "2 times")])
def test_how_often_the_validation_cohort_was_evaluated(liver, count, said):
    results = with_values(liver, ledger__evaluations__n=count)
    assert evaluated_times(results).data == said
    assert f"The validation cohort was evaluated {said}, by" in evaluation_history(results)
