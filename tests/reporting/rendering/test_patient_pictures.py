"""Pictures of the patient explorer: of made-up patients alone, under the table's pseudonyms."""

from __future__ import annotations

import base64
import io
from dataclasses import replace

import numpy as np
import pandas as pd
from PIL import Image

from analysis.reporting.rendering import patient_pictures
from analysis.reporting.rendering.patient_pictures import patient_pictures as pictures_of
from analysis.results import keys
from analysis.results.quality import pack
from analysis.study.protocol import Sharing
from analysis.workflow.review.shared_article import without_pixels

NUMBERED = pd.DataFrame({"patient": ["R001", "R002"], "patient_id": ["P7", "P3"]})


def results_with(results, synthetic: bool, folder):
    mask = np.zeros((6, 6), np.uint8)
    mask[1:5, 1:5] = 1
    (folder / "curves").mkdir()
    pd.DataFrame(
        {
            "patient_id": ["P3", "P3", "P7", "P7", "P9", "P9"],
            "phase": ["arterial", "portal_venous"] * 3,
            "side": 6,
            "grey": [pack(np.full((6, 6), value)) for value in (10, 20, 30, 40, 50, 60)],
            "mask": pack(mask),
        }
    ).to_csv(folder / "curves" / "thumbnails.csv", index=False)
    key = keys.cohort_synthetic()
    records = {**results.records, key: replace(results.records[key], value=synthetic)}
    return replace(results, folder=folder, records=records)


def pixels_of(address):
    return np.asarray(Image.open(io.BytesIO(base64.b64decode(address.partition(",")[2])))).astype(
        int
    )


def test_pictures_have_the_pseudonym_and_the_outline_and_no_identifier(liver, tmp_path):
    found = pictures_of(results_with(liver, True, tmp_path), NUMBERED)
    assert found["phases"] == ["Arterial", "Portal venous"]
    assert set(found["by"]) == {"R001", "R002"}
    for address, grey in zip(found["by"]["R001"], (30, 40), strict=True):
        pixels = pixels_of(address)
        # Edges ring in a JPEG; the outline is white, what lies around it is not.
        assert pixels[0, 0] < 90
        assert pixels[1, 1] > 200
        assert abs(pixels[[0, 0, 5, 5], [0, 5, 0, 5]].mean() - grey) < 40


def test_real_patients_have_none_unless_shared_and_a_page_stays_small(liver, tmp_path, monkeypatch):
    for name in ("real", "shared", "many"):
        (tmp_path / name).mkdir()
    assert pictures_of(results_with(liver, False, tmp_path / "real"), NUMBERED) is None
    shared = results_with(liver, False, tmp_path / "shared")
    study = liver.study.model_copy(update={"sharing": Sharing(pictures=True)})
    shared = replace(shared, study=study)
    assert set(pictures_of(shared, NUMBERED)["by"]) == {"R001", "R002"}
    monkeypatch.setattr(patient_pictures, "MOST", 10)
    assert pictures_of(results_with(liver, True, tmp_path / "many"), NUMBERED) is None


def test_a_bundles_article_has_them_not(liver, tmp_path):
    found = pictures_of(results_with(liver, True, tmp_path), NUMBERED)
    page, count = without_pixels(
        f'<script type="application/json">{{"R1": "{found["by"]["R001"][0]}"}}'
    )
    assert count == 1
    assert found["by"]["R001"][0] not in page
