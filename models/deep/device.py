"""Device and precision with which networks are trained.

They depend on what the machine has, and give the same numbers each time on it.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import torch

from analysis.core import arithmetic


def resolved_device(wanted: str) -> str:
    """Device, cpu or cuda, for `auto`, `cpu` or `cuda`.

    With portable arithmetic `auto` is cpu, as a GPU's numbers are its own. Raises ValueError where
    a GPU is wanted, and there is none or its numbers would not be portable.
    """
    portable = arithmetic.mode() == "portable"
    if wanted == "cuda" and portable:
        raise ValueError(
            "deep_learning: device is cuda, and numbers of a GPU are not those of another machine;"
            " write execution: {arithmetic: native}, or device: auto or cpu"
        )
    if portable:
        return "cpu"
    there = torch.cuda.is_available()
    if wanted == "cuda" and not there:
        raise ValueError(
            "deep_learning: device is cuda, but PyTorch sees no GPU here; write device: auto or cpu"
        )
    return "cuda" if there and wanted != "cpu" else "cpu"


# Of pictures for bfloat16 on a processor: below, the last layers see one pixel.
LEAST_SIDE = 17


def resolved_precision(wanted: str, device: str, dimensions: float, side: int) -> str:
    """Precision of training: float32 or bfloat16.

    `auto` is bfloat16 where the processor computes in it, as emulating it would be slower, and
    float32 with portable arithmetic.

    dimensions: 2.5 or 3; side: pixels of a picture. On processors, PyTorch 2.13's gradients in
    bfloat16 hold memory that nobody wrote for convolutions in 3-D, and for those of a single pixel
    (seen with glibc's MALLOC_PERTURB_; tests/models/test_unwritten_memory.py holds what is left to
    it): `auto` is float32 there. Raises ValueError where bfloat16 is asked for.
    """
    sound = device == "cuda" or (dimensions != 3 and side >= LEAST_SIDE)
    if wanted == "bfloat16" and not sound:
        raise ValueError(
            "deep_learning: precision: bfloat16 on a processor gives wrong gradients in 3-D, and"
            f" for pictures under {LEAST_SIDE} pixels; write precision: float32, or auto"
        )
    if wanted != "auto":
        return wanted
    if not sound or arithmetic.mode() == "portable":
        return "float32"
    if device == "cuda":
        return "bfloat16" if torch.cuda.is_bf16_supported(including_emulation=False) else "float32"
    has = torch.cpu.get_capabilities()
    return "bfloat16" if has.get("avx512_bf16") or has.get("amx_bf16") else "float32"


@contextmanager
def reproducible() -> Iterator[None]:
    """Context in which the computations of networks are reproducible.

    It has one thread and deterministic kernels, for the numbers not to depend on what else runs,
    and float32 that is float32 on a GPU as well, not TF32 with its ten bits; the process' own
    settings come back.
    """
    # cuBLAS reads it when it starts; without it its sums have no fixed order.
    os.environ.setdefault("CUBLAS_WORKSPACE_CONFIG", ":4096:8")
    memory: Any = torch.utils.deterministic  # its types leave the attribute out
    threads, deterministic, warn_only, fills = (
        torch.get_num_threads(),
        torch.are_deterministic_algorithms_enabled(),
        torch.is_deterministic_algorithms_warn_only_enabled(),
        memory.fill_uninitialized_memory,
    )
    convolutions, products = torch.backends.cudnn, torch.backends.cuda.matmul
    rounded = convolutions.allow_tf32, products.allow_tf32
    convolutions.allow_tf32 = products.allow_tf32 = False
    torch.set_num_threads(1)
    torch.use_deterministic_algorithms(True, warn_only=True)
    # By default this mode also writes NaN into every new tensor, which takes time. No number rests
    # on it: tests/models/test_unwritten_memory.py.
    memory.fill_uninitialized_memory = False
    try:
        yield
    finally:
        convolutions.allow_tf32, products.allow_tf32 = rounded
        torch.set_num_threads(threads)
        torch.use_deterministic_algorithms(deterministic, warn_only=warn_only)
        memory.fill_uninitialized_memory = fills
