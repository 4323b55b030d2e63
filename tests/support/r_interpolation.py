"""R's confint() of a glm: the signed root of the profile likelihood at steps of z/5, interpolated
as R does.

The project searches the root itself. R's values carry an interpolation error of about 1e-4, so to
compare at the record's tolerance the project's profile likelihood goes through R's interpolation.
"""

import numpy as np
from scipy.stats import chi2, norm
from statsmodels.api import GLM, families

from analysis.statistics import signed_root


def _fmm_spline(x, y, count):
    """R's spline(method = "fmm"): the end cubics pass through the four end points; `count` even
    places."""
    from scipy.interpolate import CubicSpline

    def third(xs, ys):
        return 6 * sum(
            y / np.prod([xs[i] - x for j, x in enumerate(xs) if j != i]) for i, y in enumerate(ys)
        )

    n, h = len(x), np.diff(x)
    # Unknown second derivatives; third derivatives at both ends are those of the end cubics.
    a, b = np.zeros((n, n)), np.zeros(n)
    a[0, :2], b[0] = [-1 / h[0], 1 / h[0]], third(x[:4], y[:4])
    a[-1, -2:], b[-1] = [-1 / h[-1], 1 / h[-1]], third(x[-4:], y[-4:])
    for i in range(1, n - 1):
        a[i, i - 1 : i + 2] = h[i - 1] / 6, (h[i - 1] + h[i]) / 3, h[i] / 6
        b[i] = (y[i + 1] - y[i]) / h[i] - (y[i] - y[i - 1]) / h[i - 1]
    second = np.linalg.solve(a, b)
    curve = CubicSpline(x, y, bc_type=((2, second[0]), (2, second[-1])))
    places = np.linspace(x[0], x[-1], count)
    return places, curve(places)


def r_profile_interval(design, label, column, level=0.95):
    fit = GLM(label, design, family=families.Binomial()).fit(tol=1e-12, maxiter=100)
    centre, error = fit.params[column], fit.bse[column]
    largest = np.sqrt(chi2.ppf(1 - (1 - level) / 4, 1))
    values, roots = [centre], [0.0]
    for sign in (-1, 1):
        for step in range(1, 10):
            values.append(centre + sign * step * largest / 5 * error)
            roots.append(signed_root(design, label, column, values[-1]))
            if abs(roots[-1]) >= largest:
                break
    order = np.argsort(values)
    x, y = np.array(values)[order], np.array(roots)[order]
    places, heights = _fmm_spline(x, y, 3 * len(x))
    cut = norm.ppf([(1 - level) / 2, (1 + level) / 2])
    return np.interp(cut, heights, places)
