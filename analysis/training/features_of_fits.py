"""Features on the standard scale of each outer fold, where histograms are matched.

A scale is learnt in the learning patients of the final fit, and of each outer fold. Inner folds and
tuning folds have that of the fold that they lie in, resamples and permutations that of the final
fit: it sees no outcome, and each further one would need all images again.
"""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace

from analysis.cohort.cohort import Cohort
from analysis.core.cache import is_planning, read_timings
from analysis.core.durations import duration
from analysis.core.execution import process_count
from analysis.core.progress import NotThere
from analysis.core.word_lists import counted
from analysis.inputs.radiomics import RadiomicsTable
from analysis.inputs.radiomics.table import features_under
from analysis.inputs.standard_scale import cohort_landmarks, scale_of
from analysis.training.contexts import Context, outer_folds
from models.inputs import ImageFeatures


def features_of_fits(cohort: Cohort, contexts: Sequence[Context]) -> dict[str, ImageFeatures]:
    """Outer fold → features of its patients on the scale of those whom it learns from.

    Empty where no histogram is matched. What is not in the cache is extracted; while planning, all
    folds are looked at before NotThere is raised.
    """
    study = cohort.study
    if not study.matched_phases:
        return {}
    outer = outer_folds(contexts)
    learning = sorted({patient for context in outer for patient in context.learn})
    landmarks = cohort_landmarks(cohort, learning)
    if not is_planning():
        words = extractions_words(cohort, outer)
        print(f"{study.study.name}: {words}; less what is kept", file=sys.stderr, flush=True)
    found: dict[str, ImageFeatures] = {}
    absent: NotThere | None = None
    for context in outer:
        own = replace(cohort, standards=scale_of(cohort, landmarks, context.learn))
        try:
            found[context.name] = features_under(own, sorted({*context.learn, *context.score}))
        except NotThere as error:
            absent = error
    if absent is not None:
        raise absent
    return found


def fold_extractions(cohort: Cohort, outer: Sequence[Context]) -> int:
    """Extractions of features again, over all outer folds, each of an image and region."""
    matched = set(cohort.study.matched_phases)
    blocks = sum(block.phase in matched for block in cohort.study.blocks)
    return blocks * sum(len({*context.learn, *context.score}) for context in outer)


def extractions_words(cohort: Cohort, outer: Sequence[Context]) -> str:
    """How many extractions the outer folds take, and their time by those that were made so far."""
    study = cohort.study
    seconds = [
        each["seconds"] for each in read_timings(study.cache_folder) if each["room"] == "radiomics"
    ]
    number, processes = fold_extractions(cohort, outer), process_count(study.jobs)
    text = (
        f"histograms are matched anew in {counted(len(outer), 'outer fold')}, which takes"
        f" {counted(number, 'extraction')} besides those of the final fit"
    )
    if not seconds:
        return text
    whole = duration(number * sum(seconds) / len(seconds) / processes)
    return f"{text}, about {whole} on {counted(processes, 'process', 'processes')}"


def in_every_fit(
    table: RadiomicsTable, fits: Mapping[str, ImageFeatures]
) -> tuple[RadiomicsTable, dict[str, ImageFeatures]]:
    """Table and folds with those features that all of them have, in the table's order.

    A quotient of two phases' features has no value where it is divided by zero, which may be so on
    the scale of one fit alone; it is then left out of all. No outcome is seen.
    """
    if not fits:
        return table, {}
    count = Counter(name for each in fits.values() for name in each.radiomics)
    names = [name for name in table.features if count[name] == len(fits)]
    there = set(names)
    own = replace(
        table,
        features=table.features[names],
        references={
            quotient: name for quotient, name in table.references.items() if quotient in there
        },
    )
    return own, {
        context: replace(each, radiomics=each.radiomics[names]) for context, each in fits.items()
    }
