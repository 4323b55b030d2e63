"""Features of the study's own code, a class beside the study file.

They are computed of each tumour in the image as it was read.
"""

from __future__ import annotations

import hashlib
import math
import numbers
import re
import sys
import traceback
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from functools import lru_cache
from importlib.abc import InspectLoader
from importlib.util import module_from_spec, spec_from_loader
from types import CodeType, ModuleType
from typing import Any

import numpy as np
import SimpleITK as sitk

from analysis.core.word_lists import counted
from analysis.study import Extraction, ExtractionWithCode, Study
from analysis.study.extraction import OWN

# A name goes into columns, files of words, and sentences.
FEATURE_NAME = re.compile(r"[A-Za-z][A-Za-z0-9_-]*")
NEEDED = ("label", "compute")


class OwnFeaturesError(ValueError):
    """The study's own code can't be used, or gave what is no feature.

    The message says what to mend.
    """


@dataclass(frozen=True)
class OwnExtractor:
    """Extractor of features by the study's own code.

    name: in the study file, and in `{phase}_{name}_{feature}`. reference: `file.py:Class`. label:
    of the Methods. definitions: feature -> what it measures. compute: (image, mask, spacing) ->
    feature -> value.
    """

    name: str
    reference: str
    label: str
    definitions: Mapping[str, str]
    compute: Callable[[np.ndarray, np.ndarray, tuple[float, ...]], Any]


class _Text(InspectLoader):
    """Loader of a module from the text of its file, which need not be on this machine."""

    def __init__(self, file: str, source: str) -> None:
        self._file, self._source = file, source

    def get_source(self, fullname: str) -> str:
        """Return the text."""
        return self._source

    def get_code(self, fullname: str) -> CodeType:
        """Return the code, whose tracebacks name the file."""
        return self.source_to_code(self._source.encode(), self._file)


@lru_cache(maxsize=64)
def _module(file: str, source: str) -> ModuleType:
    """The code as a module, run once in a process."""
    name = f"own_features_{hashlib.sha256(source.encode()).hexdigest()[:16]}"
    spec = spec_from_loader(name, _Text(file, source))
    assert spec is not None
    assert spec.loader is not None
    module = module_from_spec(spec)
    # Dataclasses and pickles look a class's module up.
    sys.modules[name] = module
    spec.loader.exec_module(module)
    return module


def _failure(error: BaseException, file: str) -> str:
    """An exception of the study's own code, with the last line of it that was at work."""
    lines = [each.lineno for each in traceback.extract_tb(error.__traceback__)]
    files = [each.filename for each in traceback.extract_tb(error.__traceback__)]
    own = [line for line, place in zip(lines, files, strict=True) if place == file]
    where = f", line {own[-1]}" if own else ""
    return f"{type(error).__name__}: {error} ({file}{where})"


@lru_cache(maxsize=64)
def load_extractor(name: str, reference: str, source: str) -> OwnExtractor:
    """Feature extractor from the text of a file of the study's own code.

    The file has a class with `label` and `compute(image, mask, spacing)`, and perhaps
    `definitions`. Raises OwnFeaturesError that says what is missing.
    """
    file, _, class_name = reference.partition(":")
    where = f"{OWN}, {name}"
    try:
        found = getattr(_module(file, source), class_name, None)
        made = found() if isinstance(found, type) else None
    except Exception as error:
        raise OwnFeaturesError(
            f"{where}: {reference} can't be used: {_failure(error, file)}; mend the file"
        ) from error
    if made is None:
        raise OwnFeaturesError(f"{where}: {file} has no class '{class_name}'; add it")
    absent = [part for part in NEEDED if not hasattr(made, part)]
    if absent or not callable(made.compute):
        raise OwnFeaturesError(
            f"{where}: {reference} lacks {' and '.join(absent) or 'a function compute'}; give it"
            " label, a name for the Methods, and compute(self, image, mask, spacing), which returns"
            " {feature: value}"
        )
    definitions = getattr(made, "definitions", {})
    if not isinstance(definitions, Mapping):
        raise OwnFeaturesError(
            f"{where}: definitions of {reference} must be {{feature: what it measures}}"
        )
    texts = {str(feature): str(text) for feature, text in definitions.items()}
    return OwnExtractor(
        name, reference, label=str(made.label), definitions=texts, compute=made.compute
    )


def own_extractors(settings: Extraction) -> list[OwnExtractor]:
    """Own extractors that the settings name.

    Raises OwnFeaturesError where their code is not with the settings (`with_code`), or can't be
    used.
    """
    code = settings.code if isinstance(settings, ExtractionWithCode) else {}
    found = []
    for name, reference in settings.own.items():
        file = reference.partition(":")[0]
        if file not in code:
            raise OwnFeaturesError(
                f"{OWN}, {name}: the code of {file} is not with the settings; use"
                " settings.with_code(folder of the file)"
            )
        found.append(load_extractor(name, reference, code[file]))
    return found


