"""From a computed study to the folder of one of its locked models."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from analysis.cohort.cohort import Cohort
from analysis.cohort.tables.feature_table import source_columns
from analysis.core.cache import write_atomically
from analysis.core.word_lists import counted
from analysis.imaging.preparation.histogram_matching import PERCENTILES
from analysis.results import keys, read_records
from analysis.study import Study
from analysis.study.delta import DeltaFeature, parsed
from analysis.study.regions import split_region
from analysis.training import TrainedStudy, trained
from analysis.workflow.check.load import load_cohort
from analysis.workflow.locked_model.blocks import block_ranges, of_no_block, used_blocks
from analysis.workflow.locked_model.model_card import FILE, model_card
from analysis.workflow.locked_model.own_code import used_extractions
from analysis.workflow.locked_model.performance import model_performance
from analysis.workflow.locked_model.training_ranges import phase_ranges, table_ranges
from analysis.workflow.provenance import commit_of
from analysis.workflow.run import is_current
from models.locked import LockedModel, LockedModelError, write_folder
from models.locked.radiomics import LockedRadiomics
from models.radiomics import RadiomicsModel


def _part(training: TrainedStudy, name: str) -> Any:
    model = training.fitted.fit(name).model
    return LockedRadiomics.of(model) if isinstance(model, RadiomicsModel) else model


def exportable(training: TrainedStudy) -> list[str]:
    """Models that a folder can hold.

    They are all trained ones but those of one's own, whose class is code.
    """
    return [name for name in _known(training) if training.registry[name].family != "additional"]


def _known(training: TrainedStudy) -> list[str]:
    """Base models, chosen ones and fusions of the study."""
    fitted = training.fitted
    return [*fitted.models, *fitted.chosen["final"], *fitted.fusions["final"]]


def locked_model(training: TrainedStudy, name: str) -> LockedModel:
    """Final fit of a model of the study.

    The model is cr, radiomics or dl (the chosen one), a classifier, a network, rcr, dlrcr.

    Raises LockedModelError for a model that the study does not have, or that has no form without
    code.
    """
    known = _known(training)
    if name not in known:
        raise LockedModelError(
            f"this study has no model '{name}'; it has {', '.join(dict.fromkeys(known))}"
        )
    if name not in exportable(training):
        raise LockedModelError(
            f"'{name}' is a model of your own: it is a class, and an exported folder holds no code."
            " Share its file, and the study"
        )
    spec = training.registry[name]
    if spec.kind == "fusion":
        fusion = training.fitted.fusions["final"][name]
        return LockedModel(
            parts={column: _part(training, column) for column in fusion.scored_parts},
            design=fusion.design,
            variables=tuple(fusion.variables),
            features=tuple(fusion.features),
            fusion=fusion.model,
        )
    if spec.family == "clinical":
        return LockedModel(regression=training.fitted.fit(name).model)
    return LockedModel({spec.chosen_as or spec.id: _part(training, name)})


def _compared(study: Study, features: Sequence[str]) -> dict[str, DeltaFeature]:
    """What each of the features compares, of those that compare two phases."""
    deltas, regions = study.deltas, study.regions
    found = {name: parsed(name, deltas, regions) for name in features} if deltas else {}
    return {name: each for name, each in found.items() if each is not None}


def _extracted(study: Study, features: Sequence[str]) -> list[str]:
    """Features of single phases that these are, or are computed from."""
    compared = _compared(study, features)
    single = [name for name in features if name not in compared]
    parts = [part for each in compared.values() for part in (each.phase, each.reference)]
    return list(dict.fromkeys([*single, *parts]))


def _phases(model: LockedModel, study: Study) -> list[str]:
    """Phases whose images the model reads."""
    if model.needs_images or model.habitats is not None:
        return list(study.phases)
    if study.radiomics is not None and study.radiomics.table is not None:
        return []
    names = _extracted(study, of_no_block(study, model.needed_features))
    read = [phase for phase in study.phases if any(name.startswith(f"{phase}_") for name in names)]
    targets = {study.phases[phase].resample_to for phase in read}
    return [phase for phase in study.phases if phase in read or phase in targets]


def _habitats(study: Study, model: LockedModel) -> dict[str, Any]:
    """Where the model's habitats lie and how intensities are made; nothing where it has none."""
    if model.habitats is None or study.habitats is None:
        return {}
    return {
        "habitats": {
            "phase": study.habitat_phase,
            "region": study.habitats.region,
            "normalisation": study.habitats.normalisation,
        }
    }


def _regions(study: Study, features: Sequence[str], model: LockedModel) -> dict[str, Any]:
    """Regions beside the tumour that the model's features are of; nothing where there are none."""
    used = {split_region(name, study.phases, study.regions)[0] for name in features}
    if model.habitats is not None and study.habitats is not None:
        used.add(study.habitats.region)
    found = {
        name: region.model_dump(mode="json")
        for name, region in study.regions.items()
        if name in used
    }
    return {"regions": found} if found else {}


