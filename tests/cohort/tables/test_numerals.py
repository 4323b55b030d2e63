"""Numbers of several countries are read as what they say, or refused where they can say two
things."""

import pytest

from analysis.study import load_study
from analysis.workflow.check.examine import examine
from tests.support.read_tables import read, told
from tests.support.small_files import AFP_WITH_LIMIT, small_files, small_table


def column(tmp_path, cells, separator=";", **layout):
    (tmp_path / "a.csv").write_text(
        "\n".join(
            [
                f"id{separator}x",
                *[f'{number}{separator}"{cell}"' for number, cell in enumerate(cells)],
            ]
        )
        + "\n",
        encoding="utf-8",
    )
    table, found = read(tmp_path / "a.csv", text=("id",), **layout)
    return table["x"].tolist(), found


@pytest.mark.parametrize(
    ("cells", "values"),
    [
        (["1.210,5", "12,5", "3"], [1210.5, 12.5, 3]),
        (["1,210.5", "12.5", "1,210"], [1210.5, 12.5, 1210]),
        (["1 210", "12", "3.5"], [1210, 12, 3.5]),
        (["1\u00a0210,5", "3,5"], [1210.5, 3.5]),
        (["1\u202f210", "60\u202f500"], [1210, 60500]),
        (["1'210", "3"], [1210, 3]),
        (["1.210.500", "1"], [1210500, 1]),
        (["1,210,500", "1.5"], [1210500, 1.5]),
        (["-3,5", "+4,25"], [-3.5, 4.25]),
        (["3,5", "2.5"], [3.5, 2.5]),
        (["0.900", "1,5", "2,7"], [0.9, 1.5, 2.7]),
        (["-0.125", "0.350", "1,5"], [-0.125, 0.35, 1.5]),
    ],
)
def test_numbers_that_can_mean_one_thing(tmp_path, cells, values):
    found, problems = column(tmp_path, cells)
    assert found == values, problems
    assert not told(problems, "error", ""), problems


@pytest.mark.parametrize(
    ("cells", "words"),
    [
        (["1,234", "2,500"], "1,234 can be a thousand or a decimal"),
        (["1.210", "12,5"], "1.210 can be a thousand or a decimal"),
        (["1.210,5", "1,210.5"], "written in two ways"),
    ],
)
def test_numbers_that_can_mean_two(tmp_path, cells, words):
    assert told(column(tmp_path, cells)[1], "error", words)


@pytest.mark.parametrize(
    ("cells", "layout", "values"),
    [
        (["1,234", "2,500"], {"decimal": ","}, [1.234, 2.5]),
        (["1,234", "2,500"], {"thousands": ","}, [1234, 2500]),
        (["1.210", "12,5"], {"thousands": "."}, [1210, 12.5]),
        (["1.210", "12,5"], {"thousands": ".", "decimal": ","}, [1210, 12.5]),
        (["1 210", "3"], {"thousands": " "}, [1210, 3]),
        (["1.234", "2"], {"decimal": "."}, [1.234, 2]),
        (["1.234", "2"], {"thousands": "."}, [1234, 2]),
        (["0.900", "1.210", "12.5"], {"decimal": ","}, [0.9, 1.21, 12.5]),
        (["-0.125", "0.350"], {"decimal": ","}, [-0.125, 0.35]),
        (["1.210,5", "1.210.500"], {"decimal": ","}, [1210.5, 1210500]),
    ],
)
def test_signs_that_the_study_names(tmp_path, cells, layout, values):
    found, problems = column(tmp_path, cells, **layout)
    assert found == values, problems
    assert not told(problems, "error", ""), problems
    assert not told(problems, "warning", ""), problems


def test_a_thousand_does_not_begin_with_zero(tmp_path):
    found, _problems = column(tmp_path, ["0,900", "1,210"], decimal=".")
    assert "0,900" in map(str, found)


def test_a_point_beside_columns_of_commas(tmp_path):
    (tmp_path / "a.csv").write_text("id;x;y;z\n1;3,5;1.210;1.210\n2;4,5;2.300;0.5\n")
    table, found = read(tmp_path / "a.csv", text=("id",))
    assert told(found, "error", "column 'y': 1.210 can be a thousand")
    assert not told(found, "error", "column 'z'")
    assert table["z"].tolist() == [1.21, 0.5]


def test_names_and_texts_stay_as_they_are(tmp_path):
    (tmp_path / "a.csv").write_text("id;remark;x\n1 210;room 3,5;3,5\n2,5;a 1 210;4\n")
    table, _ = read(tmp_path / "a.csv", text=("id",))
    assert table["id"].tolist() == ["1 210", "2,5"]
    assert table["remark"].tolist() == ["room 3,5", "a 1 210"]
    assert table["x"].tolist() == [3.5, 4]


@pytest.mark.parametrize(
    ("rule", "values"),
    [("half", [1, 60500, 12.5]), ("limit", [2, 60500, 12.5]), ("missing", [None, None, 12.5])],
)
def test_detection_limits(tmp_path, rule, values):
    table = small_table()
    table["afp"] = ["<2,0", ">60.500", "12,5", "1.210,5", "≤ 3", *["12"] * 35]
    afp = {
        "label": "AFP",
        "role": "predictor",
        "type": "continuous",
        "unit": "ng/mL",
        "detection_limit": rule,
    }
    cohort, problems = examine(
        load_study(
            small_files(tmp_path, table=table, variables={"afp": afp}, cohort={"thousands": "."})
        )
    )
    assert not problems.of("error"), problems.of("error")
    assert [
        None if value != value else value for value in cohort.clinical["afp"].tolist()[:3]
    ] == values
    assert cohort.clinical["afp"]["P04"] == 1210.5
    assert any(
        "2 below a detection limit and 1 above one" in each.what for each in problems.of("note")
    )


def test_limits_without_a_rule_or_a_number_are_errors(tmp_path):
    table = small_table()
    table["afp"] = ["<2.0", "<LOD", "5 (repeat)", *["12"] * 37]
    afp = {"label": "AFP", "role": "predictor", "type": "continuous", "unit": "ng/mL"}
    errors = {
        each.patient: each.what
        for each in examine(load_study(small_files(tmp_path, table=table, variables={"afp": afp})))[
            1
        ].of("error")
    }
    assert "say under detection_limit of the variable" in errors["P01"]
    assert "write the detection limit as a number" in errors["P02"]
    assert "is not a number" in errors["P03"]


def test_many_values_below_the_limit_are_warned_about(tmp_path):
    table = small_table()
    table["afp"] = [*["<2.0"] * 10, *["12"] * 30]
    warnings = [
        each.what
        for each in examine(
            load_study(small_files(tmp_path, table=table, variables={"afp": AFP_WITH_LIMIT}))
        )[1].of("warning")
    ]
    assert any("25% of the values are below the detection limit" in each for each in warnings)
