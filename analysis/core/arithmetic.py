"""Portable arithmetic: kernels that x86-64 processors with AVX2 and FMA share, Intel's and AMD's.

What of it was shown to give the same numbers is in docs/explanation/reproducibility.md.

Numerical libraries choose their kernels by the processor that they find, and two kernels add the
same numbers in different orders. `pin` names one set of kernels, by environment variables that each
library reads once, when it is loaded: so it has to run before NumPy, SciPy, PyTorch, scikit-learn
or numba is imported. Processes that are started later inherit the variables.

Intel's MKL, which PyTorch calls for products of matrices and for some functions of one argument,
has kernels of its own for processors of other makers, whatever else is asked for; its mode
COMPATIBLE is the one that is the same on all. Its square root there still rests on an approximate
instruction that makers implement differently; nothing that is trained here calls it
(tests/test_arithmetic.py).
"""

from __future__ import annotations

import os
import platform
import sys
import warnings
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Literal

Mode = Literal["portable", "native"]
# Set to `native`, kernels are the processor's own: faster, with bfloat16 where it is there.
VARIABLE = "EARLY_RECURRENCE_ARITHMETIC"
# What is loaded before it is pinned keeps its own kernels.
LIBRARIES = ("numpy", "scipy", "torch", "sklearn", "numba", "xgboost")
NEEDED = {"avx2", "fma"}
# Features that decide which kernels libraries choose.
SPEAKING = {"avx2", "fma", "avx512f", "avx512_vnni", "avx512_bf16", "amx_bf16", "amx_tile"}
KERNELS = {
    "ATEN_CPU_CAPABILITY": "avx2",
    "ONEDNN_MAX_CPU_ISA": "AVX2",
    "MKL_CBWR": "COMPATIBLE",
    "OPENBLAS_CORETYPE": "Haswell",
    "NUMBA_CPU_NAME": "haswell",
    "NUMBA_CPU_FEATURES": "+sse4.2,+popcnt,+avx,+avx2,+fma,+bmi,+bmi2,+lzcnt",
    # Work is spread over processes; how many threads a library takes would depend on the machine.
    "OMP_NUM_THREADS": "1",
    "MKL_NUM_THREADS": "1",
    "OPENBLAS_NUM_THREADS": "1",
    "NUMBA_NUM_THREADS": "1",
}
# NumPy's names of what is beyond AVX2, before and since version 2.4.
NUMPY_BEFORE = "AVX512F AVX512CD AVX512_SKX AVX512_CLX AVX512_CNL AVX512_ICL AVX512_SPR"
NUMPY_SINCE = "X86_V4 AVX512_ICL AVX512_SPR"


def _numpy_features() -> str:
    try:
        major, minor = (int(part) for part in version("numpy").split(".")[:2])
    except (PackageNotFoundError, ValueError):
        return NUMPY_SINCE
    return NUMPY_SINCE if (major, minor) >= (2, 4) else NUMPY_BEFORE


def _features() -> set[str]:
    """The processor's features, as Linux names them; empty where it does not say."""
    try:
        text = Path("/proc/cpuinfo").read_text(encoding="utf-8", errors="replace")
    except OSError:
        return set()
    flags = next((line for line in text.splitlines() if line.startswith("flags")), "")
    return set(flags.partition(":")[2].split())


def obstacle() -> str | None:
    """Reason, in words, why this machine can't compute portably; None where it can."""
    if platform.machine() not in ("x86_64", "AMD64"):
        return f"the processor is {platform.machine()}, and portable kernels are x86-64's"
    features = _features()
    lacking = sorted(NEEDED - features) if features else []
    return f"the processor lacks {' and '.join(lacking)}" if lacking else None


def wanted() -> Mode:
    """Arithmetic mode that the environment asks for. Raises ValueError for what is neither."""
    asked = os.environ.get(VARIABLE, "portable")
    if asked not in ("portable", "native"):
        raise ValueError(f"{VARIABLE} must be portable or native, not {asked!r}")
    return "native" if asked == "native" else "portable"


def _loaded() -> list[str]:
    return [name for name in LIBRARIES if name in sys.modules]


def is_pinned() -> bool:
    """True if the kernels are pinned, here or by the process that started this one."""
    return all(os.environ.get(name) == value for name, value in KERNELS.items())


def pin() -> None:
    """Pin the numerical kernels of libraries that are not loaded yet.

    Nothing is pinned where `native` is asked for or the machine has no kernels to pin.

    Warns, once, where a numerical library was loaded before. A word of the environment that is
    neither is an error of `mode`, not of importing the package.
    """
    loaded = _loaded()
    if os.environ.get(VARIABLE) == "native":
        # Of a process with portable arithmetic that started this one.
        if is_pinned() and not loaded:
            unpin()
        return
    if is_pinned() or obstacle() is not None:
        return
    if loaded:
        warnings.warn(
            f"{', '.join(loaded)} was imported before early_recurrence: numbers are this"
            " processor's own, and may differ from another's in their last digits. Import"
            f" early_recurrence first, or set {VARIABLE}=native, which says the same without this"
            " warning",
            RuntimeWarning,
            stacklevel=3,
        )
        os.environ[VARIABLE] = "native"
        return
    os.environ.update(KERNELS)
    os.environ["NPY_DISABLE_CPU_FEATURES"] = _numpy_features()


def unpin() -> None:
    """Leave the choice of kernels to the libraries, here and in processes started from now on.

    Raises RuntimeError where a numerical library is loaded already, with the kernels that it has.
    """
    loaded = _loaded()
    if is_pinned() and loaded:
        raise RuntimeError(
            f"{', '.join(loaded)} runs with portable arithmetic already; start the program with"
            f" {VARIABLE}=native in its environment"
        )
    for name, value in KERNELS.items():
        if os.environ.get(name) == value:
            del os.environ[name]
    os.environ.pop("NPY_DISABLE_CPU_FEATURES", None)
    os.environ[VARIABLE] = "native"


def follow(asked: Mode) -> str | None:
    """Compute as a study asks, as far as this process still can; words where it can't, else None.

    What the environment says goes before.
    """
    if VARIABLE in os.environ or asked == "portable":
        return None
    try:
        unpin()
    except RuntimeError as error:
        return f"the study asks for native arithmetic, and {error}"
    return None


def mode() -> Mode:
    """Arithmetic mode of this process."""
    return "portable" if is_pinned() and wanted() == "portable" else "native"


def description() -> str:
    """Arithmetic for results: `portable`, or `native` with the processor that numbers hold for."""
    if mode() == "portable":
        return "portable"
    return f"native ({platform.machine()}, {' '.join(sorted(_features() & SPEAKING)) or 'generic'})"
