"""Predictions of models that were made elsewhere.

They become one tidy table: patient, model, how, score, probability.
"""

from __future__ import annotations

import pandas as pd

from analysis.cohort.tables.cohort_table import layout_in
from analysis.cohort.tables.identifiers import otherwise_spelled, report_pairs
from analysis.cohort.tables.patient_column import with_patients
from analysis.cohort.tables.spreadsheet import read_spreadsheet
from analysis.core.problems import Problems
from analysis.core.short_lists import listed
from analysis.core.spelling_hints import close_to
from analysis.core.word_lists import counted, plural
from analysis.study import GivenModel, Study
from analysis.study.supplied_tables import identifier

HOWS = ("apparent", "out_of_fold", "validation")


def read_predictions(
    study: Study, cohort: pd.Series, problems: Problems
) -> tuple[pd.DataFrame, dict[str, str]] | None:
    """Predictions supplied in a file, in long form, and the label of each model.

    The rows have patient_id, model, how, score (higher is worse) and probability (empty for a
    score).

    cohort: each patient's. None where the file can't be read. A patient without a prediction is a
    warning: the others are judged on the patients whom both score.
    """
    given = study.predictions
    assert given is not None
    key = given.patient_id or study.cohort.patient_id
    path = study.cohort_folder / given.file
    told = problems if given.file != study.cohort.table else Problems()
    frame = read_spreadsheet(path, told, layout_in(study, given), text=(key, given.model))
    table = (
        None
        if frame is None
        else with_patients(frame, key, path.name, told, several_rows=not given.wide)
    )
    if table is None:
        return None
    long = _from_wide(study, table, problems) if given.wide else _from_long(study, table, problems)
    if long is None:
        return None
    spelled = otherwise_spelled(
        [name for name in cohort.index if name not in set(long["patient_id"])],
        [name for name in long["patient_id"].unique() if name not in cohort.index],
    )
    report_pairs(spelled, study.cohort.table, path.name, problems)
    strangers = sorted(set(long["patient_id"]) - {*cohort.index, *spelled.values()})
    long = long[~long["patient_id"].isin(list(spelled.values()))]
    if strangers:
        problems.note(
            f"{counted(len(strangers), 'patient')} with predictions"
            f" {plural(len(strangers), 'is', 'are')} not in the table of outcomes:"
            f" {listed(strangers, 5)}",
            path.name,
        )
        long = long[long["patient_id"].isin(cohort.index)]
    labels = {
        identifier(name): given.models[name].label or name if name in given.models else name
        for name in long["name"].unique()
    }
    if len(labels) < long["name"].nunique():
        problems.error(
            "the names of these models differ in blanks or signs only:"
            f" {listed(sorted(long['name'].unique()))}",
            path.name,
            "rename them",
        )
        return None
    for name in set(labels) & {*study.comparators, *study.supplement_scores}:
        problems.error(
            f"the model '{labels[name]}' is named as the score {name}, which this study computes"
            " itself",
            path.name,
            "rename the model, or take the score out of comparators and comparators_supplement",
        )
    long = long.assign(model=long["name"].map(identifier)).drop(columns="name")
    long = _judged(long, cohort, column=given.how, file=path.name, problems=problems)
    twice = long[long.duplicated(["patient_id", "model", "how"], keep=False)]
    for row in twice.drop_duplicates(["patient_id", "model"]).itertuples():
        problems.error(
            f"there is more than one prediction by {labels[row.model]}",
            path.name,
            "keep one row a patient and model"
            + (
                "" if given.how else ", or name the column that tells them apart as predictions.how"
            ),
            row.patient_id,
        )
    for name in labels:
        scored = set(long.loc[(long["model"] == name) & long["score"].notna(), "patient_id"])
        without = [
            patient for patient in cohort.index if patient not in scored and patient not in spelled
        ]
        if without:
            problems.warning(
                f"{counted(len(without), 'patient has', 'patients have')} no prediction by"
                f" {labels[name]}: {listed(without, 5)}",
                path.name,
                "add them; until then the model is judged on the others",
            )
    return long.drop_duplicates(["patient_id", "model", "how"]), labels


def _from_wide(study: Study, table: pd.DataFrame, problems: Problems) -> pd.DataFrame | None:
    assert study.predictions is not None
    frames = []
    for name, model in study.predictions.models.items():
        if model.column not in table:
            meant = close_to(str(model.column), table.columns)
            problems.error(
                f"the table has no column '{model.column}'",
                study.predictions.file,
                f"correct predictions.models.{name}.column{meant}",
            )
            continue
        values = _numbers(table[model.column], str(model.column), study.predictions.file, problems)
        frames.append(
            _scored(values, name, model=model, file=study.predictions.file, problems=problems)
        )
    return pd.concat(frames, ignore_index=True) if frames else None


