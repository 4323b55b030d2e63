"""The command `early-recurrence`.

Each command imports what it needs when it is called: the command line starts without the libraries
of a run.
"""

from __future__ import annotations

import argparse
import os
import shlex
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from analysis.core.arithmetic import follow, wanted
from analysis.core.environment import environment
from analysis.core.machine_errors import storage_words
from analysis.core.project_folder import find_study
from analysis.core.stages import STAGES, stage
from analysis.workflow.cluster_worker import run_worker
from analysis.workflow.cohort_update.commands import UPDATING_COMMANDS
from analysis.workflow.command_line.completion import SCRIPTS
from analysis.workflow.command_line.exit_statuses import DONE, FAILED, FAULTY, STOPPED
from analysis.workflow.command_line.new_command import run_new
from analysis.workflow.command_line.streams import streams
from analysis.workflow.command_parser import command_parser
from analysis.workflow.locked_model.commands import EXPORTING_COMMANDS
from analysis.workflow.manuscript.commands import MANUSCRIPT_COMMANDS
from analysis.workflow.redline.commands import REDLINE_COMMANDS
from analysis.workflow.review.commands import REVIEW_COMMANDS
from analysis.workflow.submission.commands import SUBMISSION_COMMANDS

if TYPE_CHECKING:
    from analysis.study import Study


@contextmanager
def _timed(asked: bool) -> Iterator[None]:
    """Afterwards, where asked for, where the time went."""
    began = time.perf_counter()
    yield
    if asked:
        print(STAGES.table(time.perf_counter() - began), file=sys.stderr)


def _run(options: argparse.Namespace) -> int:
    from analysis.study import load_study
    from analysis.workflow.run import run

    with _timed(options.timings):
        outcome = run(
            load_study(options.study),
            force=options.force,
            wait=not options.no_wait,
            keep_going=options.keep_going,
        )
    print(f"{outcome.output / 'results.json'} {'computed' if outcome.computed else 'is current'}")
    return 0


def _rendered(
    study: Study,
    formats: list[str] | None,
    settings: dict[str, str] | None = None,
    strict: bool = False,
) -> int:
    """Render the documents of a study.

    settings: of the environment that the documents and Quarto's pre-render step run in, beside the
    study's path; strict: whether what is beyond the journal's limits, or a numeral of the pages
    that is not bound, is an error.
    """
    from analysis.reporting.claims import changes_of
    from analysis.reporting.journal import report_counts
    from analysis.reporting.manuscript_folder import project_of
    from analysis.reporting.rendering import render
    from analysis.reporting.rendering.assets import write_assets
    from analysis.reporting.sections.generated import write_generated
    from analysis.workflow.bound_numerals import say_bound
    from analysis.workflow.postrender import COUNTED_LATER
    from analysis.workflow.published_pages import publish_pages
    from analysis.workflow.run import bring_checklists_up_to_date

    project = project_of(study)
    with stage("sections of the manuscript"):
        write_assets(study, project)
        bring_checklists_up_to_date(study)
        write_generated(study, project)
    told = {"EARLY_RECURRENCE_STUDY": str(study.path), COUNTED_LATER: "1", **(settings or {})}
    with environment(told), stage("pages"):
        rendering = render(project, formats, data=study.output_folder, jobs=study.jobs)
    for warning in rendering.warnings:
        print(f"Quarto warns: {warning}", file=sys.stderr)
    print(rendering.message)
    for path in rendering.paths:
        print(path)
    if rendering.refused is not None:
        # The preview is there to look at; what is counted and published is Quarto's.
        raise RuntimeError(
            f"{rendering.refused}\nMend it and render again; EARLY_RECURRENCE_QUARTO=none renders"
            " the preview without Quarto"
        )
    if strict and (unknown := [each for each in rendering.warnings if "Shortcode" in each]):
        raise RuntimeError(f"Quarto does not know what a document asks for: {'; '.join(unknown)}")
    if (said := changes_of(study)) is not None:
        print(said)
    if (counted := report_counts(study, rendering.paths, strict)) is not None:
        print(counted)
    say_bound(study, rendering.paths, strict)
    if (article := publish_pages(study, rendering.paths)) is not None:
        print(article)
    return 0


