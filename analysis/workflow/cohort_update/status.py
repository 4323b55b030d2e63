"""What is fresh, what is stale and why, and what a run would cost.

Keys are compared, nothing is computed.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from analysis.cohort.cohort import Cohort
from analysis.core.cache import Plan, planning, read_timings
from analysis.core.durations import duration
from analysis.core.early_stopping import stopping_words
from analysis.core.problems import Problems
from analysis.core.progress import NotThere
from analysis.core.word_lists import counted
from analysis.study import Study
from analysis.workflow.check.load import load_cohort
from analysis.workflow.cohort_update.difference import Difference, difference
from analysis.workflow.cohort_update.difference_text import changed_words
from analysis.workflow.cohort_update.keyed_digests import open_keyring
from analysis.workflow.cohort_update.lock import section_digests
from analysis.workflow.cohort_update.patient_digests import (
    patient_contents,
    patient_states,
    read_states,
)
from analysis.workflow.cohort_update.snapshot import Snapshot
from analysis.workflow.cohort_update.stored_outputs import code_of_results, content_of, is_kept
from analysis.workflow.cohort_update.time_estimates import Typical, model_of
from analysis.workflow.run import fingerprint, is_current


@dataclass(frozen=True)
class Pieces:
    """Pieces of one room of the cache, fresh and stale.

    room: of the cache. fresh, stale: how many pieces lie there, and how many a run would compute.
    why: of the stale ones. seconds: that these would take, from timings of earlier runs; None where
    none was timed. at_most: the keys depend on pieces that are stale themselves, so that all are
    counted. networks: whether stale ones train networks.
    """

    room: str
    fresh: int
    stale: int
    why: str = ""
    seconds: float | None = None
    at_most: bool = False
    networks: bool = False


@dataclass(frozen=True)
class Status:
    """Status of a study's results.

    current: nothing to do. restorable: an earlier state is this one, and is put back at once.
    reasons: what differs from the last run. condition: what the time rests on, where networks may
    stop early.
    """

    current: bool
    restorable: bool
    reasons: list[str] = field(default_factory=list)
    pieces: list[Pieces] = field(default_factory=list)
    condition: str = ""

    @property
    def seconds(self) -> float | None:
        """Of one process; None where a stale piece was never timed."""
        if self.current or self.restorable:
            return 0.0
        known = [each.seconds for each in self.pieces if each.stale]
        return (
            None
            if any(each is None for each in known)
            else float(sum(each for each in known if each is not None))
        )


def _difference(cohort: Cohort, study: Study, states: dict[str, Any]) -> Difference | None:
    """Against the patients of the last run; None where there was none."""
    path = study.output_folder / "patients.json"
    if not path.is_file():
        return None
    return difference(
        Snapshot("last run", {}, read_states(json.loads(path.read_text(encoding="utf-8")))),
        Snapshot("now", {}, states),
    )


def _reasons(
    cohort: Cohort, study: Study, states: dict[str, Any], inputs: dict[str, str]
) -> list[str]:
    state = study.output_folder / "state.json"
    if not state.is_file():
        return ["there are no results yet"]
    stored = json.loads(state.read_text(encoding="utf-8"))
    found = _difference(cohort, study, states)
    reasons = []
    if found is not None:
        names = open_keyring(study).names(cohort.patients)
        for word, group in (("added", found.added), ("removed", found.removed)):
            if group:
                reasons.append(
                    f"{counted(len(group), 'patient')} {word}:"
                    f" {', '.join(sorted(names.get(patient, patient) for patient in group))}"
                )
        if found.changed:
            reasons.append(
                f"{counted(len(found.changed), 'patient')} changed: "
                + "; ".join(sorted(changed_words(each, names) for each in found.changed))
            )
    before, now = stored.get("sections", {}), section_digests(study)
    changed = sorted(name for name in set(before) | set(now) if before.get(name) != now.get(name))
    if stored.get("inputs", {}).get("study") != inputs["study"]:
        reasons.append(
            f"{study.path.name} was edited"
            + (f": {', '.join(changed)}" if changed else ", but for its comments nothing changed")
        )
    if stored.get("inputs", {}).get("code") != inputs["code"]:
        reasons.append("the code, or a version of it, is another one")
    if stored.get("inputs", {}).get("lock") != inputs["lock"]:
        reasons.append(f"{study.lock_file.name} is another one")
    if not reasons and stored.get("inputs", {}).get("cohort") != inputs["cohort"]:
        reasons.append("files of the cohort were renamed or touched; their content is the same")
    return reasons or ["a file of the results was edited or is missing"]


def _attempt(step: Callable[[], Any]) -> Any:
    """The step's result, or None where something that it needs is not there."""
    try:
        return step()
    except NotThere:
        return None


