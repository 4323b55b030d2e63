"""Coding of readers' imaging features; one that a modality can't show is missing, not 0."""

from __future__ import annotations

import pandas as pd

# feature → (levels from absent to present, definition)
READER_FEATURES: dict[str, tuple[tuple[str | int, ...], str]] = {
    "aphe": (
        ("none", "nonrim", "rim"),
        "brighter than liver in the late arterial phase; rim: strongest at the periphery",
    ),
    "rim_aphe": ((0, 1), "arterial enhancement strongest at the periphery"),
    "washout": (
        ("none", "nonperipheral", "peripheral"),
        "darker than liver in a later phase; with gadoxetate in the portal venous phase only",
    ),
    "capsule": (
        ("none", "incomplete", "complete"),
        "smooth enhancing rim in the portal venous or delayed phase",
    ),
    "threshold_growth": ((0, 1), "growth by half or more within six months"),
    "mosaic": ((0, 1), "internal compartments of different signal or enhancement"),
    "nodule_in_nodule": ((0, 1), "inner nodule with different features"),
    "necrosis": ((0, 1), "area without enhancement that is not cystic"),
    "haemorrhage": ((0, 1), "blood products"),
    "fat_in_mass": ((0, 1), "signal loss on opposed phase, more than liver; not on CT"),
    "peritumoral_enhancement": ((0, 1), "arterial enhancement outside the border, isodense later"),
    "corona": (
        (0, 1),
        (
            "late arterial to early portal rim outside the tumour that fades; not the same as"
            " peritumoral enhancement"
        ),
    ),
    "margin": (
        ("smooth", "non_smooth"),
        "non-smooth: budding, infiltrative or confluent on the phase of best delineation",
    ),
    "satellite": ((0, 1), "nodule up to 2 cm within 2 cm of the main tumour"),
    "hbp_peritumoral_hypointensity": (
        (0, 1),
        "wedge or flame outside the tumour in the hepatobiliary phase; gadoxetate only",
    ),
    "ttpvi": ((0, 1), "internal arteries present and hypoattenuating halo absent"),
}


def code_reader_features(table: pd.DataFrame) -> pd.DataFrame:
    """Readers' features of the table, as whole numbers in the order of their levels.

    They are those that the table has; rim_aphe is derived from aphe.

    Raises ValueError naming patient, feature, value and accepted levels.
    """
    columns, faults = {}, []
    for name, (levels, _) in READER_FEATURES.items():
        if name in table:
            codes = table[name].map({level: code for code, level in enumerate(levels)})
            wrong = table[name].notna() & codes.isna()
            faults += [
                f"patient {patient}: {name} is {value!r}, it must be one of"
                f" {', '.join(map(str, levels))}"
                for patient, value in table.loc[wrong, name].items()
            ]
            columns[name] = codes.astype("Int64")
    if faults:
        raise ValueError(
            "the readers' features can't be coded:\n"
            + "\n".join(f"  {fault}" for fault in faults[:20])
        )
    if "aphe" in columns and "rim_aphe" not in columns:
        columns["rim_aphe"] = (columns["aphe"] == 2).astype("Int64")
    return pd.DataFrame(columns, index=table.index)
