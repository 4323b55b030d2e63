"""Each limit from both sides: the value on it, and the next above or below."""

from __future__ import annotations

import pandas as pd
import pytest

from models.staging import evaluate, get_score
from models.staging.albi_family import grade
from tests.support import graded_patient

PATIENT = graded_patient.PATIENT | {
    "ecog": 0,
    "tumour_diameter_sum": 3.0,
    "tumour_extent_percent": 10.0,
    "adjacent_organ_invasion": 0,
    "diffuse": 0,
    "afp": 5.0,
    "creatinine": 80.0,
    "sodium": 140.0,
    "dialysis": 0,
    "sex": "male",
    "lymphocytes": 2.0,
    "neutrophils": 3.0,
    "cholesterol": 200.0,
    "crp": 1.0,
    "height": 170.0,
    "weight": 70.0,
    "satellite": 0,
    "vascular_invasion_pathology": 0,
    "resection_margin_r1": 0,
    "afp_maximum": 5.0,
    "asymptomatic": 0,
    "alp": 90.0,
}
MG_DL = 17.104


def _result(identifier: str, **changes: object) -> pd.Series:
    return evaluate(get_score(identifier), pd.DataFrame([PATIENT | changes])).iloc[0]


@pytest.mark.parametrize(
    ("identifier", "changes", "expected"),
    [
        ("bclc_2022", {"tumour_diameter": 2.0}, "0"),
        ("bclc_2022", {"tumour_diameter": 2.01}, "A"),
        ("bclc_2022", {"tumour_diameter": 15.0}, "A"),
        ("bclc_2022", {"tumour_number": 3, "tumour_diameter": 3.0}, "A"),
        ("bclc_2022", {"tumour_number": 3, "tumour_diameter": 3.01}, "B"),
        ("bclc_2022", {"tumour_number": 4, "tumour_diameter": 1.0}, "B"),
        ("bclc_2022", {"ecog": 2}, "C"),
        ("bclc_2022", {"ecog": 3}, "D"),
        ("bclc_2022", {"vascular_invasion": "segmental"}, "C"),
        ("bclc_2022", {"vascular_invasion": "bile_duct"}, "A"),
        ("bclc_2022", {"lymph_node_metastasis": 1}, "C"),
        ("bclc_2022", {"albumin": 25.0, "ascites": "moderate_severe"}, "A"),
        ("bclc_2022", {"albumin": 25.0, "ascites": "moderate_severe", "inr": 1.7}, "D"),
        ("cnlc", {"tumour_diameter": 5.0}, "Ia"),
        ("cnlc", {"tumour_diameter": 5.01}, "Ib"),
        ("cnlc", {"tumour_number": 3}, "Ib"),
        ("cnlc", {"tumour_number": 3, "tumour_diameter": 3.01}, "IIa"),
        ("cnlc", {"tumour_number": 4, "tumour_diameter": 1.0}, "IIb"),
        ("cnlc", {"ecog": 2}, "Ia"),
        ("cnlc", {"ecog": 3}, "IV"),
        ("cnlc", {"vascular_invasion": "bile_duct"}, "Ia"),
        ("ajcc8", {"tumour_diameter": 2.0, "vascular_invasion": "segmental"}, "IA"),
        ("ajcc8", {"tumour_diameter": 2.01}, "IB"),
        ("ajcc8", {"tumour_diameter": 2.01, "vascular_invasion": "segmental"}, "II"),
        ("ajcc8", {"tumour_diameter": 2.0, "vascular_invasion": "first_order"}, "IIIB"),
        ("ajcc8", {"tumour_number": 2, "tumour_diameter": 5.0}, "II"),
        ("ajcc8", {"tumour_number": 2, "tumour_diameter": 5.01}, "IIIA"),
        ("ajcc8", {"adjacent_organ_invasion": 1}, "IIIB"),
        ("ajcc8", {"lymph_node_metastasis": 1, "distant_metastasis": 1}, "IVB"),
        ("okuda", {"tumour_extent_percent": 50.0, "albumin": 30.0, "bilirubin": 3 * MG_DL}, "I"),
        ("okuda", {"tumour_extent_percent": 50.1}, "II"),
        ("okuda", {"albumin": 29.9}, "II"),
        ("okuda", {"bilirubin": 3.01 * MG_DL}, "II"),
        ("okuda", {"bilirubin": 3.01 * MG_DL, "albumin": 29.9, "ascites": "slight"}, "III"),
        ("milan", {"tumour_diameter": 5.0}, "within"),
        ("milan", {"tumour_diameter": 5.01}, "beyond"),
        ("milan", {"tumour_number": 3}, "within"),
        ("milan", {"tumour_number": 3, "tumour_diameter": 3.01}, "beyond"),
        ("milan", {"tumour_number": 4, "tumour_diameter": 1.0}, "beyond"),
        ("ucsf", {"tumour_diameter": 6.5}, "within"),
        ("ucsf", {"tumour_diameter": 6.51}, "beyond"),
        (
            "ucsf",
            {"tumour_number": 3, "tumour_diameter": 4.5, "tumour_diameter_sum": 8.0},
            "within",
        ),
        (
            "ucsf",
            {"tumour_number": 3, "tumour_diameter": 4.5, "tumour_diameter_sum": 8.01},
            "beyond",
        ),
        ("up_to_seven", {"tumour_number": 4, "tumour_diameter": 3.0}, "within"),
        ("up_to_seven", {"tumour_number": 4, "tumour_diameter": 3.01}, "beyond"),
        ("tumour_burden_group", {"tumour_diameter": 3.207, "tumour_number": 1}, "low"),
        ("tumour_burden_group", {"tumour_diameter": 3.208, "tumour_number": 1}, "medium"),
        ("afp_category", {"afp": 20.0}, "<=20"),
        ("afp_category", {"afp": 20.01}, "20-200"),
        ("afp_category", {"afp": 200.0}, "20-200"),
        ("afp_category", {"afp": 200.1}, "200-400"),
        ("afp_category", {"afp": 400.0}, "200-400"),
        ("afp_category", {"afp": 400.1}, ">400"),
        ("conut_category", {}, "normal"),
        ("conut_category", {"albumin": 34.9}, "light"),
        ("gnri_category", {"albumin": 37.82}, "none"),
        ("gnri_category", {"albumin": 37.81}, "low"),
        ("gps", {"crp": 10.0, "albumin": 35.0}, "0"),
        ("gps", {"crp": 10.1, "albumin": 34.9}, "2"),
        ("mgps", {"crp": 10.0, "albumin": 34.9}, "0"),
        ("mgps", {"crp": 10.1, "albumin": 35.0}, "1"),
    ],
)
def test_levels(identifier, changes, expected):
    assert _result(identifier, **changes)["level"] == expected


