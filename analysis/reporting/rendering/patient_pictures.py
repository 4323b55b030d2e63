"""Pictures of the patient explorer: the tumour's largest section in each phase.

Only where the patients are made up, or where the study file asks for them (`sharing: {pictures:
true}`): the contact sheets show the same pictures under the study's own identifiers, which would
tell who stands behind a pseudonym of the table.
"""

from __future__ import annotations

import base64
import io
from typing import Any

import numpy as np
import pandas as pd
from PIL import Image

from analysis.reporting.manuscript import Results
from analysis.results import keys
from analysis.results.quality import unpack
from analysis.study.phase_label import phase_labels

TABLE = "curves/thumbnails"
# Characters of all pictures together: a page stays one that can be sent by mail.
MOST = 3_000_000
QUALITY = 80


def _edge(mask: np.ndarray) -> np.ndarray:
    """Pixels of a mask that have a neighbour outside of it."""
    padded = np.pad(mask, 1)
    inside = padded[:-2, 1:-1] & padded[2:, 1:-1] & padded[1:-1, :-2] & padded[1:-1, 2:]
    return mask & ~inside


def _jpeg(grey: np.ndarray, mask: np.ndarray) -> str:
    """A picture with the mask's outline in white, as an address that holds it."""
    pixels = grey.astype(np.uint8)
    pixels[_edge(mask > 0)] = 255
    content = io.BytesIO()
    Image.fromarray(pixels).save(content, format="JPEG", quality=QUALITY, optimize=True)
    return "data:image/jpeg;base64," + base64.b64encode(content.getvalue()).decode()


def patient_pictures(results: Results, numbered: pd.DataFrame) -> dict[str, Any] | None:
    """Phases and pictures; None of real patients unless shared, without images, and of too many.

    phases: their labels. by: pseudonym → a picture a phase. numbered: patient (pseudonym) beside
    patient_id.
    """
    file = results.folder / f"{TABLE}.csv"
    shared = results.study.sharing.pictures or results.is_true(keys.cohort_synthetic())
    if not shared or not file.is_file():
        return None
    results.reads(TABLE)
    named = numbered.set_index("patient_id")["patient"]
    frame = pd.read_csv(file, dtype={"patient_id": str})
    if "phase" not in frame:  # outputs of a version that pictured one phase alone
        return None
    frame = frame[frame["patient_id"].isin(named.index)]
    phases = list(frame["phase"].unique())
    labels = [each[:1].upper() + each[1:] for each in phase_labels(results.study, phases).values()]
    by = {
        str(named[patient]): [
            _jpeg(unpack(row.grey, row.side), unpack(row.mask, row.side))
            for row in rows.set_index("phase").loc[phases].itertuples()
        ]
        for patient, rows in frame.groupby("patient_id", sort=False)
    }
    size = sum(len(each) for pictures in by.values() for each in pictures)
    return {"phases": labels, "by": by} if by and size <= MOST else None
