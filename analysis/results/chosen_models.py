"""Models that training chose.

They are the best parts, in the end and in the folds, their features, and the weights of the
fusions.
"""

from __future__ import annotations

from analysis.results import keys
from analysis.results.record import Records
from analysis.training import TrainedStudy
from analysis.training.predictions import train_all
from models.clinical.model import ClinicalModel
from models.declared import CR, PARTS, RADIOMICS
from models.fusion import FusionModel
from models.radiomics.calibration import out_of_fold_sigmoid
from models.radiomics.components import PrincipalComponents
from models.radiomics.selection import FeatureSelection
from models.radiomics.tuning import tune


def add_chosen(records: Records, training: TrainedStudy) -> None:
    """Add the chosen models, features and coefficients to the results.

    The records are `radiomics.best`, `deep.best`, what the outer folds chose, `features.selected.*`
    and `coefficient.<fusion>.<part>`.
    """
    fitted, registry = training.fitted, training.registry
    for part, words in PARTS.items():
        chosen = fitted.chosen["final"].get(part)
        if chosen is None:
            continue
        records.add(
            keys.named(f"{words.key}_best")(),
            registry[chosen].short,
            method="highest out-of-fold AUC in training",
            source=train_all,
        )
        records.add(keys.named(f"{words.key}_best_id")(), chosen, source=train_all)
        in_folds = [
            registry[picks[part]].short
            for context, picks in sorted(fitted.chosen.items())
            if context != "final"
        ]
        records.add(keys.named(f"{words.key}_chosen_in_folds")(), in_folds, source=train_all)
        final = fitted.fit(part).model
        # Thousands of names say nothing that their number does not.
        many = getattr(final, "has_many_features", False)
        selected = [] if many else fitted.selected.get(chosen, [])
        for number, feature in enumerate(selected, start=1):
            records.add(keys.features_selected(f"{number:02d}"), feature, source=FeatureSelection)
    if RADIOMICS.id in fitted.chosen["final"]:
        records.add(
            keys.features_selected_n(),
            len(fitted.selected[fitted.chosen["final"][RADIOMICS.id]]),
            unit="features",
            source=FeatureSelection,
        )
        _add_path(records, training)
    _add_calibrated(records, training)
    _add_fallback(records, training)
    for model, coefficients in training.fitted.coefficients.items():
        for part, coefficient in coefficients.items():
            records.add(
                keys.coefficient(model, part),
                coefficient,
                unit="log odds ratio per standard deviation",
                method="fusion fitted on out-of-fold scores",
                source=FusionModel,
            )


def _add_path(records: Records, training: TrainedStudy) -> None:
    """Add the path of the chosen classifier, and its principal components, where it has them.

    `radiomics.path` and `radiomics.path.in_folds` where the study has several paths;
    `features.components.n` where the last step of the path is one of components.
    """
    fitted = training.fitted
    final = fitted.fit(RADIOMICS.id).model
    if final is None:
        return
    if final.components_ is not None:
        records.add(
            keys.features_components_n(),
            final.components_,
            unit="components",
            source=PrincipalComponents,
        )
    if final.path_ is None:
        return
    records.add(
        keys.radiomics_path(),
        final.path_,
        method="highest mean AUC in the tuning folds",
        source=tune,
    )
    folds = [
        fitted.scores.fits[picks[RADIOMICS.id], context].model
        for context, picks in sorted(fitted.chosen.items())
        if context != "final"
    ]
    records.add(keys.radiomics_path_in_folds(), [model.path_ for model in folds], source=tune)


def _add_fallback(records: Records, training: TrainedStudy) -> None:
    """Add the fallback variable of the CR model to the results.

    `chosen.fallback.final`: the univariable P of the variable that the CR model has although its
    rule kept none; `chosen.fallback.outer`: in how many outer folds that was so.
    """
    clinical = training.fitted.of_family(CR.family)
    fits = {
        context: fit.model
        for (name, context), fit in training.fitted.scores.fits.items()
        if name in clinical and fit.model is not None
    }
    final = fits.pop("final", None)
    if final is not None and final.fallback_:
        records.add(
            keys.chosen_fallback_final(),
            None,
            p=float(final.univariable_p_.min()),
            unit="likelihood-ratio test",
            method="smallest univariable P, no variable kept by the rule",
            source=ClinicalModel,
        )
    if fits:
        records.add(
            keys.chosen_fallback_outer(),
            sum(model.fallback_ for model in fits.values()),
            n=len(fits),
            unit="folds",
            method="no variable kept by the rule",
            source=ClinicalModel,
        )


def _add_calibrated(records: Records, training: TrainedStudy) -> None:
    """Add the number of classifiers that were left uncalibrated.

    `radiomics.uncalibrated.n`: fits of classifiers, final and in outer folds, that kept their own
    probabilities, of all such fits.
    """
    classifiers = training.fitted.of_family(RADIOMICS.family)
    fits = [
        fit
        for (name, _), fit in training.fitted.scores.fits.items()
        if name in classifiers and fit.model is not None
    ]
    if fits:
        records.add(
            keys.radiomics_uncalibrated_n(),
            sum(fit.model.sigmoid_ is None for fit in fits),
            n=len(fits),
            unit="folds",
            source=out_of_fold_sigmoid,
        )
