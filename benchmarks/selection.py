"""What the selection costs on real cohorts: `python -m benchmarks.selection FOLDER [repeats]`.

The product's radiomics, as it is shipped and with a choice among paths, beside plain pipelines of
scikit-learn that are named here beforehand (`PLAIN`), on the same splits: five folds, repeated.
The classifier is chosen, as in a study, by inner folds of the training part. Differences of AUC are
paired by test fold; their interval is the corrected resampled t interval of Nadeau & Bengio (2003),
as folds share training patients. Few patients make it wide: a difference of .02 can't be told from
none by any of these cohorts. Missing values are replaced by the median of the training part, for
all pipelines alike.
"""

from __future__ import annotations

import datetime
import sys
import warnings
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from scipy.stats import t as student
from sklearn.ensemble import RandomForestClassifier
from sklearn.feature_selection import SelectKBest, f_classif
from sklearn.impute import SimpleImputer
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import roc_auc_score
from sklearn.model_selection import GridSearchCV, RepeatedStratifiedKFold, StratifiedKFold
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler
from sklearn.svm import SVC
from threadpoolctl import threadpool_limits

from analysis.statistics import auc
from benchmarks.arguments import count, parser_of
from benchmarks.real_cohorts import RealCohort, real_cohorts
from models.classifiers import BY_DEFAULT
from models.inputs import Inputs
from models.radiomics import STEPS, RadiomicsModel, fit_together
from models.radiomics.classifiers import decision

FOLDS, INNER, SEED = 5, 3, 20261130
PATHS = {
    "lasso": STEPS,
    "anova": ("variance", "anova"),
    "all": ("variance",),
    "pca": ("variance", "pca"),
}
# Name → settings of the product, classifiers that are fitted, those that the choice is among.
PRODUCT: dict[str, tuple[dict[str, Any], tuple[str, ...]]] = {
    "shipped path, best of five": ({}, BY_DEFAULT),
    "shipped path, logistic": ({}, ("logistic",)),
    "paths, logistic": ({"paths": PATHS}, ("logistic",)),
    "paths, best of logistic and SVM": ({"paths": PATHS}, ("logistic", "svm")),
    "all features, SVM": ({"selection": ("variance",)}, ("svm",)),
    "all features, best of SVM and forest": (
        {"selection": ("variance",)},
        ("svm", "random_forest"),
    ),
}
SHIPPED = "shipped path, best of five"


def _ridge() -> Any:
    grid = {"C": [1e-5, 1e-4, 1e-3, 1e-2, 1e-1, 1.0]}
    inner = StratifiedKFold(INNER, shuffle=True, random_state=SEED)
    search = GridSearchCV(LogisticRegression(max_iter=5000), grid, scoring="roc_auc", cv=inner)
    return make_pipeline(StandardScaler(), search)


def _anova() -> Any:
    return make_pipeline(
        StandardScaler(), SelectKBest(f_classif, k=20), LogisticRegression(max_iter=5000)
    )


# Named before any of them was run: what an author with scikit-learn would try first.
PLAIN: dict[str, Callable[[], Any]] = {
    "ridge logistic, all features": _ridge,
    "ANOVA, 20 features, L2 logistic": _anova,
    "SVM, all features": lambda: make_pipeline(StandardScaler(), SVC()),
    "random forest, all features": lambda: RandomForestClassifier(500, random_state=SEED),
}


def plain_scores(cohort: RealCohort, learn: np.ndarray, held: np.ndarray) -> dict[str, np.ndarray]:
    """Scores of the patients held out, by each plain pipeline."""
    return {
        name: decision(make().fit(cohort.values[learn], cohort.label[learn]), cohort.values[held])
        for name, make in PLAIN.items()
    }


def _fitted(
    inputs: Inputs, label: pd.Series, names: Sequence[str], settings: dict[str, Any]
) -> dict[str, RadiomicsModel]:
    assert inputs.radiomics is not None
    models = [RadiomicsModel(name, list(inputs.radiomics), **settings) for name in names]
    return dict(zip(names, fit_together(models, inputs, label), strict=True))


def product_scores(
    cohort: RealCohort, learn: np.ndarray, held: np.ndarray
) -> dict[str, np.ndarray]:
    """Scores of the patients held out, by each variant of the product.

    Classifiers on the same settings are fitted together, as in a study; each variant chooses by the
    out-of-fold AUC in inner folds of the learning patients.
    """
    patients = pd.Index([f"P{place:03d}" for place in range(len(cohort.label))])
    columns = [f"f{place}" for place in range(cohort.values.shape[1])]
    inputs = Inputs(patients, radiomics=pd.DataFrame(cohort.values, patients, columns))
    label = pd.Series(cohort.label, index=patients)
    inner = StratifiedKFold(INNER, shuffle=True, random_state=SEED)
    splits = [(learn[own], learn[other]) for own, other in inner.split(learn, cohort.label[learn])]
    scores: dict[str, np.ndarray] = {}
    made: dict[str, tuple[dict[str, pd.Series], dict[str, pd.Series]]] = {}
    for variant, (changes, names) in PRODUCT.items():
        wanted = tuple(
            dict.fromkeys(
                name
                for other, classifiers in PRODUCT.values()
                if other == changes
                for name in classifiers
            )
        )
        if repr(changes) not in made:
            settings = {**cohort.settings, **changes, "seed": SEED}
            inside: dict[str, list[pd.Series]] = {name: [] for name in wanted}
            for own, other in splits:
                fitted = _fitted(inputs.subset(patients[own]), label.iloc[own], wanted, settings)
                for name, model in fitted.items():
                    inside[name].append(model.predict(inputs.subset(patients[other])))
            whole = _fitted(inputs.subset(patients[learn]), label.iloc[learn], wanted, settings)
            made[repr(changes)] = (
                {name: pd.concat(parts) for name, parts in inside.items()},
                {
                    name: model.predict(inputs.subset(patients[held]))
                    for name, model in whole.items()
                },
            )
        out_of_fold, outside = made[repr(changes)]
        best = max(
            names,
            key=lambda name: auc(label[out_of_fold[name].index], out_of_fold[name]),
        )
        scores[variant] = outside[best].to_numpy()
    return scores


