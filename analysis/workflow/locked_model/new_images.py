"""A new patient's images and masks: what `check` says of them, and what the model reads of them."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import SimpleITK as sitk

from analysis.imaging.reading import ImageSource, MaskSource, PhaseFiles, read_image, read_mask
from analysis.imaging.reading.headers import Remark
from analysis.inputs.checks.images import look_at
from analysis.inputs.checks.preprocessing import preprocessing_fault
from analysis.inputs.checks.registration import not_used
from analysis.inputs.crops import HALF, Crop, crop_sources, padded_crop, phase_inputs
from analysis.inputs.habitats import habitat_sources, habitat_voxels
from analysis.inputs.radiomics.extraction import extract_features
from analysis.inputs.radiomics.own_features import naming
from analysis.inputs.radiomics.region_quality import region_quality
from analysis.inputs.registration.quality import registration_quality
from analysis.study import DeepLearning, Extraction, ExtractionWithCode
from analysis.study.regions import Block, block_of, blocks_of
from analysis.workflow.locked_model.new_deltas import compared_names, with_compared
from analysis.workflow.locked_model.training_ranges import image_traits, strange_traits
from models.locked import LockedModel
from models.voxels import Voxels


def _phase(name: str) -> str:
    return f"{name.replace('_', ' ')} phase"


def check_warnings(image: ImageSource, mask: MaskSource) -> list[tuple[Path, str]]:
    """Warnings of `early-recurrence check` on an image and its mask, each with the file it is of.

    Such are a mask at the border of its image, small pieces apart from the largest, and empty
    slices between drawn ones.
    """
    return [
        (
            image.path if finding.of == "image" else mask.path,
            finding.what + (f": {finding.mend}" if finding.mend else ""),
        )
        for finding in look_at(image, mask, None).findings
        if finding.level == "warning"
    ]


def _crop(description: Mapping[str, Any], files: PhaseFiles, name: str) -> Crop:
    """The tumour's crop as the model's networks see it."""
    networks = DeepLearning(**description["deep_learning"])
    sources, mask = crop_sources(files, name, networks)
    return padded_crop(sources, mask, networks, phase_inputs(files, networks))


def _padding_warnings(description: Mapping[str, Any], files: PhaseFiles, name: str) -> list[str]:
    """Phases of whose crop more than half lies beyond the image."""
    shares = zip(files.phases, _crop(description, files, name).beyond, strict=True)
    return [
        f"{_phase(phase)}: {share:.0%} of what networks see lies beyond the image; give an image"
        " with more around the tumour"
        for phase, share in shares
        if share > HALF
    ]


def look_at_images(
    description: Mapping[str, Any],
    files: PhaseFiles,
    name: str,
    faults: list[str],
    warnings: list[str],
) -> None:
    """Compare a patient's images with those of the training, and look for faults of their masks.

    What is unreadable or far outside of the training's ranges is added to `faults`, what is unusual
    to `warnings`.
    """
    told: set[tuple[Path, str]] = set()
    blocks = _blocks(description)
    for phase in description["phases"]:
        said: list[Remark] = []
        image_source, mask_source = files.image_source(name, phase), files.mask_source(name, phase)
        try:
            image = read_image(image_source, sitk.sitkFloat64, said)
            outside, far = strange_traits(
                image_traits(image, read_mask(mask_source, image, said)),
                description["ranges"]["phases"][phase],
                _phase(phase),
            )
            checked = check_warnings(image_source, mask_source)
            warnings += _registration_warnings(
                image_source, mask_source, phase, files.phases[phase].resample_to
            )
        except (ValueError, RuntimeError) as error:
            faults.append(f"{_phase(phase)}: {error}")
            continue
        remarks = [each.text for each in said if each.level == "warning"]
        warnings += [f"{_phase(phase)}: {text}" for text in remarks]
        # One mask may serve several phases: its fault is said once.
        warnings += [
            f"{_phase(phase)}, {path.name}: {what}"
            for path, what in dict.fromkeys(checked)
            if (path, what) not in told and not any(what.startswith(text) for text in remarks)
        ]
        told |= set(checked)
        warnings += outside
        faults += [f"{each}: too far from what the model knows" for each in far]
        prepared = files.prepared_source(name, phase)
        if prepared.preparation is not None and (words := preprocessing_fault(prepared)):
            faults.append(f"{_phase(phase)}: {words}")
        for block in blocks:
            if block.phase == phase and block.region is not None:
                mask = files.region_source(mask_source, name, block)
                refused, unusual = _look_at_region(image_source, mask)
                faults += [f"{_phase(phase)}: {text}" for text in refused]
                warnings += [f"{_phase(phase)}: {text}" for text in unusual]
    if description["deep_learning"] is not None and not faults:
        warnings += _padding_warnings(description, files, name)


def _registration_warnings(
    image: ImageSource, mask: MaskSource, phase: str, reference: str | None
) -> list[str]:
    """What of a phase's registration to `reference` is not used, in words."""
    if image.registration is None:
        return []
    row = vars(registration_quality(image, mask)) | {"phase": phase, "reference": reference}
    words = not_used(row)
    return [f"{_phase(phase)}: {words}"] if words else []


