"""Choice of the engine that computes the features: the fast one, PyRadiomics itself, or MIRP.

Values of the first two are equal (tests/inputs/radiomics/engine); MIRP's are the IBSI's.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import SimpleITK as sitk

from analysis.core import threads
from analysis.imaging.itk_threads import one_itk_thread
from analysis.inputs.radiomics.ibsi_engine import ibsi_engine_features
from analysis.inputs.radiomics.pyradiomics_engine import stock_features
from analysis.study import Extraction


@contextmanager
def one_thread() -> Iterator[None]:
    """Context in which BLAS, OpenMP and ITK run on one thread.

    Patients are what runs in parallel, and small matrices on many threads are slower.

    It also makes the mean that normalises an image the same on every machine, since ITK adds up
    parts of it a thread.
    """
    with one_itk_thread(), threads.one_thread():
        yield


def image_features(image: sitk.Image, mask: sitk.Image, settings: Extraction) -> dict[str, float]:
    """Features of one image, named as PyRadiomics names them (`original_glcm_Contrast`).

    image: float64; mask: 0 and 1 on the same grid. Values are float64, some NaN where PyRadiomics
    has NaN; units follow it (shape in mm). Raises what PyRadiomics raises, whether the fast engine
    or PyRadiomics is chosen; with `engine: ibsi`, what MIRP raises.
    """
    with one_thread():
        if settings.engine == "ibsi":
            return ibsi_engine_features(image, mask, settings)
        if settings.engine == "fast":
            # Imported here: numba takes half a second to load.
            from analysis.inputs.radiomics.engine import Degenerate, fast_features

            try:
                return fast_features(image, mask, settings)
            except Degenerate:
                pass
        return stock_features(image, mask, settings)
