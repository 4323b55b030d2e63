"""Gain in net benefit over the better of treating all and treating none.

It is what acting on a model gains over the better of the two, at one threshold probability.
"""

from __future__ import annotations

from typing import Any

from analysis.statistics.checks import as_label, as_level, as_probability, as_thresholds
from analysis.statistics.estimate import Estimate
from analysis.statistics.proportion import proportion


def net_benefit_gain(
    label: Any, probability: Any, threshold: float, level: float = 0.95
) -> Estimate:
    """Gain in net benefit over the better of treating all and treating none.

    min(NB - NB of treating all, NB - NB of treating none), in net benefit a patient, with limits
    that hold at any size.

    A patient at or above the threshold t is treated. With k of n patients treated, a share v of
    whom have the event, and a share f of the others:  NB - 0 = k/n (v - t)/(1 - t), and NB -
    NB(all) = (n - k)/n (t - f)/(1 - t).  So the model is better than treating none where v > t, and
    than treating all where f < t: two proportions, each with its exact (Clopper-Pearson) interval,
    given k. The lower limit is the smaller of the two lower ones: both differences lie above zero
    where it does (an intersection-union test, of level (1 - level) / 2 at any number of patients).
    The upper limit is the smaller of the two upper ones.

    label: 0 and 1, one class alone is allowed. Missing values, and a threshold outside (0, 1), are
    a ValueError. By hand, as no library has it. A bootstrap interval is no alternative at 33
    patients: of four treated patients who all had the event no resample says otherwise. Source:
    Vickers & Elkin 2006; Berger 1982 for the union; the identity is held to net_benefit in the
    tests.

    >>> gain = net_benefit_gain([0] * 20 + [1] * 20, [0.2] * 20 + [0.8] * 20, 0.5)
    >>> round(gain.value, 3), round(gain.ci_low, 3)
    (0.5, 0.332)
    """
    label = as_label(label, both_classes=False)
    treated = as_probability(probability, label) >= as_thresholds([threshold])[0]
    n, odds = len(label), 1 / (1 - threshold)
    above, below = (
        proportion(int(label[part].sum()), int(part.sum()), as_level(level))
        for part in (treated, ~treated)
    )
    # Where nobody is treated the model is treating none, and where everybody is, treating all: a
    # difference of zero without error.
    none = [
        above.n / n * odds * (share - threshold) if above.n else 0.0
        for share in (above.value, above.ci_low, above.ci_high)
    ]
    everyone = [
        below.n / n * odds * (threshold - share) if below.n else 0.0
        for share in (below.value, below.ci_high, below.ci_low)
    ]
    value, low, high = (float(min(pair)) for pair in zip(none, everyone, strict=True))
    return Estimate(value, low, high, n)
