"""Mend what `early-recurrence check` finds in this example: `python data/mend.py`.

clinical.csv gets a column with each patient's unit of platelets and leukocytes, and dictionary.yml
says so; albumin gets its right unit; three impossible values count as missing.
"""

from pathlib import Path

import pandas as pd

DATA = Path(__file__).parent
# Above so many, the count is of cells per microlitre: a patient with 1,000 G/L does not live.
MICROLITRES = 1000
COUNTS = {"platelets": "Platelets\t(G/L)", "white_cells": "Leukocytes(G/L)"}
WORDS = {
    "column: Albumin (mg/dL)": ("unit: mg/dL", "unit: g/dL", ""),
    "column: Platelets (G/L)": (
        "unit: G/L",
        "unit_column: unit of platelets",
        ", missing: [1.71]",
    ),
    "column: Leukocytes(G/L)": ("unit: G/L", "unit_column: unit of white_cells", ""),
    "column: Alkaline phosphatase (U/L)": ("", "", ", missing: [1.28]"),
    "column: Number of Nodules": ("", "", ", missing: [0]"),
}


def mend(folder: Path) -> None:
    """Mend clinical.csv and dictionary.yml of a folder; a second time changes nothing."""
    table = pd.read_csv(folder / "clinical.csv", dtype=str)
    for variable, column in COUNTS.items():
        counts = pd.to_numeric(table[column], errors="coerce")
        table[f"unit of {variable}"] = ["/uL" if each > MICROLITRES else "G/L" for each in counts]
    table.to_csv(folder / "clinical.csv", index=False)

    lines = (folder / "dictionary.yml").read_text(encoding="utf-8").splitlines()
    for place, line in enumerate(lines):
        for column, (old, new, more) in WORDS.items():
            if f"{column}}}" in line:
                lines[place] = line.replace(f"{column}}}", f"{column}{more}}}").replace(
                    f"{old}, ", f"{new}, "
                )
    (folder / "dictionary.yml").write_text("\n".join(lines) + "\n", encoding="utf-8")


if __name__ == "__main__":
    mend(DATA)
    print("clinical.csv and dictionary.yml are mended")
