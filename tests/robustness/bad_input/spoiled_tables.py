"""Tables and study files as users spoil them."""

import numpy as np
import pandas as pd

from tests.robustness.bad_input.case import CLINICAL, FEATURES
from tests.support.small_cohort import (
    DICTIONARY,
    dump,
    edit_study,
    edit_table,
)


def cells(**changed):
    """column -> {row: text}"""

    def spoil(study):
        def change(frame):
            for column, values in changed.items():
                for row, value in values.items():
                    frame.loc[row, column] = value
            return frame

        edit_table(study, change)

    return spoil


def table(change):
    return lambda study: edit_table(study, change)


def content(change, name=CLINICAL):
    """Change the bytes of a table."""

    def spoil(study):
        path = study.parent / "data" / name
        path.write_bytes(change(path.read_bytes()))

    return spoil


def cohort_of(label):
    return table(
        lambda frame: frame.assign(
            event_type=label, follow_up="3" if label == "recurrence" else "40"
        )
    )


def without_validation_events(frame):
    validates = frame["cohort"] == "validation"
    return frame.assign(
        event_type=frame["event_type"].mask(validates, "censored"),
        follow_up=frame["follow_up"].mask(validates, "40"),
    )


def many_columns(frame):
    return pd.concat(
        [
            frame,
            pd.DataFrame(
                "1.5", index=frame.index, columns=[f"f{place}" for place in range(100_000)]
            ),
        ],
        axis=1,
    )


def by_dates(change):
    def spoil(study):
        edit_study(
            study,
            endpoint={
                "start": "surgery",
                "end": "seen",
                "event_type": "event_type",
                "horizon_months": 24,
            },
        )

        def dated(frame):
            recurred = frame["event_type"] == "recurrence"
            seen = np.where(recurred, "2018-09-01", "2021-06-01")
            return frame.assign(surgery="2018-03-01", seen=seen).drop(columns="follow_up")

        edit_table(study, lambda frame: change(dated(frame)))

    return spoil


def put(row, column, value):
    def change(frame):
        frame.loc[row, column] = value
        return frame

    return change


def ready_label(study):
    edit_study(study, endpoint={"label": "label"})
    edit_table(
        study,
        lambda frame: put(2, "label", "yes")(
            frame.assign(label=(frame["event_type"] == "recurrence").astype(int).astype(str)).drop(
                columns="follow_up"
            )
        ),
    )


def unit(name):
    def spoil(study):
        variables = {
            **DICTIONARY["variables"],
            "ast": {
                key: name if key == "unit" else value
                for key, value in DICTIONARY["variables"]["ast"].items()
                if key != "unit" or name
            },
        }
        dump(study.parent / "data" / "dictionary.yml", {"variables": variables})

    return spoil


def no_feature(study):
    path = study.parent / "data" / FEATURES
    frame = pd.read_csv(path)
    frame.assign(arterial_original_glcm_Contrast="").to_csv(path, index=False)
