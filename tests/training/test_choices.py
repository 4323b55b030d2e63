"""Choices of study.yml through the whole training: harmonised radiomics, splines and imputation,
and what the fusion takes of them."""

import numpy as np
import pandas as pd
import pytest

from analysis.inputs.radiomics import RadiomicsTable
from analysis.reporting.wordings import worded
from analysis.results.clinical import add_regression, term_name
from analysis.results.nomogram import add_nomogram
from analysis.results.record import Records
from analysis.results.selection import clinical_frequency, radiomics_frequency
from analysis.study import StudyError, load_study
from analysis.training import fits as fits_module
from analysis.training import train_all
from analysis.training.contexts import Context
from analysis.training.fits import fit_group, fit_one
from analysis.workflow.check.load import load_cohort
from models.fusion import as_score
from models.inputs import Inputs
from tests.conftest import small_study
from tests.support.configured import configured, task

DEMO = {
    "patients": 72,
    "events": 36,
    "validation": 12,
    "censored": 2,
    "repeats": 0,
    "image_shape": [16, 16, 6],
    "seed": 3,
}


def _study(folder, radiomics, clinical, **changes):
    from ruamel.yaml import YAML

    path = small_study(
        folder,
        "choices",
        deep_learning=None,
        comparators=[],
        comparators_supplement=[],
        additional_models={},
        jobs=1,
        **changes,
    )
    yaml = YAML(typ="safe")
    study = yaml.load(path.read_text())
    study["cohort"]["demo"] = DEMO
    study["radiomics"] |= radiomics
    study["clinical"] |= clinical
    study["statistics"].pop("contrasts")
    with path.open("w") as file:
        yaml.dump(study, file)
    return path


def test_harmonised_features_in_a_fusion_of_features_are_refused(tmp_path):
    """The fusion would take them as they were extracted."""
    path = _study(
        tmp_path, {"harmonisation": {"reference": "A"}}, {}, fusion={"method": "features"}
    )
    with pytest.raises(
        StudyError,
        match=r"fusion.method: features enter as they were extracted.*choose chosen or stacking",
    ):
        load_study(path)


@pytest.fixture(scope="module")
def trained(tmp_path_factory):
    study = load_study(
        _study(
            tmp_path_factory.mktemp("choices"),
            {
                "harmonisation": {"reference": "A", "new_centre": "reference"},
                "selection": ["correlation", "univariable", "mrmr"],
                "mrmr_features": 4,
                "classifiers": ["logistic", "knn"],
            },
            {
                "candidates": ["ast", "tumour_diameter", "albumin"],
                "rule": "aic",
                "splines": {"tumour_diameter": 3},
                "imputation": "iterative",
            },
        )
    )
    cohort = load_cohort(study)
    random = np.random.default_rng(0)
    names = [f"arterial_original_firstorder_F{number}" for number in range(40)]
    values = pd.DataFrame(
        random.standard_normal((len(cohort.patients), 40)), index=cohort.patients, columns=names
    )
    values.iloc[:, 0] += 1.5 * cohort.label.fillna(0.5)
    values = values.add(np.where(cohort.centre == "B", 4.0, 0.0), axis=0)
    cohort.clinical.loc[cohort.patients[:6], "albumin"] = np.nan
    table = RadiomicsTable(values, {})
    return cohort, table, train_all(cohort, table)


def test_harmonisation_is_fitted_in_each_fold_and_the_planted_feature_found(trained):
    _, _, training = trained
    models = {
        context: training.fitted.scores.fits["radiomics_logistic", context].model
        for context in ("final", "outer_1", "outer_2")
    }
    means = [model.harmonise_.mean_ for model in models.values()]
    assert all(model.harmonise_.centres_ == ["A", "B"] for model in models.values())
    assert not np.allclose(means[0], means[1])
    assert not np.allclose(means[1], means[2])
    assert models["final"].selected_[0].endswith("F0")
    assert list(models["final"].remaining_) == [
        "correlation",
        "univariable",
        "mrmr",
    ]


def test_classifiers_of_a_fit_share_one_selection(trained):
    _, _, training = trained
    for context in training.fitted.scores.contexts:
        assert (
            len(
                {
                    training.fitted.scores.fits[name, context].selected
                    for name in training.fitted.models
                    if name.startswith("radiomics_")
                }
            )
            == 1
        )


