"""Every benchmark runs, at a tiny size, and both of its sides agree; no time is tested."""

from pathlib import Path

import numpy as np
import pytest

pytest.importorskip("threadpoolctl")
from threadpoolctl import threadpool_limits

from analysis.statistics import auc
from benchmarks import (
    additions,
    arithmetic,
    auc_bootstrap,
    coverage,
    delong,
    habitats,
    intraclass,
    members_and_repeats,
    nested_cross_validation,
    net_benefit_bootstrap,
    network_memory,
    network_sizes,
    network_training,
    pooling,
    radiomics,
    radiomics_packages,
    regions,
    selection,
    survival,
)
from benchmarks.__main__ import HEAD, comparisons, row
from benchmarks.arguments import counts
from benchmarks.measure import Comparison, Timing, check_agreement, measure
from benchmarks.real_cohorts import COHORTS, RealCohort, real_cohorts
from benchmarks.text_table import table


def tiny(name):
    match name:
        case "delong":
            pytest.importorskip("MLstatkit", reason="MLstatkit comes with the extra [bench]")
            return delong.comparison(40, least_ratio=10)
        case "auc_bootstrap":
            return auc_bootstrap.comparison(resamples=20, n=20)
        case "intraclass":
            return intraclass.comparison(features=3, patients=6, readers=2, of_other=2)
        case "net_benefit_bootstrap":
            pytest.importorskip("dcurves", reason="dcurves comes with the extra [bench]")
            return net_benefit_bootstrap.comparison(
                resamples=4, thresholds=5, models=2, n=40, of_other=2
            )
        case "network_training":
            return network_training.comparison(
                patients=12, pixels=24, epochs=1, width=0.1, batch_size=6
            )


@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize(("patients", "features"), [(64, 30), (40, 12)])
def test_nested_cross_validation_agrees_also_where_scores_fall_with_the_outcome(patients, features):
    """With 12 features they do, out of fold, for four of the five classifiers."""
    size = {"patients": patients, "features": features, "outer": 2, "folds": 2, "of_other": 1}
    with threadpool_limits(1):
        check_agreement(nested_cross_validation.comparison(**size))


@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize(
    "name",
    [
        "delong",
        "auc_bootstrap",
        "intraclass",
        "net_benefit_bootstrap",
        "network_training",
    ],
)
def test_both_sides_agree_and_are_timed(name):
    with threadpool_limits(1):
        timing = measure(tiny(name), repeats=1)
    assert timing.ours > 0
    assert timing.other > 0
    assert len(row(timing)) == 7


@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize(
    "comparison",
    survival.comparisons(300, 120),
    ids=lambda each: f"{each.name} beside {each.other_name}",
)
def test_survival_statistics_agree_with_other_packages(comparison):
    """Beside scikit-survival where it is installed."""
    check_agreement(comparison)


def test_a_difference_is_an_error():
    wrong = Comparison(
        "wrong", lambda: 1.0, "other", lambda: 1.1, lambda ours, theirs: (ours, theirs)
    )
    with pytest.raises(AssertionError, match="wrong"):
        check_agreement(wrong)


@pytest.mark.parametrize(
    ("ours", "other", "ratio", "seconds", "met"),
    [
        (0.1, 1.0, 10, None, True),
        (0.1, 0.9, 10, None, False),
        (0.6, 9.0, None, 0.5, False),
        (0.4, 0.1, None, 0.5, True),
        (1, 1, None, None, None),
    ],
)
def test_whether_a_target_is_met(ours, other, ratio, seconds, met):
    comparison = Comparison(
        "c", lambda: 0, "o", lambda: 0, lambda a, b: (a, b), least_ratio=ratio, most_seconds=seconds
    )
    timing = Timing(comparison, ours, other, 2**20, 2**21)
    assert timing.met is met
    assert "1.0 / 2.0" in table([row(timing)], HEAD)


def test_all_targets_are_compared():
    names = " ".join(comparison.name for comparison in comparisons())
    assert all(
        word in names
        for word in (
            "DeLong, n = 1,000,000",
            "2000 bootstrap AUCs, n = 165",
            "3111 features",
            "2000 resamples × 100 thresholds × 10 models",
            "5 classifiers, 3111 features",
            "steps of ResNet-18",
            "Cox regression, 3 columns, n = 100,000",
            "C-index with its error, n = 100,000",
        )
    )


@pytest.fixture(scope="module")
def packages():
    """Rows of the packages beside the fast engine, of a small tumour."""
    return radiomics_packages.rows((1,), repeats=1, target=None, shape=(24, 48, 48))


def _difference(row):
    return float(row[-1].split(",")[0])


