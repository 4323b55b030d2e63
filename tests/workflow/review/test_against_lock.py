"""Results of a bundle against a committed lock: what differs is named; what rests on models trained
elsewhere has no say."""

from analysis.results import keys
from analysis.results.record import Record, Records
from analysis.workflow.review.verify import against


def _results(model="dlrcr", **values):
    """Results of a study with trained models, made as a run makes them."""
    records = Records()
    records.trained = frozenset({"radiomics", "dl", "dlrcr"})
    records.judged = frozenset({model})
    for key, value in values.items():
        records.add(key.replace("__", "."), value, ci_low=0.6, ci_high=0.8)
    return {record.key: record for record in records.sorted()}


def test_a_number_of_training_is_told_from_one_of_the_cohort():
    records = Records()
    records.trained = frozenset({"radiomics", "dl", "dlrcr"})
    records.judged = frozenset({"dlrcr"})
    trained = (
        keys.auc("dl", "validation"),
        keys.delong("dlrcr", "cr", "validation"),
        keys.added_value("albi"),
        keys.features_selected("01"),
        keys.cutoff("radiomics"),
        keys.guard("same_name"),
    )
    of_cohort = (
        keys.auc("albi", "validation"),
        keys.auc("cr", "validation"),
        keys.rarer_outcome("albi", "validation"),
        keys.cohort_n(),
        keys.odds_ratio("univariable", "ast"),
        keys.settings_seed(),
        keys.optimism_corrected("auc", "cr"),
        keys.log_rank_trend("bclc_2022"),
        keys.published("dlrcr", "training", "auc"),
    )
    for key in (*trained, *of_cohort):
        records.add(key, None)
    resting = {record.key for record in records.sorted() if record.rests_on_training}
    assert resting == set(trained)
    assert not _results(model="cr", added_value__albi=0.1)["added_value.albi"].rests_on_training


def test_differences_from_the_lock_are_named():
    lock, results = (
        _results(auc__dl__validation=0.7, auc__cr__validation=0.7, ledger__evaluations__n=1)
        | {"gone": Record("gone", 1.0)},
        _results(auc__dl__validation=0.75, auc__cr__validation=0.71, ledger__evaluations__n=2),
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
