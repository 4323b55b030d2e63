"""Results of a bundle against a committed lock: what differs is named; what rests on models trained
elsewhere has no say."""

from analysis.results.record import Record
from analysis.workflow.review.verify import against, rests_on_training

MODELS = {
    "models.included": "cr,radiomics,dl,dlrcr,albi",
    "models.comparators": "albi",
    "models.additional": "",
    "best.model": "dlrcr",
    "contrasts.model": "dlrcr",
}
BASE = {key: Record(key, value) for key, value in MODELS.items()}


def _with(**values):
    return BASE | {
        key.replace("__", "."): Record(key.replace("__", "."), value, 0.6, 0.8)
        for key, value in values.items()
    }


def test_a_number_of_training_is_told_from_one_of_the_cohort():
    trained = (
        "auc.dl.validation",
        "delong.dlrcr_vs_cr.validation",
        "added_value.albi",
        "features.selected.01",
        "cutoff.radiomics",
    )
    of_cohort = (
        "auc.albi.validation",
        "auc.cr.validation",
        "cohort.n",
        "odds_ratio.univariable.ast",
        "settings.seed",
        "optimism_corrected.auc.cr",
        "log_rank_trend.bclc_2022",
    )
    assert all(rests_on_training(key, BASE) for key in trained)
    assert not any(rests_on_training(key, BASE) for key in of_cohort)
    assert not rests_on_training(
        "added_value.albi",
        BASE | {key: Record(key, "cr") for key in ("best.model", "contrasts.model")},
    )


def test_differences_from_the_lock_are_named():
    lock, results = (
        _with(auc__dl__validation=0.7, auc__cr__validation=0.7, gone=1.0, ledger__evaluations__n=1),
        _with(auc__dl__validation=0.75, auc__cr__validation=0.71, ledger__evaluations__n=2),
    )
    strict = {each.key: each for each in against(lock, results) if each.word == "different"}
    assert set(strict) == {"auc.dl.validation", "auc.cr.validation", "gone"}
    assert strict["auc.cr.validation"].detail == "value 0.7 in the lock, 0.71 in the bundle"
    lenient = {each.key: each for each in against(lock, results, elsewhere=True)}
    assert {key for key, each in lenient.items() if each.word == "different"} == {
        "auc.cr.validation",
        "gone",
    }
    assert lenient["auc.dl.validation"].detail.endswith("moved by 0.50 half widths of its interval")
