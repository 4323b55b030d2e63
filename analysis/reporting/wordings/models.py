"""How the CR and radiomics models are made, in words."""

from __future__ import annotations

from collections.abc import Sequence

from analysis.core.word_lists import counted, listed
from analysis.reporting.number_style import plain_p_side
from analysis.study import Clinical, Harmonisation, Radiomics
from analysis.study.feature_blocks import FeatureBlock
from models.selection_steps import COMPONENTS

# Sections that say how features reach a classifier.
Selecting = Radiomics | FeatureBlock

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
    limit = f" ({plain_p_side(0, clinical.entry_p)})" if clinical.rule == "p" else ""
    return (
        (
            f"univariable logistic regression ({plain_p_side(0, clinical.entry_p)}), then "
            if screened
            else ""
        )
        + RULES[clinical.rule].format(penalty=PENALTIES[clinical.lasso_penalty])
        + limit
    )


def selection_words(radiomics: Selecting) -> str:
    """The steps that choose radiomics features, in their order; empty where none does."""
    return _steps_in_words(radiomics, radiomics.selection)


def components_words(radiomics: Selecting) -> str:
    """Principal components that take the place of the features."""
    if isinstance(radiomics, FeatureBlock) and radiomics.pca_components is not None:
        number = counted(radiomics.pca_components, "principal component")
        return f"their first {number}, scaled to unit variance"
    return (
        f"the principal components that held {100 * radiomics.pca_variance:g}% of their variance,"
        " scaled to unit variance"
    )


def paths_words(radiomics: Selecting) -> str:
    """The paths from features to a classifier, each with its steps."""
    return "; ".join(
        f"{name}: {_path(radiomics, steps)}" for name, steps in radiomics.paths.items()
    )


def _path(radiomics: Selecting, steps: Sequence[str]) -> str:
    chosen = _steps_in_words(radiomics, steps)
    if COMPONENTS not in steps:
        return chosen or "all features"
    components = components_words(radiomics)
    return f"{chosen}, then {components}" if chosen else f"{components} (of all features)"


def _steps_in_words(radiomics: Selecting, names: Sequence[str]) -> str:
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
        "anova": f"ranking by analysis of variance ({radiomics.anova_features} went on)",
        "elastic_net": (
            f"an elastic net [@zou2005] with {100 * radiomics.elastic_net_mixing:g}% of LASSO's"
            f" penalty, at {PENALTIES[radiomics.lasso_penalty]} (at most"
            f" {radiomics.selected_features})"
        ),
    }
    return listed([words[step] for step in names if step != COMPONENTS])


def imputation_words(clinical: Clinical) -> str:
    """What missing values of the CR model's candidates are replaced by."""
    several = f"{clinical.imputations} " if clinical.imputation == "multiple" else ""
    return several + IMPUTATIONS[clinical.imputation]


def splines_words(clinical: Clinical) -> str:
    """Variables that enter by restricted cubic splines, with their knots."""
    return ", ".join(
        f"{name.replace('_', ' ')} ({counted(knots, 'knot')})"
        for name, knots in clinical.splines.items()
    )


def harmonisation_words(harmonisation: Harmonisation) -> str:
    """What ComBat harmonises the features of the centres to."""
    reference = harmonisation.reference
    return f"centre {reference}" if reference else "the mean and variance of all centres together"


def harmonisation_rules(harmonisation: Harmonisation) -> str:
    """What else is said of harmonisation: components and patients of new centres."""
    sentences = [
        (
            "After ComBat, the principal components that held"
            f" {100 * harmonisation.covbat_variance:g}% of the variance of the features were"
            " brought to a common mean and variance (CovBat)."
            if harmonisation.is_covbat
            else ""
        ),
        (
            "A centre without training patients was harmonised by location and scale of its own"
            f" patients' features, where at least {harmonisation.least_patients} of them were"
            " scored together; their outcomes were not used."
            if harmonisation.new_centre == "estimate"
            else ""
        ),
    ]
    return " ".join(filter(None, sentences))
