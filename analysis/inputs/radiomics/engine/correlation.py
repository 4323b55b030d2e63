"""Maximal correlation coefficient of GLCMs.

It is the root of the second largest eigenvalue of PyRadiomics's matrix Q.

Q[i, j] = Σ_k P[i, k] P[j, k] / (p[i] p[k] + ε) is not symmetric, and most of PyRadiomics's time for
large numbers of grey levels goes into it. With M = P / √(p pᵀ), symmetric, Q is similar to (M -
M∘G) M with G = ε / (p pᵀ + ε), so its eigenvalues are the squares of those of M but for the small
ε, which first-order perturbation accounts for: of one vector, or where eigenvalues nearly coincide,
of several. Where neither is enough, or rounding decides, Q itself is built and handed to LAPACK as
PyRadiomics does.
"""

from __future__ import annotations

import numpy as np

from analysis.inputs.radiomics.engine.compiled import compiled

EPSILON = float(np.spacing(1.0))
# Eigenvalues below this have roots that rounding decides, NaN included; relative error that is let
# pass.
SMALLEST, ALLOWED = 1e-6, 1e-10
# An eigenvalue times this is so near that one inverse iteration gives its vector.
BESIDE = 1 + 1e-12
# Residual of a vector that another iteration would not make better to any purpose.
SURE = 1e-11
# Eigenvalues that are looked at together where the second nearly coincides with its neighbours.
CLUSTER = 16


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


@compiled
def _second(m, roots, beside):
    """Root of the second largest square, and how far that is from the others.

    roots: of M, ascending; the last is 1, that of √p. Returns M less the root times `beside` on its
    diagonal too.
    """
    directions, count = roots.shape
    found, gap, shifted = np.empty(directions), np.empty(directions), m.copy()
    for d in range(directions):
        second, third = -1.0, -1.0
        for k in range(count - 1):
            square = roots[d, k] * roots[d, k]
            if square >= second:
                second, third = square, second
                found[d] = roots[d, k]
            elif square > third:
                third = square
        gap[d] = min(roots[d, count - 1] * roots[d, count - 1] - second, second - third)
        for k in range(count):
            shifted[d, k, k] -= found[d] * beside
    return found, gap, shifted


def _as_stock(p: np.ndarray) -> np.ndarray:
    """Second largest eigenvalues of Q, as PyRadiomics computes them.

    They follow the very operations of PyRadiomics on an array of its layout.
    """
    p = np.ascontiguousarray(p.transpose(1, 2, 0))
    x, y = p.sum(1, keepdims=True), p.sum(0, keepdims=True)
    q = p[:, None, 0] * p[None, :, 0] / (x * y[:, 0][None] + EPSILON)
    for level in range(1, len(p)):
        q += p[:, None, level] * p[None, :, level] / (x * y[:, level][None] + EPSILON)
    eigenvalues = np.linalg.eigvals(q.transpose(2, 0, 1))
    eigenvalues.sort()
    return eigenvalues[:, -2]


def _by_one_vector(m: np.ndarray, mg: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Second largest eigenvalues of Q by the vector of each, and where that is precise enough."""
    count = m.shape[1]
    root, gap, shifted = _second(m, np.linalg.eigvalsh(m), BESIDE)
    value = root**2
    # Inverse iteration from a start without symmetry: once is enough but for a narrow gap.
    vector = np.broadcast_to(np.cos(np.arange(count) ** 2 + 1.0)[None, :, None], (len(m), count, 1))
    for _ in range(2):
        vector = np.linalg.solve(shifted, vector)
        vector = vector / np.linalg.norm(vector, axis=1, keepdims=True)
        residual = np.linalg.norm(m @ vector - root[:, None, None] * vector, axis=(1, 2))
        if (residual < SURE).all():
            break
    moved = mg @ vector
    change = root * (vector * moved).sum(axis=(1, 2))
    second_order = root**2 * (moved**2).sum(axis=(1, 2))
    size = np.sqrt((mg**2).sum(axis=(1, 2)))
    return value - change, (residual < 1e-8) & (gap > 4 * size) & (
        second_order <= ALLOWED * value * gap
    )


def _by_cluster(m: np.ndarray, mg: np.ndarray) -> tuple[float, bool]:
    """Second largest eigenvalue of one direction's Q, where eigenvalues nearly coincide.

    It is the same as `_by_one_vector` gives, but from the eigenvalues of Q within the span of the
    largest ones' vectors.
    """
    roots, vectors = np.linalg.eigh(m)
    order = np.argsort(roots**2)[::-1]
    kept, rest = order[:CLUSTER], order[CLUSTER:]
    v, root = vectors[:, kept], roots[kept]
    moved = mg @ v
    inner = np.diag(root**2) - (v.T @ moved) * root
    eigenvalues = np.sort(np.linalg.eigvals(inner).real)
    if not rest.size:
        return eigenvalues[-2], True
    second_order = (moved**2).sum()
    gap = eigenvalues[-2] - roots[rest[0]] ** 2
    return eigenvalues[-2], bool(
        gap > 4 * np.sqrt((mg**2).sum()) and second_order <= ALLOWED * eigenvalues[-2] * gap
    )


def maximal_correlation(p: np.ndarray, px: np.ndarray) -> float:
    """Maximal correlation coefficient, as the mean over directions.

    p: directions × levels × levels, symmetric probabilities; px: their row sums.
    """
    if p.shape[1] < 2:
        return 1.0
    m, mg = _symmetric(p, px, EPSILON)
    try:
        values, known = _by_one_vector(m, mg)
    except np.linalg.LinAlgError:
        values, known = np.full(len(p), np.inf), np.zeros(len(p), bool)
    for direction in np.flatnonzero(~known):
        values[direction], known[direction] = _by_cluster(m[direction], mg[direction])
    if (values <= SMALLEST).any():
        known[:] = False
    if not known.all():
        stock = _as_stock(p[~known])
        values = values.astype(stock.dtype)
        values[~known] = stock
    with np.errstate(invalid="ignore"):
        return float(np.real(np.nanmean(np.sqrt(values))))
