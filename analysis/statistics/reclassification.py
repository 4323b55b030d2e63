"""Net reclassification and integrated discrimination improvement of a new model over an old one.

Off by default and for the supplement: both reward miscalibration, so recalibrate first and let the
difference in net benefit carry the answer (Pepe et al. 2015).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from analysis.statistics.auc_bootstrap import MOST_COUNTS
from analysis.statistics.checks import as_label, as_level, as_probability, as_thresholds
from analysis.statistics.estimate import Contrast, wald_contrast


@dataclass(frozen=True)
class NetReclassification:
    """Net reclassification improvement (NRI).

    total = events + non_events, each an estimate whose `method` says asymptotic or bootstrap. up_*,
    down_*: shares that moved.
    """

    total: Contrast
    events: Contrast
    non_events: Contrast
    up_events: float
    down_events: float
    up_non_events: float
    down_non_events: float


def _moves(
    probability_old: NDArray[np.float64], probability_new: NDArray[np.float64], cutoffs: Any
) -> NDArray[np.float64]:
    if cutoffs is None:
        direction: NDArray[np.float64] = np.sign(probability_new - probability_old)
        return direction
    limits = np.sort(as_thresholds(cutoffs))
    rise: NDArray[np.intp] = np.searchsorted(
        limits, probability_new, side="right"
    ) - np.searchsorted(limits, probability_old, side="right")
    return np.sign(rise).astype(float)


def _checked(
    label: Any, old: Any, new: Any
) -> tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.float64]]:
    label = as_label(label)
    return (
        label,
        as_probability(old, label, "probability_old"),
        as_probability(new, label, "probability_new"),
    )


def _bootstrap(
    each: NDArray[np.float64], label: NDArray[np.float64], resamples: int, seed: int
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Bootstrap means of events and of non-events; NaN for a resample without one of them."""
    n, random = len(label), np.random.default_rng(seed)
    size = max(
        1, MOST_COUNTS // n
    )  # resamples at a time, so that memory does not grow with patients × resamples
    columns = np.column_stack([each * label, label, each * (1 - label), 1 - label])
    sums = [
        random.multinomial(n, np.full(n, 1 / n), size=min(size, resamples - start)) @ columns
        for start in range(0, resamples, size)
    ]
    drawn = np.concatenate(sums)
    with np.errstate(invalid="ignore"):
        return drawn[:, 0] / drawn[:, 1], drawn[:, 2] / drawn[:, 3]


def _from_resamples(value: float, resampled: NDArray[np.float64], n: int, level: float) -> Contrast:
    error = float(np.nanstd(resampled, ddof=1))
    low, high = np.nanquantile(resampled, [(1 - level) / 2, (1 + level) / 2])
    wald = wald_contrast(value, error, n, "")
    return Contrast(
        value,
        float(low),
        ci_high=float(high),
        standard_error=error,
        z=wald.z,
        p=wald.p,
        n=n,
        method="bootstrap: percentile interval, normal p from its standard error",
    )


def net_reclassification(  # noqa: PLR0913 - settings of nricens
    label: Any,
    probability_old: Any,
    probability_new: Any,
    cutoffs: Any = None,
    level: float = 0.95,
    method: str = "asymptotic",
    resamples: int = 2000,
    seed: int = 0,
) -> NetReclassification:
    """Net reclassification improvement, continuous or over categories of risk.

    Without cutoffs it is continuous (any move counts), else over the risk categories they cut.

    A probability equal to a cut-off is in the upper category. events: P(up) - P(down) of events;
    non_events: P(down) - P(up) of the others. method: "asymptotic" (Pencina 2011) or "bootstrap".
    Validated against Hmisc::improveProb and nricens.

    >>> net_reclassification([0, 0, 1, 1], [0.2, 0.4, 0.5, 0.6], [0.1, 0.5, 0.6, 0.7]).total.value
    1.0
    """
    label, old, new = _checked(label, probability_old, probability_new)
    move = _moves(old, new, cutoffs)
    shares: dict[str, float] = {}
    values: dict[str, float] = {}
    contrasts: dict[str, Contrast] = {}
    for name, value in (("events", 1), ("non_events", 0)):
        of = move[label == value]
        shares |= {f"up_{name}": float((of > 0).mean()), f"down_{name}": float((of < 0).mean())}
        values[name] = (1 if value else -1) * float(of.mean())
        variance = (np.sum(of != 0) / len(of) ** 2) - of.sum() ** 2 / len(of) ** 3
        contrasts[name] = wald_contrast(
            values[name],
            float(np.sqrt(max(variance, 0))),
            n=len(of),
            method="asymptotic (Pencina)",
            level=as_level(level),
            within=(-1, 1),
        )
    total = values["events"] + values["non_events"]
    error = np.hypot(contrasts["events"].standard_error, contrasts["non_events"].standard_error)
    contrasts["total"] = wald_contrast(
        total,
        float(error),
        n=len(label),
        method="asymptotic (Pencina)",
        level=level,
        within=(-2, 2),
    )
    if method == "bootstrap":
        of_events, of_others = _bootstrap(move, label, resamples, seed)
        drawn = {"events": of_events, "non_events": -of_others, "total": of_events - of_others}
        contrasts = {
            name: _from_resamples(contrasts[name].value, drawn[name], contrasts[name].n, level)
            for name in drawn
        }
    elif method != "asymptotic":
        raise ValueError(f"method: 'asymptotic' or 'bootstrap', got '{method}'")
    return NetReclassification(
        contrasts["total"],
        contrasts["events"],
        non_events=contrasts["non_events"],
        up_events=shares["up_events"],
        down_events=shares["down_events"],
        up_non_events=shares["up_non_events"],
        down_non_events=shares["down_non_events"],
    )


def integrated_discrimination(  # noqa: PLR0913 - settings of nricens
    label: Any,
    probability_old: Any,
    probability_new: Any,
    level: float = 0.95,
    method: str = "asymptotic",
    resamples: int = 2000,
    seed: int = 0,
) -> Contrast:
    """Gain in mean probability of events minus that of the others.

    Validated against Hmisc::improveProb.

    >>> old, new = [0.2, 0.4, 0.5, 0.6], [0.1, 0.5, 0.6, 0.7]
    >>> round(integrated_discrimination([0, 0, 1, 1], old, new).value, 3)
    0.1
    """
    label, old, new = _checked(label, probability_old, probability_new)
    gain = new - old
    events, others = gain[label == 1], gain[label == 0]
    value = float(events.mean() - others.mean())
    if method == "bootstrap":
        of_events, of_others = _bootstrap(gain, label, resamples, seed)
        return _from_resamples(value, of_events - of_others, len(label), as_level(level))
    if method != "asymptotic":
        raise ValueError(f"method: 'asymptotic' or 'bootstrap', got '{method}'")
    if min(len(events), len(others)) < 2:
        raise ValueError("label: at least 2 events and 2 others are needed for a standard error")
    error = np.sqrt(events.var(ddof=1) / len(events) + others.var(ddof=1) / len(others))
    return wald_contrast(
        value,
        float(error),
        n=len(label),
        method="asymptotic (Pencina)",
        level=as_level(level),
        within=(-2, 2),
    )
