"""What training chose: the best parts, in the end and in the folds, their features, and the weights
of the fusions."""

from __future__ import annotations

from analysis.results.record import Records
from analysis.training import Training
from models.catalogue import LABELS


def add_chosen(records: Records, training: Training) -> None:
    """`radiomics.best`, `deep.best`, what the outer folds chose, `features.selected.*` and
    `coefficient.<fusion>.<part>`."""
    for part, name in {"radiomics": "radiomics", "dl": "deep"}.items():
        if part in training.chosen["final"]:
            chosen = training.chosen["final"][part]
            records.add(
                f"{name}.best",
                LABELS[chosen].removeprefix("Radiomics, "),
                method="highest out-of-fold AUC in training",
                source="train_all",
            )
            records.add(f"{name}.best.id", chosen, source="train_all")
            records.add(
                f"{name}.chosen_in_folds",
                ", ".join(
                    LABELS[picks[part]].removeprefix("Radiomics, ")
                    for context, picks in sorted(training.chosen.items())
                    if context != "final"
                ),
                source="train_all",
            )
            for number, feature in enumerate(training.selected.get(chosen, []), start=1):
                records.add(f"features.selected.{number:02d}", feature, source="FeatureSelection")
    if "radiomics" in training.chosen["final"]:
        records.add(
            "features.selected.n",
            len(training.selected[training.chosen["final"]["radiomics"]]),
            unit="features",
            source="FeatureSelection",
        )
    _add_calibrated(records, training)
    _add_fallback(records, training)
    for model, coefficients in training.coefficients.items():
        for part, coefficient in coefficients.items():
            records.add(
                f"coefficient.{model}.{part}",
                coefficient,
                unit="log odds ratio per standard deviation",
                method="fusion fitted on out-of-fold scores",
                source="FusionModel",
            )


def _add_fallback(records: Records, training: Training) -> None:
    """`chosen.fallback.final`: the univariable P of the variable that the CR model has although its
    rule kept none; `chosen.fallback.outer`: in how many outer folds that was so."""
    if training.scores is None:
        return
    fits = {
        context: fit.model
        for (name, context), fit in training.scores.fits.items()
        if name == "cr" and fit.model is not None
    }
    final = fits.pop("final", None)
    if final is not None and final.fallback_:
        records.add(
            "chosen.fallback.final",
            None,
            p=float(final.univariable_p_.min()),
            unit="likelihood-ratio test",
            method="the rule kept no variable; this one has the smallest univariable P",
            source="ClinicalModel",
        )
    if fits:
        records.add(
            "chosen.fallback.outer",
            sum(model.fallback_ for model in fits.values()),
            n=len(fits),
            unit="folds",
            method="the rule kept no variable",
            source="ClinicalModel",
        )


def _add_calibrated(records: Records, training: Training) -> None:
    """`radiomics.uncalibrated.n`: fits of classifiers, final and in outer folds, that kept their
    own probabilities, of all such fits."""
    if training.scores is None:  # predictions that were made elsewhere
        return
    fits = [
        fit
        for (name, _), fit in training.scores.fits.items()
        if name.startswith("radiomics_") and fit.model is not None
    ]
    if fits:
        records.add(
            "radiomics.uncalibrated.n",
            sum(fit.model.sigmoid_ is None for fit in fits),
            n=len(fits),
            unit="folds",
            source="out_of_fold_sigmoid",
            method=(
                "fits without a sigmoid: their out-of-fold scores did not rise with the outcome, or"
                " there were too few patients to tune on"
            ),
        )