def areas(cohort: RealCohort, repeats: int) -> pd.DataFrame:
    """AUC in each test fold, folds × pipelines."""
    rows = []
    splits = RepeatedStratifiedKFold(n_splits=FOLDS, n_repeats=repeats, random_state=SEED)
    for number, (learn, held) in enumerate(splits.split(cohort.values, cohort.label), start=1):
        filled = SimpleImputer(strategy="median").fit(cohort.values[learn])
        whole = RealCohort(
            cohort.name, filled.transform(cohort.values), cohort.label, cohort.settings
        )
        scores = product_scores(whole, learn, held) | plain_scores(whole, learn, held)
        rows.append(
            {name: roc_auc_score(cohort.label[held], each) for name, each in scores.items()}
        )
        print(f"{cohort.name}, fold {number} of {FOLDS * repeats}", file=sys.stderr, flush=True)
    return pd.DataFrame(rows)


def corrected_interval(differences: np.ndarray, folds: int = FOLDS) -> tuple[float, float, float]:
    """Mean of paired differences over repeated folds, and its 95% interval.

    Nadeau & Bengio's corrected resampled t: the variance of the mean is s²(1/J + 1/(folds - 1)), as
    training sets of J folds overlap; J - 1 degrees of freedom.
    """
    count = len(differences)
    error = differences.std(ddof=1) * np.sqrt(1 / count + 1 / (folds - 1))
    half = student.ppf(0.975, count - 1) * error
    mean = float(differences.mean())
    return mean, mean - half, mean + half


def _signed(value: float) -> str:
    return f"{value:+.3f}".replace("-", "−")


def report(found: dict[RealCohort, pd.DataFrame]) -> str:
    """Tables in Markdown: mean AUCs, and paired differences from each plain pipeline."""
    head = ["pipeline", *(f"{each.title}, {len(found[each])} folds" for each in found)]
    lines = [f"| {' | '.join(head)} |", "|---" * len(head) + "|"]
    for pipeline in [*PRODUCT, *PLAIN]:
        cells = [f"{areas_of[pipeline].mean():.3f}" for areas_of in found.values()]
        lines.append(f"| {pipeline} | {' | '.join(cells)} |")
    head = ["difference", *(each.name for each in found)]
    lines += ["", f"| {' | '.join(head)} |", "|---" * len(head) + "|"]
    for variant in PRODUCT:
        against = [*PLAIN] if variant == SHIPPED else [SHIPPED, *PLAIN]
        for other in against:
            cells = []
            for areas_of in found.values():
                difference = (areas_of[variant] - areas_of[other]).to_numpy()
                mean, low, high = corrected_interval(difference)
                cells.append(f"{_signed(mean)} ({_signed(low)} to {_signed(high)})")
            lines.append(f"| {variant}, from {other} | {' | '.join(cells)} |")
    return "\n".join(lines)


def _known_areas(cohort: RealCohort, repeats: int, folder: Path | None) -> pd.DataFrame:
    """AUCs of the folds, from the folder where they lie there, so that a stopped run goes on."""
    file = None if folder is None else folder / f"{cohort.name}.csv"
    if file is not None and file.is_file():
        return pd.read_csv(file)
    with threadpool_limits(1), warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of convergence, in pipelines of either side
        found = areas(cohort, repeats)
    if file is not None:
        file.parent.mkdir(parents=True, exist_ok=True)
        found.to_csv(file, index=False)
    return found


def main(arguments: Sequence[str] | None = None) -> int:
    parser = parser_of(__doc__)
    parser.add_argument("folder", nargs="?", type=Path, help="of the cohorts, a folder each")
    parser.add_argument("--repeats", type=count, default=5, help="of the five folds")
    parser.add_argument("--output", type=Path, help="file of the tables, in Markdown")
    parser.add_argument(
        "--folds",
        type=Path,
        help="folder for the AUCs of every fold, as CSV; what is there is read",
    )
    given = parser.parse_args(arguments)
    cohorts, absent = real_cohorts(given.folder)
    for sentence in absent:
        print(sentence, file=sys.stderr)
    found = {cohort: _known_areas(cohort, given.repeats, given.folds) for cohort in cohorts}
    if not found:
        return 0
    today = datetime.datetime.now(datetime.UTC).date()
    text = (
        f"Made on {today}. Mean AUC over the test folds, then paired differences with 95%"
        f" intervals.\n\n{report(found)}"
    )
    print(text)
    if given.output is not None:
        given.output.write_text(text + "\n", encoding="utf-8")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
