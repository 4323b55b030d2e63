"""Results of training: predictions of all patients, fitted models, and who was seen."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import pandas as pd

from analysis.core.word_lists import counted
from analysis.training.fit_provenance import Step
from analysis.training.fits import Fit
from analysis.training.fusions import Fused
from analysis.training.scores import Scores
from analysis.training.settings import ConfiguredModel
from models.fusion import Formula
from models.inputs import Inputs
from models.registry import Registry

DELINEATIONS = ("patient_id", "delineation", "model", "probability")


def no_delineations() -> pd.DataFrame:
    """The table of other delineations where there is none."""
    return pd.DataFrame(columns=list(DELINEATIONS))


@dataclass(frozen=True)
class Predictions:
    """Predictions of every patient.

    table: a row a patient, model, way of judging and repeat of the folds. delineations:
    probabilities of the locked models by other delineations (patient_id, delineation, model,
    probability).
    """

    table: pd.DataFrame
    delineations: pd.DataFrame = field(default_factory=no_delineations)

    def __post_init__(self) -> None:
        """Raise ValueError for a second prediction of the same patient.

        The error names a patient who has two predictions of one model judged in one way and one
        repeat of the folds, whatever made them.
        """
        key = ["patient_id", "model", "how", *(["repeat"] if "repeat" in self.table else [])]
        twice = self.table.loc[self.table.duplicated(key), key]
        if len(twice):
            patient, model, how = twice.iloc[0].iloc[:3]
            raise ValueError(
                f"predictions: {counted(len(twice), 'row is', 'rows are')} a second prediction for"
                f" the same patient, model and way of judging; the first is of patient {patient},"
                f" model '{model}', {how}. Each would count twice: give every model a name of its"
                " own, and every patient one row"
            )


@dataclass(frozen=True)
class FittedModels:
    """Fitted models of the study.

    models: the base models by id, with their settings. scores: their fits in every context. chosen:
    context -> chosen model -> the one that was chosen in it. fusions: context -> fusion -> what it
    is made of.
    """

    models: Mapping[str, ConfiguredModel]
    scores: Scores
    chosen: dict[str, dict[str, str]]
    fusions: dict[str, dict[str, Fused]]

    @classmethod
    def none(cls) -> FittedModels:
        """Fitted models of a study whose models were made elsewhere: none."""
        scores = Scores([], [], pd.Series(dtype=float))
        return cls(models={}, scores=scores, chosen={"final": {}}, fusions={"final": {}})

    def of_family(self, family: str) -> list[str]:
        """Ids of the base models of a family, in order."""
        return [name for name, model in self.models.items() if model.spec.family == family]

    def fit(self, model: str, context: str = "final") -> Fit:
        """The fit of a base model, or of the one that a chosen model is in the context."""
        name = self.chosen.get(context, {}).get(model, model)
        return self.scores.fits[name, context]

    def scored(self, model: str, context: str) -> pd.Series:
        """Scores of a base model, a chosen one or a fusion in a context."""
        if model in self.fusions[context]:
            return self.fusions[context][model].scores
        return self.fit(model, context).scores

    @property
    def outer(self) -> list[str]:
        """Names of the outer folds."""
        return [name for name in self.chosen if name != "final"]

    @property
    def selected(self) -> dict[str, list[str]]:
        """Model -> variables or features of its final fit; without those that select nothing."""
        final = {name: self.scores.fits[name, "final"].selected for name in self.models}
        return {name: list(selected) for name, selected in final.items() if selected}

    @property
    def selected_in_folds(self) -> dict[str, dict[str, list[str]]]:
        """Model -> outer fold -> variables or features."""
        return {name: self._in_folds(name) for name in self.selected}

    def _in_folds(self, name: str) -> dict[str, list[str]]:
        return {context: list(self.scores.fits[name, context].selected) for context in self.outer}

    @property
    def coefficients(self) -> dict[str, dict[str, float]]:
        """Log odds ratios of the final fusions, by part."""
        final = self.fusions["final"]
        return {name: fused.model.coefficients.to_dict() for name, fused in final.items()}

    @property
    def formulas(self) -> dict[str, Formula]:
        """Formulas of the final fusions, in the units of their terms."""
        return {name: fused.formula for name, fused in self.fusions["final"].items()}

    @property
    def steps(self) -> tuple[Step, ...]:
        """Every fit and fusion with the patients that it was given."""
        fits = [self.scores.step(model, context) for model, context in self.scores.fits]
        fusions = [fused.step for found in self.fusions.values() for fused in found.values()]
        return (*fits, *fusions)


@dataclass(frozen=True)
class FitProvenance:
    """Provenance of the fits.

    inputs: what all was made from. steps: who was seen by what; none where nothing was trained
    here.
    """

    inputs: Inputs
    steps: tuple[Step, ...]


@dataclass(frozen=True)
class TrainedStudy:
    """A study's models. registry: what they are. fitted: empty where they were made elsewhere."""

    registry: Registry
    predictions: Predictions
    fitted: FittedModels
    provenance: FitProvenance
