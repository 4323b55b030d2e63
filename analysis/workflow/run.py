"""Main job; a fast no-op where nothing changed.

It goes cohort → inputs → models → predictions → results → figures.
"""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from analysis.cohort.exclusion import keeps_going, write_excluded
from analysis.core.arithmetic import description, follow
from analysis.core.cache import (
    STALE,
    clear_parts,
    digest,
    note_timing,
    read_timings,
    source_digest,
    write_atomically,
)
from analysis.core.private_files import make_private
from analysis.core.stages import stage
from analysis.core.word_lists import counted
from analysis.results import keys
from analysis.study import Study

if TYPE_CHECKING:
    from analysis.cohort.cohort import Cohort

OUTPUTS = ("predictions.csv", "results.json", "provenance.json", "patients.json")
# Sections of the study file that change words and checklists and no result of the analysis.
WORDS = ("reporting", "declarations")
# What work in processes needs: fits, figures, explanations.
LOADED = ("analysis.training.fits", "analysis.reporting.figures.draw_all", "shap")


@dataclass(frozen=True)
class Run:
    """Result of a run.

    output: the study's folder. computed: False where the stored results were already those of the
    inputs. restored: they were those of an earlier state of the study, and were put back.
    """

    output: Path
    computed: bool
    restored: bool = False


def _stamp(path: Path) -> tuple[int, int]:
    status = path.stat()
    return status.st_size, status.st_mtime_ns


def _own_files(study: Study) -> dict[str, Path]:
    """Files of the study's own models, scores and features.

    There are none where one is missing, which a run says.
    """
    if not study.additional_models and not study.comparator_files and not study.own_features:
        return {}
    # The scores load where a study has something of its own.
    from models.registry import own_files

    try:
        return own_files(study)
    except ValueError:
        return {}


def fingerprint(study: Study) -> dict[str, str]:
    """What the results depend on.

    Files of the cohort count by name, size and time of change: that decides only whether to look
    again, and what is then looked at is their content, which is the key of every cached piece.
    """
    root = Path(__file__).resolve().parents[1]
    files = (
        sorted(file for file in study.cohort_folder.rglob("*") if file.is_file())
        if study.cohort_folder.is_dir()
        else []
    )
    # The author's own code decides on numbers too.
    own = [path for _, path in sorted(_own_files(study).items())]
    return {
        "study": digest(study.model_dump(mode="json", exclude=set(WORDS)), *own),
        "code": source_digest(root, root.parent / "models"),
        "arithmetic": description(),
        "lock": digest(study.lock_file) if study.lock_file.is_file() else "",
        "cohort": digest(
            [(str(file.relative_to(study.cohort_folder)), *_stamp(file)) for file in files]
        ),
    }


def is_current(study: Study, keep_going: bool | None = None) -> bool:
    """Whether the stored results are current.

    They are where they were made from just this study file, code and cohort, and none has been
    edited since. keep_going: whether they may leave patients out (None: as they do).
    """
    state = study.output_folder / "state.json"
    if not state.is_file() or not all((study.output_folder / name).is_file() for name in OUTPUTS):
        return False
    try:
        stored = json.loads(state.read_text(encoding="utf-8"))
    except json.JSONDecodeError:
        return False
    if keep_going is False and stored.get("keep_going"):
        return False
    outputs = {
        name: digest(study.output_folder / name)
        for name in stored.get("outputs", {})
        if (study.output_folder / name).is_file()
    }
    return stored.get("inputs") == fingerprint(study) and stored.get("outputs") == outputs


def _seal(study: Study, keep_going: bool | None = None) -> None:
    """Record the digests of a run's inputs and outputs.

    Write down what the outputs were made from and what they are, so that a change of either is
    seen. keep_going: whether they leave patients out (None: as before).
    """
    # Imported here, as below: a run with nothing to do must not wait for what one that has needs.
    from analysis.workflow.cohort_update.lock import section_digests

    outputs = {name: digest(study.output_folder / name) for name in OUTPUTS}
    state = {
        "inputs": fingerprint(study),
        "outputs": outputs,
        "sections": section_digests(study),
        "keep_going": keeps_going(study) if keep_going is None else keep_going,
    }
    write_atomically(study.output_folder / "state.json", json.dumps(state, indent=1))


