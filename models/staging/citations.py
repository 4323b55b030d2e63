"""Where each score is published, by its citation keys in report/references.bib."""

from __future__ import annotations

CITATIONS: dict[str, tuple[str, ...]] = {
    "bclc_2022": ("reig2022",), "bclc_2018": ("easl2018", "llovet1999"), "cnlc": ("zhou2020",), "ajcc8": ("amin2017",), "hklc": ("yau2014",), "clip": ("clip1998",), "okuda": ("okuda1985",),
    "jis": ("kudo2003",), "italica": ("farinati2016",), "cupi": ("leung2002",), "cupi_group": ("leung2002",), "milan": ("mazzaferro1996",), "ucsf": ("yao2001",), "up_to_seven": ("mazzaferro2009",),
    "up_to_seven_sum": ("mazzaferro2009",), "tumour_burden_score": ("sasaki2018",), "tumour_burden_group": ("sasaki2018",), "child_pugh": ("pugh1973",), "child_pugh_class": ("pugh1973",),
    "albi": ("johnson2015",), "albi_grade": ("johnson2015",), "malbi": ("hiraoka2017",), "ez_albi": ("kariyama2020",), "ez_albi_grade": ("kariyama2020",), "palbi": ("liu2017",), "palbi_grade": ("liu2017",),
    "meld": ("kamath2001",), "meld_unrounded": ("kamath2001",), "meld_na": ("optn2016",), "meld_na_2008": ("kim2008",), "meld_3": ("kim2021",), "apri": ("wai2003",), "fib4": ("sterling2006",),
    "alri": ("jin2015",), "gpr": ("lemoine2016",), "glr": ("li2021",), "aglr": ("liao2021",), "aapr": ("chan2015",), "dnlr": ("proctor2012",), "sii": ("hu2014",), "siri": ("qi2016",), "piv": ("fuca2020",),
    "pni": ("onodera1984",), "conut": ("ulibarri2005",), "conut_category": ("ulibarri2005",), "gnri": ("bouillanne2005",), "gnri_category": ("bouillanne2005",), "gps": ("mcmillan2013",), "mgps": ("mcmillan2013",),
    "lcr": ("okugawa2020",), "pre_moral": ("halazun2017",), "pre_moral_group": ("halazun2017",), "erasl_pre": ("chan2018",), "li_rads_2018": ("chernyak2018",),
    "erasl_refit": ("chan2018",), "pre_moral_refit": ("halazun2017",)}

# A ratio or a category that many papers use, without one that it comes from; and scores whose paper nobody has named.
WITHOUT_SOURCE = frozenset({"aar", "anri", "gpr_raw", "nlr", "plr", "lmr", "mlr", "far", "afp_category", "afp_log10", "ers", "moral_ldlt"})
