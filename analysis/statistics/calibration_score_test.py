"""Joint test of calibration-in-the-large and of the spread of probabilities.

Are the probabilities right in the large and in their spread? This is one test of both, valid in
small cohorts.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.special import logit
from scipy.stats import chi2

from analysis.statistics.checks import as_label, as_probability
from analysis.statistics.estimate import SignificanceTest

# Patients × draws that are held in memory at once.
CELLS = 2_000_000


def _statistics(
    residual: NDArray[np.float64], design: NDArray[np.float64], inverse: NDArray[np.float64]
) -> NDArray[np.float64]:
    """Quadratic form of the score of each row of residuals (draws × patients)."""
    score = residual @ design
    form: NDArray[np.float64] = np.einsum("ij,jk,ik->i", score, inverse, score)
    return form


def calibration_score_test(
    label: Any, probability: Any, draws: int = 4999, seed: int = 0, enough: int = 100
) -> SignificanceTest:
    """Score test of calibration intercept 0 and slope 1.

    The model is logit(y) = a + b logit(p). The test has two degrees of freedom, one where all
    probabilities are equal.

    Nothing is fitted: under the hypothesis the labels are draws from the probabilities themselves.
    With fewer than `enough` events expected, or as many patients without the event, P is the share
    of `draws` simulated outcomes that are as far off, (k + 1) / (draws + 1), which is right at any
    size; with more it is that of chi-square. Probabilities must lie within (0, 1), one class alone
    is allowed.

    The likelihood-ratio test of the same hypothesis (Cox 1958; "U" of R's rms::val.prob) agrees
    with it in large cohorts and rejects too often in small ones. Source: Rao's score test; Miller,
    Langefeld, Tierney, Hui & McDonald 1993. Value held to R's anova(glm(y ~ offset(l) - 1), glm(y ~
    l + offset(l)), test = "Rao").

    >>> calibration_score_test([0, 1, 0, 1], [0.5, 0.5, 0.5, 0.5]).p
    1.0
    """
    label = as_label(label, both_classes=False)
    probability = as_probability(probability, label, open_interval=True)
    linear = logit(probability)
    design = (
        np.ones((len(label), 1))
        if np.ptp(linear) < 1e-12
        else np.column_stack([np.ones(len(label)), linear - linear.mean()])
    )
    inverse = np.linalg.inv((design.T * (probability * (1 - probability))) @ design)
    found = float(_statistics((label - probability)[None], design, inverse)[0])
    freedom = design.shape[1]
    if min(probability.sum(), (1 - probability).sum()) >= enough:
        return SignificanceTest(found, freedom, float(chi2.sf(found, freedom)), "score test")
    random, beyond, left = np.random.default_rng(seed), 0, draws
    while left:
        size = min(left, max(1, CELLS // len(label)))
        drawn = random.random((size, len(label))) < probability
        # A rounding below counts as equal: outcomes are few, and many draws give the very same
        # score.
        beyond += int(
            (
                _statistics(drawn - probability, design, inverse) >= found - 1e-9 * max(1.0, found)
            ).sum()
        )
        left -= size
    return SignificanceTest(found, freedom, (beyond + 1) / (draws + 1), "score test, Monte Carlo")
