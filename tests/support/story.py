"""A cohort that changes: what each step of its story printed and computed."""

import contextlib
import html
import io
import os
import re
import shutil
from collections import Counter
from pathlib import Path

import pandas as pd

from analysis.core.cache import read_timings
from analysis.study import load_study
from tests.conftest import ROOT
from tests.support.command_line import command
from tests.support.living_study import growing_study, read_table, write_table

CORRECTED = {
    "MRN-7000": ("ast", "77"),
    "MRN-7104": ("albumin", "31"),
    "MRN-7169": ("tumour_diameter", "6.6"),
}
REMOVED = ["MRN-7065", "MRN-7156"]


class Story:
    """Runs the command as a user does, and keeps what each step printed and computed."""

    def __init__(self, folder):
        self.folder = folder
        self.study_file, self.later = growing_study(folder)
        self.first_table = read_table(self.study_file)
        self.said, self.computed = {}, {}

    def do(self, name, *arguments, study=True, status=0):
        start = len(read_timings(self.folder / ".cache"))
        printed = io.StringIO()
        with contextlib.redirect_stdout(printed):
            found = command(*arguments, *(["--study", str(self.study_file)] if study else []))
        assert found == status, (arguments, found, printed.getvalue()[-2000:])
        self.said[name] = printed.getvalue()
        self.computed[name] = Counter(
            each["room"] for each in read_timings(self.folder / ".cache", start)
        )
        return self.said[name]

    def page(self):
        """Text of update.qmd, rendered in a copy of the project that has this page alone."""
        from analysis.reporting.rendering import render

        project = self.folder / "project"
        if not project.is_dir():
            project.mkdir()
            settings = (ROOT / "_quarto.yml").read_text(encoding="utf-8")
            (project / "_quarto.yml").write_text(
                re.sub(r"    - report/(?!update)\w+\.qmd\n", "", settings), encoding="utf-8"
            )
            shutil.copytree(ROOT / "report", project / "report")
            for package in ("analysis", "models", "early_recurrence"):
                (project / package).symlink_to(ROOT / package)
        os.environ["EARLY_RECURRENCE_STUDY"] = str(self.study_file)
        try:
            rendering = render(project, ["html"], data=self.study.output_folder, progress=False)
        finally:
            del os.environ["EARLY_RECURRENCE_STUDY"]
        body = re.sub(
            r"<(style|script)\b.*?</\1>",
            " ",
            rendering.paths[0].read_text(encoding="utf-8"),
            flags=re.DOTALL,
        )
        return html.unescape(re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", body)))

    @property
    def study(self):
        return load_study(self.study_file)


def told_story(folder):
    told = Story(folder)
    told.do("first", "run")
    told.unlocked_page = told.page()
    told.do("lock", "lock")
    told.first_page = told.page()
    table = told.first_table
    corrected = table[~table["patient_id"].isin(REMOVED)].set_index("patient_id")
    for patient, (column, value) in CORRECTED.items():
        assert corrected.at[patient, column] != value
        corrected.loc[patient, column] = value
    told.second_table = pd.concat([corrected.reset_index(), told.later.iloc[:10]])
    write_table(told.study_file, told.second_table)
    told.do("status", "status")
    told.do("second", "run")
    told.second_page = told.page()
    told.do("diff", "diff")
    told.bundle = Path(told.do("bundle", "bundle").strip())
    return told
