"""Faults between sections of a study file.

They are looked for on the raw file, so that they are listed beside the faults inside sections.
"""

from __future__ import annotations

import difflib
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from typing import Any

from analysis.study.comparators import comparators_of
from analysis.study.delta_faults import delta_faults
from analysis.study.fault import Fault, Place
from analysis.study.feature_blocks import block_faults
from analysis.study.habitat_faults import habitat_faults
from analysis.study.harmonisation import harmonisation_faults
from analysis.study.perturbation_faults import perturbation_faults
from analysis.study.preprocessing_faults import preprocessing_faults
from analysis.study.region_faults import region_faults
from analysis.study.registration_faults import registration_faults
from analysis.study.reporting import reporting_faults
from analysis.study.supplied_tables import identifier
from models.declared import DECLARED
from models.selection_steps import COMPONENTS

HARMONISATION = ("radiomics", "harmonisation")
# Steps of the selection that leave a stated number of features.
CHOOSE_FEW = {"univariable", "anova", "mrmr", "lasso", "elastic_net"}
COMPARATORS = ("comparators",)


@dataclass(frozen=True)
class RawFile:
    """The study file as it was read, before anything of it is known to be right."""

    content: dict[str, Any]

    def at(self, *place: str) -> Any:
        """Content at a place; None where nothing is."""
        node: Any = self.content
        for part in place:
            node = node.get(part) if isinstance(node, dict) else None
        return node

    def section(self, *place: str) -> dict[str, Any]:
        """Section at a place; an empty one where there is none."""
        found = self.at(*place)
        return found if isinstance(found, dict) else {}

    def listed(self, *place: str) -> list[Any]:
        """List at a place, else an empty one; comparators as their names alone."""
        found = comparators_of(self.at(*place))[0] if place == COMPARATORS else self.at(*place)
        return found if isinstance(found, list) else []

    @property
    def own_scores(self) -> dict[str, Any]:
        """Comparators with a file of the study's, which nothing is known of before it is read."""
        return comparators_of(self.at(*COMPARATORS))[1] | self.section("comparator_files")


def disagreements(plain: dict[str, Any]) -> list[Fault]:
    """Faults between sections, (place, message)."""
    raw = RawFile(plain)
    return [
        *_of_reference_phase(raw),
        *_of_what_is_trained(raw),
        *_of_dictionary(raw),
        *_of_phases(raw),
        *_of_harmonisation(raw),
        *harmonisation_faults(plain),
        *_of_fused_features(raw),
        *_of_missing_images(raw),
        *_of_network_inputs(raw),
        *_of_own_features(raw),
        *region_faults(plain),
        *delta_faults(plain),
        *registration_faults(plain),
        *habitat_faults(plain),
        *preprocessing_faults(plain),
        *perturbation_faults(plain),
        *block_faults(plain),
        *_of_taken_names(raw),
        *reporting_faults(raw.at("reporting")),
        *_of_scores(raw),
        *_of_contrasts(raw),
    ]


def _of_reference_phase(raw: RawFile) -> Iterator[Fault]:
    phases, reference = raw.section("phases"), raw.at("deep_learning", "reference_phase")
    if isinstance(reference, str) and phases and reference not in phases:
        yield (
            ("deep_learning", "reference_phase"),
            f"'{reference}' is no phase; phases are {', '.join(phases)}",
        )


def _of_what_is_trained(raw: RawFile) -> Iterator[Fault]:
    """Models are trained here, or were made elsewhere."""
    kinds = ("radiomics", "features", "deep_learning", "clinical", "additional_models")
    trained = [name for name in kinds if raw.at(name)]
    given = raw.at("predictions")
    if not set(trained) - {"additional_models"} and not given:
        yield (
            (),
            (
                "nothing to train: give at least one of radiomics, features, deep_learning,"
                " clinical; or predictions that were made elsewhere"
            ),
        )
    if trained and given:
        yield (
            ("predictions",),
            (
                "predictions come from models that were made elsewhere, and"
                f" {', '.join(trained)} would be trained here; make two studies of them"
            ),
        )
    if raw.at("split", "everyone") and not given:
        yield (
            ("split", "everyone"),
            "only a study of given predictions trains nothing; name who trains",
        )


