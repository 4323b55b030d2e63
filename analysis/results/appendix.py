"""Tables that the supplement prints in full.

They are settings, predictions of each patient, and the dictionary of features.
"""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from analysis.cohort.cohort import Cohort
from analysis.cohort.tables.feature_columns import feature_phases
from analysis.core.cache import digest
from analysis.inputs.radiomics import (
    RadiomicsTable,
    feature_reproducibility,
    reproducible_features,
)
from analysis.inputs.radiomics.definitions import (
    CLASS_NAMES,
    definition_of,
    feature_parts,
    own_class,
)
from analysis.inputs.radiomics.own_features import OwnExtractor, extractors_of
from analysis.results import keys
from analysis.results.habitats import habitat_features
from analysis.results.path_choice import path_table
from analysis.results.record import Records
from analysis.results.regions import regions_of_features
from analysis.results.repeats import first_repeat
from analysis.results.tuning import add_tuning, tuning_table
from analysis.study import Study
from analysis.study.extraction import is_later
from analysis.study.flatten import flat_settings, setting_text
from analysis.study.phase_label import name_labels
from analysis.study.regions import split_region
from analysis.training import TrainedStudy
from models.declared import RADIOMICS
from models.habitats.names import habitat_definition, is_habitat_feature

# Settings that are left out of the table where they are not set.
UNSAID = (
    *("comparator_files", "extraction.own", "radiomics.regions", "radiomics.delta"),
    *("radiomics.habitats", ".organ", ".organ_segment", ".air", ".ring", ".expanded"),
    *(".core", ".rim", "demo.surround", ".registration"),
    *("preprocessing", ".bias_correction", "preprocessing.intensity", "grey_levels"),
)

HOWS = {"training": "out_of_fold"}


def settings_table(study: Study) -> pd.DataFrame:
    """Every setting as it was used: setting, value, origin.

    The origin says whether it is set in the study file or is the default.
    """
    return pd.DataFrame(
        [
            (each.key, setting_text(each.value), "set" if each.written else "default")
            for each in flat_settings(study)
            # A study without scores or features of its own has no line on their files, and one
            # without regions none on these.
            if (not each.key.endswith(UNSAID) or each.value)
            # Further settings of PyRadiomics are listed where they are set; else its defaults hold.
            and (each.written or not is_later(each.key))
        ],
        columns=["setting", "value", "origin"],
    )


def numbered_patients(predictions: pd.DataFrame, models: list[str]) -> pd.DataFrame:
    """Predictions of every patient: patient, patient_id, cohort, outcome and each model's score.

    Ordered as `patient_predictions`, which leaves the identifier out.
    """
    rows = first_repeat(predictions[predictions["model"].isin(models)])
    rows = rows[rows["how"] == rows["cohort"].map(HOWS).fillna(rows["cohort"])]
    table = rows.pivot(index=["patient_id", "cohort"], columns="model", values="score")[
        models
    ].reset_index()
    table.insert(
        2,
        "outcome",
        table["patient_id"]
        .map(rows.drop_duplicates("patient_id").set_index("patient_id")["label"])
        .astype("Int64"),
    )
    table = table.rename_axis(columns=None).round(4)
    told = table.drop(columns="patient_id")
    order = [digest([str(each) for each in row]) for row in told.itertuples(index=False)]
    table = table.iloc[sorted(range(len(table)), key=order.__getitem__)].reset_index(drop=True)
    table.insert(0, "patient", [f"R{number:03d}" for number in range(1, len(table) + 1)])
    return table


def patient_predictions(predictions: pd.DataFrame, models: list[str]) -> pd.DataFrame:
    """Predictions of every patient: patient, cohort, outcome and each model's score.

    The score is out of fold in training (first repeat of the folds), else of the locked model.

    Patients are R001, R002, …, ordered by a digest of the row's own numbers, so that neither name
    nor order leads back to an identifier or to a table's order. Times and dates are left out.
    Outcome: 1 event, 0 none, empty unknown.
    """
    return numbered_patients(predictions, models).drop(columns="patient_id")


