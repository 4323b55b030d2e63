"""Records of discrimination, operating point, agreement and correlation."""

from analysis import statistics as st
from tests.support.gold_data import data, resamples

asah = data("asah")
Y = asah["y"].to_numpy()
TOY = ([0, 0, 0, 1, 1, 1], [1, 2, 3, 4, 5, 6])


def auc(label, score):
    result = st.delong_interval(label, score)
    return {"auc": result.auc, "var": result.variance, "ci": [result.ci_low, result.ci_high]}


def curve():
    result = st.roc_curve(Y, asah["s100b"], thresholds="midpoint")
    return {
        "thresholds": result.thresholds[::-1],
        "sens": result.true_positive_rate[::-1],
        "spec": 1 - result.false_positive_rate[::-1],
    }


def paired(first, second, **options):
    result = st.delong_test(Y, asah[first], asah[second], **options)
    return {"z": result.z, "p": result.p, "ci_diff": [result.ci_low, result.ci_high]}


def unpaired():
    result = st.delong_test_unpaired(Y, asah["wfns"], Y, asah["s100b"])
    return {"D": result.z, "df": result.degrees_of_freedom, "p": result.p}


def boot_indices():
    result = st.auc_bootstrap(Y, asah["s100b"], indices=resamples("asah"))
    return {
        "first5": result.resampled[:5],
        "mean": result.resampled.mean(),
        "sd": result.standard_error,
        "ci": [result.ci_low, result.ci_high],
    }


def boot_interval():
    result = st.auc_bootstrap(Y, asah["s100b"], resamples=10000, seed=1)
    return [result.ci_low, result.ci_high]


def boot_test():
    result = st.auc_bootstrap_test(Y, asah["wfns"], asah["s100b"], resamples=10000, seed=1)
    return {"D": result.z, "p": result.p}


def concordance():
    result = st.rank_correlation(Y, asah["s100b"])
    return {"C": result.c, "Dxy": result.somers_d}


def partial():
    return {
        "raw": st.partial_auc(Y, asah["s100b"], 0.1, corrected=False),
        "corrected": st.partial_auc(Y, asah["s100b"], 0.1),
    }


def youden(score):
    cut = st.youden_cutoff(Y, asah[score])
    metrics, table = (
        st.classification_metrics(Y, asah[score], cut.value),
        st.confusion_matrix(Y, asah[score], cut.value),
    )
    return {
        "threshold": cut.value,
        "sensitivity": cut.sensitivity,
        "specificity": cut.specificity,
        "youden": cut.sensitivity + cut.specificity,
        **{name: metrics[name].value for name in ("accuracy", "ppv", "npv")},
        "tp": table.true_positive,
        "tn": table.true_negative,
        "fp": table.false_positive,
        "fn": table.false_negative,
    }


def caret():
    metrics, table = (
        st.classification_metrics(Y, asah["s100b"], 0.205),
        st.confusion_matrix(Y, asah["s100b"], 0.205),
    )
    rate, agreement = st.no_information_test(Y, asah["s100b"], 0.205), metrics["accuracy"]
    names = {
        "Sensitivity": "sensitivity",
        "Specificity": "specificity",
        "Pos Pred Value": "ppv",
        "Neg Pred Value": "npv",
        "Precision": "ppv",
        "Recall": "sensitivity",
        "F1": "f1",
        "Prevalence": "prevalence",
        "Detection Rate": "detection_rate",
        "Detection Prevalence": "detection_prevalence",
        "Balanced Accuracy": "balanced_accuracy",
    }
    return {
        "table": [
            table.true_negative,
            table.false_positive,
            table.false_negative,
            table.true_positive,
        ],
        "overall": {
            "Accuracy": agreement.value,
            "Kappa": metrics["kappa"].value,
            "AccuracyLower": agreement.ci_low,
            "AccuracyUpper": agreement.ci_high,
            "AccuracyNull": rate.statistic,
            "AccuracyPValue": rate.p,
            "McnemarPValue": (
                st.mcnemar_test((asah["s100b"] >= 0.205).astype(int), Y, "corrected").p
            ),
        },
        "byClass": {r_name: metrics[name].value for r_name, name in names.items()},
    }


def wilson():
    metrics = st.classification_metrics(Y, asah["s100b"], 0.205, interval="wilson")
    names = {
        "diag.ac": "accuracy",
        "pv.neg": "npv",
        "pv.pos": "ppv",
        "se": "sensitivity",
        "sp": "specificity",
    }
    return {
        r_name: {
            "est": metrics[name].value,
            "lower": metrics[name].ci_low,
            "upper": metrics[name].ci_high,
        }
        for r_name, name in names.items()
    }


def exact():
    cases = {"26of41": (26, 41), "0of13": (0, 13), "33of33": (33, 33)}
    return {
        name: [st.proportion(*case).ci_low, st.proportion(*case).ci_high]
        for name, case in cases.items()
    }


def binomial_methods():
    results = [st.proportion(26, 41, method=method) for method in ("exact", "wilson", "wald")]
    return {
        "rows": ["Exact", "Wilson", "Asymptotic"],
        "cols": ["PointEst", "Lower", "Upper"],
        "values": [[each.value, each.ci_low, each.ci_high] for each in results],
    }