@pytest.mark.filterwarnings("ignore")
def test_packages_fill_the_table(packages):
    assert all(len(row) == len(radiomics.HEAD) for row in packages)
    assert len(packages) == 2 * 3 + 1
    assert [_difference(row) for row in packages if "(PyRadiomics)" in row[2]] == pytest.approx(
        [0, 0], abs=1e-8
    )


@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize(
    ("package", "features", "most"),
    [("pictologics", "of 55 features", 1e-12), ("flash-radiomics", "of 107 features", 1e-3)],
)
def test_packages_agree_in_what_means_the_same(packages, package, features, most):
    if not radiomics_packages._titled(package):
        pytest.skip(f"{package} comes with the extra [bench]")
    found = [row for row in packages if f"({package} " in row[2] and "alone" in row[0]]
    assert len(found) == 2
    assert all(features in row[-1] and _difference(row) < most for row in found)


def test_a_package_that_is_not_installed_says_which_python_it_needs(monkeypatch):
    monkeypatch.setattr(radiomics_packages, "_titled", lambda package: None)
    made = radiomics_packages.rows((1,), repeats=1, target=None, shape=(24, 48, 48))
    text = table(made, radiomics.HEAD)
    assert "pictologics is not installed (needs Python 3.12 or newer)" in text
    assert "flash-radiomics is not installed (needs Python 3.10 to 3.14)" in text


@pytest.mark.filterwarnings("ignore")
def test_radiomics_agree_and_fill_the_table():
    tiny = (12, 40, 40)
    made = [
        *radiomics.tumours({1: 1}, target=None, shape=tiny),
        *radiomics.two_processes(1, images=2, target=None, shape=tiny),
        *radiomics.memory_of_a_worker((1, 0.5), turns=1, shape=tiny),
        *radiomics.demonstration_cohort(1, image_shape=(24, 24, 8)),
    ]
    assert len(made) == 9
    assert all(len(row) == len(radiomics.HEAD) for row in made)
    assert all(float(row[-1]) < 1e-6 for row in (made[0], made[1], made[6]))
    assert "demonstration cohort, 165 × 3111, from 3 of 495 images" in table(made, radiomics.HEAD)


@pytest.mark.filterwarnings("ignore")
def test_additions_fill_their_table():
    tiny = {"shape": (12, 24, 28), "spacing": (3.0, 3.0, 4.0)}
    with threadpool_limits(1):
        made = additions.rows(2, patients=40, features=30, **tiny)
    assert all(len(row) == len(additions.HEAD) for row in made)
    assert all("MiB" in cell for row in made for cell in row[1:3])
    told = table(made, additions.HEAD)
    for word in ("volume, noise, shift and turn", "by PyRadiomics", "rigid", "deformable", "N4"):
        assert word in told
    assert "principal components, 40 patients" in told


def test_memory_of_an_addition_is_what_it_takes_at_most():
    for _ in range(3):  # freed memory that the process keeps
        np.ones(20 * 2**17).sum()
    taken = additions.cost(lambda: np.ones(20 * 2**17).sum())
    assert 15 < taken.memory < 40


@pytest.mark.filterwarnings("ignore")
def test_a_ring_is_that_of_the_whole_images_distances():
    made = regions.rows(1, turns=1, shape=(12, 40, 40))
    assert all(len(row) == len(radiomics.HEAD) for row in made)
    assert made[0][0] == "ring of 5 mm around a tumour of 1 cm"


def test_habitats_have_the_shares_of_clusters_of_all_voxels():
    made = habitats.rows(patients=12, voxels=400, turns=1)
    assert [len(line) for line in made] == [7, 7]
    assert "number chosen" in made[1][0]


def test_a_feature_that_differs_is_no_benchmark(monkeypatch):
    from benchmarks.phantoms import phantom

    monkeypatch.setattr(radiomics, "_ours", lambda *a: {"original_glcm_Idm": 0.5})
    monkeypatch.setattr(radiomics, "_stock", lambda *a: {"original_glcm_Idm": 0.5001})
    with pytest.raises(AssertionError, match="differs from PyRadiomics"):
        radiomics._beside_stock("wrong", phantom(10, (12, 40, 40)), radiomics.ISOTROPIC, None, 1)