def _report(options: argparse.Namespace) -> int:
    from analysis.study import load_study
    from analysis.workflow.run import run

    with _timed(options.timings):
        study = load_study(options.study)
        if options.strict:
            _demand_texts(study)
        run(
            study,
            force=options.force,
            wait=not options.no_wait,
            keep_going=options.keep_going,
        )
        return _rendered(study, options.format, strict=options.strict)


def _demand_texts(study: Study) -> None:
    """Raise ValueError with the places that only the authors can fill in and that are empty."""
    from analysis.reporting.manuscript_folder import project_of
    from analysis.reporting.sections.open_places import open_places

    if empty := open_places(study, project_of(study) / "report"):
        raise ValueError(
            "nothing was rendered, as these places are still the authors' to fill in:\n  "
            + "\n  ".join(empty)
        )


def _render(options: argparse.Namespace) -> int:
    from analysis.study import load_study
    from analysis.workflow.run import is_current

    study = load_study(options.study)
    if options.strict:
        _demand_texts(study)
    if not (study.output_folder / "results.json").is_file():
        raise FileNotFoundError(
            f"{study.output_folder / 'results.json'} is not there yet; `early-recurrence run` makes"
            " it, `early-recurrence report` does both"
        )
    if not is_current(study):
        print(
            "early-recurrence: the results are older than the study file, the cohort or the code;"
            " `early-recurrence report` computes them first",
            file=sys.stderr,
        )
    return _rendered(study, options.format, {"EARLY_RECURRENCE_NO_RUN": "1"}, options.strict)


def _check(options: argparse.Namespace) -> int:
    from analysis.workflow.check.command import check

    return check(options.study, options.json, options.all)


def _checklist(options: argparse.Namespace) -> int:
    from analysis.core.cache import write_atomically
    from analysis.reporting.checklists.open_items import open_text
    from analysis.reporting.checklists.records import shown_answers
    from analysis.results.record import read_records
    from analysis.study import load_study

    study = load_study(options.study)
    table = shown_answers(study, read_records(study.output_folder / "results.json"))
    print(open_text(table))
    if options.csv is not None:
        print(write_atomically(options.csv, table.to_csv(index=False, lineterminator="\n")))
    return 0


def _demo(options: argparse.Namespace) -> int:
    from analysis.demo import make_demo_cohort

    print(
        make_demo_cohort(
            options.folder,
            patients=options.patients,
            events=options.events,
            validation=options.validation,
            seed=options.seed,
        )
    )
    return 0


def _scores(_: argparse.Namespace) -> int:
    from analysis.workflow.scores import list_scores

    return list_scores()


def _score(options: argparse.Namespace) -> int:
    from analysis.workflow.scores import score_file

    return score_file(options)


def _keys(options: argparse.Namespace) -> int:
    from analysis.workflow.list_keys import list_keys

    return list_keys(options)


def _numbers(options: argparse.Namespace) -> int:
    from analysis.workflow.numbers import list_numbers

    return list_numbers(options)


def _explain(options: argparse.Namespace) -> int:
    from analysis.study import load_study
    from analysis.workflow.explain_key import explanation, explanation_in_bundle

    if options.bundle is not None:
        print(explanation_in_bundle(options.bundle, options.key))
        return 0
    print(explanation(load_study(options.study), options.key))
    return 0


def _open(options: argparse.Namespace) -> int:
    from analysis.study import load_study
    from analysis.workflow.command_line.open_article import open_page, rendered_page

    page = rendered_page(load_study(options.study), options.document)
    open_page(page)
    print(page)
    return 0


def _completion(options: argparse.Namespace) -> int:
    print(SCRIPTS[options.shell](command_parser()), end="")
    return 0


def _convert(options: argparse.Namespace) -> int:
    from analysis.workflow.convert.command import run_convert

    return run_convert(options)


