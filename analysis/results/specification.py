"""Full specification of the final logistic models.

It has the intercept and the coefficients in the units of their terms, from which anybody can
compute a prediction.
"""

from __future__ import annotations

from analysis.cohort.cohort import Cohort
from analysis.results import keys
from analysis.results.record import Records
from analysis.training import TrainedStudy
from analysis.training.settings import factor_levels
from models.clinical import variable_of
from models.clinical.design import ClinicalDesign
from models.clinical.model import ClinicalModel
from models.declared import CR, PARTS
from models.fusion import CLIP, Formula


def clinical_formula(model: ClinicalModel) -> Formula:
    """Formula of the fitted CR model, in the units of its terms."""
    slopes = {
        str(term): float(slope)
        for term, slope in zip(model.terms_, model.coefficients_, strict=True)
    }
    design = model.design_
    return Formula(model.intercept_, slopes, {}, (0.0, 0.0)).in_units(
        design.fill_,
        {term: design.scale_[term] for term in slopes if term in design.scale_},
        design.log,
    )


def _scale_method(
    term: str, formula: Formula, design: ClinicalDesign | None, references: dict, scores: set[str]
) -> str:
    variable = variable_of(term)
    if term in scores:
        return f"per unit of log odds, probability within {CLIP} and {1 - CLIP}"
    if "=" in term:
        return f"against {references[variable]}"
    if term.endswith("'") and design is not None:
        knots = ", ".join(f"{knot:.6g}" for knot in design.knots_[variable])
        return f"term {len(term) - len(variable)} of a restricted cubic spline, knots {knots}"
    return "per doubling" if term in formula.logarithmic else "per unit"


def add_specification(records: Records, cohort: Cohort, training: TrainedStudy) -> None:
    """Add the intercept and the coefficients of the CR model and of each fusion.

    The records are `specification.<model>.intercept` and `.slope.<term>`, as fitted on all training
    patients; the method says what a coefficient is per.
    """
    fitted = training.fitted
    fit = fitted.scores.fits.get((CR.id, "final"))
    clinical = fit.model if fit is not None and isinstance(fit.model, ClinicalModel) else None
    scores = {*PARTS, *training.registry}
    formulas = {} if clinical is None else {CR.id: clinical_formula(clinical)}
    for model, formula in (formulas | dict(fitted.formulas)).items():
        factors = sorted({variable_of(term) for term in formula.slopes if "=" in term})
        references = {name: found[0] for name, found in factor_levels(cohort, factors).items()}
        source = ClinicalModel if model == CR.id else Formula
        records.add(
            keys.specification_intercept(model), formula.intercept, unit="log odds", source=source
        )
        for term, slope in formula.slopes.items():
            design = clinical.design_ if clinical is not None else None
            records.add(
                keys.specification_slope(model, term),
                slope,
                unit="log odds",
                method=_scale_method(term, formula, design, references, scores=scores),
                source=source,
            )
