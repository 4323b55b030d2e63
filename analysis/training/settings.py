"""The models of a study with their settings, from the study file and the dictionary."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from analysis.cohort.cohort import Cohort
from analysis.core.cache import digest
from analysis.inputs.radiomics.delta import references_of
from analysis.study import Harmonisation, Radiomics, Study
from analysis.study.feature_blocks import FeatureBlock
from analysis.training.networks import network_settings
from models.additional import load_model_class, reads_of, source_of
from models.blocks import FAMILY
from models.declared import CR, DL, RADIOMICS
from models.inputs import Inputs
from models.registry import ModelSpec, Registry, registry_of
from models.settings import (
    BlockSettings,
    ClinicalSettings,
    ModelSettings,
    OwnSettings,
    RadiomicsSettings,
)


@dataclass(frozen=True)
class ConfiguredModel:
    """A fitted model of a study: what it is, and its settings."""

    spec: ModelSpec
    settings: ModelSettings

    @property
    def id(self) -> str:
        """Name of the model in the predictions."""
        return self.spec.id

    def build(self, seed: int) -> Any:
        """The unfitted model."""
        assert self.spec.build is not None
        return self.spec.build(self.settings, seed)

    def inputs(self, inputs: Inputs) -> Inputs:
        """Inputs that the model reads, and no others.

        Raises ValueError naming inputs that the study does not have.
        """
        kept = self.settings.read(inputs)
        absent = [kind for kind, content in kept.items() if content is None]
        if absent:
            raise ValueError(
                f"{self.id} reads {' and '.join(absent)}, which this study does not have"
            )
        return Inputs(inputs.patients, **kept)


def factor_levels(cohort: Cohort, variables: list[str]) -> dict[str, list[str | int]]:
    """Levels of those variables that are factors; binary ones are numbers."""
    if cohort.dictionary is None:
        return {}
    return {
        name: list(variable.levels)
        for name in variables
        if (variable := cohort.dictionary.variables[name]).levels and variable.type != "binary"
    }


def clinical_settings(cohort: Cohort) -> ClinicalSettings:
    """Settings of the CR model; the study must have a clinical section."""
    clinical = cohort.study.clinical
    assert clinical is not None
    return ClinicalSettings(
        candidates=list(clinical.candidates),
        levels=factor_levels(cohort, list(clinical.candidates)),
        log=list(clinical.log_transform),
        entry_p=clinical.entry_p,
        rule=clinical.rule,
        screening=clinical.screening,
        splines=dict(clinical.splines),
        imputation=clinical.imputation,
        imputations=clinical.imputations,
        lasso_penalty=clinical.lasso_penalty,
    )


def harmonisation_settings(
    cohort: Cohort, harmonisation: Harmonisation | None
) -> dict[str, Any] | None:
    """Harmonisation as a model takes it, with the levels of the covariates that are factors."""
    if harmonisation is None:
        return None
    kept = harmonisation.covariates
    levels = factor_levels(cohort, kept)
    covariates = {"covariates": {name: levels.get(name) for name in kept}} if kept else {}
    return harmonisation.arguments | covariates


def _selection_arguments(rules: Radiomics | FeatureBlock) -> dict[str, Any]:
    """Arguments that a section of the study file gives its selection and tuning."""
    return {
        "selection": list(rules.selection),
        "most_common": rules.most_common_share,
        "univariable_features": rules.univariable_features,
        "correlation_limit": rules.correlation_limit,
        "mrmr_features": rules.mrmr_features,
        "selected_features": rules.selected_features,
        "tuning_folds": rules.tuning_folds,
        "lasso_penalty": rules.lasso_penalty,
        "anova_features": rules.anova_features,
        "elastic_net_mixing": rules.elastic_net_mixing,
        "pca_variance": rules.pca_variance,
        "paths": {name: list(steps) for name, steps in rules.paths.items()} or None,
    }


def radiomics_settings(cohort: Cohort, features: list[str]) -> RadiomicsSettings:
    """Settings of every radiomics classifier.

    The study must have a radiomics section. features: those that are reproducible.
    """
    part = cohort.study.radiomics
    assert part is not None
    return RadiomicsSettings(
        features=features,
        **_selection_arguments(part),
        harmonisation=harmonisation_settings(cohort, part.harmonisation),
        references=references_of(cohort.study, features) or None,
        habitats=habitat_arguments(cohort.study),
    )


def block_settings(study: Study, name: str, features: list[str]) -> BlockSettings:
    """Settings of the model of a block. features: of it, that are reproducible."""
    block = study.features[name]
    return BlockSettings(
        features=features,
        **_selection_arguments(block),
        pca_components=block.pca_components,
    )


def habitat_arguments(study: Study) -> dict[str, Any] | None:
    """Arguments of models.habitats.HabitatSettings; None without habitats."""
    habitats = study.habitats
    if habitats is None:
        return None
    return {
        "method": habitats.method,
        "reference": study.habitat_phase,
        "number": habitats.number,
        "least": habitats.number_from,
        "most": habitats.number_to,
        "criterion": habitats.judged_by,
        "voxels_per_patient": habitats.voxels_per_patient,
        "features": tuple(habitats.features),
        "seed": study.seed,
    }


def own_settings(study: Study, name: str) -> OwnSettings:
    """Settings of a model of one's own."""
    model = study.additional_models[name]
    return OwnSettings(
        model=model.model,
        root=study.root,
        source=digest(source_of(model.model, study.root)),
        reads=reads_of(load_model_class(model.model, study.root)),
        settings=model.settings,
    )


def configured_models(
    cohort: Cohort,
    features: list[str],
    registry: Registry | None = None,
    blocks: Mapping[str, list[str]] | None = None,
) -> dict[str, ConfiguredModel]:
    """Every base model that the study asks for, by id.

    features: that are reproducible; blocks: those of each block of other people's features.
    """
    study = cohort.study
    networks = network_settings(study)
    found: dict[str, ConfiguredModel] = {}
    for spec in (registry or registry_of(study)).of("fitted"):
        settings: ModelSettings
        if spec.family == CR.family:
            settings = clinical_settings(cohort)
        elif spec.family == RADIOMICS.family:
            settings = radiomics_settings(cohort, features)
        elif spec.family == FAMILY:
            settings = block_settings(study, spec.id, (blocks or {})[spec.id])
        elif spec.family == DL.family:
            settings = networks[spec.id]
        else:
            settings = own_settings(study, spec.id)
        found[spec.id] = ConfiguredModel(spec, settings)
    return found
