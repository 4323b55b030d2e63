"""Constructor arguments of the models, from the study file and the dictionary."""

from __future__ import annotations

from typing import Any

from analysis.cache import digest
from analysis.cohort import Cohort
from analysis.training.networks import network_settings
from models.additional import source_of


def factor_levels(cohort: Cohort, variables: list[str]) -> dict[str, list[str | int]]:
    """Levels of those variables that are factors; binary ones are numbers."""
    if cohort.dictionary is None:
        return {}
    return {
        name: list(variable.levels)
        for name in variables
        if (variable := cohort.dictionary.variables[name]).levels and variable.type != "binary"
    }


def clinical_settings(cohort: Cohort) -> dict[str, Any]:
    """Arguments of models.clinical.ClinicalModel; the study must have a clinical section."""
    clinical = cohort.study.clinical
    assert clinical is not None
    return {
        "candidates": list(clinical.candidates),
        "levels": factor_levels(cohort, list(clinical.candidates)),
        "log": list(clinical.log_transform),
        "entry_p": clinical.entry_p,
        "rule": clinical.rule,
        "screening": clinical.screening,
        "splines": dict(clinical.splines),
        "imputation": clinical.imputation,
        "lasso_penalty": clinical.lasso_penalty,
    } | ({"imputations": clinical.imputations} if clinical.imputation == "multiple" else {})


def model_settings(cohort: Cohort, features: list[str]) -> dict[str, dict[str, Any]]:
    """Constructor arguments of every base model that the study asks for."""
    study, settings = cohort.study, {}
    if study.clinical is not None:
        settings["cr"] = clinical_settings(cohort)
    if study.radiomics is not None:
        part = study.radiomics
        for classifier in part.classifiers:
            settings[f"radiomics_{classifier}"] = {
                "features": features,
                "selection": list(part.selection),
                "most_common": part.most_common_share,
                "univariable_features": part.univariable_features,
                "correlation_limit": part.correlation_limit,
                "mrmr_features": part.mrmr_features,
                "selected_features": part.selected_features,
                "tuning_folds": part.tuning_folds,
                "lasso_penalty": part.lasso_penalty,
                "harmonisation": (
                    part.harmonisation.model_dump(exclude={"method"})
                    if part.harmonisation is not None
                    else None
                ),
            }
    settings |= network_settings(study)
    for name, model in study.additional_models.items():
        source = digest(source_of(model.model, study.root))
        settings[name] = {
            "model": model.model,
            "root": str(study.root),
            "source": source,
            "settings": model.settings,
        }
    return settings
