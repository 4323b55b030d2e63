"""Sample size of an external validation (Riley et al. 2021).

It is by the precision of O:E, calibration slope, AUC and net benefit.

By hand: PyPI's pmvalsampsize simulates the linear predictor after seeding NumPy's global generator,
and prints; here it is integrated.
"""

from __future__ import annotations

from math import asinh, ceil, sqrt

import numpy as np
from scipy.special import expit, logit
from scipy.stats import norm

from analysis.statistics.checks import as_level
from analysis.statistics.sample_size import auc_standard_error


class _LinearPredictor:
    """Distribution of the linear predictor of a calibrated model, on a fine grid.

    At each point: value, share, and P(event).
    """

    def __init__(self, prevalence: float, auc: float, normal: tuple[float, float] | None):
        if normal is not None:
            parts = [(1.0, *normal)]
        else:
            # Normal with one variance in events and others: then calibration fixes both means (log
            # likelihood ratio is linear).
            variance = 2 * norm.ppf(auc) ** 2
            middle = logit(prevalence) - variance / 2
            parts = [
                (1 - prevalence, middle, sqrt(variance)),
                (prevalence, middle + variance, sqrt(variance)),
            ]
        edge = [mean + side * 10 * sd for _, mean, sd in parts for side in (-1, 1)]
        self.value = np.linspace(min(edge), max(edge), 20_001)
        density = sum(share * norm.pdf(self.value, mean, sd) for share, mean, sd in parts)
        self.share = density / density.sum()
        self.event = expit(self.value)

    def slope_information(self) -> float:
        """Fisher information of a patient on the calibration slope.

        The intercept is estimated too.
        """
        weight = self.share * self.event * (1 - self.event)
        zero, one, two = (float((weight * self.value**power).sum()) for power in (0, 1, 2))
        return two - one**2 / zero

    def sensitivity_specificity(self, threshold: float) -> tuple[float, float]:
        positive, events = self.value >= logit(threshold), self.share * self.event
        others = self.share - events
        return float(events[positive].sum() / events.sum()), float(
            others[~positive].sum() / others.sum()
        )


def sample_size_validation(  # noqa: PLR0913 - settings of R's pmvalsampsize
    prevalence: float,
    auc: float,
    auc_width: float = 0.1,
    observed_expected_width: float = 0.4,
    level: float = 0.95,
    *,
    slope_width: float = 0.4,
    threshold: float | None = None,
    net_benefit_width: float = 0.2,
    linear_predictor: tuple[float, float] | None = None,
) -> dict[str, int]:
    """Minimum sample size for the validation of a prediction model.

    Patients whose intervals of O:E (1), calibration slope (1), AUC and standardized net benefit are
    no wider than asked.

    auc: anticipated, from before the study, not what the study observed. linear_predictor: mean and
    SD of the model's linear predictor, as normal; unless given, it is normal with one variance in
    events and in others, which the AUC and the prevalence fix where the model is calibrated.
    threshold: of the net benefit; without one there is no such criterion. Keys observed_expected,
    calibration_slope, auc, net_benefit (with a threshold), and n, the largest. Raises ValueError
    for a prevalence outside (0, 1), an AUC outside (.5, 1) and widths that are not positive.
    Source: Riley et al. 2021. Validated against R's pmvalsampsize, which simulates the linear
    predictor; the error of the AUC is Newcombe's (2006) method 4.

    >>> sample_size_validation(0.5, 0.8, threshold=0.4)
    {'observed_expected': 98, 'calibration_slope': 479, 'auc': 302, 'net_benefit': 302, 'n': 479}
    """
    if not 0 < prevalence < 1 or not 0.5 < auc < 1:
        raise ValueError(
            f"prevalence: prevalence in (0, 1) and auc in (.5, 1) are needed, got {prevalence:g}"
            f" and {auc:g}"
        )
    if min(auc_width, observed_expected_width, slope_width, net_benefit_width) <= 0:
        raise ValueError("auc_width: all widths must be positive")
    if linear_predictor is not None and linear_predictor[1] <= 0:
        raise ValueError(f"linear_predictor: a mean and a positive SD, got {linear_predictor}")
    z = float(norm.ppf((1 + as_level(level)) / 2))
    predictor = _LinearPredictor(prevalence, auc, linear_predictor)
    # O:E of 1 with error s of its logarithm: exp(zs) - exp(-zs) is the width.
    sizes = {
        "observed_expected": ceil(
            (1 - prevalence) / (prevalence * (asinh(observed_expected_width / 2) / z) ** 2)
        ),
        "calibration_slope": ceil((2 * z / slope_width) ** 2 / predictor.slope_information()),
        "auc": 10,
    }
    while (
        2 * z * auc_standard_error(auc, sizes["auc"] * prevalence, sizes["auc"] * (1 - prevalence))
        > auc_width
    ):
        sizes["auc"] += 1
    if threshold is not None:
        if not 0 < threshold < 1:
            raise ValueError(f"threshold: must lie strictly between 0 and 1, got {threshold:g}")
        sensitivity, specificity = predictor.sensitivity_specificity(threshold)
        weight = (1 - prevalence) / prevalence * threshold / (1 - threshold)
        variance = (
            sensitivity * (1 - sensitivity) / prevalence
            + weight**2 * specificity * (1 - specificity) / (1 - prevalence)
            + weight**2 * (1 - specificity) ** 2 / (prevalence * (1 - prevalence))
        )
        sizes["net_benefit"] = ceil((2 * z / net_benefit_width) ** 2 * variance)
    return sizes | {"n": max(sizes.values())}