def _planned(cohort: Cohort) -> tuple[Plan, bool]:
    """What a run would look for, in its order, as far as what lies there allows.

    Whether the fits could be looked at is returned as well.
    """
    # Imported here: where the outputs are current, `status` answers without these libraries.
    from analysis.inputs.checks.files import check_files
    from analysis.inputs.crops import tumour_crops
    from analysis.inputs.radiomics import radiomics_table
    from analysis.inputs.standard_scale import with_standard_scale
    from analysis.training import delineated_crops, train_all
    from analysis.training.leakage import run_guards

    study = cohort.study
    with planning() as plan:
        if study.predictions is not None:  # made elsewhere: nothing is trained
            return plan, True
        if study.reads_images:
            _attempt(lambda: check_files(cohort, Problems()))
        # Without it the images' pieces are not there either, and are counted as such.
        cohort = _attempt(lambda: with_standard_scale(cohort)) or cohort
        table = _attempt(lambda: radiomics_table(cohort)) if study.radiomics is not None else None
        images = (
            _attempt(lambda: (tumour_crops(cohort), delineated_crops(cohort)))
            if study.deep_learning is not None
            else (None, None)
        )
        whole = (study.radiomics is None or table is not None) and images is not None
        if whole:
            training = _attempt(lambda: train_all(cohort, table, *images))
            # Features of outer folds may be missing, without which no fit can be looked for.
            looked_for = {*plan.there, *(room for room, _ in plan.missing)}
            whole = training is not None or "fits" in looked_for
            if training is not None:
                _attempt(lambda: run_guards(cohort, training))
    return plan, whole


def _without(cohort: Cohort, patients: set[str]) -> Cohort:
    kept = [patient for patient in cohort.patients if patient not in patients]
    return replace(
        cohort,
        clinical=cohort.clinical.loc[kept],
        outcome=cohort.outcome.loc[kept],
        cohort=cohort.cohort[kept],
    )


def _unseen(cohort: Cohort) -> set[str]:
    """Patients one of whose pieces is missing, looked for one by one."""
    # Imported here: as above.
    from analysis.inputs.standard_scale import with_standard_scale

    found = set()
    with planning():
        cohort = _attempt(lambda: with_standard_scale(cohort)) or cohort
    for patient in cohort.patients:
        if not _planned_files(_without(cohort, set(cohort.patients) - {patient})):
            found.add(str(patient))
    return found


def _planned_files(cohort: Cohort) -> bool:
    # Imported here: as above.
    from analysis.inputs.crops import tumour_crops
    from analysis.inputs.radiomics import radiomics_table

    study = cohort.study
    with planning():
        table = study.radiomics is None or _attempt(lambda: radiomics_table(cohort)) is not None
        return table and (
            study.deep_learning is None or _attempt(lambda: tumour_crops(cohort)) is not None
        )


def _pieces(plan: Plan, typical: Typical) -> list[Pieces]:
    found = []
    for room in dict.fromkeys([*plan.there, *(room for room, _ in plan.missing)]):
        missing = Counter(what for each, what in plan.missing if each == room)
        shown = Counter(model_of(what) for what in missing.elements() if what)
        why = ", ".join(f"{what} × {count}" for what, count in shown.items())
        found.append(
            Pieces(
                room,
                plan.there[room],
                stale=sum(missing.values()),
                why=why,
                seconds=typical.cost(room, missing, plan.work),
                networks=any((room, what) in plan.work for what in missing),
            )
        )
    return found


def _fits_of_all(cohort: Cohort, typical: Typical) -> Pieces:
    """All fits that read features or regions: their keys need what is not there yet."""
    # Imported here: as above.
    from analysis.training.networks import network_settings
    from analysis.training.predictions import study_contexts
    from models.registry import registry_of

    study = cohort.study
    fitted = [spec for spec in registry_of(study).of("fitted") if spec.family != "clinical"]
    networks = network_settings(study)
    stale: Counter[str] = Counter()
    work = {}
    for context in study_contexts(cohort):
        for spec in fitted:
            if context.inner and not spec.inner_folds:
                continue
            what = f"{spec.id} in {context.name}"
            stale[what] += 1
            if spec.id in networks and study.deep_learning is not None:
                crops = study.deep_learning
                work["fits", what] = networks[spec.id].work(
                    len(context.learn), crops.slices, crops.crop_pixels
                )
    return Pieces(
        "fits",
        0,
        stale=sum(stale.values()),
        why="training patients without features or regions yet",
        seconds=typical.cost("fits", stale, work),
        at_most=True,
        networks=bool(work),
    )