def test_coverage_counts_what_it_says():
    """Tiny: rows of every kind, and the truth of a score with four levels or unequal spread is the
    AUC that was asked for."""
    small = {33: (20, 13)}
    rates = [
        *coverage.auc_rates(12, small, (0.85,), ("alike", "four levels")),
        *coverage.difference_rates(3, ((3, 9),)),
        *coverage.claim_rates(12, ((20, 13),)),
        *coverage.followed_rates(2, (33,)),
    ]
    assert len(rates) == 8 + 10 + 6 + 12
    assert all(
        0 <= rate.rate <= 1 and rate.error > 0 and len(rate.cells()) == len(coverage.HEAD)
        for rate in rates
    )
    assert {rate.method for rate in rates if rate.ok is not None} == {"score", "t"}
    label = np.r_[np.ones(4000), np.zeros(4000)]
    for kind in ("alike", "events twice", "events half", "four levels"):
        assert auc(
            label, coverage.scores(np.random.default_rng(1), label, 0.8, kind)
        ) == pytest.approx(0.8, abs=0.015)
    assert coverage.Rate("AUC", (20, 13), "0.9", "score", 0.9, 100, False).cells() == [
        "AUC",
        "20 / 13",
        "0.9",
        "score",
        "0.900",
        "0.030",
        "NO",
    ]
    assert len(coverage.light(5)) == 4


def test_pooling_counts_what_it_says():
    rates = [*pooling.place_rates(8, (3,), (0.0, 0.2)), *pooling.imputation_rates(2, (60,), 2)]
    assert [rate.method for rate in rates[:4]] == [
        "hartung_knapp",
        "adhoc",
        "wald",
        "prediction",
    ]
    assert len(rates) == 8 + 2
    assert all(0 <= rate.rate <= 1 and len(rate.cells()) == len(coverage.HEAD) for rate in rates)


def test_guards_are_silent_in_clean_studies_and_find_planted_faults():
    """A sample of `python -m benchmarks.guard_alarms`, whose clean studies alarm in at most 2 %."""
    from benchmarks import guard_alarms

    rates = guard_alarms.data_rates(4, (100,))
    assert [rate.rate for rate in rates if rate.most is not None] == [0, 0]
    assert all(rate.met and len(rate.cells()) == len(guard_alarms.HEAD) for rate in rates)
    assert [rate.rate for rate in rates if rate.most is None] == [1, 1, 1, 1]
    areas = guard_alarms.permuted_areas(1, 3, n=40)
    assert set(areas["model"]) == {"cr", "radiomics", "rcr"}
    assert areas["auc"].between(0, 1).all()
    # Student's t of 200 permutations at one half: three models at .001 each, of which .02 of excess
    # is beyond in none.
    honest = areas.assign(auc=np.tile(np.array([0.45, 0.5, 0.55, 0.5]).repeat(3), 1))
    assert guard_alarms.permutation_rates(honest, simulated=50)[1].rate == 0
    leaking = honest.assign(auc=honest["auc"] + 0.09)
    # Three permutations of a study tell nothing, and drawn ones are centred: the mean beyond its
    # error does.
    assert [rate.rate for rate in guard_alarms.permutation_rates(leaking, simulated=20)] == [
        0,
        0,
        1,
    ]


@pytest.mark.proof
def test_portable_and_native_are_timed_in_processes_of_their_own():
    """As kernels are pinned when a library is loaded."""
    made, native = arithmetic.rows(small=True, processes=1)
    assert [line[0] for line in made] == list(arithmetic.tasks(small=True))
    assert all(len(line) == len(arithmetic.HEAD) for line in made)
    assert all(float(line[1].split()[0]) >= 0 and float(line[3]) > 0 for line in made)
    assert native.startswith("native (")


def test_portable_and_native_stand_side_by_side(monkeypatch):
    """The table of what processes of either kind said."""
    names = list(arithmetic.tasks(small=True))
    said = {
        "portable": {"seconds": dict.fromkeys(names, 0.3), "arithmetic": "portable (a)"},
        "native": {"seconds": dict.fromkeys(names, 0.2), "arithmetic": "native (b)"},
    }
    monkeypatch.setattr(arithmetic, "_one_process", lambda mode, small: said[mode])
    made, native = arithmetic.rows(small=True, processes=3)
    assert made == [[name, "0.30 s", "0.20 s", "1.50"] for name in names]
    assert len(made[0]) == len(arithmetic.HEAD)
    assert native == "native (b)"


def test_selection_is_compared_on_the_same_folds(monkeypatch):
    random = np.random.default_rng(1)
    label = np.arange(60) % 2
    values = random.normal(size=(60, 24)) + 0.8 * label[:, None]
    values[::7, 0] = np.nan
    cohort = RealCohort("made up", values, label, {"selected_features": 3})
    paths = {"anova": ("anova",), "pca": ("pca",)}
    product = {selection.SHIPPED: ({}, ("logistic",)), "paths": ({"paths": paths}, ("logistic",))}
    plain = {"ANOVA": selection.PLAIN["ANOVA, 20 features, L2 logistic"]}
    monkeypatch.setattr(selection, "PRODUCT", product)
    monkeypatch.setattr(selection, "PLAIN", plain)
    monkeypatch.setattr(selection, "FOLDS", 3)
    found = selection.areas(cohort, 1)
    assert list(found) == [selection.SHIPPED, "paths", "ANOVA"]
    assert len(found) == 3
    assert (found > 0.6).all(axis=None)
    text = selection.report({cohort: found})
    assert "made up: 60 patients, 30 events, 24 features, 3 folds" in text
    assert f"paths, from {selection.SHIPPED}" in text


