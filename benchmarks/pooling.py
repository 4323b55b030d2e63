"""How often intervals of means over places, and of multiply imputed coefficients, cover: `python -m
benchmarks.pooling [samples]`.

Places: logits of AUCs with the standard errors of centres of 60 to 200 patients, which differ by
τ². Imputations: log odds ratios of a logistic regression of which a predictor is missing at random
in 30 % of the patients. Each row has its Monte-Carlo error; the default interval of the mean,
Hartung and Knapp's, is to cover .93 to .97. A prediction interval of few places is known to cover
too seldom where places differ, and an imputation without the outcome draws a coefficient towards
zero; both are shown, and nothing is asked of them.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pandas as pd
from scipy.special import expit
from scipy.stats import t

import analysis.statistics as st
from analysis.statistics.meta_analysis import INTERVALS
from benchmarks.arguments import counts
from benchmarks.coverage import HEAD, Rate
from models.clinical import ClinicalDesign

TRUTH, WITHIN = 1.2, (0.93, 0.97)
SLOPES = {"a": 0.8, "b": 0.6}


def place_rates(
    samples: int,
    places: tuple[int, ...] = (3, 5, 10),
    between: tuple[float, ...] = (0.0, 0.05, 0.2),
    seed: int = 1,
) -> Iterator[Rate]:
    """Coverage of the mean by each interval, and of a new place by the prediction interval."""
    for count in places:
        for tau_squared in between:
            random = np.random.default_rng([seed, count, round(1000 * tau_squared)])
            hits = dict.fromkeys([*INTERVALS, "prediction"], 0)
            for _ in range(samples):
                variances = random.uniform(0.04, 0.2, count)
                effects = TRUTH + random.normal(0, np.sqrt(tau_squared + variances))
                for interval in INTERVALS:
                    found = st.random_effects(effects, variances, interval=interval)
                    hits[interval] += found.ci_low <= TRUTH <= found.ci_high
                found = st.random_effects(effects, variances)
                hits["prediction"] += (
                    found.prediction_low
                    <= TRUTH + random.normal(0, np.sqrt(tau_squared))
                    <= found.prediction_high
                )
            for method, hit in hits.items():
                rate, error = hit / samples, np.sqrt(0.95 * 0.05 / samples)
                covers = WITHIN[0] - 2 * error <= rate <= WITHIN[1] + 2 * error
                yield Rate(
                    "mean over places" if method != "prediction" else "new place",
                    (count, 0),
                    f"τ² {tau_squared:g}",
                    method,
                    rate,
                    samples,
                    covers if method == "hartung_knapp" else None,
                )


def imputation_rates(
    samples: int, patients: tuple[int, ...] = (100, 400), imputations: int = 10, seed: int = 1
) -> Iterator[Rate]:
    """Coverage of the log odds ratios of a, complete, and of b, with gaps."""
    for n in patients:
        random = np.random.default_rng([seed, n])
        hits = dict.fromkeys(SLOPES, 0)
        for sample in range(samples):
            a = random.standard_normal(n)
            b = 0.5 * a + np.sqrt(0.75) * random.standard_normal(n)
            label = (random.random(n) < expit(SLOPES["a"] * a + SLOPES["b"] * b)).astype(float)
            frame = pd.DataFrame(
                {"a": a, "b": np.where(random.random(n) < 0.6 * expit(a), np.nan, b)}
            )
            design = ClinicalDesign(
                {}, imputation="multiple", imputations=imputations, seed=sample
            ).fit(frame, list(SLOPES))
            fits = [
                st.logistic_regression(matrix, label)
                for matrix in design.drawn_matrices(frame, list(SLOPES))
            ]
            for name, truth in SLOPES.items():
                terms = [fit.terms.loc[name] for fit in fits]
                pooled = st.pool_imputations(
                    [each["coefficient"] for each in terms],
                    [each["standard_error"] ** 2 for each in terms],
                    n - 3,
                )
                half = t.ppf(0.975, pooled.degrees_of_freedom) * pooled.standard_error
                hits[name] += abs(pooled.value - truth * design.scale_[name]) <= half
        for name, hit in hits.items():
            yield Rate(
                "log odds ratio",
                (n, 0),
                f"{SLOPES[name]:g}, {'with gaps' if name == 'b' else 'complete'}",
                f"{imputations} imputations",
                hit / samples,
                samples,
                None,
            )


def main(samples: int = 500) -> int:
    from benchmarks.text_table import table

    rates = [*place_rates(samples), *imputation_rates(max(samples // 5, 2))]
    print(table([rate.cells() for rate in rates], HEAD))
    missed = [rate for rate in rates if rate.ok is False]
    print(
        f"\n95 % intervals, {samples} samples a row (a fifth of them for imputations), seeds in the"
        f" code. The sizes are places, or patients. {len(missed)} row(s) not as they should be."
    )
    return int(bool(missed))


if __name__ == "__main__":
    raise SystemExit(main(*counts(__doc__, samples=500)))
