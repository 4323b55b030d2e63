"""An export of a few patients, and the rules by which it is converted."""

import numpy as np

from tests.support.dicom_files import (
    oblique,
    write_segmentation,
    write_series,
    write_structures,
)
from tests.support.lesions import SHAPE, lesion

RULES = """
phases:
  arterial: {description: "*art*", exclude: "*sub*"}
  portal_venous: "*portal*"
masks:
  mask: "*tumour*"
  reader2: {segment: "*tumour*", description: "*second*", required: false}
"""


TUMOURS = {"tumour 1": lesion((4, 9, 9), 6), "tumour 2": lesion((5, 17, 21), 4)}


def export_patient(folder, identifier: str, structures: bool, seed: int) -> dict[str, np.ndarray]:
    """Two phases, a subtraction, a localiser-like other series and a delineation of the first
    phase, all files in one heap."""
    random = np.random.default_rng(seed)
    stored = {
        name: random.integers(0, 900, SHAPE).astype(np.uint16) for name in ("arterial", "portal")
    }
    tags = {"PatientID": identifier, "PatientName": f"Planted^{identifier}"}
    images = write_series(
        folder,
        stored["arterial"],
        direction=oblique(),
        description="T1 ART",
        name="x",
        shuffle=seed,
        **tags,
    )
    write_series(
        folder,
        stored["arterial"] // 2,
        direction=oblique(),
        description="T1 ART SUB",
        name="s",
        number=9,
        **tags,
    )
    write_series(
        folder,
        stored["portal"],
        origin=(-19.0, 12.0, 36.0),
        description="T1 Portal",
        name="y",
        number=4,
        **tags,
    )
    masks = TUMOURS | {"liver": lesion((4, 12, 14), 9)}
    if structures:
        write_structures(folder / "rt.dcm", images[0], masks, direction=oblique(), **tags)
    else:
        write_segmentation(folder / "seg.dcm", images, masks)
        write_segmentation(
            folder / "seg2.dcm",
            images,
            {"tumour": TUMOURS["tumour 1"]},
            SeriesDescription="second reader",
        )
    return stored
