"""A tumour with its voxels shuffled: the same volume, shape and histogram, and no texture."""

from __future__ import annotations

import hashlib
from pathlib import Path

import numpy as np
import pandas as pd
import SimpleITK as sitk

from analysis.cohort.cohort import Cohort
from analysis.core.cache import cached, digest, source_digest
from analysis.core.progress import in_parallel
from analysis.imaging.reading import ImageSource, MaskSource
from analysis.inputs.radiomics.delta import compared_features, delta_values
from analysis.inputs.radiomics.engine_identity import settings_content
from analysis.inputs.radiomics.extraction import Altered, block_extraction, extract_features
from analysis.inputs.radiomics.own_features import check_same_names, naming
from analysis.inputs.radiomics.table import extraction_code
from analysis.study import Extraction


def shuffle_inside(image: sitk.Image, mask: sitk.Image) -> sitk.Image:
    """Image with the values inside the mask shuffled.

    They stand in another order, drawn by a seed of the image's own content.
    """
    values, inside = sitk.GetArrayFromImage(image), sitk.GetArrayViewFromImage(mask) > 0
    seed = int.from_bytes(hashlib.sha256(values.tobytes()).digest()[:8], "big")
    values[inside] = np.random.default_rng(seed).permutation(values[inside])
    shuffled = sitk.GetImageFromArray(values)
    shuffled.CopyInformation(image)
    return shuffled


def _shuffled(image: sitk.Image, mask: sitk.Image) -> Altered:
    return Altered(shuffle_inside(image, mask), mask)


def _one(
    image: ImageSource,
    mask: MaskSource,
    settings: Extraction,
    code: str,
    folder: Path,
    whom: str,
) -> dict[str, float]:
    key = digest("shuffled", image, mask, settings_content(settings), code)
    with naming(f"{whom}, voxels shuffled"):
        return cached(folder, key, lambda: extract_features(image, mask, settings, alter=_shuffled))


def shuffled_features(cohort: Cohort, patients: list[str]) -> pd.DataFrame:
    """Features of tumours with shuffled voxels, as patients × `{phase}_{feature}`.

    They are cached like the features themselves.
    """
    study = cohort.study
    code = digest(extraction_code(), source_digest(Path(__file__)))
    settings = {block: block_extraction(study, block) for block in study.blocks}
    work = [(patient, block) for patient in patients for block in study.blocks]
    arguments = [
        (
            cohort.prepared_source(patient, block.phase),
            cohort.block_mask(patient, block),
            settings[block],
            code,
            study.cache_folder / "radiomics",
            f"patient {patient}, {block.words}",
        )
        for patient, block in work
    ]
    found = in_parallel(_one, arguments, "radiomics of shuffled voxels", study.jobs)
    check_same_names(
        (
            (f"patient {patient}, {block.words}, voxels shuffled", block.prefix, features)
            for (patient, block), features in zip(work, found, strict=True)
        ),
        study.own_features,
    )
    rows: dict[str, dict[str, float]] = {}
    for (patient, block), features in zip(work, found, strict=True):
        rows.setdefault(patient, {}).update(
            {f"{block.prefix}_{name}": value for name, value in features.items()}
        )
    table = pd.DataFrame.from_dict(rows, orient="index").rename_axis("patient_id")
    if not study.deltas:
        return table
    wanted = compared_features(study, table, list(study.phases))
    return pd.concat([table, delta_values(table, wanted)], axis=1)
