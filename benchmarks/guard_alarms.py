"""How often a guard alarms in a study without a fault, and in one with a planted fault: `python -m
benchmarks.guard_alarms`.

Clean studies, with and without a signal, must have an alarm in at most 2 % (their guards'
family-wise level is 1 %). Everything is seeded; each rate has its Monte-Carlo error. The permuted
outcomes run the study's own path on a small scale, and their spread then gives the rate at 200
permutations. The shuffled voxels never alarm, so that they are left out.
"""

from __future__ import annotations

import warnings
from collections.abc import Callable
from dataclasses import dataclass
from types import SimpleNamespace
from typing import Any, cast

import numpy as np
import pandas as pd
from threadpoolctl import threadpool_limits

from analysis.cohort.cohort import Cohort
from analysis.study.dictionary import Dictionary, Variable
from analysis.study.network_input import NetworkInput
from analysis.training.leakage.duplicates import same_features, same_images, same_name, same_values
from analysis.training.leakage.guard import Guard
from analysis.training.leakage.permutation import (
    PermutedPath,
    as_frame,
    permutation_guards,
    within_fold_auc,
)
from analysis.training.leakage.strong_predictors import centre_outcome, single_predictor
from analysis.training.settings import ConfiguredModel
from benchmarks.arguments import counts
from benchmarks.text_table import table
from models.classifiers import CLASSIFIERS
from models.declared import CR, RADIOMICS
from models.inputs import Inputs
from models.radiomics_and_networks import radiomics_model
from models.settings import ClinicalSettings, RadiomicsSettings

MOST_ALARMS = 0.02
CLINICAL, FEATURES, FACTORS = 12, 300, 8
Study = tuple[Cohort, Inputs]


@dataclass(frozen=True)
class Rate:
    """what: was simulated; n: patients; rate of studies with an alarm, among `studies`; most: what
    it must not exceed, None where alarms are wanted."""

    what: str
    n: int
    rate: float
    studies: int
    most: float | None = MOST_ALARMS

    @property
    def error(self) -> float:
        """Monte-Carlo standard error; of a rate of 0 or 1 that of one study more or less."""
        rate = min(max(self.rate, 1 / self.studies), 1 - 1 / self.studies)
        return float(np.sqrt(rate * (1 - rate) / self.studies))

    @property
    def met(self) -> bool:
        return self.most is None or self.rate <= self.most

    def cells(self) -> list[str]:
        limit = "" if self.most is None else f"≤ {self.most:g}"
        return [
            self.what,
            str(self.n),
            f"{self.rate:.3f}",
            f"{self.error:.3f}",
            str(self.studies),
            limit,
            "yes" if self.met else "NO",
        ]


HEAD = ["studies", "patients", "with an alarm", "MC error", "simulated", "target", "met"]


def clean(random: np.random.Generator, n: int, signal: bool) -> Study:
    """A cohort of three centres with event rates of .45 to .65: clinical values, correlated
    features and images.

    signal: the first clinical value and the first factor of the features have AUCs of .76.
    """
    patients = pd.Index([f"C{place % 3}-{place:03d}" for place in range(n)], name="patient_id")
    centre = random.choice(["A", "B", "C"], n)
    label = (
        random.random(n) < pd.Series(centre).map({"A": 0.45, "B": 0.55, "C": 0.65}).to_numpy()
    ).astype(float)
    shift = 1.0 * label if signal else np.zeros(n)
    # Laboratory values: correlated, skewed and rounded as reports have them.
    values = random.standard_normal((n, 4)) @ random.standard_normal(
        (4, CLINICAL)
    ) / 2 + random.standard_normal((n, CLINICAL))
    values[:, 0] += shift * values[:, 0].std()
    names = [f"value{place}" for place in range(CLINICAL)]
    clinical = pd.DataFrame(
        np.round(np.exp(3.5 + 0.4 * values), 1), index=patients, columns=names
    ).assign(centre=centre)
    factors = random.standard_normal((n, FACTORS))
    factors[:, 0] += shift
    features = factors @ random.standard_normal((FACTORS, FEATURES)) + 0.5 * random.standard_normal(
        (n, FEATURES)
    )
    features += 0.5 * (centre == "A")[:, None]
    features[:, ::3] = np.exp(features[:, ::3] / 4)
    # Tumours of another size and brightness on one background, which makes regions alike.
    grid = np.linspace(-1, 1, 24)
    inside = grid[:, None] ** 2 + grid[None, :] ** 2 < random.uniform(0.05, 0.8, n)[:, None, None]
    images = (
        1
        + inside * random.normal(0.6, 0.3, n)[:, None, None]
        + 0.2 * random.standard_normal((n, 24, 24))
    )
    variables = {
        name: Variable(label=name, role="predictor", type="continuous", unit="1") for name in names
    }
    study = SimpleNamespace(
        cohort=SimpleNamespace(centre="centre"),
        clinical=SimpleNamespace(candidates=names),
        comparators=[],
        supplement_scores=[],
        network_inputs=lambda: {"mri": NetworkInput(normalisation="crop")},
    )
    of = pd.Series(
        np.where(np.arange(n) % 5 < 4, "training", "validation"), index=patients, dtype="string"
    )
    cohort = Cohort(
        cast(Any, study),
        clinical,
        pd.DataFrame({"label": label}, index=patients),
        of,
        Dictionary(variables=variables),
    )
    table_of = pd.DataFrame(
        features, index=patients, columns=[f"f{place}" for place in range(FEATURES)]
    )
    return cohort, Inputs(patients, clinical, table_of, images[:, None, None].astype(np.float32))


