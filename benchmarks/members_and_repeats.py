"""What members of a network and repeats of the folds buy: `python -m benchmarks.members_and_repeats
[members] [repeats]`.

Out-of-fold AUC of a network of the demonstration, by the mean score of so many members, and how far
it varies with the members that are drawn and with the folds; beside it, how far it varies with the
patients, which neither changes.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
from scipy.stats import norm

import analysis.statistics as st
from analysis.cohort.cohort import Cohort
from analysis.core.progress import in_parallel
from analysis.inputs.crops import tumour_crops
from analysis.study import load_study
from analysis.training.contexts import Context, Folds, contexts_of
from analysis.training.settings import ConfiguredModel, configured_models
from analysis.workflow.check.load import load_cohort
from benchmarks.arguments import counts
from benchmarks.text_table import table
from models.inputs import Inputs
from models.registry import registry_of

STUDY, NETWORK = Path(__file__).parents[1] / "study.yml", "resnet18"
# Level of an interval that reaches one standard error to either side.
ONE_ERROR = float(2 * norm.cdf(1) - 1)
HEAD = [
    "members",
    "mean AUC",
    "SD over members",
    "SD over repeats",
    "SE over patients",
    "SE, one repeat",
    "SE, five repeats",
]


def _scores(
    model: ConfiguredModel, inputs: Inputs, label: pd.Series, context: Context, member: int
) -> pd.Series:
    """Scores of the patients of a fold by one member that learnt from the others."""
    fitted = model.build(1000 * member).fit(
        model.inputs(inputs.subset(context.learn)), label.loc[list(context.learn)]
    )
    return fitted.predict(model.inputs(inputs.subset(context.score)))


def out_of_fold(cohort: Cohort, members: int, repeats: int) -> tuple[np.ndarray, np.ndarray]:
    """Out-of-fold probabilities, repeats × members × patients, and the patients' outcome."""
    study, label = cohort.study, cohort.label[cohort.labelled("training")]
    inputs = Inputs(label.index, images=tumour_crops(cohort, patients=list(label.index)))
    model = configured_models(cohort, [], registry_of(study), {})[NETWORK]
    folds = Folds(study.validation.outer_folds, 2, seed=study.seed, repeats=repeats)
    outer = [
        context for context in contexts_of(list(label.index), [], label, folds) if context.outer
    ]
    calls = [(context, member) for context in outer for member in range(members)]
    found = in_parallel(
        _scores,
        [(model, inputs, label, context, member) for context, member in calls],
        "members and folds",
        study.jobs,
    )
    scores = np.full((repeats, members, len(label)), np.nan)
    for (context, member), values in zip(calls, found, strict=True):
        scores[context.repeat - 1, member, label.index.get_indexer(values.index)] = values
    return scores, label.to_numpy(dtype=int)


def _shown(value: float) -> str:
    return "" if np.isnan(value) else f"{value:.3f}"


def rows(scores: np.ndarray, label: np.ndarray) -> list[list[str]]:
    """A row for each number of members that the members there are can be shared out by.

    scores: repeats × members × patients. Groups of members are disjoint. The last two columns are
    the standard error of the AUC that is reported, after one repeat and after five.
    """
    members, found = scores.shape[1], []
    for size in (1, 2, 3, 5, 10):
        groups = [list(range(first, first + size)) for first in range(0, members - size + 1, size)]
        if not groups:
            break
        means = [[repeat[group].mean(axis=0) for group in groups] for repeat in scores]
        areas = np.array([[st.auc(label, each) for each in repeat] for repeat in means])
        of_groups = np.sqrt(areas.var(axis=1, ddof=1).mean()) if len(groups) > 1 else np.nan
        of_repeats = areas.std(axis=0, ddof=1).mean() if len(areas) > 1 else np.nan
        interval = st.auc_interval(label, means[0][0], method="wald", level=ONE_ERROR)
        of_patients = (interval.ci_high - interval.ci_low) / 2
        found.append(
            [
                str(size),
                f"{areas.mean():.3f}",
                _shown(of_groups),
                _shown(of_repeats),
                f"{of_patients:.3f}",
                *(_shown(np.hypot(of_patients, of_repeats / np.sqrt(n))) for n in (1, 5)),
            ]
        )
    return found


def main(members: int = 10, repeats: int = 6) -> None:
    """Print the table."""
    cohort = load_cohort(load_study(STUDY))
    print(table(rows(*out_of_fold(cohort, members, repeats)), HEAD))


if __name__ == "__main__":
    main(*counts(__doc__, members=10, repeats=6))
