"""Files of an export beside those that are converted.

They are counted, named, and listed whole in a private file.
"""

from __future__ import annotations

import csv
import io
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from analysis.core.word_lists import counted
from analysis.imaging.convert.phase_plan import PhaseJob
from analysis.imaging.reading.headers import MASK_MODALITIES, Instance
from analysis.imaging.reading.scan import passed_words
from analysis.imaging.reading.series import Series

OTHER_FILE = "DICOM that is neither an image nor a DICOM-SEG or RTSTRUCT"


# What follows the number of files of masks that fit no rule.
UNFIT = ("DICOM-SEG or RTSTRUCT file is", "DICOM-SEG or RTSTRUCT files are")


@dataclass(frozen=True)
class Passed:
    """Files, series and masks that are passed over.

    files: reason -> files. series: that are no phase of a patient. masks: that belong to no chosen
    series, or fit no rule.
    """

    files: Mapping[str, tuple[Path, ...]]
    series: tuple[Series, ...]
    masks: tuple[Path, ...]

    def lines(self) -> list[str]:
        """Lines for the end of the command: number of files of each kind, with examples."""
        said = [words] if (words := passed_words(dict(self.files))) else []
        if self.series:
            kinds = Counter(
                series.text("SeriesDescription") or "no description" for series in self.series
            )
            shown = ", ".join(f"'{name}' ({count})" for name, count in kinds.most_common(5))
            more = ", …" if len(kinds) > 5 else ""
            said.append(
                f"{counted(len(self.series), 'series is', 'series are')} no phase by the rules:"
                f" {shown}{more}"
            )
        if self.masks:
            said.append(
                f"{counted(len(self.masks), *UNFIT)} no mask by the rules, such as {self.masks[0]}"
            )
        return said

    def table(self) -> str:
        """CSV of all of it: file or folder, how many files, why."""
        rows: list[tuple[str, int, str]] = [
            (str(path), 1, reason) for reason, paths in sorted(self.files.items()) for path in paths
        ]
        rows += [
            (
                str(series.instances[0].path.parent),
                len(series.instances),
                f"series that is no phase: {series}",
            )
            for series in self.series
        ]
        rows += [(str(path), 1, "DICOM-SEG or RTSTRUCT that is no mask") for path in self.masks]
        text = io.StringIO()
        csv.writer(text, lineterminator="\n").writerows([("place", "files", "why"), *rows])
        return text.getvalue()


def passed_over(
    files: Mapping[str, tuple[Path, ...]],
    instances: Iterable[Instance],
    unused: Sequence[Series],
    jobs: Sequence[PhaseJob],
    without: set[Path],
) -> Passed:
    """without: files of patients who are left out, about whom the problems speak."""
    used = {mask.path for job in jobs for mask in job.masks}
    others = [
        instance for instance in instances if not instance.is_image and instance.path not in without
    ]
    masks = tuple(
        each.path for each in others if each.modality in MASK_MODALITIES and each.path not in used
    )
    rest = tuple(each.path for each in others if each.modality not in MASK_MODALITIES)
    return Passed({**files, **({OTHER_FILE: rest} if rest else {})}, tuple(unused), masks)