def _network_permutations(cohort: Cohort, typical: Typical) -> list[Pieces]:
    """Permuted outcomes of the first network, each of which trains it in every outer fold."""
    study = cohort.study
    number, crops = study.controls.network_permutations, study.deep_learning
    if not number or crops is None:
        return []
    # Imported here: as above.
    from analysis.training.leakage.permutation import PERMUTED, permutation_work
    from analysis.training.networks import network_settings

    first, network = next(iter(network_settings(study).items()))
    what = f"{first} in {PERMUTED}"
    work = permutation_work(
        network,
        len(cohort.labelled("training")),
        outer=study.validation.outer_folds,
        slices=crops.slices,
        pixels=crops.crop_pixels,
    )
    return [
        Pieces(
            "permutations",
            0,
            stale=number,
            why=f"of {first}, follow the fits",
            seconds=typical.cost(
                "permutations", Counter({what: number}), {("permutations", what): work}
            ),
            at_most=True,
            networks=True,
        )
    ]


def _followers(
    study: Study,
    typical: Typical,
    pieces: list[Pieces],
    stale: bool,
    timings: list[dict[str, Any]],
) -> list[Pieces]:
    """Pieces that follow the fits: controls, resamples and explanations.

    Statistics, tables and figures are always made.
    """
    count = {
        "permutations": study.controls.permutations,
        "instability": (
            study.robustness.instability_resamples
            * sum(part is not None for part in (study.clinical, study.radiomics))
        ),
        "explanations": (
            study.validation.outer_folds
            * study.validation.repeats
            * sum(part is not None for part in (study.clinical, study.radiomics))
        ),
    }
    known = {each.room for each in pieces}
    found = [
        Pieces(
            room,
            0,
            stale=number,
            why="follow the fits",
            seconds=typical.cost(room, Counter({"": number})),
            at_most=True,
        )
        for room, number in count.items()
        if stale and number and room not in known and any(each["room"] == room for each in timings)
    ]
    return [
        *found,
        Pieces(
            "results",
            0,
            stale=1,
            why="statistics, tables and figures",
            seconds=typical.cost("results", Counter({"": 1})),
        ),
    ]


def status_of(study: Study) -> Status:
    """Compare what lies in the cache with what a run would ask for.

    Reads the cohort's tables and, where whole, its cached features; opens no image, and writes
    nothing.
    """
    if is_current(study):
        return Status(True, False)
    if study.cohort.demo is not None and not study.cohort_folder.is_dir():
        words = f"the demonstration cohort is not in {study.cohort_folder.name}/ yet"
        return Status(False, False, [words], [Pieces("cohort", 0, 1, "a run writes it first")])
    cohort = load_cohort(study, images=False)
    contents = patient_contents(cohort)
    states = patient_states(cohort, contents, open_keyring(study))
    reasons = _reasons(cohort, study, states, fingerprint(study))
    if is_kept(study.cache_folder, content_of(cohort, contents, code_of_results())):
        return Status(False, True, reasons)
    timings = read_timings(study.cache_folder)
    networks = study.deep_learning
    stops = networks is not None and networks.early_stopping is not None
    typical = Typical.of(timings, stops)
    plan, whole = _planned(cohort)
    pieces = _pieces(plan, typical)
    if not whole:
        # Patients whose images were not seen yet: if none of them trains, the fits can be looked at
        # without them.
        new = _unseen(cohort)
        if new and not (cohort.cohort[sorted(new)] == "training").any():
            rest = _pieces(_planned(_without(cohort, new))[0], typical)
            pieces += [each for each in rest if each.room not in ("checks", "radiomics", "crops")]
        else:
            pieces.append(_fits_of_all(cohort, typical))
    stale = any(each.stale and each.room == "fits" for each in pieces)
    followers = _followers(study, typical, pieces=pieces, stale=stale, timings=timings)
    if stale and all(each.room != "permutations" for each in pieces):
        followers = [*_network_permutations(cohort, typical), *followers]
    pieces += followers
    trained = any(each.networks and each.stale for each in pieces)
    condition = stopping_words(typical.share) if stops and trained else ""
    return Status(False, False, reasons, pieces, condition=condition)


def status_text(found: Status, path: Path) -> str:
    """Lines for a terminal."""
    if found.current:
        return f"{path.name}: results are current; a run would do nothing."
    lines = [
        f"{path.name}: results are stale, because",
        *[f"  {reason}" for reason in found.reasons],
    ]
    if found.restorable:
        return "\n".join(
            [*lines, "This state was computed before: a run puts its results back at once."]
        )
    lines += [f"{'':<15}{'fresh':>6}{'stale':>7}  {'about':<14}"]
    for each in found.pieces:
        stale = f"{'≤ ' if each.at_most else ''}{each.stale}"
        about = duration(each.seconds) if each.stale else ""
        lines.append(f"  {each.room:<13}{each.fresh:>6}{stale:>7}  {about:<14}{each.why}".rstrip())
    if found.seconds is None:
        total = "How long a run would take is not known: no run was timed here yet."
    else:
        condition = f", {found.condition}" if found.condition else ""
        total = f"A run would take about {duration(found.seconds)} of one process{condition}."
    return "\n".join([*lines, total])
