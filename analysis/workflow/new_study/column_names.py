"""What columns are called in the tables of hospitals, in several languages.

A whole name counts and never a part of one, but for words of the outcome: a column that has one is
no predictor.
"""

from __future__ import annotations

import re
import unicodedata

# Canonical variable → names without capitals, blanks and signs. A unit behind the name is taken off
# first.
VARIABLES: dict[str, tuple[str, ...]] = {
    "age_years": (
        "age",
        "ageyears",
        "ageatsurgery",
        "ageatdiagnosis",
        "alter",
        "edad",
        "eta",
        "âge",
        "年龄",
        "年齢",
    ),
    "bilirubin": (
        "bilirubin",
        "totalbilirubin",
        "bilirubintotal",
        "tbil",
        "tbili",
        "tb",
        "bili",
        "总胆红素",
        "bilirubine",
    ),
    "albumin": ("albumin", "alb", "serumalbumin", "albumine", "白蛋白"),
    "creatinine": ("creatinine", "crea", "cr", "scr", "kreatinin", "肌酐"),
    "inr": ("inr", "ptinr"),
    "platelets": (
        "platelets",
        "plt",
        "platelet",
        "plateletcount",
        "thrombozyten",
        "血小板",
        "plaquettes",
    ),
    "white_cells": ("wbc", "whitecells", "leukocytes", "whitebloodcells", "leukozyten", "白细胞"),
    "neutrophils": ("neutrophils", "neut", "neutrophil", "anc", "中性粒细胞"),
    "lymphocytes": ("lymphocytes", "lymph", "lymphocyte", "alc", "淋巴细胞"),
    "monocytes": ("monocytes", "mono", "monocyte", "单核细胞"),
    "ast": ("ast", "asat", "got", "sgot", "谷草转氨酶", "天门冬氨酸氨基转移酶"),
    "alt": ("alt", "alat", "gpt", "sgpt", "谷丙转氨酶", "丙氨酸氨基转移酶"),
    "ggt": ("ggt", "gammagt", "gt", "γgt", "谷氨酰转肽酶"),
    "alp": ("alp", "ap", "alkalinephosphatase", "碱性磷酸酶"),
    "afp": ("afp", "alphafetoprotein", "αfp", "甲胎蛋白", "alfafetoprotein"),
    "pivka": ("pivka", "pivkaii", "dcp"),
    "sodium": ("sodium", "na", "natrium"),
    "cholesterol": ("cholesterol", "tc", "chol"),
    "crp": ("crp", "creactiveprotein"),
    "fibrinogen": ("fibrinogen", "fib"),
    "tumour_diameter": (
        "tumourdiameter",
        "tumordiameter",
        "tumoursize",
        "tumorsize",
        "largestdiameter",
        "maxdiameter",
        "diameter",
        "tumorgrösse",
        "tumordurchmesser",
        "肿瘤直径",
        "肿瘤大小",
        "肿瘤最大径",
    ),
    "tumour_number": (
        "tumournumber",
        "tumornumber",
        "numberoftumours",
        "numberoftumors",
        "nodules",
        "anzahlläsionen",
        "anzahlherde",
        "anzahltumoren",
        "tumorzahl",
        "肿瘤数目",
        "肿瘤数量",
    ),
    "height": ("height", "grösse", "身高"),
    "weight": ("weight", "gewicht", "bodyweight", "体重"),
    "sex": ("sex", "gender", "geschlecht", "sexe", "sexo", "性别"),
    "cirrhosis": ("cirrhosis", "zirrhose", "cirrhose", "livercirrhosis", "肝硬化"),
}
IDENTIFIERS = (
    "patientid",
    "id",
    "pid",
    "patient",
    "studyid",
    "subject",
    "subjectid",
    "case",
    "caseid",
    "recordid",
    "studynumber",
    "patnr",
    "patientnr",
    "patientennr",
    "patientennummer",
    "studiennummer",
    "pseudonym",
    "编号",
    "病例号",
    "序号",
)
# Names of persons and numbers of hospitals do not belong into a study's table.
PERSONAL = (
    "name",
    "patientname",
    "firstname",
    "lastname",
    "surname",
    "birthdate",
    "dateofbirth",
    "dob",
    "address",
    "phone",
    "mrn",
    "email",
    "geburtsdatum",
    "vorname",
    "nachname",
    "adresse",
    "telefon",
    "姓名",
    "出生日期",
    "住院号",
    "身份证号",
    "电话",
)
TIMES = (
    "followup",
    "followuptime",
    "followupmonths",
    "fu",
    "fumonths",
    "futime",
    "recurrencefreemonths",
    "recurrencefreetime",
    "rfs",
    "rfsmonths",
    "ttr",
    "ttrmonths",
    "rfstime",
    "dfs",
    "dfsmonths",
    "dfstime",
    "time",
    "months",
    "timetorecurrence",
    "zeit",
    "nachbeobachtung",
    "nachbeobachtungszeit",
    "rezidivfreiezeit",
    "zeitbisrezidiv",
    "zeitbisrezidivletztekontrolle",
    "随访时间",
    "无复发生存期",
)
EVENTS = (
    "event",
    "eventtype",
    "status",
    "recurrence",
    "relapse",
    "recurred",
    "rfsstatus",
    "dfsstatus",
    "rfsevent",
    "earlyrecurrence",
    "er",
    "outcome",
    "rezidiv",
    "frührezidiv",
    "récidive",
    "recidiva",
    "复发",
    "早期复发",
)
# Words that name what happens after treatment; as a predictor such a column tells the outcome.
LATER = re.compile(
    r"(?:^|[^a-z])(os|dfs|pfs|rfs|efs|css|ttr|death|dead|died|deceased|mortality|survival"
    r"|surviving|alive|vital|recur\w*|relaps\w*|follow|followup|fu|progression|tod|todes\w*"
    r"|exitus|verstorben|rezidiv\w*|überleben\w*|décès|survie|récidive\w*|muerte|recidiva\w*)"
    r"(?:[^a-z]|$)|死亡|生存|复发|随访|再発",
    re.IGNORECASE,
)
# Words of a specimen, which is there after resection only.
SPECIMEN = re.compile(
    r"(?:^|[^a-z])(patholog\w*|histolog\w*|histopath\w*|specimen|mvi|microvascular|edmondson"
    r"|ki[- ]?67|resection margin|surgical margin)(?:[^a-z]|$)|病理|微血管",
    re.IGNORECASE,
)
STARTS = (
    "surgerydate",
    "dateofsurgery",
    "operationdate",
    "resectiondate",
    "dateofresection",
    "start",
    "opdate",
    "op",
    "opdatum",
    "operationsdatum",
    "datumderoperation",
    "手术日期",
)
ENDS = (
    "lastfollowup",
    "lastfollowupdate",
    "dateoflastfollowup",
    "end",
    "enddate",
    "lastseen",
    "lastvisit",
    "recurrencedate",
    "letztekontrolle",
    "letzterkontakt",
    "rezidivdatum",
    "末次随访日期",
)
COHORTS = ("cohort", "split", "set", "dataset", "group")
CENTRES = (
    "centre",
    "center",
    "hospital",
    "site",
    "institution",
    "zentrum",
    "klinik",
    "krankenhaus",
    "standort",
    "centro",
    "hôpital",
    "医院",
    "中心",
)
# Units in other languages, as columns name them.
UNIT_WORDS = {
    "jahre": "years",
    "monate": "months",
    "wochen": "weeks",
    "tage": "days",
    "ans": "years",
    "années": "years",
    "mois": "months",
    "jours": "days",
    "岁": "years",
    "月": "months",
    "天": "days",
}
# A word that names one of two things: the numbers tell which.
OTHERWISE = {"height": "tumour_diameter"}
LETTERS = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "ø": "oe", "æ": "ae"})
ORDERED = (
    "childpugh",
    "childpughclass",
    "ecog",
    "ecogps",
    "bclc",
    "bclcstage",
    "stage",
    "grade",
    "edmondson",
    "edmondsonsteiner",
    "albigrade",
    "tstage",
    "asa",
    "mvi",
    "fibrosis",
)
UNIT_BEHIND = re.compile(r"^(?P<name>.*?)[\s_]*[(\[（](?P<unit>[^()\[\]（）]+)[)\]）]\s*$")
UNIT_AFTER_COMMA = re.compile(
    r"^(?P<name>[^,]+),\s*(?P<unit>\S*/\S+|years|months|days|cm|mm|kg|%)$"
)