def _look_at_region(image: ImageSource, mask: MaskSource) -> tuple[list[str], list[str]]:
    """Faults of a region that can't be made, and what is unusual of it, in words."""
    try:
        found = region_quality(image, mask)
    except (ValueError, RuntimeError) as error:
        return [str(error)], []
    return [], [text for text in found.warnings.split("; ") if text]


def _blocks(description: Mapping[str, Any]) -> list[Block]:
    """Blocks of features that the model reads something of; without regions, all of its phases."""
    regions = description.get("regions", {})
    blocks = blocks_of(description["extraction"] or {}, regions)
    if not regions:
        return blocks
    names = [*description["ranges"]["features"], *compared_names(description)]
    used = {block_of(name, blocks) for name in names}
    return [block for block in blocks if block in used]


def image_inputs(
    description: Mapping[str, Any], model: LockedModel, files: PhaseFiles, name: str
) -> tuple[pd.DataFrame | None, np.ndarray | None]:
    """Features of a patient as one row, and the tumour's crop with a patient's axis before it.

    Each is None where the model does not read it.
    """
    radiomics = images = None
    if description["extraction"]:
        row: dict[str, float] = {}
        for block in _blocks(description):
            row |= _block_features(description["extraction"][block.phase], files, name, block)
        extracted = pd.DataFrame([row], index=pd.Index([name], name="patient_id"))
        wanted = [each for each in model.needed_features if each not in _of_tables(description)]
        radiomics = with_compared(description, extracted)[wanted]
    if description["deep_learning"] is not None:
        images = _crop(description, files, name).values[np.newaxis]
    return radiomics, images


def voxel_input(
    description: Mapping[str, Any],
    model: LockedModel,
    files: PhaseFiles,
    name: str,
    faults: list[str],
) -> Voxels | None:
    """Voxels of a patient's tumour in all phases; None for a model without habitats.

    What stands against them is added to `faults`.
    """
    made = description.get("habitats")
    if made is None or model.habitats is None:
        return None
    phases, learnt = list(files.phases), model.habitats.phases
    block = Block(made["phase"], made["region"])
    try:
        sources = habitat_sources(files, name, block, made["normalisation"])
        values = habitat_voxels(sources, phases.index(block.phase)).values
    except (ValueError, RuntimeError) as error:
        faults.append(f"habitats, {_phase(block.phase)}: {error}")
        return None
    return Voxels.of(learnt, [values[:, [phases.index(phase) for phase in learnt]]])


def _of_tables(description: Mapping[str, Any]) -> set[str]:
    """Features of blocks, which come from tables."""
    blocks = description.get("blocks", {}).values()
    return {feature for each in blocks for feature in each["columns"]}


def _block_features(
    settings: Mapping[str, Any], files: PhaseFiles, name: str, block: Block
) -> dict[str, float]:
    """Features of a phase's tumour or region, as the study's table names them."""
    kind = ExtractionWithCode if settings.get("code") else Extraction
    extraction = kind(**settings)
    with naming(f"{name}: the model can't be applied, {_phase(block.phase)}"):
        found = extract_features(
            files.prepared_source(name, block.phase),
            files.region_source(files.mask_source(name, block.phase), name, block),
            extraction if block.region is None else extraction.without_own(),
        )
    return {f"{block.prefix}_{feature}": value for feature, value in found.items()}