def classification_bootstrap():
    metrics = st.classification_metrics(Y, asah["s100b"], 0.205, interval="bootstrap", seed=3)
    return {
        name: [metrics[name].ci_low, metrics[name].value, metrics[name].ci_high]
        for name in ("sensitivity", "specificity", "accuracy", "ppv", "npv")
    }


def kappa():
    result = st.weighted_kappa((asah["s100b"] >= 0.205).astype(int), Y)
    return {"kappa": result.value, "var": result.standard_error**2}


def icc_forms():
    table = st.icc_table(data("shrout_fleiss"))
    return {
        "type": list(table.index),
        "ICC": table["icc"],
        "F": table["f"],
        "df1": table["df1"],
        "df2": table["df2"],
        "p": table["p"],
        "lo": table["ci_low"],
        "hi": table["ci_high"],
    }


def icc():
    agreement, consistency = st.icc_2_1(data("shrout_fleiss")), st.icc_3_1(data("shrout_fleiss"))
    return {
        "ICC21": agreement.icc[0],
        "ICC21_ci": [agreement.ci_low[0], agreement.ci_high[0]],
        "ICC31": consistency.icc[0],
        "ICC31_ci": [consistency.ci_low[0], consistency.ci_high[0]],
        "p21": agreement.p_satterthwaite[0],
        "p31": consistency.p[0],
    }


def mcnemar():
    table = [[794, 86], [150, 570]]
    corrected, plain = (
        st.mcnemar_test(table, None, "corrected"),
        st.mcnemar_test(table, None, "uncorrected"),
    )
    return {
        "corrected": corrected.statistic,
        "corrected_p": corrected.p,
        "uncorrected": plain.statistic,
        "uncorrected_p": plain.p,
        "exact_p": st.mcnemar_test(table, None, "exact").p,
    }


def correlations():
    table = data("pima_tr")
    pearson, spearman = (
        st.correlation(table["glu"], table["bmi"]),
        st.correlation(table["glu"], table["bmi"], "spearman"),
    )
    return {
        "pearson": pearson[0],
        "pearson_p": pearson[3],
        "pearson_ci": pearson[1:3],
        "spearman": spearman[0],
        "spearman_p": spearman[3],
    }


def lasso():
    table = data("pima_tr")
    x = table.drop(columns="y")
    path = st.lasso_path(x, table["y"], [0.2, 0.1, 0.05, 0.02, 0.01, 0.001])
    return {
        "lambda": path.index,
        "a0": path["(intercept)"],
        "beta": path[list(x.columns)].T,
        "vars": list(x.columns),
        "devratio": path["deviance_ratio"],
    }


def largest_penalty():
    table = data("pima_tr")
    largest = st.lasso_largest_penalty(table.drop(columns="y"), table["y"])
    return {"lambda_max": largest, "formula": largest}


def mrmr():
    table = data("pima_tr")
    ranking = st.mrmr_ranking(table.drop(columns="y"), table["y"], 5)
    return {"target": "y", "selected": list(ranking.index), "scores": ranking.to_numpy()}


CASES = {
    "roc.auc.wfns": lambda: auc(Y, asah["wfns"]),
    "roc.auc.s100b": lambda: auc(Y, asah["s100b"]),
    "roc.auc.perfect": lambda: auc(*TOY),
    "roc.curve.s100b": curve,
    "roc.cov.wfns_s100b": lambda: st.delong_covariance(Y, asah[["wfns", "s100b"]])[1][0, 1],
    "delong.paired.wfns_s100b": lambda: paired("wfns", "s100b"),
    "delong.paired.wfns_ndka": lambda: paired("wfns", "ndka"),
    "delong.paired.onesided": lambda: paired("wfns", "s100b", alternative="greater"),
    "delong.paired.identical": lambda: paired("wfns", "wfns"),
    "delong.unpaired.wfns_s100b": unpaired,
    "roc.cindex.s100b": concordance,
    "roc.bootci.s100b.indices": boot_indices,
    "roc.bootci.s100b.mc": boot_interval,
    "roc.boottest.mc": boot_test,
    "roc.pauc.s100b": partial,
    "youden.s100b": lambda: youden("s100b"),
    "youden.wfns": lambda: youden("wfns"),
    "youden.ndka": lambda: youden("ndka"),
    "confmat.s100b.caret": caret,
    "diag.wilson.s100b.epiR": wilson,
    "ci.binom.exact": exact,
    "ci.binom.methods": binomial_methods,
    "confmat.bootci.mc": classification_bootstrap,
    "kappa.s100b": kappa,
    "icc.psych.sf": icc_forms,
    "icc.irr.sf": icc,
    "mcnemar.agresti": mcnemar,
    "cor.methods": correlations,
    "lasso.path": lasso,
    "lasso.lambdamax": largest_penalty,
    "mrmr.mRMRe.pima": mrmr,
}
OMITTED = {
    "lasso.lambdamax": {
        "nlambda": "glmnet's own stopping rule of its path, not a statistic",
        "ratio": "glmnet's own spacing of its path, not a statistic",
    },
}