def feature_dictionary(
    cohort: Cohort, training: TrainedStudy, table: RadiomicsTable
) -> pd.DataFrame:
    """Dictionary of the features, one row each.

    It has feature, phase, region (of a study with regions beside the tumour), image, class, name,
    definition, icc (smallest over other delineations and perturbations), reproducible (yes | no as
    the selection judged it, empty without any), selected_n of selected_of outer folds, whose
    classifiers share one selection, final (used by the chosen model).
    """
    # A table whose pattern names phases as it finds them: what stands before the first underscore.
    phases = feature_phases(cohort.study) or sorted(
        {name.partition("_")[0] for name in table.features.columns}
    )
    extractors = extractors_of(cohort.study)
    labels = {name: each.label for name, each in extractors.items()}
    named = name_labels(cohort.study, phases)
    regions = cohort.study.regions
    made = habitat_features(training)
    names = [*table.features.columns, *made]
    parts = [feature_parts(split_region(name, named, regions)[1], named, labels) for name in names]
    frame = pd.DataFrame(parts, columns=["phase", "image", "class", "name"])
    frame.insert(0, "feature", names)
    if regions:
        frame.insert(2, "region", regions_of_features(cohort.study, frame["feature"]))
    frame["definition"] = [
        _defined(name, row, extractors, own_class(name, named, labels))
        for name, row in zip(names, parts, strict=True)
    ]
    frame["class"] = frame["class"].map(lambda kind: CLASS_NAMES.get(kind, kind))
    frame.loc[frame["feature"].isin(made), "class"] = "habitats"
    smallest = (
        feature_reproducibility(table, cohort.patients[cohort.cohort == "training"])["smallest"]
        .reindex(frame["feature"])
        .to_numpy()
    )
    frame["icc"] = smallest.round(4)
    part = cohort.study.radiomics
    frame["reproducible"] = ""
    if table.delineations and part is not None:
        training_patients = cohort.patients[cohort.cohort == "training"]
        kept = reproducible_features(
            table,
            part.icc_threshold,
            patients=training_patients,
            by=part.icc_judged_by,
            level=cohort.study.statistics.confidence_level,
        )
        frame["reproducible"] = frame["feature"].isin(kept).map({True: "yes", False: "no"})
        # They are made in each fold, after the filter.
        frame.loc[frame["feature"].isin(made), "reproducible"] = ""
    # All classifiers of a fold share one selection, which counts once; with several paths it is
    # that of the chosen classifier.
    chosen = training.fitted.chosen["final"].get(RADIOMICS.id, "")
    fits = [*training.fitted.selected_in_folds.get(chosen, {}).values()]
    counts = pd.Series([name for fold in fits for name in fold], dtype="object").value_counts()
    frame["selected_n"] = frame["feature"].map(counts).fillna(0).astype(int)
    frame["selected_of"] = len(fits)
    final = set(training.fitted.selected.get(chosen, []))
    frame["final"] = frame["feature"].map(lambda name: "yes" if name in final else "no")
    return frame


def _defined(
    name: str,
    parts: tuple[str, str, str, str],
    extractors: Mapping[str, OwnExtractor],
    own: str | None,
) -> str | None:
    """What a feature measures; None where that is not known."""
    if is_habitat_feature(name):
        return habitat_definition(name)
    if own is not None:
        return extractors[own].definitions.get(parts[3])
    return definition_of(parts[2], parts[3])


def dictionary_summary(dictionary: pd.DataFrame) -> pd.DataFrame:
    """Numbers of radiomics features by class and image.

    region (where there are several), class, image (without its detail), features, reproducible,
    selected (in at least one outer fold), final: counts.
    """
    by = [*(["region"] if "region" in dictionary else []), "class", "image"]
    grouped = dictionary.assign(image=dictionary["image"].str.partition(",")[0]).groupby(
        by, sort=False
    )
    return grouped.apply(
        lambda rows: pd.Series(
            {
                "features": len(rows),
                "reproducible": int((rows["reproducible"] == "yes").sum()),
                "selected": int((rows["selected_n"] > 0).sum()),
                "final": int((rows["final"] == "yes").sum()),
            }
        ),
        include_groups=False,
    ).reset_index()


def appendix_tables(
    records: Records,
    cohort: Cohort,
    training: TrainedStudy,
    table: RadiomicsTable | None,
    headline: list[str],
) -> dict[str, pd.DataFrame]:
    """The tables by the name of their file; adds `tuning.….n` and `dictionary.fits.n`."""
    tables = {
        "settings": settings_table(cohort.study),
        "predictions_by_patient": patient_predictions(training.predictions.table, headline),
    }
    if table is not None:
        tables["feature_dictionary"] = dictionary = feature_dictionary(cohort, training, table)
        tables["feature_dictionary_summary"] = dictionary_summary(dictionary)
        tables["tuning"] = tuning = tuning_table(training)
        records.add(
            keys.dictionary_fits_n(),
            int(dictionary["selected_of"].iloc[0]),
            unit="folds",
            method="outer folds, one selection for all classifiers",
            source=feature_dictionary,
        )
        add_tuning(records, tuning)
        paths = path_table(training)
        if len(paths):
            tables["paths"] = paths
    return tables
