"""Pictures of the largest registrations, where they may be shown."""

from __future__ import annotations

import pandas as pd

from analysis.cohort.cohort import Cohort
from analysis.inputs.registration.pictures import registration_picture
from analysis.inputs.registration.quality import cohort_registration
from analysis.results.quality import pack

# Patients who are shown, those of the largest shift in the tumour.
SHOWN = 4


def registration_pictures(cohort: Cohort) -> dict[str, pd.DataFrame]:
    """`registration_pictures`: place (from 0), phase, side, before, after, mask; no identifier.

    They are of the patients of the largest shift that was used, in any phase. Nothing where no
    phase is registered, and of real patients only with `sharing: {pictures: true}`.
    """
    study = cohort.study
    phases = [name for name, files in study.phases.items() if files.registration is not None]
    made_up = study.study.synthetic or study.cohort.demo is not None
    if not phases or not study.reads_images or not (study.sharing.pictures or made_up):
        return {}
    frame = pd.DataFrame(cohort_registration(cohort))
    shifts = frame[frame["used"]].groupby("patient_id")["shift_mm"].max()
    shown = shifts.sort_values(ascending=False, kind="stable").index[:SHOWN]
    rows = []
    for place, patient in enumerate(shown):
        for phase in phases:
            found = registration_picture(cohort, str(patient), phase)
            parts = {name: pack(each) for name, each in vars(found).items()}
            rows.append({"place": place, "phase": phase, "side": len(found.mask), **parts})
    return {"registration_pictures": pd.DataFrame(rows)} if rows else {}
