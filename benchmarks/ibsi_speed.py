"""`engine: ibsi` beside the fast engine on the same image: time and peak of memory."""

from __future__ import annotations

import time
import tracemalloc
from collections.abc import Callable

from analysis.inputs.radiomics.engine.mask import forget
from analysis.inputs.radiomics.engine_choice import image_features
from analysis.study import Extraction
from benchmarks.phantoms import phantom

IBSI = Extraction(engine="ibsi")
# The same steps, of the unfiltered image.
FAST = Extraction(bin_count=IBSI.bin_count, log_sigma_mm=[], wavelet=None)


def _cost(call: Callable[[], object]) -> tuple[float, float]:
    """Seconds of the processor, and the peak of what Python holds in MiB; code is loaded before."""
    call()
    forget()
    start = time.process_time()
    call()
    seconds = time.process_time() - start
    forget()
    tracemalloc.start()
    call()
    peak = tracemalloc.get_traced_memory()[1] / 2**20
    tracemalloc.stop()
    return seconds, peak


def rows(diameters_cm: tuple[float, ...] = (2, 5), **volume) -> list[list[str]]:
    """Rows as benchmarks.radiomics has them: the fast engine first, MIRP as the other."""
    found = []
    for diameter in diameters_cm:
        pair = phantom(10 * diameter, **volume)
        fast, fast_peak = _cost(lambda pair=pair: image_features(*pair, FAST))
        ibsi, ibsi_peak = _cost(lambda pair=pair: image_features(*pair, IBSI))
        found.append(
            [
                f"unfiltered image, 32 bins, 1 mm, tumour of {diameter:g} cm",
                f"{fast:.2f} s, {fast_peak:.0f} MiB (107 features)",
                f"{ibsi:.2f} s, {ibsi_peak:.0f} MiB (engine: ibsi, 169 features)",
                f"{ibsi / fast:.0f}×",
                "",
                "",
                "",
            ]
        )
    return found
