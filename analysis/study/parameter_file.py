"""PyRadiomics's own parameter file in the place of the keys of an extraction.

It is read as it is, held against PyRadiomics's schema, and becomes the keys of the study file, so
that digests, other processes, the reviewer's bundle and a locked model have its content, and none
needs the file.
"""

from __future__ import annotations

import logging
import warnings
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from analysis.core.yaml_file import read_yaml
from analysis.study.extraction_parts import meant
from analysis.study.parameter_keys import keys_of

# What stands in the study file beside the file's name.
BESIDE = ("parameters", "engine", "own")


@dataclass(frozen=True)
class FileOf:
    """A parameter file as a study file names it. root: folder of the study file."""

    name: str
    root: Path


def located(content: Any, root: Path) -> Any:
    """A study file's settings of an extraction, with the folder that their parameter file is in."""
    if isinstance(content, str):
        return {"parameters": FileOf(content, root)}
    if isinstance(content, dict) and isinstance(content.get("parameters"), str):
        return {**content, "parameters": FileOf(content["parameters"], root)}
    return content


def from_parameter_file(given: Any, keys: tuple[str, ...]) -> Any:
    """Settings with those of the parameter file that they name; others come back as they are.

    keys: all keys of an extraction. Raises ValueError with every fault of the file.
    """
    if isinstance(given, str):
        given = {"parameters": given}
    if not isinstance(given, dict) or given.get("parameters") is None:
        return given
    more = [key for key in given if key in keys and key not in BESIDE]
    if more:
        raise ValueError(
            f"the parameter file has all settings of PyRadiomics; write {', '.join(more)} there"
            " and not here, or give keys without `parameters`"
        )
    file = given["parameters"]
    if not isinstance(file, FileOf):
        file = FileOf(str(file), Path())
    path = file.root / file.name
    if not path.is_file():
        raise ValueError(f"parameters: no file {file.name} beside the study file")
    try:
        found = keys_of(_checked(read_yaml(path, ValueError)))
    except ValueError as error:
        raise ValueError(f"parameters, {file.name}: {error}".replace(f"{path}", "")) from None
    return {**found, **given, "parameters": file.name}


def _checked(content: Any) -> Mapping[str, Any]:
    """The content of a parameter file. Raises ValueError with every fault."""
    if not isinstance(content, dict):
        raise ValueError("a parameter file has the sections imageType, featureClass and setting")
    # Imported here: only a study with a parameter file must wait for PyRadiomics.
    from radiomics import getParameterValidationFiles

    schema, functions = getParameterValidationFiles()
    allowed = read_yaml(Path(schema), ValueError)["mapping"]
    faults = list(_misspelt(content, allowed)) or list(_refused(content, schema, functions))
    if faults:
        raise ValueError("; ".join(faults))
    return content


def _misspelt(content: dict[str, Any], allowed: dict[str, Any]) -> Iterator[str]:
    """Names that PyRadiomics doesn't know."""
    # Imported here: only a study with a parameter file must wait for PyRadiomics.
    from radiomics import getFeatureClasses, getImageTypes

    settings = list(allowed["setting"]["mapping"])
    classes = getFeatureClasses()
    known = {
        "setting": settings,
        "voxelSetting": list(allowed["voxelSetting"]["mapping"]),
        "imageType": list(getImageTypes()),
        "featureClass": list(classes),
    }
    for section, found in content.items():
        if section not in known:
            yield f"unknown section {section}; {meant(str(section), known)}"
            continue
        names = found if isinstance(found, dict) else {}
        for name, inner in names.items():
            place = f"{section}.{name}"
            if name not in known[section]:
                yield f"unknown {place}; {meant(str(name), known[section])}"
            elif section == "imageType" and isinstance(inner, dict):
                for key in inner:
                    if key not in settings:
                        yield f"unknown {place}.{key}; {meant(str(key), settings)}"
            elif section == "featureClass" and isinstance(inner, list):
                there = classes[name].getFeatureNames()
                for feature in inner:
                    if feature not in there:
                        yield f"unknown feature {feature} of {name}; {meant(str(feature), there)}"


def _refused(content: dict[str, Any], schema: str, functions: str) -> Iterator[str]:
    """What PyRadiomics's schema says against values, in its own words."""
    # Imported here: only a study with a parameter file needs a validator of schemas.
    import pykwalify.core

    # PyRadiomics itself stops at an image type without settings that is written `LoG:`, not
    # `LoG: {}`; the two mean the same.
    types = content.get("imageType")
    if isinstance(types, dict):
        types = {name: {} if own is None else own for name, own in types.items()}
        content = {**content, "imageType": types}
    log = logging.getLogger("pykwalify.core")
    disabled, log.disabled = log.disabled, True
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # pykwalify loads PyRadiomics's functions in an old way
            core = pykwalify.core.Core(
                source_data=content, schema_files=[schema], extensions=[functions]
            )
            core.validate(raise_exception=False)
    except (TypeError, ValueError) as error:  # what PyRadiomics's own functions raise
        yield str(error)
        return
    finally:
        log.disabled = disabled
    for fault in core.errors or ():
        words, _, path = str(fault).partition(" Path: '/")
        place, _, more = path.partition("'")
        yield f"{place.replace('/', '.')}: {words}{more}" if path else words
