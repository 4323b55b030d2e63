"""A small training whose outer folds each leave out a centre that harmonisation then learns."""

from types import SimpleNamespace

import numpy as np
import pandas as pd

from analysis.training.contexts import Context
from analysis.training.fits import fit_one
from analysis.training.scores import Scores
from analysis.training.trained import FitProvenance, FittedModels
from models.inputs import Inputs
from tests.support.configured import configured, task

OF_CENTRE = 14


def new_centre_training(folder):
    """Cohort and training: two centres, four patients of each without a label.

    A new centre takes all patients of it but two, which are more than those with a label.
    """
    random = np.random.default_rng(6)
    patients = pd.Index([f"P{place:02d}" for place in range(2 * OF_CENTRE)])
    label = pd.Series(np.tile([0.0, 1.0], OF_CENTRE), index=patients)
    label[[*patients[:4], *patients[-4:]]] = np.nan
    centre = pd.Series(np.repeat(["A", "B"], OF_CENTRE), index=patients)
    extra = pd.Series(
        np.repeat(["C"], OF_CENTRE), index=[f"Q{place}" for place in range(OF_CENTRE)]
    )
    centre, names = pd.concat([centre, extra]), patients.append(extra.index)
    label = pd.concat([label, pd.Series(np.tile([0.0, 1.0], OF_CENTRE // 2), index=extra.index)])
    shift = centre.map({"A": 0, "B": 3, "C": -2}).to_numpy()[:, None]
    values = random.normal(size=(len(names), 6)) + shift
    values[:, 0] += 1.5 * label.fillna(1)
    features = pd.DataFrame(values, names, [f"f{place}" for place in range(6)])
    model = configured(
        "radiomics_logistic",
        features=list(features),
        univariable_features=4,
        selected_features=2,
        tuning_folds=0,
        harmonisation={
            "reference": None,
            "new_centre": "estimate",
            "least_patients": OF_CENTRE - 2,
        },
    )
    contexts = [
        Context(
            f"outer_{place}",
            tuple(names[(centre != left_out) & label.notna()]),
            tuple(names[centre == left_out]),
        )
        for place, left_out in enumerate("ABC", 1)
    ]
    inputs = Inputs(names, radiomics=features, centre=centre)
    fits = [fit_one(task([model], context, inputs, label, folder / "fits")) for context in contexts]
    chosen = {context.name: {"radiomics": model.id} for context in contexts}
    fitted = FittedModels(
        models={model.id: model},
        scores=Scores(fits, contexts, label),
        chosen={"final": {"radiomics": model.id}, **chosen},
        fusions={},
    )
    cohort = SimpleNamespace(
        study=SimpleNamespace(
            radiomics=SimpleNamespace(table=None), seed=1, cache_folder=folder, jobs=1
        ),
        label=label,
        centre=centre,
        predictors=pd.DataFrame(index=names),
        labelled=lambda _: label.dropna().index,
    )
    return cohort, SimpleNamespace(fitted=fitted, provenance=FitProvenance(inputs, ()))