def guards_of(study: Study) -> list[Guard]:
    """Every guard of the data that can alarm."""
    cohort, inputs = study
    return [
        same_name(cohort),
        same_values(cohort),
        same_features(cohort, inputs),
        same_images(cohort, inputs),
        single_predictor(cohort, inputs),
        centre_outcome(cohort),
    ]


def _twins(study: Study, random: np.random.Generator, second: int) -> Study:
    """The first patient once more as patient `second`, all features and values measured again with
    1 % of their spread."""
    cohort, inputs = study
    assert inputs.radiomics is not None
    for frame in (inputs.radiomics, cohort.clinical.select_dtypes("number")):
        spread = frame.std().to_numpy()
        frame.iloc[second] = frame.iloc[0].to_numpy() + 0.01 * spread * random.standard_normal(
            len(spread)
        )
    return study


def twins_across(study: Study, random: np.random.Generator) -> Study:
    """The copy validates."""
    return _twins(study, random, 4)


def twins_within(study: Study, random: np.random.Generator) -> Study:
    """Both train."""
    return _twins(study, random, 2)


def late_predictor(study: Study, random: np.random.Generator) -> Study:
    """A value that was measured after the outcome: its true AUC is .986."""
    cohort, _ = study
    cohort.clinical["value1"] = 3.1 * cohort.label.to_numpy() + random.standard_normal(
        len(cohort.patients)
    )
    return study


def centre_is_outcome(study: Study, random: np.random.Generator) -> Study:
    """Nine of ten patients with the event are of one centre, nine of ten without it of another."""
    cohort, _ = study
    same = random.random(len(cohort.patients)) < 0.9
    cohort.clinical["centre"] = np.where((cohort.label == 1).to_numpy() == same, "A", "B")
    return study


PLANTED: dict[str, tuple[Callable[[Study, np.random.Generator], Study], str]] = {
    "planted: twins across cohorts, 1 % noise": (twins_across, "same_features"),
    "planted: twins within training, 1 % noise": (twins_within, "same_features"),
    "planted: a predictor measured after the outcome": (late_predictor, "single_predictor"),
    "planted: a centre that is the outcome in 90 %": (centre_is_outcome, "centre_outcome"),
}


