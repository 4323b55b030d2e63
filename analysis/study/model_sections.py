"""study.yml as checked types: the radiomics and the clinical-radiological model."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import Field, field_validator, model_serializer, model_validator

from analysis.study.delta import DeltaPair
from analysis.study.extraction import Extraction
from analysis.study.habitats import Habitats
from analysis.study.harmonisation import Harmonisation
from analysis.study.later_keys import without_unset
from analysis.study.perturbation import Perturbation
from analysis.study.protocol import Name
from analysis.study.regions import Region
from analysis.study.section import Count, Fraction, Section
from analysis.study.selection_rules import check_paths, check_steps
from analysis.study.supplied_tables import FeatureTable
from models.catalogue import DEFAULT_CLASSIFIERS, Classifier
from models.selection_steps import OF_LATER_STEPS, STEPS, Step, is_used, steps_of


class Radiomics(Section):
    """Radiomics models of the study.

    selection: steps in their order, each at most once: variance (a feature whose commonest value is
    that of more than most_common_share goes), univariable (the univariable_features of smallest
    Mann-Whitney p), anova (the anova_features of largest F), correlation (above correlation_limit
    one of two goes), mrmr (the first mrmr_features), lasso (at most selected_features, at the
    lasso_penalty of least cross-validated deviance, min, or the largest within a standard error of
    it, 1se), elastic_net (the same, elastic_net_mixing being LASSO's share of the penalty), pca
    (the last step: principal components that hold pca_variance of the variance of the features
    left). paths: name -> such steps, none of them for all features; the path is chosen with the
    settings of each classifier in the tuning folds, the first of equals. table: features that were
    extracted elsewhere; then no image is read and `extraction` says nothing. regions: name -> a
    region in or around the tumour, whose features come beside the tumour's. grey_levels: the rule
    that bin_width was chosen by, which `check` holds it to: least and largest median number of grey
    levels of the training patients' tumours, in each phase. delta: pairs of phases whose features
    are compared. habitats: parts of the tumour with like intensities, whose features come after all
    others.
    """

    table: FeatureTable | None = None
    extraction: Extraction = Extraction()
    icc_threshold: Annotated[float, Field(ge=0, le=1)] = 0.75
    # What must reach it: the estimate, or the lower bound of its confidence interval.
    icc_judged_by: Literal["estimate", "lower_bound"] = "estimate"
    perturbation: Perturbation | None = None
    grey_levels: tuple[Count, Count] | None = None
    regions: dict[Name, Region] = {}
    delta: list[DeltaPair] = []
    habitats: Habitats | None = None
    selection: Annotated[list[Step], Field(min_length=1)] = list(STEPS)
    paths: dict[Name, list[Step]] = {}
    most_common_share: Fraction = 0.95
    univariable_features: Count = 60
    anova_features: Count = 20
    correlation_limit: Fraction = 0.9
    mrmr_features: Count = 30
    selected_features: Count = 12
    lasso_penalty: Literal["min", "1se"] = "min"
    elastic_net_mixing: Fraction = 0.5
    pca_variance: Fraction = 0.9
    harmonisation: Harmonisation | None = None
    classifiers: Annotated[list[Classifier], Field(min_length=1)] = list(DEFAULT_CLASSIFIERS)
    tuning_folds: Annotated[int, Field(ge=2)] = 3

    @field_validator("grey_levels")
    @classmethod
    def _from_low_to_high(cls, bounds: tuple[int, int] | None) -> tuple[int, int] | None:
        if bounds is not None and bounds[0] >= bounds[1]:
            raise ValueError("give the least median number of grey levels, then the largest")
        return bounds

    @model_validator(mode="after")
    def _each_once(self) -> Radiomics:
        for name in ("selection", "classifiers"):
            given = getattr(self, name)
            twice = sorted({each for each in given if given.count(each) > 1})
            if twice:
                raise ValueError(f"{name}: {', '.join(twice)} is named more than once")
        return self

    @model_validator(mode="after")
    def _steps_in_order(self) -> Radiomics:
        check_steps(self.selection, self.paths)
        check_paths(self.paths, "selection" in self.model_fields_set)
        return self

    @property
    def steps(self) -> set[str]:
        """Steps of the selection, or of all paths."""
        return steps_of(self.selection, self.paths)

    def idle_keys(self) -> set[str]:
        """Settings of later steps that no path has; `selection` beside paths, `paths` without."""
        unused = {name for name in OF_LATER_STEPS if not is_used(name, self.steps)}
        return {"selection" if self.paths else "paths", *unused}

    @model_serializer(mode="wrap")
    def _without_idle_keys(self, serialise: Any) -> dict[str, Any]:
        """Content without idle keys: digests of other studies are as before there were any."""
        idle = self.idle_keys()
        later = ("regions", "grey_levels", "delta", "habitats")
        content = without_unset(serialise(self), *later)
        return {name: value for name, value in content.items() if name not in idle}


class Clinical(Section):
    """Clinical model of the study.

    rule: which variables stay in the multivariable model: p (backward, all p below entry_p), aic
    (backward) or lasso (at the lasso_penalty of least cross-validated deviance, min, or the largest
    within a standard error of it, 1se). screening: only variables with univariable p below entry_p
    are offered to the rule; left out, for p and aic but not for lasso. splines: variable -> knots
    of a restricted cubic spline. imputation: of missing values, by the median, by regressions on
    all other candidates (iterative), or by `imputations` sets of such regressions, whose results
    are pooled by Rubin's rules (multiple: each fit takes as many times as long); none sees the
    outcome, and new patients are imputed by what was learnt.
    """

    candidates: Annotated[list[str], Field(min_length=1)]
    rule: Literal["p", "aic", "lasso"] = "p"
    screening: bool | None = None
    entry_p: Fraction = 0.05
    lasso_penalty: Literal["min", "1se"] = "min"
    log_transform: list[str] = []
    splines: dict[str, Annotated[int, Field(ge=3, le=7)]] = {}
    imputation: Literal["median", "iterative", "multiple"] = "median"
    imputations: Annotated[int, Field(ge=2, le=200)] = 20

    @model_validator(mode="after")
    def _of_candidates(self) -> Clinical:
        # A logarithm of a variable that is no candidate changes nothing; a spline of one would be
        # missed.
        unknown = [name for name in self.splines if name not in self.candidates]
        if unknown:
            raise ValueError(f"splines: {', '.join(unknown)} is not among the candidates")
        return self