def _follow_study(path: Path | None) -> None:
    """Compute as the study file asks.

    Read before the study is, as that loads libraries which choose their kernels once.
    """
    if path is None or not path.is_file():
        return
    from analysis.core.yaml_file import read_yaml

    try:
        content = read_yaml(path, ValueError)
    except ValueError:
        return  # told when the study is loaded
    section = content.get("execution") if isinstance(content, dict) else None
    if isinstance(section, dict) and section.get("arithmetic") == "native":
        follow("native")


def _pre_render(_: argparse.Namespace) -> int:
    from analysis.core.project_folder import study_path

    _follow_study(study_path())
    from analysis.workflow.prerender import main as pre_render

    return pre_render()


def _post_render(_: argparse.Namespace) -> int:
    from analysis.workflow.postrender import main as post_render

    return post_render()


COMMANDS = {
    "pre-render": _pre_render,
    "post-render": _post_render,
    "convert": _convert,
    "run": _run,
    "report": _report,
    "render": _render,
    "check": _check,
    "checklist": _checklist,
    "new": run_new,
    "open": _open,
    "explain": _explain,
    "completion": _completion,
    "demo": _demo,
    "keys": _keys,
    "numbers": _numbers,
    "scores": _scores,
    "score": _score,
    "worker": run_worker,
    **UPDATING_COMMANDS,
    **REVIEW_COMMANDS,
    **EXPORTING_COMMANDS,
    **MANUSCRIPT_COMMANDS,
    **SUBMISSION_COMMANDS,
    **REDLINE_COMMANDS,
}


def _named_study(options: argparse.Namespace) -> None:
    """Put the study file in: the nearest where none was named, that of a folder where one was."""
    if getattr(options, "finds_study", False) and options.study is None:
        options.study = find_study(Path.cwd())
    study = getattr(options, "study", None)
    # `keys --study` without a file is Path(), and looks for the study by itself.
    here = study == Path() and not getattr(options, "finds_study", False)
    if isinstance(study, Path) and not here and study.is_dir():
        options.study = study / "study.yml"


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; its exit status (`command_line/exit_statuses.py` says what each means).

    The user's files or arguments at fault, and what failed on the way, are one message each,
    without a traceback.
    """
    words = list(sys.argv[1:] if arguments is None else arguments)
    options = command_parser().parse_args(words)
    try:
        with streams(options.quiet, options.log, shlex.join(["early-recurrence", *words])):
            return _status_of(options)
    except OSError as error:  # of the log
        _say(storage_words(error) or str(error))
        return FAULTY


def _say(text: str) -> None:
    """Print an error, whatever else is quiet."""
    insist = getattr(sys.stderr, "insist", sys.stderr.write)
    insist(f"early-recurrence: {text}\n")


def _status_of(options: argparse.Namespace) -> int:
    """Exit status of a command, with its error said."""
    try:
        wanted()
        _named_study(options)
        _follow_study(getattr(options, "study", None))
        return COMMANDS[options.command](options)
    except BrokenPipeError:  # the reader (head, less) has seen enough
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return DONE
    except KeyboardInterrupt:
        print(file=sys.stderr)
        _say("stopped; what was finished is kept, the same command goes on from there")
        return STOPPED
    except MemoryError:
        if os.environ.get("EARLY_RECURRENCE_DEBUG"):
            raise
        _say(
            "memory ran out; lower `jobs` in the study file, or close other programs. What was"
            " finished is kept, and the same command goes on from there"
        )
        return FAILED
    except (ValueError, KeyError, RuntimeError, OSError) as error:
        if os.environ.get("EARLY_RECURRENCE_DEBUG"):
            raise
        if isinstance(error, OSError) and (words := storage_words(error)) is not None:
            _say(words)
            return FAILED
        # str() of a KeyError quotes its message.
        _say(str(error.args[0] if isinstance(error, KeyError) and error.args else error))
        return FAILED if isinstance(error, RuntimeError) else FAULTY


if __name__ == "__main__":
    raise SystemExit(main())
