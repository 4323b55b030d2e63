"""The record of who was seen by what: an honest fusion passes, the naive one and a reused test
patient do not."""

from analysis.training.fit_provenance import Step, violations

FOLDS = {"1": frozenset("ab"), "2": frozenset("cd"), "3": frozenset("ef")}
EVERYONE = frozenset("abcdef")


def _part(fold: str) -> Step:
    return Step("radiomics", f"outer_{fold}", EVERYONE - FOLDS[fold], FOLDS[fold])


def test_a_nested_fusion_passes():
    learn = EVERYONE - FOLDS["1"]
    inner = [
        (
            Step("radiomics", f"outer_1/inner_{held}", learn - {held}, frozenset(held)),
            frozenset(held),
        )
        for held in learn
    ]
    fusion = Step(
        "dlrcr", "outer_1", learn, FOLDS["1"], sources=(*inner, (_part("1"), frozenset()))
    )
    assert (
        violations([*[_part(fold) for fold in FOLDS], *[step for step, _ in inner], fusion]) == []
    )


def test_the_naive_fusion_is_found():
    """Fitted and judged on the same out-of-fold scores: the parts of the other folds had learnt
    from those it scores."""
    naive = Step(
        "dlrcr",
        "outer_1",
        EVERYONE - FOLDS["1"],
        FOLDS["1"],
        sources=tuple((_part(fold), FOLDS[fold]) for fold in ("2", "3")),
    )
    found = violations([naive])
    assert len(found) == 1
    assert "dlrcr in outer_1 scored 2 patients whom it had learnt from, a among them" in found[0]


def test_learning_from_apparent_scores_is_found():
    apparent = Step("radiomics", "final", EVERYONE, EVERYONE | {"v"}, own=EVERYONE)
    fusion = Step(
        "rcr", "final", EVERYONE, EVERYONE | {"v"}, own=EVERYONE, sources=((apparent, EVERYONE),)
    )
    assert violations([apparent]) == []
    assert any(
        "learnt from scores that radiomics in final gave to 6 patients of its own" in each
        for each in violations([fusion])
    )


def test_a_validation_patient_who_was_learnt_from_is_found_and_a_blind_step_is_not():
    assert violations([Step("cr", "final", EVERYONE | {"v"}, EVERYONE | {"v"}, own=EVERYONE)])
    assert (
        violations([Step("reproducibility", "all", EVERYONE, EVERYONE, sees_outcome=False)]) == []
    )
