"""Tables that the supplement prints in full.

They are settings, software, predictions, the dictionary of features, and what tuning chose.
"""

from __future__ import annotations

import pandas as pd
from IPython.display import Markdown

from analysis.inputs.radiomics.definitions import (
    AS_READ,
    CLASS_NAMES,
    all_definitions,
    feature_definitions,
)
from analysis.reporting.manuscript import Results, format_number
from analysis.reporting.rendering.escaping import code, literal
from analysis.reporting.sentences.tuning import WORDS as TUNED
from analysis.reporting.software import used_software
from analysis.reporting.tables.cells import DASH
from analysis.reporting.tables.feature_names import own_labels
from analysis.reporting.tables.feature_words import feature_words
from analysis.reporting.tables.markdown import pipe_table, table
from analysis.results import keys
from analysis.study.fast_engine import DEPRECATED


def _plain(value: object) -> str:
    """Chosen parameter; whole numbers without a decimal point, however the column was read."""
    return f"{value:g}" if isinstance(value, float) else literal(value)


PRINTED_ELSEWHERE = ("study.authors", "study.affiliations", "declarations.")


@table
def settings_markdown(results: Results) -> Markdown:
    """Every setting of the study file: key, value, set or default.

    Authors and declarations are printed elsewhere, and must not stand in a blinded set.
    """
    frame = results.frame("tables/settings").fillna("")
    frame = frame[~frame["setting"].str.startswith(PRINTED_ELSEWHERE)]
    return pipe_table(
        ["Setting", "Value", "From"],
        [
            [code(row.setting), code(row.value) if row.value != DASH else DASH, row.origin]
            for row in frame.itertuples()
        ],
        left=3,
    )


@table
def software_markdown(results: Results) -> Markdown:
    """The software that the study used, of that which the results name, with its version."""
    used = used_software(results)
    versions = {
        parts["package"]: results.text(record.key)
        for parts, record in keys.software.of(results.records)
        if parts["package"] in used
    }
    return pipe_table(
        ["Software", "Version"],
        [[name, versions[name]] for name in sorted(versions, key=str.lower)],
        left=2,
    )


@table
def patients_markdown(results: Results) -> Markdown:
    """Table without identifiers, one row a patient: cohort, outcome, and each model's score."""
    frame = results.frame("tables/predictions_by_patient")
    models = [name for name in frame if name not in ("patient", "cohort", "outcome")]
    rows = [
        [
            literal(row["patient"]),
            literal(row["cohort"]),
            DASH if pd.isna(row["outcome"]) else f"{row['outcome']:.0f}",
            *[
                DASH if pd.isna(row[model]) else format_number(float(row[model]), "score")
                for model in models
            ],
        ]
        for row in frame.to_dict("records")
    ]
    return pipe_table(
        ["Patient", "Cohort", "Outcome", *[results.text(keys.label(model)) for model in models]],
        rows,
        left=2,
    )


@table
def dictionary_summary_markdown(results: Results) -> Markdown:
    """Table of features by class and image.

    Of a study with regions beside the tumour also by region. It counts how many there are, are
    reproducible, were selected in an outer fold, are in the chosen model.
    """
    frame = results.printed("tables/feature_dictionary_summary")
    repeated = keys.features_stable_n() in results.records
    columns = ["features", *(["reproducible"] if repeated else []), "selected", "final"]
    lead = [*(["region"] if "region" in frame else []), "class", "image"]
    total = {name: int(frame[name].sum()) for name in columns}
    rows = [
        [*[row[name] for name in lead], *[str(row[name]) for name in columns]]
        for row in frame.to_dict("records")
    ]
    header = {
        "features": "Features",
        "reproducible": "Reproducible",
        "selected": "Selected in a fold",
        "final": "In the chosen model",
    }
    return pipe_table(
        [*[name.capitalize() for name in lead], *[header[name] for name in columns]],
        [*rows, ["All", *[""] * (len(lead) - 1), *[str(each) for each in total.values()]]],
        left=len(lead),
    )


@table
def frequent_features_markdown(results: Results, most: int = 20) -> Markdown:
    """The features that most outer folds selected, with what they measure."""
    frame = results.printed("tables/feature_dictionary").sort_values(
        ["selected_n", "icc"], ascending=[False, False], kind="stable"
    )
    frame = frame[frame["selected_n"] > 0].head(most)
    kinds = {words: kind for kind, words in CLASS_NAMES.items()}
    rows = [
        [
            ", ".join(row[name] for name in ("phase", "region", "image") if name in row),
            f"{row['class']}: {feature_words(kinds.get(row['class'], ''), row['name'])}",
            row["definition"] if isinstance(row["definition"], str) else DASH,
            DASH if pd.isna(row["icc"]) else format_number(float(row["icc"]), "ICC"),
            f"{row['selected_n']} of {row['selected_of']}",
        ]
        for row in frame.to_dict("records")
    ]
    return pipe_table(
        ["Phase and image", "Feature", "What it measures", "ICC", "Selected"], rows, left=3
    )


def _base_features(results: Results) -> set[tuple[str, str]]:
    """Class and name of the study's features; of a table that was supplied, PyRadiomics's usual."""
    radiomics = results.study.radiomics
    if radiomics is not None and radiomics.table is not None:
        return {
            (CLASS_NAMES[kind], str(name))
            for kind, features in feature_definitions().items()
            for name in features
            if kind != "shape2D" and name not in DEPRECATED.get(kind, ())
        }
    frame = results.printed("tables/feature_dictionary")
    return {(kind, str(name)) for kind, name in zip(frame["class"], frame["name"], strict=True)}


@table
def definitions_markdown(results: Results) -> Markdown:
    """Every base feature, by class, with what it measures; then those of the study's own code."""
    there = _base_features(results)
    own: list[list[str]] = []
    if own_labels(results):
        frame = results.printed("tables/feature_dictionary")
        columns = ["class", "name", "definition"]
        frame = frame.loc[frame["image"] == AS_READ, columns].drop_duplicates()
        own = [
            [kind, name, words if isinstance(words, str) else DASH]
            for kind, name, words in frame.itertuples(index=False)
        ]
    return pipe_table(
        ["Class", "Feature", "What it measures"],
        [
            *(
                [CLASS_NAMES[kind], str(name), words]
                for kind, features in all_definitions().items()
                for name, words in features.items()
                if (CLASS_NAMES[kind], str(name)) in there
            ),
            *own,
        ],
        left=3,
    )


@table
def tuning_markdown(results: Results) -> Markdown:
    """One row a classifier and parameter, one column an outer fold, the final fit last."""
    frame = results.frame("tables/tuning")
    contexts = [
        *sorted(set(frame["context"]) - {"final"}),
        *(["final"] if "final" in set(frame["context"]) else []),
    ]
    rows = []
    for (model, parameter), part in frame.groupby(["model", "parameter"], sort=False):
        chosen = dict(zip(part["context"], part["value"], strict=True))
        label = results.text(keys.label(model)).removeprefix("Radiomics, ")
        tried = [str(each) for each in part["grid"].dropna()] if "grid" in part else []
        rows.append(
            [
                label[:1].upper() + label[1:],
                TUNED[parameter].capitalize() if parameter in TUNED else code(parameter),
                _plain(tried[-1]) if tried else DASH,
                *[_plain(chosen.get(context, DASH)) for context in contexts],
            ]
        )
    return pipe_table(
        [
            "Classifier",
            "Parameter",
            "Tried",
            *[context.replace("_", " ").capitalize() for context in contexts],
        ],
        rows,
        left=2,
    )
