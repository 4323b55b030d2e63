"""How the CR and radiomics models are made, in words that follow the study file."""

from __future__ import annotations

from analysis.results import keys
from analysis.results.record import Records
from analysis.study import Clinical, Radiomics, Study
from analysis.study.load import load_study

RULES = {
    "p": "backward elimination by likelihood ratio",
    "aic": "backward elimination by Akaike's criterion",
    "lasso": "LASSO at {penalty}, fitted again without penalty",
}
PENALTIES = {
    "min": "the penalty of least cross-validated deviance",
    "1se": "the largest penalty within a standard error of the least cross-validated deviance",
}
IMPUTATIONS = {
    "median": "the median or mode",
    "iterative": (
        "the predictions of chained Bayesian ridge regressions on all other candidates (numbers) or"
        " the mode (categories)"
    ),
    "multiple": (
        "imputations by chained equations (Bayesian ridge regression for numbers, logistic"
        " regression for categories, each on bootstrap samples), pooled by Rubin's rules; a score"
        " rests on what they expect on average"
    ),
}


def rule_words(clinical: Clinical) -> str:
    """How the CR model's variables are chosen."""
    screened = clinical.rule != "lasso" if clinical.screening is None else clinical.screening
    limit = f" (p below {clinical.entry_p:g})" if clinical.rule == "p" else ""
    return (
        (
            f"univariable logistic regression (p below {clinical.entry_p:g}), then "
            if screened
            else ""
        )
        + RULES[clinical.rule].format(penalty=PENALTIES[clinical.lasso_penalty])
        + limit
    )


def selection_words(radiomics: Radiomics) -> str:
    """The steps of the radiomics selection, in their order."""
    words = {
        "variance": (
            "leaving out near-constant features (one value in more than"
            f" {100 * radiomics.most_common_share:g}% of the patients)"
        ),
        "univariable": (
            f"ranking by the Mann-Whitney test ({radiomics.univariable_features} went on)"
        ),
        "correlation": (
            f"pruning where Spearman's correlation exceeded {radiomics.correlation_limit:g}"
        ),
        "mrmr": f"minimum redundancy, maximum relevance ({radiomics.mrmr_features} went on)",
        "lasso": (
            f"LASSO at {PENALTIES[radiomics.lasso_penalty]} (at most {radiomics.selected_features})"
        ),
    }
    steps = [words[step] for step in radiomics.selection]
    return steps[0] if len(steps) == 1 else ", ".join(steps[:-1]) + " and " + steps[-1]


def add_model_words(records: Records, study: Study) -> None:
    """`settings.clinical_rule`, `.imputation`, `.splines`, `.selection` and `.harmonisation`, as
    far as the study has them."""
    if study.clinical is not None:
        records.add(keys.settings_clinical_rule(), rule_words(study.clinical), source=load_study)
        several = (
            f"{study.clinical.imputations} " if study.clinical.imputation == "multiple" else ""
        )
        records.add(
            keys.settings_imputation(),
            several + IMPUTATIONS[study.clinical.imputation],
            source=load_study,
        )
        if study.clinical.splines:
            splines = ", ".join(
                f"{name.replace('_', ' ')} ({knots} knots)"
                for name, knots in study.clinical.splines.items()
            )
            records.add(
                keys.settings_splines(),
                splines,
                method="restricted cubic splines, Harrell's knots",
                source=load_study,
            )
    if study.radiomics is not None:
        records.add(keys.settings_selection(), selection_words(study.radiomics), source=load_study)
        if study.radiomics.harmonisation is not None:
            reference = study.radiomics.harmonisation.reference
            records.add(
                keys.settings_harmonisation(),
                f"centre {reference}" if reference else "their common mean and variance",
                method="ComBat over centres",
                source=load_study,
            )
