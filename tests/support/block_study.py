"""Small studies with blocks of other people's features: made embeddings of forty patients."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd

from tests.support.small_cohort import clinical_study, clinical_table, edit_study, table_study

BLOCK = {
    "file": "embeddings.csv",
    "label": "Embeddings of BiomedCLIP",
    "source": "BiomedCLIP, image encoder",
    "licence": "MIT",
    "pca_components": 3,
    "tuning_folds": 2,
}


def embeddings(features: int = 12) -> pd.DataFrame:
    """Patients × features, two directions of which tell the outcome."""
    random = np.random.default_rng(11)
    table = clinical_table()
    event = (table["event_type"] == "recurrence").to_numpy(dtype=float)
    directions = random.normal(size=(4, features))
    hidden = random.normal(size=(len(table), 4)) + np.outer(event, [1.5, -1.2, 0, 0])
    values = hidden @ directions + 0.2 * random.normal(size=(len(table), features))
    names = [f"e{place}" for place in range(features)]
    return pd.DataFrame(values.round(4), columns=names).assign(patient_id=table["patient_id"])


def block_study(folder: Path, alone: bool = False, **block: object) -> Path:
    """study.yml of clinical variables and a block, beside a table of radiomics unless alone."""
    path = clinical_study(folder) if alone else table_study(folder)
    embeddings().to_csv(folder / "data" / "embeddings.csv", index=False)
    parts = ["embeddings"] if alone else ["radiomics", "embeddings"]
    return edit_study(
        path,
        features={"embeddings": BLOCK | block},
        fusion={"models": {"fused": {"label": "CR + all", "parts": parts}}},
    )