def test_the_fusion_takes_the_design_of_the_cr_model(trained):
    cohort, _, training = trained
    for context in ("final", "outer_1"):
        fused, regression = (
            training.fitted.fusions[context]["rcr"],
            training.fitted.scores.fits["cr", context].model,
        )
        assert fused.design is regression.design_
        assert {
            "tumour_diameter",
            "tumour_diameter'",
        } <= set(fused.parts)
        pd.testing.assert_frame_equal(
            fused.parts.drop(columns="radiomics"),
            regression.design_.matrix(cohort.clinical.loc[fused.parts.index], regression.selected_),
        )


def test_the_formula_in_units_is_the_fused_model(trained):
    """Splines, logarithms and all: from raw values to the locked probability."""
    from analysis.statistics import restricted_cubic_spline

    cohort, _, training = trained
    fused, formula = training.fitted.fusions["final"]["rcr"], training.fitted.formulas["rcr"]
    patients = fused.parts.index
    values = fused.design.complete(cohort.clinical.loc[patients], fused.design.variables_)
    linear = pd.Series(formula.intercept, index=patients)
    for term, slope in formula.slopes.items():
        if term == "radiomics":
            column = as_score(
                training.fitted.scores.fits[
                    training.fitted.chosen["final"]["radiomics"], "final"
                ].scores
            )[patients]
        else:
            variable = term.rstrip("'")
            basis = (
                restricted_cubic_spline(values[variable], fused.design.knots_[variable])
                if variable in fused.design.knots_
                else values[variable][:, None]
            )
            column = basis[:, len(term) - len(variable)]
        linear += slope * column
    np.testing.assert_allclose(1 / (1 + np.exp(-linear)), fused.scores, rtol=1e-8)


def test_results_count_the_choices_and_say_that_a_spline_has_no_nomogram(trained):
    cohort, table, training = trained
    found = Records()
    add_regression(found, cohort, training.fitted.selected["cr"])
    formula = training.fitted.formulas["rcr"]
    ticks = add_nomogram(
        found, "rcr", formula, {"tumour_diameter": term_name(cohort, "tumour_diameter")}, {}
    )
    assert found.value("nomogram.not_drawn") == ("Tumour diameter (cm)",)
    assert not len(ticks)
    words = worded(cohort.study, {})
    assert "Akaike" in words["settings.clinical_rule"]
    assert words["settings.splines"] == "tumour diameter (3 knots)"
    assert "odds_ratio.multivariable.tumour_diameter'" in found
    assert "odds_ratio.univariable.tumour_diameter'" not in found
    frequency, path = radiomics_frequency(found, cohort, training, table)
    frequency = frequency.set_index("feature")
    fits = [
        training.fitted.scores.fits["radiomics_logistic", context].selected
        for context in ("outer_1", "outer_2")
    ]
    assert len(frequency) == 40
    assert frequency["final"].sum() == len(training.fitted.selected["radiomics_logistic"])
    for name in frequency.index:
        assert frequency.loc[name, "outer"] == np.mean([name in selected for selected in fits])
    assert (frequency["after_mrmr"] == frequency["outer"]).all()
    assert (frequency["after_correlation"] >= frequency["after_univariable"]).all()
    assert path.loc[path["context"] == "final", "step"].tolist() == [
        "extracted",
        "reproducible",
        "correlation",
        "univariable",
        "mrmr",
    ]
    assert path.loc[path["step"] == "mrmr", "features"].tolist() == [4, 4, 4]
    assert -1 < found.value("stability.radiomics.inner") <= 1
    clinical = clinical_frequency(
        found, cohort, training, [["ast"], ["ast", "tumour_diameter"]]
    ).set_index("variable")
    assert clinical["resamples"].to_dict() == {"ast": 1.0, "tumour_diameter": 0.5, "albumin": 0.0}
    assert found.value("chosen.cr.tumour_diameter") == 0.5
    assert clinical["final"].to_dict() == {
        name: float(name in training.fitted.selected["cr"]) for name in clinical.index
    }


def _inputs():
    random = np.random.default_rng(1)
    patients = pd.Index([f"P{i:02d}" for i in range(40)])
    label = pd.Series(np.tile([0.0, 1.0], 20), index=patients)
    table = pd.DataFrame(
        random.standard_normal((40, 20)), index=patients, columns=[f"f{i}" for i in range(20)]
    )
    table["f0"] += 1.5 * label
    return Inputs(patients, radiomics=table), label


