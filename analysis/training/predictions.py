"""All fits of a study, the choice of the best parts, the nested fusions, and the table that they fill."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import pandas as pd
from sklearn.metrics import roc_auc_score

from analysis.cohort import Cohort
from analysis.progress import in_parallel
from analysis.radiomics import RadiomicsTable, reproducible_features
from analysis.training.comparators import comparator_predictions
from analysis.training.contexts import Context, contexts_of
from analysis.training.fits import Fit, code_digest, fit_one
from analysis.training.settings import model_settings
from models.catalogue import FAMILIES
from models.clinical import ClinicalDesign
from models.fusion import Formula, FusionModel, as_score
from models.inputs import Inputs


@dataclass(frozen=True)
class Training:
    """predictions: the tidy table. chosen: context → the radiomics classifier and network chosen in it.

    selected: final fits' variables and features. coefficients: log odds ratios of the final fusions. formulas: what these
    compute, in the units of their terms.
    """

    predictions: pd.DataFrame
    chosen: dict[str, dict[str, str]]
    selected: dict[str, list[str]]
    coefficients: dict[str, dict[str, float]] = field(default_factory=dict)
    formulas: dict[str, Formula] = field(default_factory=dict)


class _Scores:
    """Scores of all fits, by model and context."""

    def __init__(self, fits: list[Fit], contexts: list[Context], label: pd.Series):
        self.fits = {(fit.model, fit.context): fit for fit in fits}
        self.contexts, self.label = contexts, label

    def inside(self, model: str, context: str) -> pd.Series:
        """Out-of-fold scores of a context's learning patients, from the folds one level below."""
        below = [each.name for each in self.contexts if each.name != "final" and each.parent == context]
        return pd.concat([self.fits[model, name].scores for name in below])

    def best(self, models: list[str], context: str) -> str:
        """The model whose out-of-fold AUC inside the context is highest; the first named wins a tie."""
        def area(model: str) -> float:
            scores = self.inside(model, context)
            known = self.label[scores.index].dropna()
            return float(roc_auc_score(known, scores[known.index]))
        return max(models, key=area)


def _fusions(scores: _Scores, cohort: Cohort, settings: dict, chosen: dict[str, str], context: Context) -> dict[str, tuple[pd.Series, FusionModel, ClinicalDesign]]:
    """RCR and DLRCR in one context: name → (scores of the context's patients, the fusion, the design of its predictors)."""
    if "cr" not in settings:
        return {}
    selected = list(scores.fits["cr", context.name].selected)
    design = ClinicalDesign(settings["cr"]["levels"], settings["cr"]["log"]).fit(cohort.clinical.loc[list(context.learn)], selected)
    predictors = design.matrix(cohort.clinical, selected)
    members = {"rcr": ["radiomics"], "dlrcr": ["dl", "radiomics"]}
    result = {}
    for name, parts in members.items():
        if not all(part in chosen for part in parts):
            continue
        inside = pd.DataFrame({part: as_score(scores.inside(chosen[part], context.name)) for part in parts}).loc[list(context.learn)]
        outside = pd.DataFrame({part: as_score(scores.fits[chosen[part], context.name].scores) for part in parts})
        fusion = FusionModel().fit(inside.join(predictors), cohort.label)
        result[name] = (fusion.predict(outside.join(predictors)), fusion, design)
    return result


def _rows(cohort: Cohort, model: str, final: pd.Series, outer: pd.Series) -> pd.DataFrame:
    """Apparent and out-of-fold rows of training patients, validation rows of the others."""
    training = cohort.cohort[final.index] == "training"
    parts = {"apparent": final[training], "out_of_fold": outer, "validation": final[~training]}
    frames = [pd.DataFrame({"patient_id": scores.index, "how": how, "score": scores.to_numpy(), "probability": scores.to_numpy()}) for how, scores in parts.items()]
    return pd.concat(frames).assign(model=model, family=FAMILIES[model])


def train_all(cohort: Cohort, table: RadiomicsTable | None, images: Any = None) -> Training:
    """Fit every model in every context and return predictions for every patient.

    The radiomics classifier and network of `radiomics` and `dl` are chosen anew in each context by its inner
    out-of-fold AUC, so the outer out-of-fold scores pay for the choice. Features of low reproducibility between
    delineations are left out beforehand: that filter sees no outcome.
    """
    study = cohort.study
    features = reproducible_features(table, study.radiomics.icc_threshold) if table is not None and study.radiomics else []
    if table is not None and not features:
        raise ValueError(f"radiomics: no feature reaches icc_threshold {study.radiomics.icc_threshold}; lower it, or look at the repeated masks")
    inputs = Inputs(cohort.patients, cohort.clinical, None if table is None else table.features, images)
    training = list(cohort.patients[cohort.cohort == "training"])
    others = list(cohort.patients[cohort.cohort == "validation"])
    contexts = contexts_of(training, others, cohort.label, study.validation.outer_folds, study.validation.inner_folds, study.seed)
    settings = model_settings(cohort, features)

    # Slow fits first, so that no process is left with a network while the other has finished.
    order = sorted(settings, key=lambda name: {"resnet50": 0, "resnet34": 1, "resnet18": 2}.get(name, 3))
    code, folder = code_digest(), study.cache_folder / "fits"
    work = [(name, settings[name], context, inputs, cohort.label, study.seed, folder, code) for name in order for context in contexts]
    fits = in_parallel(fit_one, work, "models", study.jobs)
    scores = _Scores(fits, contexts, cohort.label)

    groups = {"radiomics": [name for name in settings if name.startswith("radiomics_")], "dl": [name for name in settings if name.startswith("resnet")]}
    upper = [context for context in contexts if "/" not in context.name]
    chosen = {context.name: {part: scores.best(names, context.name) for part, names in groups.items() if names} for context in upper}
    fused = {context.name: _fusions(scores, cohort, settings, chosen[context.name], context) for context in upper}

    def scored(model: str, context: str) -> pd.Series:
        if model in fused[context]:
            return fused[context][model][0]
        return scores.fits[chosen[context].get(model, model), context].scores

    names = [*settings, *chosen["final"], *fused["final"]]
    outer = [context.name for context in upper if context.name != "final"]
    frames = [_rows(cohort, name, scored(name, "final"), pd.concat([scored(name, context) for context in outer])) for name in names]
    if study.comparators or study.supplement_scores:
        folds = {context.name: (list(context.learn), list(context.score)) for context in upper}
        frames.append(comparator_predictions(cohort, folds))
    predictions = pd.concat(frames, ignore_index=True)
    predictions = predictions.join(pd.concat([cohort.cohort, cohort.outcome], axis=1), on="patient_id")
    columns = ["patient_id", "cohort", "model", "family", "how", "score", "probability", "label", "time_months", "event_type"]
    return Training(
        predictions[columns].reset_index(drop=True), chosen,
        {name: list(scores.fits[name, "final"].selected) for name in settings if scores.fits[name, "final"].selected},
        {name: fusion.coefficients.to_dict() for name, (_, fusion, _) in fused["final"].items()},
        {name: fusion.formula.in_units(design.fill_, design.scale_, design.log) for name, (_, fusion, design) in fused["final"].items()},
    )
