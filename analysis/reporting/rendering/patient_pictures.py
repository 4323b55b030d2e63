"""Pictures of the patient explorer: the tumour's largest section in the reference phase.

Only where the patients are made up: the contact sheets show the same pictures under the study's own
identifiers, which would tell who stands behind a pseudonym of the table.
"""

from __future__ import annotations

import base64
import io

import numpy as np
import pandas as pd
from PIL import Image

from analysis.reporting.manuscript import Results
from analysis.results import keys
from analysis.results.quality import unpack

TABLE = "curves/thumbnails"
# Characters of all pictures together: a page stays one that can be sent by mail.
MOST = 2_000_000


def _edge(mask: np.ndarray) -> np.ndarray:
    """Pixels of a mask that have a neighbour outside of it."""
    padded = np.pad(mask, 1)
    inside = padded[:-2, 1:-1] & padded[2:, 1:-1] & padded[1:-1, :-2] & padded[1:-1, 2:]
    return mask & ~inside


def _png(grey: np.ndarray, mask: np.ndarray) -> str:
    """A picture with the mask's outline in white, as an address that holds it."""
    pixels = grey.astype(np.uint8)
    pixels[_edge(mask > 0)] = 255
    content = io.BytesIO()
    Image.fromarray(pixels).save(content, format="PNG", optimize=True)
    return "data:image/png;base64," + base64.b64encode(content.getvalue()).decode()


def patient_pictures(results: Results, numbered: pd.DataFrame) -> dict[str, str] | None:
    """Pseudonym → picture; None of real patients, without images, and of too many.

    numbered: patient (pseudonym) beside patient_id.
    """
    file = results.folder / f"{TABLE}.csv"
    if not results.is_true(keys.cohort_synthetic()) or not file.is_file():
        return None
    results.reads(TABLE)
    named = numbered.set_index("patient_id")["patient"]
    rows = pd.read_csv(file, dtype={"patient_id": str}).itertuples()
    pictures = {
        str(named[row.patient_id]): _png(unpack(row.grey, row.side), unpack(row.mask, row.side))
        for row in rows
        if row.patient_id in named.index
    }
    return pictures if sum(map(len, pictures.values())) <= MOST else None