def bring_checklists_up_to_date(study: Study) -> None:
    """Answer the checklists again where study file or documents changed since.

    Results that are older than the study stay marked as such.
    """
    # Imported here, as above.
    from analysis.workflow.refresh_checklists import refresh_checklists

    refresh_checklists(study, _seal if is_current(study) else None)


def run(
    study: Study, force: bool = False, wait: bool = True, keep_going: bool | None = None
) -> Run:
    """Run a study and write its results.

    Compute what is missing and write predictions.csv, results.json, curves/, tables/, figures/,
    provenance.json.

    wait: for another run that is at work in the same folder; else BusyError names it. keep_going:
    leave out patients with an error instead of stopping; None: as the stored results were made.
    """
    if (said := follow(study.execution.arithmetic)) is not None:
        _say(f"early-recurrence: {said}")
    if not force and is_current(study, keep_going):
        # Imported here: a run with nothing to do must not wait for the libraries of one that has.
        from analysis.workflow.refresh_checklists import refresh_checklists

        refresh_checklists(study, _seal)
        return Run(study.output_folder, computed=False)
    # Imported here: a run with nothing to do has ended above.
    from analysis.core.execution import executing
    from analysis.core.run_lock import only_run
    from analysis.workflow.cohort_update.stored_outputs import clear_drafts
    from analysis.workflow.outputs_guide import write_guide
    from analysis.workflow.run_log import logged

    make_private(study.cache_folder)
    with only_run(study.output_folder, wait):
        clear_parts(study.output_folder)
        clear_drafts(study.output_folder)
        clear_parts(study.cache_folder, STALE)
        # The run that this one waited for may have done it all.
        if not force and is_current(study, keep_going):
            return Run(study.output_folder, computed=False)
        with executing(study.execution), logged(study.output_folder):
            done = _brought_up_to_date(study, force, keep_going)
        write_guide(study)
        return done


def _brought_up_to_date(study: Study, force: bool, keep_going: bool | None) -> Run:
    # Imported here: a run with nothing to do must not wait for the libraries of one that has.
    from analysis.core.processes import prepared_processes
    from analysis.workflow.check.load import load_cohort
    from analysis.workflow.cohort_update.kept_split import keep_split
    from analysis.workflow.cohort_update.keyed_digests import open_keyring
    from analysis.workflow.cohort_update.patient_digests import patient_contents
    from analysis.workflow.cohort_update.stored_outputs import (
        code_of_results,
        content_of,
        keep_outputs,
        restore_outputs,
    )
    from analysis.workflow.complete_run import finish

    with stage("cohort and its checks"):
        cohort = load_cohort(study, keep_going)
    _say(
        f"{study.study.name}: {counted(len(cohort.patients), 'patient')},"
        f" {int(cohort.label.notna().sum())} with a known label"
    )
    # Before anything is computed: whoever looks at a number has looked at this split.
    keyring = open_keyring(study)
    keep_split(study, cohort.cohort, keyring)
    contents = patient_contents(cohort)
    content = content_of(cohort, contents, code_of_results())
    restored = not force and restore_outputs(study.cache_folder, content, study.output_folder)
    if not restored:
        # On a cluster, others do the work.
        jobs = study.jobs if study.execution.backend == "loky" else 1
        with prepared_processes(jobs, LOADED):
            compute(cohort)
        keep_outputs(study.cache_folder, content, study.output_folder)
    write_excluded(study, cohort.excluded)
    finish(study, cohort, contents, keyring)
    _seal(study, bool(cohort.excluded))
    return Run(study.output_folder, computed=True, restored=restored)


