"""Prediction instability: how predictions depend on the patients that the model learnt from."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import pandas as pd

from analysis.cohort.cohort import Cohort
from analysis.core.cache import cached, digest
from analysis.core.progress import in_parallel
from analysis.results import keys
from analysis.results.record import Records
from analysis.results.robustness import locked_probability
from analysis.training import TrainedStudy
from analysis.training.content import code_digest, content_of, seed_for
from analysis.training.settings import ConfiguredModel
from models.declared import CR, RADIOMICS
from models.inputs import Inputs
from models.settings import RadiomicsSettings

POINTS = ["model", "patient_id", "probability", "resampled"]


def _resampled(inputs: Inputs, rows: np.ndarray) -> Inputs:
    # A resample holds a patient several times: rows are numbered anew.
    index = pd.RangeIndex(len(rows))
    clinical, radiomics = (
        None if table is None else table.iloc[rows].set_axis(index)
        for table in (inputs.clinical, inputs.radiomics)
    )
    return Inputs(
        pd.Index(index),
        clinical,
        radiomics=radiomics,
        centre=None if inputs.centre is None else inputs.centre.iloc[rows].set_axis(index),
        voxels=None if inputs.voxels is None else inputs.voxels.take(rows),
    )


@dataclass(frozen=True)
class Remade:
    """Model to be made again in bootstrap samples.

    inputs, label: of the training patients. seed: of the study. folder: of the cache. content: key
    of all that it depends on but the number.
    """

    model: ConfiguredModel
    inputs: Inputs
    label: pd.Series
    seed: int
    folder: Path
    content: str

    def configured(self, sample: Inputs) -> ConfiguredModel:
        """The model for a sample, which may lack a centre."""
        settings = self.model.settings
        if not isinstance(settings, RadiomicsSettings):
            return self.model
        return replace(self.model, settings=settings.of_resample(sample))


def one_resample(number: int, remade: Remade) -> pd.Series | None:
    """Probabilities of all patients by the model made again on a bootstrap sample.

    The model's whole path is repeated. The result is None where the sample has one class.
    """
    label, spec = remade.label, remade.model.spec

    def compute() -> pd.Series | None:
        random = np.random.default_rng([remade.seed, number])
        rows = random.integers(len(label), size=len(label))
        drawn = pd.Series(label.to_numpy()[rows], index=pd.RangeIndex(len(rows)))
        if drawn.nunique() < 2:
            return None
        sample = _resampled(remade.inputs, rows)
        seed = seed_for(remade.seed, spec.group, "instability", str(number))
        model = remade.configured(sample).build(seed)
        # Copies of a patient must not meet on both sides of a model's own folds.
        return model.fit(sample, drawn, rows).predict(remade.inputs)

    return cached(remade.folder, digest("instability", number, spec.id, remade.content), compute)


def instability_points(records: Records, cohort: Cohort, training: TrainedStudy) -> pd.DataFrame:
    """Instability of the CR and the chosen radiomics model made again in bootstrap samples.

    The columns are model, patient_id, probability and resampled.

    `instability.<model>`: mean absolute difference between a training patient's probability by the
    model and by the models of the resamples (Riley & Collins 2023), with the 5th and 95th
    percentile over patients. Networks and fusions would need every network again in each resample;
    repeats of the folds show theirs.
    """
    study = cohort.study
    count, frames = study.robustness.instability_resamples, []
    fitted = training.fitted
    chosen = {name: name for name in [CR.id] if name in fitted.models}
    chosen |= {part: name for part, name in fitted.chosen["final"].items() if part == RADIOMICS.id}
    patients = cohort.labelled("training")
    label = cohort.label[patients]
    for model, name in chosen.items() if count else ():
        configured = fitted.models[name]
        inputs = configured.inputs(training.provenance.inputs.subset(patients))
        content = digest(
            configured.settings.content(),
            study.seed,
            list(patients),
            label.tolist(),
            *content_of(inputs),
            code_digest(),
            Path(__file__),
        )
        remade = Remade(
            model=configured,
            inputs=inputs,
            label=label,
            seed=study.seed,
            folder=study.cache_folder / "instability",
            content=content,
        )
        work = [(number, remade) for number in range(count)]
        progress_label = f"instability of {name}"
        found = {
            number: scores
            for number, scores in enumerate(
                in_parallel(one_resample, work, progress_label, study.jobs)
            )
            if scores is not None
        }
        if not found:
            continue
        again = pd.DataFrame(found)
        own = locked_probability(training.predictions.table, model).loc[patients]
        error = again.sub(own, axis=0).abs().mean(axis=1)
        records.add(
            keys.instability(model),
            float(error.mean()),
            ci_low=float(error.quantile(0.05)),
            ci_high=float(error.quantile(0.95)),
            n=len(found),
            unit="probability difference",
            method="mean absolute difference over bootstrap resamples; 5th and 95th percentile",
            source=instability_points,
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
