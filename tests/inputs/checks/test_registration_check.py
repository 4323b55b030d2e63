"""Warnings of the check on registrations and deformations that are not used."""

from pathlib import Path
from types import SimpleNamespace

import pytest

from analysis.core.problems import Problems
from analysis.inputs.checks import registration as module
from analysis.study.registration import Registration


@pytest.mark.parametrize(
    ("used", "reason", "words", "remedy"),
    [
        (True, "", None, None),
        (
            True,
            "the deformation folds the image (lowest Jacobian determinant -0.20)",
            "the deformation of phase early to late is not used: the deformation folds the image"
            " (lowest Jacobian determinant -0.20); the image is registered by the rigid transform"
            " alone",
            "raise phases.early.registration.spacing_mm",
        ),
        (
            True,
            "a deformation by 31.0 mm is beyond 30 mm",
            "a deformation by 31.0 mm is beyond 30 mm",
            "raise phases.early.registration.furthest_mm",
        ),
        (
            False,
            "the images were less alike with it than without",
            "the registration of phase early to late is not used: the images were less alike with"
            " it than without; the image is resampled where it was acquired",
            "take phases.early.registration out",
        ),
        (
            False,
            "a shift of 40.0 mm is beyond 30 mm",
            "a shift of 40.0 mm is beyond 30 mm",
            "raise phases.early.registration.furthest_mm",
        ),
    ],
)
def test_what_is_not_used_is_said_with_what_to_do(monkeypatch, used, reason, words, remedy):
    phases = {
        "late": SimpleNamespace(registration=None),
        "early": SimpleNamespace(registration=Registration(transform="deformable")),
    }
    cohort = SimpleNamespace(
        study=SimpleNamespace(phases=phases),
        patients=["a"],
        image=lambda patient, phase: Path("early.nii.gz"),
    )
    row = {"patient_id": "a", "phase": "early", "reference": "late", "used": used, "reason": reason}
    monkeypatch.setattr(module, "cohort_registration", lambda *_: [row])
    monkeypatch.setattr(module, "shown_path", lambda path, _: path.name)
    problems = Problems()
    sound = [("a", "early", None), ("a", "late", None)]
    module.check_registration(cohort, sound, problems)
    told = problems.of("warning")
    assert len(told) == (words is not None)
    if words:
        assert words in told[0].what
        assert remedy in told[0].mend