def _say(text: str) -> None:
    print(text, file=sys.stderr, flush=True)


def _remove_earlier(folder: Path, names: Collection[str]) -> None:
    """Remove curves and tables of an earlier state of the study, which this one does not have.

    `curves/x` is named x.
    """
    for path in [*(folder / "curves").glob("*.csv"), *(folder / "tables").glob("*.csv")]:
        name = path.stem if path.parent.name == "curves" else f"tables/{path.stem}"
        # The checklists' table is written afterwards, by `finish`.
        if name not in names and name != "tables/checklists":
            path.unlink()


def compute(cohort: Cohort) -> None:
    """From the cohort to predictions, results, curves, tables and figures in the study's folder."""
    # Imported here: as above.
    from joblib import effective_n_jobs

    from analysis.inputs.crops.example import example, example_patients, write_examples
    from analysis.reporting.claims import make_claims, write_claims
    from analysis.reporting.figures import draw_all
    from analysis.reporting.manuscript import open_results
    from analysis.results import compute_results, write_records
    from analysis.results.appendix import appendix_tables
    from analysis.results.curves import write_curves
    from analysis.results.habitats import with_habitats
    from analysis.training import trained
    from analysis.training.leakage import run_guards
    from models.settings import RadiomicsSettings

    study, folder = cohort.study, cohort.study.output_folder
    table, training = trained(cohort)
    leakage = run_guards(cohort, training)
    for guard in leakage.guards:
        if guard.verdict == "fail":
            _say(f"leakage guard failed: {guard.title}: {guard.finding}")
    start, noted = time.perf_counter(), len(read_timings(study.cache_folder))
    with stage("statistics and tables"):
        records, frames = compute_results(cohort, training, table, leakage)
        # Not the checklists, which ask which of all the others are there.
        appendix = appendix_tables(
            records,
            cohort,
            training=training,
            table=table,
            headline=list(records.value(keys.models_headline())),
        )
    frames |= {f"tables/{name}": frame for name, frame in appendix.items()}

    # Predictions are written to the last bit: from the file alone every number that rests on them
    # can be computed again.
    write_atomically(
        folder / "predictions.csv",
        training.predictions.table.to_csv(index=False, lineterminator="\n"),
    )
    for name, scores in {"delineation_scores": training.predictions.delineations}.items():
        write_atomically(folder / f"{name}.csv", scores.to_csv(index=False, lineterminator="\n"))
    write_curves(
        folder / "curves", {name: frame for name, frame in frames.items() if "/" not in name}
    )
    write_curves(folder, {name: frame for name, frame in frames.items() if "/" in name})
    _remove_earlier(folder, frames)
    if table is not None:
        write_atomically(folder / "features.csv", table.features.to_csv(lineterminator="\n"))
        used = next(
            (
                model.settings.features
                for model in training.fitted.models.values()
                if isinstance(model.settings, RadiomicsSettings)
            ),
            [],
        )
        write_atomically(folder / "features_used.txt", "".join(f"{name}\n" for name in used))
    write_records(folder / "results.json", records)
    (folder / "curves" / "examples.npz").unlink(missing_ok=True)
    if study.phases and (shown := example_patients(cohort)):
        write_examples(
            folder / "curves" / "examples.npz",
            with_habitats(cohort, shown, [example(cohort, patient) for patient in shown], training),
        )
    with stage("figures"):
        draw_all(folder, study.jobs)
    write_claims(folder / "claims.json", make_claims(open_results(study.path)).values())
    # Pieces were made by several processes at once: their seconds are no wall time.
    pieces = sum(each["seconds"] for each in read_timings(study.cache_folder, noted))
    pieces /= effective_n_jobs(study.jobs)
    note_timing(
        study.cache_folder,
        "results",
        what="statistics, tables and figures",
        key=study.study.name,
        seconds=max(time.perf_counter() - start - pieces, 0.0),
    )