def folded_name(name: str) -> str:
    """Without capitals, blanks and signs: `Child-Pugh class` and `child_pugh_class` are one."""
    return re.sub(r"[^\w]|_", "", name).casefold()


def _words_of(header: str) -> str:
    """`OSstatus` as `OS status`, `follow_up` as `follow up`."""
    return re.sub(r"(?<=[a-z])(?=[A-Z])|(?<=[A-Z]{2})(?=[a-z]{2})|_", " ", header)


def names_what_came_later(header: str) -> bool:
    """Whether a column's name says that it holds the outcome or what followed.

    Such names are `OS (months)`, `OSstatus`, `Recurrence site`.
    """
    return LATER.search(_words_of(header)) is not None


def names_what_a_specimen_shows(header: str) -> bool:
    """Whether a column's name says that it was read from the resected specimen.

    Such names are `Pathological MVI`, `Edmondson grade`.
    """
    return SPECIMEN.search(_words_of(header)) is not None


def parted(header: str) -> tuple[str, str | None]:
    """A header's name, and the unit behind it: `AST (U/L)`, `Albumin [g/L]`, `Tumour size, cm`."""
    match = UNIT_BEHIND.match(header) or UNIT_AFTER_COMMA.match(header)
    return (
        (match["name"].strip(), match["unit"].strip())
        if match and match["name"].strip()
        else (header.strip(), None)
    )


def known_variable(name: str) -> str | None:
    """Variable that a column name stands for, in any spelling known; None for any other name."""
    return next(
        (
            variable
            for variable, names in VARIABLES.items()
            if folded_name(name) in names or folded_name(name) == folded_name(variable)
        ),
        None,
    )


def slug(name: str, number: int) -> str:
    """Name for the dictionary: letters, digits and underscores.

    It is `column_7` for what has none of the alphabet.
    """
    plain = unicodedata.normalize("NFC", name).casefold().translate(LETTERS)
    # An accent is a sign of its own after this, and falls away.
    plain = re.sub(r"[\u0300-\u036f]", "", unicodedata.normalize("NFD", plain))
    text = re.sub(r"[^a-z0-9]+", "_", plain).strip("_")
    return text if re.match(r"[a-z]", text) else f"column_{number}"
