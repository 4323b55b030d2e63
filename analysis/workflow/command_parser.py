"""The commands of `early-recurrence` and their options."""

from __future__ import annotations

import argparse
from importlib.metadata import PackageNotFoundError, version

from analysis.workflow.cluster_worker import add_worker_command
from analysis.workflow.cohort_update.commands import add_updating_commands
from analysis.workflow.command_line.completion import SCRIPTS
from analysis.workflow.command_line.help_pages import GroupedParser, describe, subcommands
from analysis.workflow.command_line.listing_commands import add_listing_commands
from analysis.workflow.command_line.new_command import add_new_command
from analysis.workflow.command_line.running_commands import add_demo_command, add_running_commands
from analysis.workflow.command_line.shared_options import general_options, study_option
from analysis.workflow.command_line.spelling_parser import SpellingParser
from analysis.workflow.convert.parser import add_convert_command
from analysis.workflow.locked_model.commands import add_exporting_commands
from analysis.workflow.manuscript.commands import add_manuscript_commands
from analysis.workflow.numbers import add_numbers_command
from analysis.workflow.redline.commands import add_redline_command
from analysis.workflow.review.commands import add_review_commands
from analysis.workflow.submission.commands import add_submission_command


def version_text() -> str:
    """Name and version of the package, as `--version` prints them."""
    try:
        return f"early-recurrence {version('hcc-early-recurrence')}"
    except PackageNotFoundError:  # a checkout that is not installed
        return "early-recurrence, version unknown (a checkout that is not installed)"


def _generally(parser: argparse.ArgumentParser) -> None:
    """General options for each command below a parser that has no further commands."""
    for sub in subcommands(parser).values():
        if subcommands(sub):
            _generally(sub)
        else:
            general_options(sub, below=True)


def command_parser() -> argparse.ArgumentParser:
    """Parser of the command line: one subparser a command."""
    parser = GroupedParser(
        prog="early-recurrence",
        description="From images and a clinical table to every number of the paper, and the paper.",
    )
    parser.add_argument(
        "--version", action="version", version=version_text(), help="print the version"
    )
    general_options(parser, below=False)
    commands = parser.add_subparsers(
        dest="command",
        required=True,
        metavar="COMMAND",
        parser_class=SpellingParser,
    )
    add_new_command(commands)
    add_demo_command(commands)
    add_convert_command(commands)
    add_running_commands(commands)
    add_listing_commands(commands)
    add_updating_commands(commands, study_option)
    add_review_commands(commands, study_option)
    add_exporting_commands(commands, study_option)
    add_manuscript_commands(commands, study_option)
    add_submission_command(commands, study_option)
    add_redline_command(commands, study_option)
    add_numbers_command(commands, study_option)
    add_worker_command(commands)
    completion = commands.add_parser(
        "completion", help="print the script by which a shell completes commands and options"
    )
    completion.add_argument("shell", choices=sorted(SCRIPTS), help="which shell")
    describe(parser)
    _generally(parser)
    return parser
