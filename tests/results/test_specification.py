"""The final models printed in full give the predictions of the fitted ones."""

import numpy as np
import pandas as pd
import pytest
from scipy.special import expit

from analysis.results.specification import clinical_formula
from analysis.results.variables import variable_table
from analysis.study.dictionary import Dictionary
from models.clinical.model import ClinicalModel
from models.inputs import Inputs


@pytest.fixture(scope="module")
def patients():
    random = np.random.default_rng(3)
    n = 200
    table = pd.DataFrame(
        {
            "age": random.normal(60, 9, n),
            "ast": np.exp(random.normal(3.5, 0.6, n)),
            "grade": random.choice(["low", "high"], n),
        },
        index=[f"P{number:03d}" for number in range(n)],
    )
    risk = (
        0.08 * (table["age"] - 60) + 1.2 * np.log2(table["ast"] / 33) + (table["grade"] == "high")
    )
    label = pd.Series((random.random(n) < expit(risk)).astype(float), table.index)
    return table, label


@pytest.mark.parametrize("splines", [{}, {"age": 3}])
def test_intercept_and_coefficients_give_the_models_predictions(patients, splines):
    table, label = patients
    model = ClinicalModel(
        list(table), {"grade": ["low", "high"]}, ["ast"], entry_p=1.0, splines=splines
    )
    inputs = Inputs(list(table.index), clinical=table)
    model.fit(inputs, label)
    formula = clinical_formula(model)
    assert set(formula.logarithmic) == {"ast"}
    terms = model.used_values(inputs)
    # In the terms' own units: an age in years, a doubling of AST, one for a high grade.
    scale = pd.Series({term: model.design_.scale_.get(term, 1.0) for term in terms})
    centre = pd.Series(
        {
            term: float(model.design_.fill_[term]) if term in model.design_.scale_ else 0.0
            for term in terms
        }
    )
    natural = terms * scale + centre
    np.testing.assert_allclose(natural["ast"], np.log2(table["ast"]))
    np.testing.assert_allclose(natural["age"], table["age"])
    linear = formula.intercept + sum(
        natural[term] * slope for term, slope in formula.slopes.items()
    )
    np.testing.assert_allclose(expit(linear), model.predict(inputs), rtol=1e-10)


def test_variables_as_the_dictionary_defines_them(tmp_path):
    dictionary = Dictionary(
        variables={
            "patient_id": {"label": "Patient", "role": "identifier", "type": "text"},
            "capsule": {
                "label": "Tumour capsule",
                "definition": "Smooth rim of hyperenhancement in the portal venous phase",
                "role": "predictor",
                "type": "categorical",
                "levels": ["complete", "not_complete"],
            },
            "ast": {"label": "AST", "role": "predictor", "type": "continuous", "unit": "U/L"},
        }
    )

    class OfStudy:
        class clinical:
            candidates = ("ast",)

    table = variable_table(dictionary, OfStudy).set_index("variable")
    assert list(table.index) == ["capsule", "ast"]
    assert list(table.loc["capsule", ["definition", "values", "unit", "candidate"]]) == [
        "Smooth rim of hyperenhancement in the portal venous phase",
        "complete, not complete",
        "",
        "no",
    ]
    assert list(table.loc["ast", ["definition", "values", "unit", "candidate"]]) == [
        "",
        "continuous",
        "U/L",
        "yes",
    ]


def test_an_outcome_is_recorded_during_follow_up():
    dictionary = Dictionary(
        variables={
            "ast": {"label": "AST", "role": "predictor", "type": "continuous", "unit": "U/L"},
            "mvi": {"label": "MVI", "role": "predictor", "type": "binary", "recorded": "later"},
            "months": {"label": "Time", "role": "outcome", "type": "continuous", "unit": "months"},
            "event": {
                "label": "Event",
                "role": "outcome",
                "type": "categorical",
                "levels": ["censored", "recurrence"],
            },
        }
    )

    class OfStudy:
        clinical = None

    table = variable_table(dictionary, OfStudy).set_index("variable")
    assert dict(table["recorded"]) == {
        "ast": "baseline",
        "mvi": "later",
        "months": "follow_up",
        "event": "follow_up",
    }
