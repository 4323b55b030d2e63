"""Parallel work over patients or fits, with a bar that shows the time left."""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence
from typing import Any

from joblib import Parallel, delayed
from tqdm import tqdm


def in_parallel(function: Callable[..., Any], arguments: Sequence[tuple], description: str, jobs: int = -1) -> list[Any]:
    """`[function(*a) for a in arguments]` on `jobs` processes, in order, with a progress bar on standard error."""
    if not arguments:
        return []
    tasks = (delayed(function)(*each) for each in arguments)
    results = Parallel(n_jobs=jobs, return_as="generator")(tasks)
    bar = tqdm(results, total=len(arguments), desc=description, file=sys.stderr, mininterval=1.0, dynamic_ncols=True)
    return list(bar)
