"""Two years to the day are 24 months, with a leap day or without; who was seen days before the
horizon is pointed out."""

import pandas as pd
import pytest

from analysis.cohort.endpoint import label_at_horizon, outcome_of
from analysis.core.problems import Problems
from analysis.reporting.manuscript import Results
from analysis.reporting.sentences import preparation
from analysis.results.description import add_preparation
from analysis.results.record import Records, read_records, write_records
from analysis.study import Endpoint
from analysis.units.dates import months_between
from tests.support.small_files import AFP_WITH_LIMIT, small_files, small_table


def months(start, end):
    return float(
        months_between(pd.Series([pd.Timestamp(start)]), pd.Series([pd.Timestamp(end)])).iloc[0]
    )


@pytest.mark.parametrize(
    ("start", "end", "expected"),
    [
        ("2017-02-02", "2019-02-02", 24),
        ("2019-04-04", "2021-04-04", 24),
        ("2020-02-29", "2022-02-28", 24),
        ("2020-02-29", "2022-03-01", 24 + 1 / 29),
        ("2019-12-31", "2020-02-29", 2),
        ("2019-01-31", "2019-02-28", 1),
        ("2017-02-02", "2019-02-01", 23 + 30 / 31),
        ("2020-01-01", "2020-01-16", 15 / 31),
        ("2020-01-01", "2020-01-01", 0),
        ("2020-01-16", "2020-01-01", -15 / 31),
        ("2020-01-01 23:50", "2020-02-01 00:10", 1),
    ],
)
def test_calendar_months(start, end, expected):
    assert months(start, end) == pytest.approx(expected, abs=1e-12)


def test_time_never_runs_backwards():
    start = pd.Timestamp("2019-12-29")
    days = pd.Series(pd.date_range(start, periods=900))
    assert months_between(pd.Series([start] * 900), days).is_monotonic_increasing


def months_endpoint(tolerance):
    return Endpoint(
        start="op",
        end="last",
        event_type="what",
        horizon_months=24,
        horizon_tolerance_days=tolerance,
    )


def outcome(ends, tolerance=0, types=None):
    table = pd.DataFrame(
        {"op": ["2017-02-02"] * len(ends), "last": ends, "what": types or ["censored"] * len(ends)},
        index=[f"P{place}" for place in range(1, len(ends) + 1)],
    )
    problems = Problems()
    return (
        outcome_of(
            table,
            months_endpoint(tolerance),
            problems,
        ),
        problems,
    )


def test_both_sides_of_two_years():
    found, problems = outcome(
        ["2019-02-01", "2019-02-02", "2019-02-02", "2019-02-03", "2018-06-01"],
        types=["censored", "censored", "recurrence", "recurrence", "censored"],
    )
    assert found["label"].fillna(-1).tolist() == [-1, 0, 1, 0, -1]
    warning = problems.of("warning")
    assert len(warning) == 1
    assert (
        "1 event-free patient was last seen within 30 days before the horizon of 24 months"
        in warning[0].what
    )
    assert "P1 (1 day before)" in warning[0].what
    assert "endpoint.horizon_tolerance_days" in warning[0].mend


def test_a_tolerance_is_for_the_living_without_an_event():
    found, problems = outcome(
        ["2019-01-25", "2019-01-20", "2019-01-25", "2019-01-25"],
        10,
        ["censored", "censored", "death", "recurrence"],
    )
    assert found["label"].fillna(-1).tolist() == [0, -1, -1, 1]
    assert found["time_months"].max() < 24
    assert "P2 (13 days before)" in problems.of("warning")[0].what
    assert "P1" not in problems.of("warning")[0].what
    months = pd.Series([730 / 30.4375])
    assert label_at_horizon(months, pd.Series(["censored"]), 24).isna().all()
    assert label_at_horizon(
        months, pd.Series(["censored"]), 24, tolerated=months + 1 / 30.4375
    ).tolist() == [0]
    with pytest.raises(ValueError, match="a label has no horizon"):
        Endpoint(label="x", horizon_tolerance_days=3)


def test_a_tolerance_counts_days_in_every_month():
    """Exactly 14 days before the horizon, and 15, from each day of three years."""
    starts = pd.date_range("2016-01-01", "2018-12-31", freq="7D")
    for before, label in ((14, 0), (15, -1)):
        ends = [
            (day + pd.DateOffset(months=24) - pd.Timedelta(days=before)).date().isoformat()
            for day in starts
        ]
        table = pd.DataFrame(
            {"op": [day.date().isoformat() for day in starts], "last": ends, "what": "censored"},
            index=[f"P{place}" for place in range(len(starts))],
        )
        problems = Problems()
        found = outcome_of(
            table,
            months_endpoint(14),
            problems,
        )
        assert (found["label"].fillna(-1) == label).all()
        assert label == 0 or "P0 (15 days before)" in problems.of("warning")[0].what


def test_the_methods_state_months_tolerance_and_detection_limits(tmp_path):
    from analysis.study import load_study
    from analysis.workflow.check.examine import examine

    table = small_table()
    table["start"] = "2017-02-02"
    table["end"] = [
        "2017-10-01" if kind == "recurrence" else "2019-02-02" for kind in table["event_type"]
    ]
    table.loc[1, "end"] = "2019-01-30"
    table["afp"] = ["<2.0", "<2.0", ">60500", *["12"] * 37]
    path = small_files(
        tmp_path,
        table=table,
        variables={"afp": AFP_WITH_LIMIT},
        endpoint={
            "start": "start",
            "end": "end",
            "event_type": "event_type",
            "horizon_months": 24,
            "horizon_tolerance_days": 7,
        },
    )
    cohort, problems = examine(load_study(path))
    assert not problems.of("error")
    assert cohort.label.notna().all()
    assert cohort.clinical["afp"].tolist()[:4] == [1, 1, 60500, 12]
    assert any(
        "2 below a detection limit and 1 above one: these values count as half" in each.what
        for each in problems.of("note")
    )
    records = Records()
    add_preparation(records, cohort)
    results = Results(
        read_records(write_records(tmp_path / "results.json", records)), cohort.study, tmp_path
    )
    said = results.fill_plain(preparation(results))
    assert "calendar months" in said
    assert (
        "last seen at most 7 days before the horizon counted as event-free at it (*n* = 1)" in said
    )
    assert (
        "For values of AFP below the detection limit (*n* = 2) or above the upper limit (*n* = 1)"
        " of the assay, half of a lower limit" in said
    )
    assert records.value("preparation.horizon_tolerance.n") == 1
    assert records.value("preparation.limited.afp.below.n") == 2


def test_an_undated_follow_up_without_limits_says_nothing(tmp_path):
    from analysis.study import load_study
    from analysis.workflow.check.examine import examine

    cohort, _ = examine(load_study(small_files(tmp_path)))
    records = Records()
    add_preparation(records, cohort)
    assert (
        preparation(
            Results(
                read_records(write_records(tmp_path / "results.json", records)),
                cohort.study,
                tmp_path,
            )
        )
        == ""
    )
