"""Estimated time of pieces that a run would compute, from those that were timed."""

from collections import Counter

import pytest

from analysis.workflow.cohort_update.time_estimates import Typical
from models.settings import NetworkSettings


def _line(what, seconds, work=None, room="fits", **more):
    known = {} if work is None else {"work": work}
    return {"room": room, "what": what, "seconds": seconds} | known | more


def test_pieces_without_work_take_their_median():
    typical = Typical.of([_line("cr in final", 1.0), _line("cr in final", 3.0)])
    assert typical.cost("fits", Counter({"cr in final": 2})) == 4.0
    # One that was never timed takes as long as others of the room.
    assert typical.cost("fits", Counter({"cr in outer_1": 1})) == 2.0
    assert typical.cost("radiomics", Counter({"an image": 1})) is None


def test_a_network_takes_as_long_as_its_work():
    short = NetworkSettings(epochs=20, width=0.5)
    long = NetworkSettings(epochs=120, width=1.0, members=3)
    timed = short.work(patients=100, slices=3, pixels=40)
    wanted = long.work(patients=80, slices=5, pixels=96)
    # Patients, epochs and members; picture and width as they were measured, 9.8 to 10.9 times.
    assert wanted / timed == pytest.approx(0.8 * 6 * 3 * 9.8, rel=0.02)
    typical = Typical.of(
        [
            _line("resnet18 in final", 10.0, timed),
            _line("resnet50 in final", 30.0, timed),
            _line("cr in final", 0.1),
        ]
    )
    for name, seconds in (("resnet18", 10.0), ("resnet50", 30.0), ("other", 30.0)):
        what = f"{name} in outer_1"
        found = typical.cost("fits", Counter({what: 1}), {("fits", what): wanted})
        assert found == pytest.approx(seconds * wanted / timed)


def test_blocks_take_as_long_as_their_slices():
    block = NetworkSettings(epochs=1, dimensions=3)
    few, many = (block.work(10, slices=slices, pixels=64) for slices in (1, 16))
    assert many / few == pytest.approx((16 * 64**2 + 2000) / (64**2 + 2000))
    pictures = NetworkSettings(epochs=1)
    # An epoch shows one slice of each patient.
    assert pictures.work(10, slices=8, pixels=16) == pictures.work(10, slices=1, pixels=16)


def test_a_permutation_of_a_network_takes_as_long_as_its_fits():
    network = NetworkSettings(epochs=10)
    timed, wanted = (network.work(patients, slices=1, pixels=40) for patients in (50, 200))
    what = "resnet18 in a permutation"
    cost = ("permutations", Counter({what: 3}), {("permutations", what): wanted})
    fits = [_line("resnet18 in final", 5.0, timed), _line("resnet50 in final", 9.0, timed)]
    # Permutations of cheap parts say nothing of a network's.
    cheap = _line("", 0.1, room="permutations")
    assert Typical.of([*fits, cheap]).cost(*cost) == pytest.approx(3 * 5.0 * 4)
    permuted = _line(what, 40.0, wanted, room="permutations")
    assert Typical.of([*fits, cheap, permuted]).cost(*cost) == pytest.approx(3 * 40.0)


def test_a_model_that_was_never_timed_does_not_take_as_long_as_a_network():
    timed = [_line("resnet18 in final", 160.0, 100.0), _line("cr in final", 0.1)]
    assert Typical.of(timed).cost("fits", Counter({"radiomics_svm in final": 150})) == 15.0
    assert Typical.of(timed[:1]).cost("fits", Counter({"radiomics_svm in final": 150})) is None


def test_networks_that_stop_early_take_the_share_of_their_epochs_that_others_took():
    network = NetworkSettings(epochs=100, early_stopping={"share": 0.2, "patience": 20})
    work = network.work(patients=50, slices=1, pixels=40)
    what = "resnet18 in final"
    cost = ("fits", Counter({what: 1}), {("fits", what): 2 * work})
    # All epochs of another study took 100 s: this one takes twice that, or less, nobody knows.
    whole = [_line(what, 100.0, work)]
    assert Typical.of(whole, stops=True).cost(*cost) == pytest.approx(200.0)
    stopped = [_line(what, 25.0, work, done=0.25), _line("resnet50 in final", 30.0, work, done=0.3)]
    assert Typical.of(stopped, stops=True).cost(*cost) == pytest.approx(2 * 100.0 * 0.275)
    # Their sum is what is wanted: one that ran on counts with all that it took.
    longer = [*stopped, _line(what, 95.0, work, done=0.95)]
    assert Typical.of(longer, stops=True).share == pytest.approx(0.5)
    # A study without early stopping runs all epochs.
    assert Typical.of(stopped).cost(*cost) == pytest.approx(200.0)
    # A permutation's time holds what its networks left out.
    permuted = [_line("resnet18 in a permutation", 40.0, work, room="permutations")]
    what = "resnet18 in a permutation"
    cost = ("permutations", Counter({what: 1}), {("permutations", what): work})
    assert Typical.of([*stopped, *permuted], stops=True).cost(*cost) == pytest.approx(40.0)
