"""Records of reclassification."""

from analysis import statistics as st
from tests.support.gold_data import data

te, pbc = data("pima_te"), data("pbc")
Y, P0, P1 = te["y"].to_numpy(), te["p0"].to_numpy(), te["p1"].to_numpy()
CUTS = [0.2, 0.5]


def improve_prob():
    nri, idi = st.net_reclassification(Y, P0, P1), st.integrated_discrimination(Y, P0, P1)
    gain = P1 - P0
    return {
        "nri": nri.total.value,
        "se.nri": nri.total.standard_error,
        "z.nri": nri.total.z,
        "nri.ev": nri.events.value,
        "se.nri.ev": nri.events.standard_error,
        "z.nri.ev": nri.events.z,
        "nri.ne": nri.non_events.value,
        "se.nri.ne": nri.non_events.standard_error,
        "z.nri.ne": nri.non_events.z,
        "idi": idi.value,
        "se.idi": idi.standard_error,
        "z.idi": idi.z,
        "improveSens": gain[Y == 1].mean(),
        "improveSpec": -gain[Y == 0].mean(),
        "pup.ev": nri.up_events,
        "pup.ne": nri.up_non_events,
        "pdown.ev": nri.down_events,
        "pdown.ne": nri.down_non_events,
    }


def nricens(label, old, new, cutoffs):
    nri = st.net_reclassification(label, old, new, cutoffs)
    return {
        "NRI": nri.total.value,
        "NRI+": nri.events.value,
        "NRI-": nri.non_events.value,
        "Pr(Up|Case)": nri.up_events,
        "Pr(Down|Case)": nri.down_events,
        "Pr(Down|Ctrl)": nri.down_non_events,
        "Pr(Up|Ctrl)": nri.up_non_events,
    }


def nri_bootstrap():
    total = st.net_reclassification(Y, P0, P1, CUTS, method="bootstrap", seed=11).total
    return {
        "est": total.value,
        "se": total.standard_error,
        "lower": total.ci_low,
        "upper": total.ci_high,
    }


def nri_manual():
    d = pbc[(pbc["time"] > 2000) | ((pbc["time"] < 2000) & (pbc["status"] == 2))]
    event = ((d["time"] < 2000) & (d["status"] == 2)).astype(int)
    old, new = (
        st.logistic_regression(d[columns], event).fitted
        for columns in (["age", "bili", "albumin"], ["age", "bili", "albumin", "protime"])
    )
    return nricens(event, old, new, [0.2, 0.4])


CASES = {
    "nri.improveProb": improve_prob,
    "nri.categorical.nricens": lambda: nricens(Y, P0, P1, CUTS),
    "nri.continuous.nricens": lambda: nricens(Y, P0, P1, None),
    "nri.nricens.bootci.mc": nri_bootstrap,
    "nri.nricens.manual": nri_manual,
}
OMITTED = {}