def _of_dictionary(raw: RawFile) -> Iterator[Fault]:
    reads_variables = raw.at("clinical") or raw.at("comparators")
    if reads_variables and raw.at("cohort", "dictionary") is None:
        yield (
            ("cohort",),
            (
                "clinical models and comparators need cohort.dictionary (labels and units of"
                " the variables)"
            ),
        )


def _of_phases(raw: RawFile) -> Iterator[Fault]:
    """Faults of the phases' file patterns and resampling.

    These are patterns without the patient, and phases that are resampled to none or to one that is
    resampled itself.
    """
    phases = raw.section("phases")
    for name in phases:
        for kind in ("image", "mask"):
            pattern = raw.at("phases", name, kind)
            if isinstance(pattern, str) and "{patient_id}" not in pattern:
                yield (
                    ("phases", name, kind),
                    f"must contain {{patient_id}} (found: {pattern!r})",
                )
        target = raw.at("phases", name, "resample_to")
        if not isinstance(target, str):
            continue
        if target not in phases or target == name or raw.at("phases", target, "resample_to"):
            yield (
                ("phases", name, "resample_to"),
                f"must name another phase that is not resampled itself (found: {target!r})",
            )


def _of_harmonisation(raw: RawFile) -> Iterator[Fault]:
    if raw.at(*HARMONISATION) is None:
        return
    if raw.at("cohort", "centre") is None:
        yield (
            HARMONISATION,
            "needs each patient's centre: name its column as cohort.centre",
        )
    leaves_centres_out = raw.at("validation", "outer") == "leave_one_centre_out"
    known = ("reference", "estimate")
    if leaves_centres_out and raw.at(*HARMONISATION, "new_centre") not in known:
        yield (
            HARMONISATION,
            (
                "each outer fold scores a centre that it has not seen; set new_centre:"
                " reference, with a reference centre, or new_centre: estimate, or leave"
                " harmonisation out"
            ),
        )
    if raw.at("fusion", "method") == "features":
        yield (
            ("fusion", "method"),
            (
                "features enter as they were extracted, and radiomics.harmonisation would"
                " hold for the score alone; choose chosen or stacking, or leave"
                " harmonisation out"
            ),
        )


def _of_fused_features(raw: RawFile) -> Iterator[Fault]:
    """Features enter a fusion by themselves, so that a path must choose a few of them."""
    if raw.at("fusion", "method") != "features":
        return
    paths = raw.section("radiomics", "paths")
    selection = raw.at("radiomics", "selection")
    if isinstance(selection, list) and COMPONENTS in selection:
        paths = {"selection": selection}
    many = [
        str(name)
        for name, steps in paths.items()
        if not isinstance(steps, list) or COMPONENTS in steps or not CHOOSE_FEW & set(steps)
    ]
    if many:
        yield (
            ("fusion", "method"),
            (
                f"features enter the fusion one by one, and radiomics ({', '.join(many)}) would"
                " give it all of them; end with a step that chooses a few, lasso say, or take"
                " method: chosen or stacking"
            ),
        )


def _of_missing_images(raw: RawFile) -> Iterator[Fault]:
    """Radiomics without a table of features, and networks, read images."""
    readers = ["deep_learning"] if raw.at("radiomics", "table") else ["radiomics", "deep_learning"]
    for name in readers:
        if raw.at(name) and not raw.section("phases"):
            yield ((name,), "needs images: name them under phases")


def _of_network_inputs(raw: RawFile) -> Iterator[Fault]:
    """A scale for networks in a study without networks."""
    for phase in raw.section("phases"):
        if raw.at("phases", phase, "networks") and not raw.at("deep_learning"):
            yield (
                ("phases", phase, "networks"),
                "is for networks, and this study has none; name them under deep_learning, or take"
                " it out",
            )


def _of_own_features(raw: RawFile) -> Iterator[Fault]:
    """Disagreements of the study file about features of one's own.

    They are features whose names would be another phase's, that two phases have of two classes, or
    for which no image is read.
    """
    phases = list(raw.section("phases"))
    found: dict[str, Any] = {}
    for section in (("radiomics",), *(("phases", phase) for phase in phases)):
        place = (*section, "extraction", "own")
        for name, reference in raw.section(*place).items():
            if raw.at("radiomics", "table"):
                yield (
                    (*place, name),
                    "features come as a table, and no image is read; add these to the table",
                )
            clash = _phase_with(str(name), phases)
            if clash is not None:
                yield (
                    (*place, name),
                    f"the name '{name}' clashes with the phase {clash}; choose another, mine say",
                )
            if found.setdefault(str(name), reference) != reference:
                yield (
                    (*place, name),
                    f"'{name}' is {found[str(name)]} elsewhere; give the two different names",
                )


