"""Crops that reach beyond their images, in the supplement, the limitations and the table."""

from types import SimpleNamespace

import pandas as pd
import pytest

from analysis.reporting.manuscript import Results
from analysis.reporting.sentences import crops_beyond, weaknesses
from analysis.reporting.tables.quality import crop_padding_markdown, quality_markdown
from analysis.results import keys
from analysis.results.quality_measures import MEASURES
from analysis.results.record import Records
from analysis.study import Phase, load_study
from analysis.training.leakage.crop_padding import NAME, PaddingOutcome
from tests.support.tiny_study import tiny_study

LABELS = {"mr": "T1-weighted MR", "pet": "FDG-PET"}
# Over a tenth and over half, of 49.
COUNTS = {"mr": (41, 17), "pet": (34, 0)}


def _results(tmp_path, phases=("mr", "pet"), area=0.69, p=0.07):
    records = Records()
    for phase in phases:
        for quantity, count in zip(
            (keys.crop_over_tenth_n, keys.crop_over_half_n), COUNTS[phase], strict=True
        ):
            records.add(quantity(phase), count, n=49, unit="patients", source=load_study)
    if area is not None:
        records.add(
            keys.crop_padding_auc(),
            area,
            ci_low=area - 0.1,
            ci_high=area + 0.1,
            p=p,
            n=34,
            unit="AUC",
            source=load_study,
        )
        records.add(keys.crop_padding_direction(), "smaller", source=load_study)
        noted = PaddingOutcome(area, 0.0, high=1.0, more_with_event=False, p=p, patients=34)
        verdict = "note" if noted.is_noted else "pass"
        records.add(keys.guard(NAME), verdict, source=load_study)
    records.add(keys.settings_confidence_level(), 0.95, source=load_study)
    study = load_study(tiny_study(tmp_path))
    named = {name: Phase(image="", mask="", label=LABELS[name]) for name in phases}
    study = study.model_copy(update={"phases": named})
    return Results({each.key: each for each in records.sorted()}, study, tmp_path)


def _said(results):
    return results.fill_plain(crops_beyond(results))


def _limits(results):
    return [results.fill_plain(each) for each in weaknesses(results)]


def test_counts_by_phase_and_the_association(tmp_path):
    assert _said(_results(tmp_path)) == (
        "The crops that networks saw reached beyond the image by more than a tenth in 41 patients"
        " (T1-weighted MR) and 34 patients (FDG-PET), and by more than half in 17 patients"
        " (T1-weighted MR) and 0 patients (FDG-PET); @tbl-crop-padding has the shares, and"
        " `tables/crop_padding.csv` those of each patient. The share of padding alone had an AUC of"
        " 0.690 (95% CI 0.590–0.790) in the training"
        " patients (smaller in those with the event)."
    )
    assert _said(_results(tmp_path, ["mr"], area=None)) == (
        "The crops that networks saw reached beyond the image by more than a tenth in 41"
        " patients, and by more than half in 17 patients; @tbl-crop-padding has the shares, and"
        " `tables/crop_padding.csv` those of each patient."
    )
    assert _said(_results(tmp_path, [], area=None)) == ""


@pytest.mark.parametrize(
    ("phases", "area", "p", "words"),
    [
        (
            ["mr", "pet"],
            0.69,
            0.07,
            "More than half of the networks' crop lay beyond the image in 17 patients"
            " (T1-weighted MR), and the share of padding alone had an AUC of 0.690 (95% CI"
            " 0.590–0.790) in the training patients (smaller in those with the event), so that"
            " networks may use how images were cut.",
        ),
        (
            ["mr"],
            0.55,
            0.5,
            "More than half of the networks' crop lay beyond the image in 17 patients.",
        ),
        (
            ["pet"],
            0.59,
            0.01,
            "The share of padding alone had an AUC of 0.590 (95% CI 0.490–0.690) in the training"
            " patients (smaller in those with the event), so that networks may use how images were"
            " cut.",
        ),
        (["pet"], 0.55, 0.5, None),
        ([], None, None, None),
    ],
)
def test_limitation_where_there_is_one(tmp_path, phases, area, p, words):
    assert _limits(_results(tmp_path, phases, area, p)) == ([] if words is None else [words])


def _quality(padded):
    measures = dict.fromkeys((*MEASURES, "warned"), (4.0, 1.0, 9.0))
    if padded:
        measures |= {
            "crop_beyond": (0.264, 0.0, 0.718),
            "crop_over_tenth": (34, 0, 0),
            "crop_over_half": (13, 0, 0),
        }
    frame = pd.DataFrame(
        [
            {"phase": "pet", "measure": name, "median": median, "low": low, "high": high}
            for name, (median, low, high) in measures.items()
        ]
    )
    study = SimpleNamespace(phases={"pet": Phase(image="", mask="", label="FDG-PET")})
    results = SimpleNamespace(frame=lambda name: frame, study=study, reads=lambda name: None)
    return [make(results).data for make in (quality_markdown, crop_padding_markdown)]


def test_padding_has_a_table_of_its_own():
    quality, padding = _quality(True)
    assert "Crop" not in quality
    assert "Crop beyond the image, % | Patients over 10% | Patients over 50% |" in padding
    assert "FDG-PET | 26\u00a0(0\u00a0to\u00a072) | 34 | 13 |" in padding.splitlines()[-1]
    assert "FDG-PET" not in _quality(False)[1]
