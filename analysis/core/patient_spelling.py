"""Spelling of patients' ids: two spellings of one id are equal, whoever wrote them."""

from __future__ import annotations

import re
import unicodedata


def spelling(identifier: str) -> str:
    """Normal form of a patient identifier, by which spellings are compared.

    It is equal for ids that differ by case, leading zeros of a number, signs between letters and
    numbers, spaces, Unicode form or invisible characters only; 1-23 and 12-3 are two.
    """
    text = "".join(
        sign
        for sign in unicodedata.normalize("NFKC", identifier).casefold()
        if unicodedata.category(sign) != "Cf"
    )
    runs = re.findall(r"\d+|[^\W\d_]+", text)
    return "-".join(run.lstrip("0") or "0" if run.isdecimal() else run for run in runs)
