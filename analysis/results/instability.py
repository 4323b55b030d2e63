"""How much a patient's prediction depends on which patients the model happened to learn from."""

from __future__ import annotations

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


def one_resample(
    number: int,
    name: str,
    settings: dict[str, Any],
    inputs: Inputs,
    label: pd.Series,
    seed: int,
    folder: Path,
    content: str,
) -> pd.Series | None:
    """Probabilities of all patients by the model made again, its whole path, on a bootstrap sample;
    None where that has one class."""

    def compute() -> pd.Series | None:
        rows = np.random.default_rng([seed, number]).integers(len(label), size=len(label))
        drawn = pd.Series(label.to_numpy()[rows], index=pd.RangeIndex(len(rows)))
        if drawn.nunique() < 2:
            return None
        sample = _resampled(inputs, rows)
        arguments = (
            settings | {"harmonisation": within_resample(settings["harmonisation"], sample.centres)}
            if settings.get("harmonisation") is not None
            else settings
        )
        model = build(name, arguments, seed_for(seed, path_of(name), "instability", str(number)))
        # Copies of a patient must not meet on both sides of a model's own folds.
        return model.fit(sample, drawn, rows).predict(inputs)

    return cached(folder, digest("instability", number, name, content), compute)


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
    chosen |= (
        {"radiomics": training.chosen["final"]["radiomics"]}
        if "radiomics" in training.chosen["final"]
        else {}
    )
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
        work = [
            (
                number,
                name,
                settings,
                inputs,
                label,
                study.seed,
                study.cache_folder / "instability",
                content,
            )
            for number in range(count)
        ]
        found = {
            number: scores
            for number, scores in enumerate(
                in_parallel(one_resample, work, f"instability of {name}", study.jobs)
            )
            if scores is not None
        }
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
            rows.assign(model=model, probability=own.loc[rows["patient_id"]].to_numpy())[
                ["model", "patient_id", "probability", "resampled"]
            ]
        )
    columns = ["model", "patient_id", "probability", "resampled"]
    return pd.concat(frames, ignore_index=True) if frames else pd.DataFrame(columns=columns)
