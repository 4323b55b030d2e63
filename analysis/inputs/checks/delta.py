"""Checks of comparisons of phases: are the two phases' values on one scale that has a zero."""

from __future__ import annotations

from fnmatch import fnmatchcase

from analysis.core.problems import Problems
from analysis.core.short_lists import listed
from analysis.inputs.radiomics.definitions import feature_definitions
from analysis.inputs.radiomics.delta import nothing_fits
from analysis.inputs.radiomics.extracted_names import extracted_names
from analysis.inputs.radiomics.ibsi_features import WEIGHTED_CLASS, ibsi_features
from analysis.study import Extraction, Study
from analysis.study.delta import MEAN, OF_MEAN, Delta

# Classes of the IBSI with features that have the unit of the intensities, beside the first order.
OF_IBSI = (WEIGHTED_CLASS, "localintensity", "intensityvolume")
NORMALISED = (
    "a normalised image has zero at a mean or a percentile, from which nothing can be divided or"
    " counted in percent"
)
INSTEAD = "or compare features other than first-order ones"
REMEDY = (
    "set normalise: false for them (phases: {names}: extraction), on images whose intensities have"
    f" one scale, {INSTEAD}"
)
REMEDY_OF_SCALE = (
    "set by: percentile for them (preprocessing.intensity), which leaves zero where it was,"
    f" {INSTEAD}"
)
REMEDY_OF_MATCHED = f"take method: organ with by: percentile (preprocessing.intensity), {INSTEAD}"


def _of_intensities(delta: Delta) -> bool:
    """True if features of the intensities of the unfiltered image are among those compared."""
    names = [f"firstorder_{name}" for name in feature_definitions()["firstorder"]]
    names += [f"{each.kind}_{each.name}" for each in ibsi_features() if each.kind in OF_IBSI]
    return any(delta.takes(f"original_{name}") for name in names)


def _has_mean(settings: Extraction) -> bool:
    names = settings.classes().get("firstorder", [])
    return settings.original and (names is None or "Mean" in names)


def check_deltas(study: Study, problems: Problems) -> None:
    """Check the comparisons of phases against the extraction of their features.

    An error where intensities of normalised images would be divided by each other, or where the
    mean, that wash-in and washout need, is not extracted; a warning where normalised intensities
    (or matched ones) would be subtracted, or where two phases are extracted in different ways.
    """
    if study.radiomics is None or study.radiomics.table is not None:
        return
    apart: dict[tuple[str, str], None] = {}
    for delta in study.deltas:
        where = f"{study.path.name}, radiomics.delta"
        phases = (delta.reference, delta.phase)
        settings = {phase: study.written_extraction_of(phase) for phase in phases}
        of_extraction = [phase for phase, each in settings.items() if each.normalise]
        of_scale = [
            phase
            for phase in phases
            if phase not in of_extraction and _zero_at_reference(study, phase)
        ]
        if _of_intensities(delta):
            if of_extraction:
                remedy = REMEDY.format(names=", ".join(of_extraction))
                _tell_normalised(delta, of_extraction, (where, remedy), problems)
            # Matched phases have a scale each, and an organ's one in both.
            matched = set(of_scale) & set(study.matched_phases)
            if of_scale and (delta.is_quotient or matched):
                _tell_normalised(delta, of_scale, (where, _remedy(study, of_scale)), problems)
        lacking = [phase for phase, each in settings.items() if not _has_mean(each)]
        if lacking and delta.measure in OF_MEAN:
            problems.error(
                f"{delta.measure} is of the mean ({MEAN}), which is not extracted of"
                f" {listed(lacking)}",
                where,
                "let radiomics.extraction have original: true and the first-order mean",
            )
        apart[phases] = None
    _check_features(study, problems)
    for reference, phase in apart:
        _check_same(study, reference, phase, problems)


def _check_features(study: Study, problems: Problems) -> None:
    """Check that `features` of each pair fit any feature that both phases have.

    Names of features of the study's own code are not known before they are computed.
    """
    where = f"{study.path.name}, radiomics.delta"
    told: set[tuple[str, str, tuple[str, ...]]] = set()
    for delta in study.deltas:
        pair = (delta.phase, delta.reference, delta.features)
        settings = [study.written_extraction_of(phase) for phase in pair[:2]]
        if delta.measure in OF_MEAN or pair in told or any(each.own for each in settings):
            continue
        told.add(pair)
        names = set.intersection(*map(extracted_names, settings))
        if not any(delta.takes(name) for name in names):
            problems.error(
                nothing_fits(delta),
                where,
                "names begin with the image, as original_firstorder_* and original_glcm_* do",
            )
            continue
        idle = [
            pattern
            for pattern in delta.features
            if not any(fnmatchcase(name, pattern) and delta.takes(name) for name in names)
        ]
        if idle:
            problems.warning(
                f"no feature of both {delta.phase} and {delta.reference} that can be compared is"
                f" called {listed(idle)}",
                where,
                "correct its spelling, or take it out (shape is not compared)",
            )


def _zero_at_reference(study: Study, phase: str) -> bool:
    """True if preprocessing puts the mean of a reference, or a landmark, on zero."""
    settings = study.preprocessing_of.get(phase)
    scale = None if settings is None else settings.intensity
    return scale is not None and scale.by == "mean_sd"


def _remedy(study: Study, phases: list[str]) -> str:
    """What to do about a scale whose zero means nothing."""
    matched = set(phases) & set(study.matched_phases)
    return REMEDY_OF_MATCHED if matched else REMEDY_OF_SCALE


def _tell_normalised(
    delta: Delta, phases: list[str], told: tuple[str, str], problems: Problems
) -> None:
    """told: where, and what to do."""
    where, remedy = told
    if delta.is_quotient:
        what = f"{delta.measure} of {delta.phase} and {delta.reference} divides intensities of"
        problems.error(f"{what} normalised images ({listed(phases)}): {NORMALISED}", where, remedy)
    else:
        problems.warning(
            f"the difference of {delta.phase} and {delta.reference} is of intensities of normalised"
            f" images ({listed(phases)}): each is relative to its own image, and the difference is"
            " no enhancement",
            where,
            remedy,
        )


def _check_same(study: Study, reference: str, phase: str, problems: Problems) -> None:
    """A warning on settings in which the extractions of two phases differ."""
    one, two = (
        study.written_extraction_of(each).without_own().model_dump() for each in (reference, phase)
    )
    different = [name for name in one if one[name] != two.get(name)]
    different += [name for name in two if name not in one]
    if different:
        problems.warning(
            f"features of {phase} are compared with those of {reference}, which are extracted"
            f" otherwise ({listed(different)})",
            f"{study.path.name}, radiomics.delta",
            "a difference may be of the settings; give both phases the same",
        )


def check_deltas_of_table(study: Study, names: list[str], problems: Problems) -> None:
    """An error for each comparison that no feature of both phases of a feature table fits."""
    # Imported here: a study without a table of features must not wait for its readers.
    from analysis.cohort.tables.feature_columns import feature_phases
    from analysis.study.delta import delta_features
    from analysis.study.regions import blocks_of

    blocks = blocks_of(feature_phases(study), [])
    for delta in study.deltas:
        if not delta_features([delta], names, blocks):
            problems.error(
                nothing_fits(delta),
                f"{study.path.name}, radiomics.delta",
                "features of the table have PyRadiomics's names where it knows them",
            )