def test_each_classifier_is_stored_by_itself_and_only_the_absent_are_fitted(tmp_path, monkeypatch):
    inputs, label = _inputs()
    context = Context("outer_1", tuple(inputs.patients[:30]), tuple(inputs.patients[30:]))
    settings = {"features": list(inputs.radiomics), "tuning_folds": 2, "selected_features": 3}
    asked = []

    def counted(models, *rest):
        asked.append([model.classifier for model in models])
        return original(models, *rest)

    original = fits_module.fit_together
    monkeypatch.setattr(fits_module, "fit_together", counted)

    def fitted(*names):
        models = [configured(name, **settings) for name in names]
        return fit_group(task(models, context, inputs, label, tmp_path))

    first = fitted("radiomics_logistic", "radiomics_knn")
    more = fitted("radiomics_logistic", "radiomics_svm", "radiomics_knn")
    assert asked == [["logistic", "knn"], ["svm"]]
    svm = configured("radiomics_svm", **settings)
    alone = fit_one(task([svm], context, inputs, label, tmp_path / "elsewhere"))
    pd.testing.assert_series_equal(alone.scores, more[1].scores, check_exact=True)
    assert [fit.model_name for fit in more] == [
        "radiomics_logistic",
        "radiomics_svm",
        "radiomics_knn",
    ]
    assert more[0].scores.equals(first[0].scores)
    assert alone.selected == more[0].selected
    assert alone.saw == context.learn


def test_a_centre_that_a_fold_has_not_seen_is_named_with_its_fit(tmp_path):
    inputs, label = _inputs()
    centre = pd.Series(["north"] * 20 + ["south"] * 15 + ["west"] * 5, index=inputs.patients)
    context = Context("outer_2", tuple(inputs.patients[:35]), tuple(inputs.patients[35:]))
    settings = {
        "features": list(inputs.radiomics),
        "tuning_folds": 2,
        "harmonisation": {"reference": None, "new_centre": "error"},
    }
    with pytest.raises(
        RuntimeError,
        match=(
            "radiomics_svm could not be fitted in outer_2 .*no patient of centre west was in the"
            " training set"
        ),
    ):
        fit_one(
            task(
                [configured("radiomics_svm", **settings)],
                context,
                Inputs(inputs.patients, radiomics=inputs.radiomics, centre=centre),
                label,
                tmp_path,
            )
        )


@pytest.mark.parametrize(
    ("radiomics", "clinical", "changes", "message"),
    [
        (
            {"selection": ["lasso", "boruta"]},
            {},
            {},
            "radiomics.selection, entry 2: .*variance, univariable, correlation, mrmr, lasso,",
        ),
        ({"selection": ["lasso", "lasso"]}, {}, {}, "lasso is named more than once"),
        ({"selection": ["pca", "lasso"]}, {}, {}, "selection: pca is the last step"),
        ({"paths": {"all": []}}, {}, {}, "paths: nothing to choose from with one path"),
        (
            {"selection": ["lasso"], "paths": {"all": [], "pca": ["pca"]}},
            {},
            {},
            "paths: they take the place of selection; leave one of the two out",
        ),
        (
            {"paths": {"a": ["lasso"], "b": [], "c": ["lasso"]}},
            {},
            {},
            "paths: a and c have the same steps",
        ),
        (
            {"paths": {"few": ["lasso"], "all": [], "pca": ["anova", "pca"]}},
            {},
            {"fusion": {"method": "features"}},
            r"features enter the fusion one by one, and radiomics \(all, pca\) would give it",
        ),
        (
            {"harmonisation": {"new_centre": "reference"}},
            {},
            {},
            "new_centre: reference needs the name of a reference centre",
        ),
        (
            {"harmonisation": {}},
            {},
            {"validation": {"outer": "leave_one_centre_out"}},
            "each outer fold scores a centre that it has not seen",
        ),
        ({}, {"rule": "bic"}, {}, "clinical.rule: .*p, aic or lasso"),
        ({}, {"splines": {"weight": 3}}, {}, "splines: weight is not among the candidates"),
        ({}, {"splines": {"ast": 2}}, {}, "clinical.splines.ast: must be at least 3"),
        (
            {},
            {"imputation": "zero"},
            {},
            "clinical.imputation: .*median, iterative or multiple",
        ),
    ],
)
def test_a_wrong_choice_is_named_with_what_is_allowed(
    tmp_path, radiomics, clinical, changes, message
):
    with pytest.raises(StudyError, match=message):
        load_study(_study(tmp_path, radiomics, clinical, **changes))
