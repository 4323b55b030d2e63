"""Documented truth of the synthetic cohort: hidden variables and the coefficients on them."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

HIDDEN = (
    "aggressiveness",
    "ast",
    "diameter",
    "outcome_noise",
    "texture_noise",
    "pattern_noise",
    "severity",
    "inflammation",
)


@dataclass(frozen=True)
class Truth:
    """Coefficients of the generator; tests check what the analysis recovers of them.

    Hidden variables are standard normal and, within the cohort, exactly uncorrelated (the draws are
    orthogonalised), so that the effects below hold in the sample and not only on average.

    ``linear_predictor = aggressiveness * A + ast * z(log AST) + diameter * z(diameter) + noise *
    e``; the patients with the highest values have early recurrence. ``A`` is never written to the
    clinical table: images show two noisy copies of it. ``texture = texture_fidelity * A + ...``
    sets the correlation length and the contrast of the texture inside the tumour; ``pattern =
    pattern_fidelity * A + ...`` sets the rim and the eccentric peritumoural enhancement in the
    arterial phase, which lies mostly outside the mask. Other variables have no effect of their
    own: they are related to the outcome only through AST, diameter or, weakly (``reader_link``;
    inflammation 0.1), through ``A``.

    ``surround`` is zero, and there is no such signal, unless the study file asks for it
    (`cohort.demo.surround`). Then a further hidden variable of its own adds ``surround * S`` to the
    linear predictor; its image is an arterial enhancement of the liver about 3 mm outside of the
    tumour's edge, so that features of a ring see it and the tumour's own intensities do not.
    """

    aggressiveness: float = 0.85
    ast: float = 0.48
    diameter: float = 0.44
    noise: float = 0.25
    texture_fidelity: float = 0.85
    pattern_fidelity: float = 0.90
    reader_link: float = 0.12
    surround: float = 0.0
    true_predictors: tuple[str, ...] = ("ast", "tumour_diameter")


TRUTH = Truth()


def draw_hidden(n: int, rng: np.random.Generator, truth: Truth = TRUTH) -> pd.DataFrame:
    """Draw the hidden variables of ``n`` patients.

    They are standard normal and uncorrelated, plus ``texture``, ``pattern``, ``surround`` (where it
    has an effect) and ``linear_predictor`` (all without unit).
    """
    draws = rng.standard_normal((n, len(HIDDEN)))
    if n > len(HIDDEN) + 1:
        draws -= draws.mean(axis=0)
        orthogonal, triangle = np.linalg.qr(draws)
        draws = orthogonal * np.sign(np.diag(triangle)) * np.sqrt(n)
    hidden = pd.DataFrame(draws, columns=list(HIDDEN))
    for name, fidelity in (
        ("texture", truth.texture_fidelity),
        ("pattern", truth.pattern_fidelity),
    ):
        hidden[name] = (
            fidelity * hidden["aggressiveness"] + np.sqrt(1 - fidelity**2) * hidden[f"{name}_noise"]
        )
    hidden["linear_predictor"] = (
        truth.aggressiveness * hidden["aggressiveness"]
        + truth.ast * hidden["ast"]
        + truth.diameter * hidden["diameter"]
        + truth.noise * hidden["outcome_noise"]
    )
    if truth.surround:
        # From a stream of its own: the rest of the cohort is what it is without this signal.
        surround = rng.spawn(1)[0].standard_normal(n)
        hidden["surround"] = (surround - surround.mean()) / surround.std()
        hidden["linear_predictor"] += truth.surround * hidden["surround"]
    return hidden