def test_the_interval_of_paired_differences_is_nadeau_and_bengios():
    mean, low, high = selection.corrected_interval(np.array([0.1, 0.2, 0.3]), folds=3)
    half = 4.302653 * 0.1 * np.sqrt(1 / 3 + 1 / 2)  # Student's t of 2 degrees of freedom
    np.testing.assert_allclose([mean, low, high], [0.2, 0.2 - half, 0.2 + half], rtol=1e-6)


def test_a_cohort_that_is_not_there_is_left_out_in_words(tmp_path, monkeypatch, capsys):
    found, absent = real_cohorts(tmp_path)
    assert found == []
    assert len(absent) == len(COHORTS)
    assert all("was left out" in sentence for sentence in absent)
    monkeypatch.delenv("EARLY_RECURRENCE_REAL_COHORTS", raising=False)
    assert selection.main([]) == 0
    assert "give it as an argument" in capsys.readouterr().err


def test_members_and_repeats_lower_what_they_can():
    """Scores that are the truth, noise of each member, and noise of each repeat that all share."""
    random = np.random.default_rng(4)
    label = np.arange(200) % 2
    truth = random.normal(size=200) + label
    scores = (
        truth
        + random.normal(scale=2, size=(6, 10, 200))
        + random.normal(scale=0.5, size=(6, 1, 200))
    )
    rows = members_and_repeats.rows(scores, label)
    assert [row[0] for row in rows] == ["1", "2", "3", "5", "10"]
    assert all(len(row) == len(members_and_repeats.HEAD) for row in rows)
    areas, of_members, of_repeats = (
        [float(row[place]) for row in rows if row[place]] for place in (1, 2, 3)
    )
    assert areas == sorted(areas)
    # Ten members are one group of ten, which varies with nothing.
    assert len(of_members) == 4
    assert of_members[0] > of_members[-1]
    assert of_repeats[0] > of_repeats[-1]
    for line in rows:
        of_patients, one, five = (float(cell) for cell in line[4:])
        assert of_patients <= five <= one
        assert one == pytest.approx(np.hypot(of_patients, float(line[3])), abs=0.0015)


def test_memory_of_training_has_a_row_of_both_sides(monkeypatch):
    said = {"ours": {"peak": 300.0, "after": 100.0}, "plain": {"peak": 200.0, "after": 150.0}}
    monkeypatch.setattr(network_memory, "_said", lambda network, side, small: said[side])
    assert network_memory.rows(("resnet18",)) == [["ResNet-18", "300", "100", "200", "1.50"]]
    assert len(network_memory.HEAD) == 5


@pytest.mark.proof
@pytest.mark.skipif(not Path("/proc/self/clear_refs").exists(), reason="needs Linux's /proc")
@pytest.mark.parametrize("side", ["ours", "plain"])
def test_memory_of_training_is_that_of_a_process_of_its_own(side):
    assert 0 < network_memory._said("resnet18", side, small=True)["peak"] < 1000


def test_sizes_of_networks_have_a_row_each_and_one_error():
    sizes = [network_sizes.Size(0.1, 24, 4, 4), network_sizes.Size(0.5, 24, 4, 4)]
    errors, steps = network_sizes.rows(("resnet18",), (sizes,), turns=1)
    assert [row[:2] for row in errors] == [["ResNet-18", "2.5"]]
    assert [row[1] for row in steps] == ["width 0.1, 24 pixels", "width 0.5, 24 pixels"]
    # Where the deepest layer has its channels first.
    assert [row[3].endswith("% (chosen)") for row in steps] == [False, True]


def test_the_error_is_that_of_the_two_sizes_furthest_apart():
    # Seconds for each piece of work: 1, 2 and 0.5.
    assert network_sizes.largest_error([1.0, 4.0, 1.5], [1.0, 2.0, 3.0]) == 4.0


def test_numbers_on_the_command_line_have_defaults_and_are_checked(capsys):
    assert counts("About.", ["7"], samples=20, repeats=3) == (7, 3)
    for wrong in ("x", "0", "-1", "1.5"):
        with pytest.raises(SystemExit) as ended:
            counts("About.", ["--", wrong], samples=20)
        assert ended.value.code == 2
        assert f"'{wrong}' is no whole number of 1 or more" in capsys.readouterr().err
