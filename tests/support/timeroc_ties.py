"""timeROC's derivative of the censoring weights: tied times leave one after the other, in the order
of the rows.

The project lets tied patients leave together, as riskRegression does. To compare at the record's
tolerance, the project's standard error is computed with this derivative in the place of its own.
"""

import numpy as np


def tied_one_by_one(time, event, horizon):
    """patients i × patients k: derivative of log of i's weight to the mass of k."""
    n, order = len(time), np.argsort(time, kind="stable")
    ordered, censored, place = time[order], (event[order] == 0).astype(float), np.arange(len(time))
    martingale = np.where(place[:, None] <= place, -(censored / (n - place))[:, None], 0.0)
    # The jump of a tied patient comes with the first of the tie, the compensator one by one.
    martingale[np.searchsorted(ordered, ordered), place] += censored
    integral = np.cumsum(martingale / (n - place)[:, None], axis=0)
    rows = np.where(
        (ordered > horizon)[:, None],
        integral[np.searchsorted(ordered, horizon, "right") - 1],
        integral,
    )
    back = np.argsort(order)
    return rows[back][:, back]
