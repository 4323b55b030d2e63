"""The final logistic models in full, and the variables as the data dictionary defines them."""

from __future__ import annotations

from IPython.display import Markdown

from analysis.reporting.manuscript import Results
from analysis.reporting.rendering.escaping import literal
from analysis.reporting.tables.cells import DASH, estimate_cell, printed_units
from analysis.reporting.tables.markdown import pipe_table, table
from analysis.reporting.wordings.result_ids import (
    TIMES_OF_RECORDING,
    UNITS_OF_VARIABLES,
    VALUE_TYPES,
)
from analysis.results import keys
from models.declared import part_of


def specified_models(results: Results) -> list[str]:
    """The models whose intercept and coefficients are among the results, in the models' order."""
    found = {parts["model"] for parts, _ in results.all_of(keys.specification_intercept)}
    return [name for name in results.names(keys.models_included()) if name in found]


def _term(results: Results, term: str) -> str:
    key = keys.label_term(term)
    if key in results.records:
        return printed_units(results.text(key))
    part = part_of(term, {name: each.label for name, each in results.models.items()})
    words = part.term if part else term
    return literal(words[:1].upper() + words[1:])


@table
def specification_markdown(results: Results) -> Markdown:
    """The intercept, then a row a term; a column a model.

    What a model has no coefficient for is a dash.
    """
    models = specified_models(results)
    terms = dict.fromkeys(
        parts["part"]
        for model in models
        for parts, _ in results.all_of(keys.specification_slope, model=model)
    )
    rows = [
        [
            "Intercept",
            *(estimate_cell(results, keys.specification_intercept(name)) for name in models),
        ]
    ]
    for term in terms:
        cells = [estimate_cell(results, keys.specification_slope(name, term)) for name in models]
        rows.append([_term(results, term), *cells])
    return pipe_table(["Term", *(results.text(keys.label(name)) for name in models)], rows)


@table
def variables_markdown(results: Results) -> Markdown:
    """Table of the variables of the data dictionary, one a row.

    Each row has label, definition where one is given, values or levels, unit, whether the variable
    was known when the prediction is made, and whether it was a candidate.
    """
    frame = results.frame("tables/variables").fillna("")
    defined = bool((frame["definition"] != "").any())
    rows = [
        [
            printed_units(literal(row.label)),
            *([literal(row.definition) or DASH] if defined else []),
            literal(VALUE_TYPES.get(row.levels, row.levels)),
            printed_units(literal(UNITS_OF_VARIABLES.get(row.unit, row.unit))) or DASH,
            TIMES_OF_RECORDING.get(row.recorded, row.recorded),
            row.candidate,
        ]
        for row in frame.rename(columns={"values": "levels"}).itertuples()
    ]
    header = ["Variable", *(["Definition"] if defined else []), "Values", "Unit", "Recorded"]
    return pipe_table([*header, "Candidate"], rows, left=2 if defined else 1)
