"""Quarto's pre-render step: brings the results up to date, at once where nothing changed."""

from __future__ import annotations

import os
import sys

from analysis.core.project_folder import project_folder, study_path

ACTIVATE = """early-recurrence: the project's environment is not active \
({missing} is not installed for {python}).
Activate it and run `quarto render` again:
    source .venv/bin/activate        after `make setup` (pip)
    conda activate early-recurrence  after `conda env create -f environment.yml` (conda)"""


def main() -> int:
    """Brings results and assets up to date before Quarto renders; exit status."""
    try:
        # Imported here: an environment that is not active is reported in words.
        from analysis.reporting.rendering.assets import write_assets
        from analysis.reporting.sections.generated import write_generated
        from analysis.study import StudyError, load_study
        from analysis.workflow.run import bring_checklists_up_to_date, run
    except ModuleNotFoundError as error:
        print(ACTIVATE.format(missing=error.name, python=sys.executable), file=sys.stderr)
        return 1
    try:
        study, project = load_study(study_path()), project_folder()
        write_assets(study, project)
        # `early-recurrence render` draws what is there.
        if os.environ.get("EARLY_RECURRENCE_NO_RUN"):
            bring_checklists_up_to_date(study)
            write_generated(study, project)
            return 0
        outcome = run(study)
        write_assets(study, project)  # with the cohort and the code of these results
        write_generated(study, project)
    except ModuleNotFoundError as error:
        print(ACTIVATE.format(missing=error.name, python=sys.executable), file=sys.stderr)
        return 1
    except (StudyError, ValueError, RuntimeError, FileNotFoundError) as error:
        print(f"early-recurrence: {error}", file=sys.stderr)
        return 1
    print("results computed" if outcome.computed else "results are current", file=sys.stderr)
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