def data_rates(studies: int, sizes: tuple[int, ...] = (33, 100, 165)) -> list[Rate]:
    """Alarms of all guards of the data in clean studies, and of the guard in question where a fault
    is planted."""
    rates = []
    for n in sizes:
        for signal in (False, True):
            alarms = [
                any(
                    guard.verdict == "fail"
                    for guard in guards_of(
                        clean(np.random.default_rng([1, n, signal, number]), n, signal)
                    )
                )
                for number in range(studies)
            ]
            rates.append(
                Rate(
                    f"clean, {'a signal' if signal else 'noise'}: duplicates, columns, centre",
                    n,
                    float(np.mean(alarms)),
                    studies,
                )
            )
        for what, (plant, name) in PLANTED.items():
            found = []
            for number in range(max(studies // 10, 1)):
                random = np.random.default_rng([2, n, number])
                verdicts = {
                    guard.name: guard.verdict
                    for guard in guards_of(plant(clean(random, n, True), random))
                }
                found.append(verdicts[name] == "fail")
            rates.append(Rate(what, n, float(np.mean(found)), len(found), None))
    return rates


def permuted_areas(studies: int, permutations: int, n: int = 60) -> pd.DataFrame:
    """model, permutation, auc, study: the study's own path, small, on permuted outcomes of clean
    studies."""
    frames = []
    for number in range(studies):
        cohort, inputs = clean(np.random.default_rng([3, number]), n, True)
        assert inputs.radiomics is not None
        assert inputs.clinical is not None
        names = [f"value{place}" for place in range(4)]
        logistic = radiomics_model(CLASSIFIERS["logistic"])
        path = PermutedPath(
            {
                CR.id: ConfiguredModel(CR, ClinicalSettings(names)),
                logistic.id: ConfiguredModel(
                    logistic,
                    RadiomicsSettings(
                        features=list(inputs.radiomics)[:60],
                        univariable_features=15,
                        selected_features=4,
                        tuning_folds=0,
                    ),
                ),
            },
            {RADIOMICS.id: [logistic.id]},
            2,
            2,
            number,
        )
        small = Inputs(inputs.patients, inputs.clinical[names], inputs.radiomics)
        areas = []
        for permutation in range(permutations + 1):
            random = np.random.default_rng([4, number, permutation])
            label = pd.Series(random.permutation(cohort.label.to_numpy()), index=inputs.patients)
            areas.append(within_fold_auc(path, small, label, 1 + 7919 * permutation))
        frames.append(as_frame(range(permutations + 1), areas).assign(study=number))
    return pd.concat(frames, ignore_index=True)


def permutation_rates(
    areas: pd.DataFrame, simulated: int = 2000, permutations: int = 200, n: int = 60
) -> list[Rate]:
    """Alarms in the studies as they were permuted, and at 200 permutations that are drawn from
    those found.

    Given the outcomes that were learnt from, those of a stratified fold are in random order, so
    that the expected AUC inside the fold is exactly one half. The AUCs that are drawn are therefore
    centred there; their spread and shape are those found. A model's mean further from one half than
    three Monte-Carlo errors says that the path breaks this, and counts as a miss.
    """
    alarms = [
        any(guard.verdict == "fail" for guard in permutation_guards(part))
        for _, part in areas.groupby("study")
    ]
    found = {str(model): rows["auc"].to_numpy() for model, rows in areas.groupby("model")}
    random, many = np.random.default_rng(5), []
    for _ in range(simulated):
        drawn = {
            model: 0.5 + random.choice(values - values.mean(), permutations + 1)
            for model, values in found.items()
        }
        frame = as_frame(
            range(permutations + 1),
            [
                {model: values[place] for model, values in drawn.items()}
                for place in range(permutations + 1)
            ],
        )
        many.append(any(guard.verdict == "fail" for guard in permutation_guards(frame)))
    far = [
        abs(values.mean() - 0.5) / (values.std(ddof=1) / np.sqrt(len(values))) > 3
        for values in found.values()
    ]
    words = ", ".join(
        f"{model} {values.mean():.4f} (error {values.std(ddof=1) / np.sqrt(len(values)):.4f})"
        for model, values in found.items()
    )
    return [
        Rate("clean: permuted outcomes, three models", n, float(np.mean(alarms)), len(alarms)),
        Rate(f"clean: the same at {permutations} permutations", n, float(np.mean(many)), simulated),
        Rate(
            f"clean: mean AUC of a model beyond 3 errors: {words}",
            n,
            float(np.mean(far)),
            len(far),
            0,
        ),
    ]


def main(studies: int = 300) -> int:
    with threadpool_limits(1), warnings.catch_warnings():
        warnings.simplefilter("ignore")
        rates = data_rates(studies) + permutation_rates(permuted_areas(max(studies // 5, 2), 25))
    print(table([rate.cells() for rate in rates], HEAD))
    return 0 if all(rate.met for rate in rates) else 1


if __name__ == "__main__":
    raise SystemExit(main(*counts(__doc__, studies=300)))