def extractors_of(study: Study) -> dict[str, OwnExtractor]:
    """Name -> own extractor of a study, of any phase; empty where it has none."""
    if not study.own_features:
        return {}
    return {
        extractor.name: extractor
        for phase in study.phases
        for extractor in own_extractors(study.extraction_of(phase))
    }


def _values(extractor: OwnExtractor, returned: Any) -> dict[str, float]:
    """`{name}_{feature}` -> value of what `compute` returned, every value a finite number."""
    where = f"{extractor.reference} ({OWN}, {extractor.name})"
    if not isinstance(returned, Mapping) or not returned:
        raise OwnFeaturesError(
            f"{where} returned {_shown(returned)}; compute must return {{feature: value}} with a"
            " feature at least"
        )
    values = {}
    for feature, value in returned.items():
        if not isinstance(feature, str) or not FEATURE_NAME.fullmatch(feature):
            raise OwnFeaturesError(
                f"{where} names a feature {feature!r}; a name is a letter, then letters, digits, _"
                " or -"
            )
        number = value.item() if isinstance(value, np.ndarray) and value.ndim == 0 else value
        if isinstance(number, bool) or not isinstance(number, numbers.Real):
            raise OwnFeaturesError(
                f"{where}: {feature} is {_shown(value)}, which is no number; return a number"
            )
        if not math.isfinite(number):
            raise OwnFeaturesError(
                f"{where}: {feature} is {float(number)}; return a finite number for every tumour,"
                " also where the mask has few voxels or one intensity"
            )
        values[f"{extractor.name}_{feature}"] = float(number)
    return values


def _shown(value: Any) -> str:
    text = repr(value)
    return text if len(text) <= 60 else f"{text[:57]}..."


def own_features(image: sitk.Image, mask: sitk.Image, settings: Extraction) -> dict[str, float]:
    """Own features of an image within a mask.

    The image is float64; the mask (0 and 1) is on its grid. The result has `{name}_{feature}` of
    all own extractors.

    Each gets arrays of its own, z, y, x: the image in the units in which it was read (neither
    normalised nor resampled), the mask as bool, and the spacing in mm in the arrays' order. Raises
    OwnFeaturesError.
    """
    features: dict[str, float] = {}
    spacing = tuple(float(each) for each in image.GetSpacing()[::-1])
    for extractor in own_extractors(settings):
        array = sitk.GetArrayFromImage(image)
        inside = sitk.GetArrayFromImage(mask) > 0
        try:
            returned = extractor.compute(array, inside, spacing)
        except Exception as error:
            file = extractor.reference.partition(":")[0]
            raise OwnFeaturesError(
                f"{extractor.reference} ({OWN}, {extractor.name}) failed on a mask of"
                f" {counted(int(inside.sum()), 'voxel')}: {_failure(error, file)}; mend the file"
            ) from error
        features |= _values(extractor, returned)
    return features


def check_same_names(
    rows: Iterable[tuple[str, str, Iterable[str]]], references: Mapping[str, str]
) -> None:
    """Raises OwnFeaturesError where own features of a phase are others than those of the first.

    rows: (whom, phase, names of features) of every tumour; references: name of an extractor ->
    `file.py:Class`.
    """
    first: dict[str, tuple[str, Iterable[str], dict[str, list[str]]]] = {}
    for whom, phase, names in rows:
        if phase not in first:
            first[phase] = (whom, names, _by_extractor(names, references))
            continue
        before, known, expected = first[phase]
        # One object for all tumours with the same names, where there are thousands.
        if names is known:
            continue
        for name, found in _by_extractor(names, references).items():
            if found != expected[name]:
                raise OwnFeaturesError(
                    f"{whom}: {references[name]} ({OWN}, {name}) gives {_listed(found)}, and"
                    f" {_listed(expected[name])} of {before}; return the same features for"
                    " everybody"
                )


def _by_extractor(names: Iterable[str], references: Mapping[str, str]) -> dict[str, list[str]]:
    known = list(names)
    return {
        each: sorted(name.removeprefix(f"{each}_") for name in known if name.startswith(f"{each}_"))
        for each in references
    }


def _listed(names: list[str]) -> str:
    return ", ".join(names) or "none"


@contextmanager
def naming(whom: str) -> Iterator[None]:
    """A failure of own features inside says of whom, a patient and a phase."""
    try:
        yield
    except OwnFeaturesError as error:
        raise OwnFeaturesError(f"{whom}: {error}") from error
