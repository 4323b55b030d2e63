"""How much a patient's prediction depends on which patients the model happened to learn from."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from analysis.cache import cached, digest
from analysis.cohort import Cohort
from analysis.progress import in_parallel
from analysis.results.record import Records
from analysis.results.robustness import locked_probability
from analysis.training import Training
from analysis.training.fits import build, code_digest, content_of, inputs_for, path_of, seed_for
from models.inputs import Inputs
from models.radiomics.combat import within_resample

POINTS = ["model", "patient_id", "probability", "resampled"]


def _resampled(inputs: Inputs, rows: np.ndarray) -> Inputs:
    # A resample holds a patient several times: rows are numbered anew.
    index = pd.RangeIndex(len(rows))
    tables = {
        name: None if table is None else table.iloc[rows].set_axis(index)
        for name, table in (("clinical", inputs.clinical), ("radiomics", inputs.radiomics))
    }
    return Inputs(
        pd.Index(index),
        **tables,
        centre=None if inputs.centre is None else inputs.centre.iloc[rows].set_axis(index),
    )


@dataclass(frozen=True)
class Resampled:
    """What is resampled: a model with its settings, and the patients that it learns from. content:
    of all of it, for the cache in `folder`."""

    name: str
    settings: dict[str, Any]
    inputs: Inputs
    label: pd.Series
    seed: int
    folder: Path
    content: str


def _harmonised_within(settings: dict[str, Any], sample: Inputs) -> dict[str, Any]:
    """The settings, of which the harmonisation is to be learnt again in the sample."""
    harmonisation = settings.get("harmonisation")
    if harmonisation is None:
        return settings
    return settings | {"harmonisation": within_resample(harmonisation, sample.centres)}


def one_resample(number: int, of: Resampled) -> pd.Series | None:
    """Probabilities of all patients by the model made again, its whole path, on a bootstrap sample;
    None where that has one class."""

    def compute() -> pd.Series | None:
        size = len(of.label)
        rows = np.random.default_rng([of.seed, number]).integers(size, size=size)
        drawn = pd.Series(of.label.to_numpy()[rows], index=pd.RangeIndex(size))
        if drawn.nunique() < 2:
            return None
        sample = _resampled(of.inputs, rows)
        seed = seed_for(of.seed, path_of(of.name), "instability", str(number))
        model = build(of.name, _harmonised_within(of.settings, sample), seed)
        # Copies of a patient must not meet on both sides of a model's own folds.
        return model.fit(sample, drawn, rows).predict(of.inputs)

    return cached(of.folder, digest("instability", number, of.name, of.content), compute)


def instability_points(records: Records, cohort: Cohort, training: Training) -> pd.DataFrame:
    """model, patient_id, probability, resampled: the CR and the chosen radiomics model made again
    in bootstrap samples.

    `instability.<model>`: mean absolute difference between a training patient's probability by the
    model and by the models of the resamples (Riley & Collins 2023), with the 5th and 95th
    percentile over patients. Networks and fusions would need every network again in each resample;
    repeats of the folds show theirs.
    """
    study = cohort.study
    count, frames = study.robustness.instability_resamples, []
    chosen = {"cr": "cr"} if "cr" in training.settings else {}
    if "radiomics" in training.chosen["final"]:
        chosen["radiomics"] = training.chosen["final"]["radiomics"]
    patients = cohort.labelled("training")
    label = cohort.label[patients]
    for model, name in chosen.items() if count else ():
        assert training.inputs is not None
        settings = training.settings[name]
        inputs = inputs_for(name, settings, training.inputs.subset(patients))
        content = digest(
            settings,
            study.seed,
            list(patients),
            label.tolist(),
            *content_of(inputs),
            code_digest(),
            Path(__file__),
        )
        resampled = Resampled(
            name,
            settings,
            inputs,
            label,
            seed=study.seed,
            folder=study.cache_folder / "instability",
            content=content,
        )
        work = [(number, resampled) for number in range(count)]
        every = in_parallel(one_resample, work, f"instability of {name}", study.jobs)
        found = {number: scores for number, scores in enumerate(every) if scores is not None}
        if not found:
            continue
        again = pd.DataFrame(found)
        own = locked_probability(training.predictions, model).loc[patients]
        error = again.sub(own, axis=0).abs().mean(axis=1)
        records.add(
            f"instability.{model}",
            float(error.mean()),
            ci_low=float(error.quantile(0.05)),
            ci_high=float(error.quantile(0.95)),
            n=len(found),
            unit="probability difference",
            method=(
                "mean absolute difference of a patient's probability over bootstrap resamples; 5th"
                " and 95th percentile of patients"
            ),
            source="instability_points",
        )
        rows = (
            again.rename_axis("patient_id")
            .reset_index()
            .melt("patient_id", var_name="resample", value_name="resampled")
        )
        frames.append(
            rows.assign(model=model, probability=own.loc[rows["patient_id"]].to_numpy())[POINTS]
        )
    return pd.concat(frames, ignore_index=True) if frames else pd.DataFrame(columns=POINTS)