def _from_long(study: Study, table: pd.DataFrame, problems: Problems) -> pd.DataFrame | None:
    given = study.predictions
    assert given is not None
    if given.model not in table:
        problems.error(
            f"the table has no column '{given.model}' that names the model",
            given.file,
            f"correct predictions.model{close_to(given.model, table.columns)}, or name each model's"
            f" column under predictions.models; the table has {listed(table.columns)}",
        )
        return None
    present = [name for name in (given.score, given.probability) if name in table]
    if not present:
        problems.error(
            f"the table has neither '{given.score}' nor '{given.probability}'",
            given.file,
            "correct predictions.score or predictions.probability; the table has"
            f" {listed(table.columns)}",
        )
        return None
    names = table[given.model].astype("string").str.strip()
    if given.how is not None and given.how not in table:
        problems.error(
            f"the table has no column '{given.how}'",
            given.file,
            f"correct predictions.how{close_to(given.how, table.columns)}",
        )
        return None
    for patient in table.index[names.isna()]:
        problems.error(
            "a prediction names no model",
            f"{given.file}, column '{given.model}'",
            "name it",
            patient,
        )
    unknown = sorted(set(given.models) - set(names.dropna()))
    if unknown:
        problems.error(
            f"predictions.models names {listed(unknown)}, of which there is no row",
            given.file,
            f"the file has {listed(sorted(names.dropna().unique()))}",
        )
    order = [
        *[name for name in given.models if name in set(names)],
        *[name for name in dict.fromkeys(names.dropna()) if name not in given.models],
    ]
    frames = []
    for name in order:
        rows = table[(names == name).fillna(False).to_numpy()]
        model = given.models.get(name, GivenModel())
        values = {
            column: _numbers(rows[column], column, given.file, problems) for column in present
        }
        if (
            given.probability in values
            and values[given.probability].notna().any()
            and model.kind != "score"
        ):
            probability = values[given.probability]
            part = _scored(
                probability,
                name,
                model=GivenModel(kind="probability"),
                file=given.file,
                problems=problems,
            )
            if given.score in values and values[given.score].notna().any():
                part["score"] = (
                    values[given.score] if model.higher_is_worse else -values[given.score]
                ).to_numpy()
        else:
            part = _scored(
                values[present[0]], name, model=model, file=given.file, problems=problems
            )
        frames.append(
            part
            if given.how is None
            else part.assign(how=rows[given.how].astype("string").str.strip().to_numpy())
        )
    return pd.concat(frames, ignore_index=True) if frames else None


def _numbers(values: pd.Series, column: str, file: str, problems: Problems) -> pd.Series:
    numbers = pd.to_numeric(values, errors="coerce").astype(float)
    finite = numbers.where(numbers.abs() != float("inf"))
    wrong = values.notna() & finite.isna()
    for patient, value in values[wrong].items():
        problems.error(
            f"{value!r} is no number",
            f"{file}, column '{column}'",
            "correct it, or leave the cell empty",
            patient,
        )
    return finite


def _scored(
    values: pd.Series, name: str, model: GivenModel, file: str, problems: Problems
) -> pd.DataFrame:
    """A model's rows.

    Values between 0 and 1 are probabilities only where the study file says so, or the column's name
    did.
    """
    inside = values.dropna().between(0, 1).all()
    if model.kind == "probability":
        for patient, value in values[values.notna() & ~values.between(0, 1)].items():
            problems.error(
                f"{value:g} is no probability",
                f"{file}, model '{name}'",
                f"correct it, or say kind: score under predictions.models.{name}"
                + ("; is it a percentage?" if 1 < value <= 100 else ""),
                patient,
            )
    elif model.kind is None and inside:
        problems.note(
            f"'{name}' lies between 0 and 1 and is taken as a score",
            f"{file}, model '{name}'",
            "say kind: probability under predictions.models if these are probabilities: calibration"
            " and net benefit need them",
        )
    if values.notna().any() and values.nunique() < 2:
        problems.warning(
            f"'{name}' has the same value for everybody",
            f"{file}, model '{name}'",
            "its AUC is one half whatever the outcome",
        )
    score = values if model.higher_is_worse else -values
    return pd.DataFrame(
        {
            "patient_id": values.index,
            "name": name,
            "score": score.to_numpy(),
            "probability": values.to_numpy() if model.kind == "probability" else float("nan"),
        }
    )


def _judged(
    long: pd.DataFrame, cohort: pd.Series, column: str | None, file: str, problems: Problems
) -> pd.DataFrame:
    """Predictions, each with how it was judged.

    It is the file's word, or apparent for training patients and the cohort's name for the others.
    """
    of = long["patient_id"].map(cohort).astype(str)
    if column is None:
        if (of == "training").any():
            problems.note(
                "predictions of training patients are taken as apparent",
                file,
                "name a column of apparent and out_of_fold as predictions.how if they were"
                " cross-fitted: cut-offs are learnt from out-of-fold scores alone",
            )
        return long.assign(how=of.where(of != "training", "apparent").to_numpy())
    allowed = {"apparent": "training", "out_of_fold": "training"}
    for row in (
        long[
            long["how"].isna()
            | ((of == "training").to_numpy() != long["how"].isin(list(allowed)).to_numpy())
        ]
        .drop_duplicates(["patient_id"])
        .itertuples()
    ):
        problems.error(
            f"the prediction is called {row.how!r}, and the patient is of the"
            f" {cohort[row.patient_id]} cohort",
            f"{file}, column '{column}'",
            "apparent and out_of_fold are predictions of training patients; those of others are"
            " called as their cohort",
            row.patient_id,
        )
    return long
