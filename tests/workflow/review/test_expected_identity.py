"""Where identical numbers can be expected, and why not where they can't; what then counts."""

import platform
from dataclasses import replace

import pytest

from analysis.core import arithmetic
from analysis.workflow.cohort_update.lock import Lock
from analysis.workflow.review.expected_identity import (
    Origin,
    expectation,
    obstacles,
    origin_here,
    origin_of_lock,
)
from analysis.workflow.review.retrain import Retrained
from analysis.workflow.review.verify import Verification, verification_text

BUNDLE = Origin("the bundle", "portable", "3.11.7", "glibc 2.36", {"numpy": "2.4.6"})
LOCK = replace(BUNDLE, name="the lock")


def test_portable_computations_of_the_same_versions_are_expected_to_be_identical():
    assert obstacles(LOCK, BUNDLE) == []
    assert obstacles(LOCK, replace(BUNDLE, python="3.11.9")) == []
    assert expectation([]).startswith("identical numbers are expected, networks included")


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        (
            {"arithmetic": "native (x86_64, avx2 fma)"},
            "the arithmetic of the bundle is native (x86_64, avx2 fma): its kernels, and its GPU",
        ),
        ({"arithmetic": None}, "the bundle does not say with which arithmetic it was computed"),
        ({"python": "3.12.1"}, "Python: 3.11 for the lock, 3.12 for the bundle"),
        ({"libc": "glibc 2.41"}, "the C library: glibc 2.36 for the lock, glibc 2.41 for the"),
        ({"packages": {"numpy": "2.5.0"}}, "numpy: 2.4.6 for the lock, 2.5.0 for the bundle"),
    ],
)
def test_where_identity_cannot_be_expected_it_is_said_why(changed, said):
    found = obstacles(LOCK, replace(BUNDLE, **changed))
    assert len(found) == 1
    assert found[0].startswith(said)
    assert said in expectation(found)


def test_this_computer_says_why_it_is_not_portable(monkeypatch):
    assert origin_here().arithmetic == arithmetic.description()
    assert origin_here().packages["torch"]
    monkeypatch.setattr(platform, "machine", lambda: "aarch64")
    monkeypatch.setattr(arithmetic, "mode", lambda: "native")
    found = obstacles(BUNDLE, replace(origin_here(), python=BUNDLE.python, libc=BUNDLE.libc))
    assert "the processor is aarch64, and portable kernels are x86-64's" in found[0]


def test_a_lock_says_how_it_was_computed():
    origin = {"commit": "a", "platform": "Linux x86_64", "python": "3.11.7", "package NumPy": "2.4"}
    lock = Lock({}, origin | {"arithmetic": "portable"}, {}, {}, {}, {})
    assert origin_of_lock(lock) == Origin("the lock", "portable", "3.11.7", None, {"numpy": "2.4"})
    earlier = Lock({}, origin, {}, {}, {}, {})
    assert obstacles(origin_of_lock(earlier), replace(BUNDLE, packages={})) == [
        "the lock does not say with which arithmetic it was computed"
    ]


def test_what_was_trained_again_counts_where_it_was_expected_to_be_identical():
    same = Retrained(["4 of 4 numbers identical"])
    other = Retrained(["3 of 4 numbers identical"], ["auc.dl.validation"])
    excused = replace(other, apart=["the arithmetic of the bundle is native"])
    found = {
        name: Verification([], [], [], retrained=each)
        for name, each in {"same": same, "other": other, "excused": excused, "none": None}.items()
    }
    assert {name: each.sound for name, each in found.items()} == {
        "same": True,
        "other": False,
        "excused": True,
        "none": True,
    }
    said = verification_text(found["other"])
    assert "Trained again (part of the verdict): identical numbers are expected" in said
    assert "NOT VERIFIED" in said
    said = verification_text(found["excused"])
    assert "(no part of the verdict): identical numbers can't be expected" in said
    assert "the arithmetic of the bundle is native" in said
