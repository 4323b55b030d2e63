"""Protocol of study.yml as checked types.

It says how patients are split, folds are cut, models added, and claims put to the proof.
"""

from __future__ import annotations

import datetime
from typing import Annotated, Any, Literal

from pydantic import Field, model_serializer, model_validator

from analysis.study.further_fusions import FurtherFusion
from analysis.study.later_keys import without_unset
from analysis.study.section import Count, Fraction, Section

Name = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]*$")]
WAYS = ("column", "validation_fraction", "date", "centres", "everyone")


class Split(Section):
    """Split into training and validation patients, by exactly one of five ways.

    column: a recorded column of training | validation, or a name under `external`.
    validation_fraction: seeded, stratified on the outcome; drawn at the first run and kept in the
    study's private folder until the fraction or the seed changes. date with since: a temporal
    split, the patients on or after `since` (YYYY-MM-DD) validate. centres: the patients of these
    centres validate. external: further validation cohorts of the recorded column, name -> label;
    each is scored once by the locked models and reported apart. everyone: all patients validate,
    where the predictions were made elsewhere and nothing is trained. added: where patients go who
    come after `early-recurrence lock`: a cohort of their own of this name (with added_label), an
    external cohort, training or validation; one whom the recorded column puts into a named external
    cohort goes there. description: in the authors' words, how validation patients were set apart,
    which a recorded column does not say; the article prints it.
    """

    column: str | None = None
    validation_fraction: Fraction | None = None
    date: str | None = None
    since: datetime.date | None = None
    centres: list[str] = []
    everyone: Literal["validation"] | None = None
    external: dict[Name, str] = {}
    added: Name = "added"
    added_label: str | None = None
    description: str | None = None
    seed: int = 0

    @model_validator(mode="after")
    def _one_kind(self) -> Split:
        given = [name for name in WAYS if getattr(self, name)]
        if len(given) != 1:
            raise ValueError(
                f"give exactly one of {', '.join(WAYS)}"
                + (f"; {' and '.join(given)} are given" if given else "")
            )
        if (self.date is None) != (self.since is None):
            raise ValueError(
                "a temporal split needs both date (the column) and since (the first day of"
                " validation)"
            )
        if self.external and self.column is None:
            raise ValueError("external cohorts are named in a recorded column; give column")
        reserved = {"training", "validation", "apparent", "out_of_fold"} & set(self.external)
        if reserved:
            raise ValueError(
                f"external: {', '.join(sorted(reserved))} can't name an external cohort"
            )
        if self.added in ("apparent", "out_of_fold"):
            raise ValueError(f"added: {self.added} can't name a cohort")
        return self


class Validation(Section):
    """Settings of the cross-validation.

    outer: stratified folds, or each centre of the training cohort left out in turn
    (internal-external cross-validation). repeats: of the outer folds, newly drawn each. Out-of-fold
    statistics are taken in each repeat and averaged, never the scores, which would judge a bag of
    models; the fusions learn from the scores of all repeats, a patient weighing one.
    """

    outer_folds: Annotated[int, Field(ge=2)] = 5
    inner_folds: Annotated[int, Field(ge=2)] = 5
    repeats: Count = 1
    outer: Literal["stratified", "leave_one_centre_out"] = "stratified"

    @model_validator(mode="after")
    def _centres_are_left_out_once(self) -> Validation:
        if self.outer == "leave_one_centre_out" and self.repeats > 1:
            raise ValueError("leaving one centre out has one way of doing it; repeats must be 1")
        return self


class Fusion(Section):
    """Fusion: the parts that RCR and DLRCR are made of.

    chosen: the best radiomics classifier's and network's scores. stacking: those of all classifiers
    and networks. features: the chosen classifier's features themselves in the place of its score.
    Each is with the CR predictors, and nested. models: name -> further fusions, each of the scores
    that it names.
    """

    method: Literal["chosen", "stacking", "features"] = "chosen"
    models: dict[Name, FurtherFusion] = {}

    @model_serializer(mode="wrap")
    def _as_before(self, serialise: Any) -> dict[str, Any]:
        """Without further fusions it is digested as it was before there could be any."""
        return without_unset(serialise(self), "models")


class AdditionalModel(Section):
    """Model of one's own.

    model is `package.module:Class`, or `file.py:Class` beside the study file. description: a
    sentence or two for the methods, how it is fitted and what it predicts from; it is asked for
    unless the class has `description` or is a `yardstick`, which can't be the study's best model.
    """

    model: Annotated[str, Field(pattern=r"^[^:]+:[A-Za-z_]\w*$")]
    label: str | None = None
    description: str | None = None
    settings: dict[str, Any] = {}

    @model_validator(mode="before")
    @classmethod
    def _one_line_is_enough(cls, content: Any) -> Any:
        return {"model": content} if isinstance(content, str) else content


class Controls(Section):
    """Negative controls of the study.

    permutations: of the outcome, for the CR, radiomics and fused models and those of blocks of
    features by their cheap parts; 0 leaves the control out. network_permutations: of the networks.
    shuffled_voxels: radiomics of tumours whose voxels were shuffled.
    """

    permutations: Annotated[int, Field(ge=0)] = 200
    network_permutations: Annotated[int, Field(ge=0)] = 0
    shuffled_voxels: bool = True


class Robustness(Section):
    """Checks of robustness.

    instability_resamples: bootstrap samples in which the CR and radiomics models are made again; 0
    leaves it out. gallery: how many of the largest errors are shown with their images; 0 shows no
    patient's image anywhere, Grad-CAM's included.
    """

    instability_resamples: Annotated[int, Field(ge=0)] = 50
    gallery: Annotated[int, Field(ge=0)] = 6


class Subgroup(Section):
    """Subgroup of patients.

    variable: of the clinical table; cut: a continuous variable is split into at most, and above,
    this value.
    """

    variable: str
    cut: float | None = None
    fairness: bool = False


class Sharing(Section):
    """Sharing: contents of `early-recurrence bundle` beyond predictions and outcomes.

    It may hold clinical values and radiomics features. pictures: sections of the tumours in the
    patient explorer of the authors' own page; a bundle never has them.
    """

    clinical: bool = False
    features: bool = False
    pictures: bool = False

    @model_serializer(mode="wrap")
    def _as_before(self, serialise: Any) -> dict[str, Any]:
        """Without pictures it is digested as it was before there could be any."""
        return without_unset(serialise(self), "pictures")


class Execution(Section):
    """Execution: place and manner of a run's work.

    backend: loky runs `jobs` processes here; dask sends the work to the cluster at `scheduler`
    (host:port), whose workers `early-recurrence worker host:port` starts. arithmetic: portable pins
    the kernels of numerical libraries to those that Intel's and AMD's processors with AVX2 share;
    native leaves the choice to them, with bfloat16 and a GPU where they are there, and its numbers
    hold for its processor.
    """

    backend: Literal["loky", "dask"] = "loky"
    scheduler: str | None = None
    arithmetic: Literal["portable", "native"] = "portable"

    @model_validator(mode="after")
    def _has_an_address(self) -> Execution:
        if (self.backend == "dask") != (self.scheduler is not None):
            raise ValueError("backend: dask needs a scheduler address, and only dask takes one")
        return self