def _phase_with(name: str, phases: list[str]) -> str | None:
    """A phase that is called so, or that a phase followed by the name would be taken for."""
    return next(
        (
            phase
            for phase in phases
            if phase == name or any(f"{phase}_".startswith(f"{each}_{name}_") for each in phases)
        ),
        None,
    )


def _of_taken_names(raw: RawFile) -> Iterator[Fault]:
    """Models and scores of one's own that are named as a model or a score of the package.

    Their rows would be taken for one another's.
    """
    own = {"additional_models": raw.section("additional_models"), "comparators": raw.own_scores}
    if not any(own.values()):
        return
    # The scores load where a study names something of its own.
    from models.registry import taken_by

    for section, names in own.items():
        for name in names:
            taken = taken_by(str(name))
            if taken is not None:
                yield (
                    (section, name),
                    f"the name '{name}' is taken by {taken}; choose another, my_{name} say",
                )


def _of_scores(raw: RawFile) -> list[Fault]:
    """Names that are no score, and assumptions that no score of the study needs."""
    places = ("comparators", "comparators_supplement")
    if not any(raw.at(place) for place in (*places, "assume")):
        return []
    # Imported here: a study without scores must not wait for all of them.
    from models.staging import REFITS, SCORES, comparator_inputs, remaining_scores

    known, wanted = [*SCORES, *REFITS], []
    faults: list[Fault] = []
    for place in places:
        for position, name in enumerate(raw.listed(place)):
            if name in known:
                wanted.append(name)
            elif name not in raw.own_scores:
                faults.append(((place, position), _unknown_score(name, known)))
    if raw.at("comparators_supplement") == "rest":
        wanted += remaining_scores(wanted)
    needed = {each for name in wanted for each in comparator_inputs(name)}
    for name in raw.section("assume"):
        if name not in needed and not raw.own_scores:
            message = (
                f"no score of this study has '{name}' among its inputs; these are"
                f" {', '.join(sorted(needed))}"
            )
            faults.append((("assume", name), message))
    return faults


def _unknown_score(name: Any, known: list[str]) -> str:
    close = difflib.get_close_matches(str(name), known, n=3)
    meant = f"did you mean {' or '.join(close)}?"
    return f"'{name}' is unknown; " + (meant if close else "`early-recurrence scores` lists all")


def _of_contrasts(raw: RawFile) -> Iterator[Fault]:
    """Contrasts that name neither a model nor a comparator of the study."""
    contrasts = raw.at("statistics", "contrasts")
    if not isinstance(contrasts, dict):
        return
    # A file of one row a patient and model brings names that nobody knows before it is read.
    if raw.at("predictions") and not raw.at("predictions", "models"):
        return
    known = _known_models(raw)
    named: list[tuple[Place, Any]] = [
        (("model",), contrasts.get("model", "best")),
        (("primary",), contrasts.get("primary")),
        *((("family", place), name) for place, name in enumerate(contrasts.get("family") or [])),
    ]
    for place, name in named:
        if not isinstance(name, str) or name in known or (place == ("model",) and name == "best"):
            continue
        close = difflib.get_close_matches(name, known, n=3)
        meant = f"; did you mean {' or '.join(close)}?" if close else ""
        yield (
            ("statistics", "contrasts", *place),
            f"'{name}' is neither a model nor one of this study's comparators{meant}",
        )


def _known_models(raw: RawFile) -> Collection[str]:
    """Names of all models that a study file may refer to.

    The package's models, the study's comparators and models of one's own, and those that were made
    elsewhere, under either spelling of their name.
    """
    known = {*DECLARED, *raw.listed("comparators"), *raw.section("additional_models")}
    known |= {*raw.section("features"), *raw.section("fusion", "models")}
    if raw.at("predictions"):
        for name in raw.at("predictions", "models") or ():
            known |= {name, identifier(name)}
    return known
