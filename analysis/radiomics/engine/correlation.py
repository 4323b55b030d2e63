"""The maximal correlation coefficient of GLCMs: the root of the second largest eigenvalue of PyRadiomics's matrix Q.

Q[i, j] = Σ_k P[i, k] P[j, k] / (p[i] p[k] + ε) is not symmetric, and most of PyRadiomics's time for large numbers of grey
levels goes into it. With M = P / √(p pᵀ), symmetric, Q is similar to (M - M∘G) M with G = ε / (p pᵀ + ε), so its
eigenvalues are the squares of those of M but for the small ε, which first-order perturbation accounts for. Where that
isn't enough, or rounding decides, Q itself is built and handed to LAPACK as PyRadiomics does.
"""

from __future__ import annotations

import numpy as np

from analysis.radiomics.engine.compiled import compiled

EPSILON = float(np.spacing(1.0))
# Eigenvalues below this have roots that rounding decides, NaN included; relative error that is let pass.
SMALLEST, ALLOWED = 1e-6, 1e-10


@compiled
def _symmetric(p, px, epsilon):
    """M and M∘G of each direction."""
    m, mg = np.zeros_like(p), np.zeros_like(p)
    for d in range(p.shape[0]):
        for i in range(p.shape[1]):
            for j in range(p.shape[1]):
                if p[d, i, j] > 0.0:
                    product = px[d, i] * px[d, j]
                    m[d, i, j] = p[d, i, j] / np.sqrt(product)
                    mg[d, i, j] = m[d, i, j] * (epsilon / (product + epsilon))
    return m, mg


def _as_stock(p: np.ndarray) -> np.ndarray:
    """Second largest eigenvalues of Q, by the very operations of PyRadiomics on an array of its layout."""
    p = np.ascontiguousarray(p.transpose(1, 2, 0))
    x, y = p.sum(1, keepdims=True), p.sum(0, keepdims=True)
    q = p[:, None, 0] * p[None, :, 0] / (x * y[:, 0][None] + EPSILON)
    for level in range(1, len(p)):
        q += p[:, None, level] * p[None, :, level] / (x * y[:, level][None] + EPSILON)
    eigenvalues = np.linalg.eigvals(q.transpose(2, 0, 1))
    eigenvalues.sort()
    return eigenvalues[:, -2]


def _second(m: np.ndarray, mg: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Second largest eigenvalues of Q, and where that is precise enough."""
    everything = np.arange(len(m))
    roots = np.linalg.eigvalsh(m)
    # The largest is that of √p, 1.
    order = np.argsort(np.abs(roots[:, :-1]), axis=1)
    root = np.take_along_axis(roots, order[:, -1:], axis=1)[:, 0]
    value = root**2
    third = np.take_along_axis(roots, order[:, -2:-1], axis=1)[:, 0] ** 2 if m.shape[1] > 2 else np.full(len(m), -1.0)
    gap = np.minimum(1 - value, value - third)
    size = np.sqrt((mg**2).sum(axis=(1, 2)))
    enough = size <= ALLOWED * value
    careful = ~enough & (size**2 <= ALLOWED * value * np.maximum(gap, 0))
    result = value.copy()
    if careful.any():
        which = everything[careful]
        # Inverse iteration, twice, from a start without symmetry.
        shifted = m[which] - (root[which] * (1 + 1e-12))[:, None, None] * np.eye(m.shape[1])
        vector = np.broadcast_to(np.cos(np.arange(m.shape[1]) ** 2 + 1.0)[None, :, None], (which.size, m.shape[1], 1))
        for _ in range(2):
            vector = np.linalg.solve(shifted, vector)
            vector = vector / np.linalg.norm(vector, axis=1, keepdims=True)
        residual = np.linalg.norm(m[which] @ vector - root[which][:, None, None] * vector, axis=(1, 2))
        change = (vector.transpose(0, 2, 1) @ mg[which] @ vector)[:, 0, 0]
        result[which] -= root[which] * change
        enough[which] = residual < 1e-8
    return result, enough


def maximal_correlation(p: np.ndarray, px: np.ndarray) -> float:
    """Mean over directions; p: directions × levels × levels, symmetric probabilities; px: their row sums."""
    if p.shape[1] < 2:
        return 1.0
    try:
        values, known = _second(*_symmetric(p, px, EPSILON))
    except np.linalg.LinAlgError:
        values, known = np.zeros(len(p)), np.zeros(len(p), bool)
    if (values <= SMALLEST).any():
        known[:] = False
    if not known.all():
        stock = _as_stock(p[~known])
        values = values.astype(stock.dtype)
        values[~known] = stock
    with np.errstate(invalid="ignore"):
        return float(np.real(np.nanmean(np.sqrt(values))))