def _preprocessing(cohort: Cohort, phases: Sequence[str], has_features: bool) -> dict[str, Any]:
    """What is done to the images of the model's phases; nothing where nothing is.

    With it the standard scale that histograms are matched to, of a model that reads features or
    habitats; networks do not see it.
    """
    steps = {
        phase: each if has_features else each.of_one_image
        for phase, each in cohort.study.preprocessing_of.items()
        if phase in phases
    }
    found: dict[str, Any] = {}
    done = {name: each for name, each in steps.items() if each.does_something}
    if done:
        found["preprocessing"] = {name: each.model_dump(mode="json") for name, each in done.items()}
    scales = {
        name: {
            "percentiles": list(PERCENTILES),
            "intensities": list(map(float, cohort.standards[name])),
        }
        for name, each in done.items()
        if each.is_matched
    }
    if scales:
        found["standard_scale"] = scales
    return found


def _record(
    study: Study, cohort: Cohort, training: TrainedStudy, name: str, model: LockedModel
) -> tuple[dict[str, Any], dict[str, bytes]]:
    """Description of a locked model, and the files of the code of own features.

    The description is what the folder says beside the numbers of the model: how its inputs are
    made, what they were, and what the score means.
    """
    records, learnt = (
        read_records(study.output_folder / "results.json"),
        list(cohort.labelled("training")),
    )
    phases, variables = _phases(model, study), model.needed_variables
    endpoint = study.study.event + (
        f" within {counted(f'{study.endpoint.horizon_months:g}', 'month')}"
        if study.endpoint.horizon_months
        else ""
    )
    inputs = training.provenance.inputs
    assert inputs is not None
    needed = model.needed_features
    features = of_no_block(study, needed)
    # Features of a table are taken as they come: no image of a new patient is read for them.
    table = study.radiomics.table if study.radiomics is not None and features else None
    columns = source_columns(study) if table is not None else {}
    compared, extracted = _compared(study, features), _extracted(study, features)
    extractions, code = (
        used_extractions(study, phases, extracted) if features and table is None else ({}, {})
    )
    lesions = table.lesions if table is not None else None
    feature_table = {
        "columns": {feature: columns[feature] for feature in extracted if table is not None},
        "lesions": None if lesions is None else lesions.model_dump(mode="json"),
    }
    record = {
        "name": name,
        "label": training.registry[name].label,
        "study": study.study.name,
        "title": study.study.title,
        "synthetic": study.study.synthetic or study.cohort.demo is not None,
        "outcome": endpoint,
        "cutoff": records[keys.cutoff(name)].value if keys.cutoff(name) in records else None,
        "patients": len(learnt),
        "events": int(cohort.label[learnt].sum()),
        "commit": commit_of(Path(__file__).resolve().parent),
        "versions": {parts["package"]: record.value for parts, record in keys.software.of(records)},
        "phases": {
            phase: (
                study.phases[phase].model_dump(
                    mode="json", exclude={"repeat_masks", "extraction", "preprocessing"}
                )
            )
            for phase in phases
        },
        "lesions": study.lesions.model_dump(mode="json"),
        "masks": study.masks.model_dump(mode="json"),
        "extraction": extractions,
        **_regions(study, extracted if extractions else [], model),
        **({"delta": {name: vars(each) for name, each in compared.items()}} if compared else {}),
        **_habitats(study, model),
        **_preprocessing(cohort, phases, bool(extractions) or model.habitats is not None),
        "feature_table": None if table is None else feature_table,
        **used_blocks(study, needed),
        "performance": model_performance(records, name),
        "deep_learning": (
            study.deep_learning.model_dump(mode="json")
            if model.needs_images and study.deep_learning is not None
            else None
        ),
        "dictionary": (
            {
                variable: (
                    cohort.dictionary.variables[variable].model_dump(mode="json", exclude_none=True)
                )
                for variable in variables
            }
            if cohort.dictionary
            else {}
        ),
        "ranges": {
            "phases": phase_ranges(cohort, learnt, phases) if phases else {},
            "features": (
                table_ranges(inputs.radiomics.loc[learnt, features])
                if features and inputs.radiomics is not None
                else {}
            )
            | block_ranges(inputs.blocks, learnt, needed),
            "variables": table_ranges(cohort.clinical.loc[learnt, variables]),
        },
    }
    return record, code


def write_model(cohort: Cohort, training: TrainedStudy, name: str, folder: Path) -> str:
    """Write the locked model `name` to `folder`; returns its identity.

    No patient is in the folder, but for classifiers whose fit holds feature values of training
    patients (nearest neighbours, support vectors); and no code, but for the file of own features
    that the model reads. Raises LockedModelError where the model can't be exported.
    """
    model = locked_model(training, name)
    description, files = model.description()
    record, code = _record(cohort.study, cohort, training=training, name=name, model=model)
    whole = {**record, **description}
    identity = write_folder(folder, whole, {**files, **code})
    # The card is for people: it is no part of the identity, and may be completed by its authors.
    records = read_records(cohort.study.output_folder / "results.json")
    write_atomically(
        folder / FILE,
        model_card(cohort.study, records, name=name, description=whole, identity=identity),
    )
    return identity


def export_model(study: Study, name: str | None, folder: Path) -> tuple[str, str]:
    """Export the locked model `name` (the study's best, if None) of a computed study.

    Returns its name and identity. Nothing is fitted anew.

    Raises LockedModelError where the study's results are not there or not those of its files now.
    """
    if not is_current(study):
        raise LockedModelError(
            f"the results of {study.path.name} are not there or not those of its files now;"
            f" `early-recurrence run --study {study.path.name}` first"
        )
    cohort = load_cohort(study)
    _, training = trained(cohort)
    name = name or str(read_records(study.output_folder / "results.json")[keys.best_model()].value)
    return name, write_model(cohort, training, name, folder)