@pytest.mark.parametrize(
    ("identifier", "changes", "expected"),
    [
        ("child_pugh", {"bilirubin": 1.999 * MG_DL}, 5),
        ("child_pugh", {"bilirubin": 2 * MG_DL}, 6),
        ("child_pugh", {"bilirubin": 3 * MG_DL}, 6),
        ("child_pugh", {"bilirubin": 3.001 * MG_DL}, 7),
        ("child_pugh", {"albumin": 35.1}, 5),
        ("child_pugh", {"albumin": 35.0}, 6),
        ("child_pugh", {"albumin": 28.0}, 6),
        ("child_pugh", {"albumin": 27.9}, 7),
        ("child_pugh", {"inr": 1.69}, 5),
        ("child_pugh", {"inr": 1.7}, 6),
        ("child_pugh", {"inr": 2.3}, 6),
        ("child_pugh", {"inr": 2.31}, 7),
        ("child_pugh", {"ascites": "moderate_severe", "encephalopathy": "grade_3_4"}, 9),
        ("clip", {"afp": 399.9}, 0),
        ("clip", {"afp": 400.0}, 1),
        ("clip", {"tumour_extent_percent": 50.0}, 0),
        ("clip", {"tumour_extent_percent": 50.1}, 2),
        ("clip", {"diffuse": 1}, 2),
        ("clip", {"tumour_number": 2}, 1),
        ("clip", {"vascular_invasion": "hepatic_vein"}, 0),
        ("clip", {"vascular_invasion": "main_trunk"}, 1),
        ("jis", {"tumour_diameter": 2.0}, 0),
        ("jis", {"tumour_diameter": 2.01}, 1),
        ("jis", {"tumour_diameter": 2.0, "vascular_invasion": "bile_duct"}, 1),
        ("italica", {"tumour_diameter": 2.0}, 0),
        ("italica", {"tumour_diameter": 2.01}, 1),
        ("italica", {"tumour_diameter": 5.01}, 2),
        ("italica", {"afp": 1000.0}, 1),
        ("italica", {"afp": 1000.1}, 3),
        ("italica", {"tumour_number": 4, "tumour_diameter": 5.0}, 3),
        ("italica", {"tumour_number": 4, "tumour_diameter": 5.01}, 4),
        ("meld", {}, 6),
        ("meld", {"creatinine": 4 * 88.42, "bilirubin": MG_DL}, 20),
        ("meld", {"creatinine": 9 * 88.42, "bilirubin": MG_DL}, 20),
        ("meld", {"dialysis": 1, "bilirubin": MG_DL}, 20),
        ("meld_3", {"creatinine": 3 * 88.42}, 18),
        ("meld_3", {"creatinine": 8 * 88.42}, 18),
        ("meld_3", {"sex": "female"}, 7),
        ("conut", {"lymphocytes": 1.6}, 0),
        ("conut", {"lymphocytes": 1.599}, 1),
        ("conut", {"lymphocytes": 0.799}, 3),
        ("conut", {"cholesterol": 179.9}, 1),
        ("conut", {"albumin": 24.9}, 6),
        ("ers", {"afp": 9.9}, 0),
        ("ers", {"afp": 10.0}, 2),
        ("ers", {"afp": 100.1}, 3),
        ("ers", {"tumour_diameter": 4.0}, 1),
        ("pre_moral", {"neutrophils": 10.0}, 6),
        ("pre_moral", {"neutrophils": 9.99}, 0),
        ("pre_moral", {"afp_maximum": 200.0}, 0),
        ("pre_moral", {"afp_maximum": 200.1}, 4),
        ("pre_moral", {"tumour_diameter": 3.01}, 3),
        ("cupi", {"bilirubin": 33.9}, -3),
        ("cupi", {"bilirubin": 34.0}, 0),
        ("cupi", {"bilirubin": 52.0}, 1),
        ("cupi", {"alp": 200.0}, 0),
        ("cupi", {"afp": 500.0}, -1),
        ("cupi", {"asymptomatic": 1}, -7),
    ],
)
def test_points(identifier, changes, expected):
    assert _result(identifier, **changes)["value"] == expected


@pytest.mark.parametrize(
    ("score", "expected"), [(-2.61, 1), (-2.60, 1), (-2.5999, 2), (-1.39, 2), (-1.3899, 3)]
)
def test_albi_grades_include_their_upper_limit(score, expected):
    assert grade(pd.Series([score]), -2.60, -1.39).iloc[0] == expected


def test_meld_rounds_half_up():
    from models.staging import meld_family

    assert meld_family._whole(pd.Series([6.5, 7.5, 8.499, 40.6, 3.0])).tolist() == [7, 8, 8, 40, 6]


def test_the_options_of_bclc_are_the_habits_they_are_named_after():
    from models.staging.bclc_stage import bclc_rank

    table = pd.DataFrame(
        [
            PATIENT | {"tumour_diameter": 5.0},
            PATIENT | {"tumour_diameter": 5.1},
            PATIENT | {"tumour_diameter": 2.0},
        ]
    )
    assert bclc_rank(table).tolist() == [1, 1, 0]
    assert bclc_rank(table, single_over_5_cm="B").tolist() == [1, 2, 0]
    assert bclc_rank(table, stage_0_includes_2_cm=False).tolist() == [1, 1, 1]
