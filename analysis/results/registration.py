"""Registration of phases as results: shift, similarity, and how often it was not used."""

from __future__ import annotations

import pandas as pd

from analysis.cohort.cohort import Cohort
from analysis.inputs.registration.quality import cohort_registration
from analysis.results import keys
from analysis.results.record import Records

MEASURES = ("shift_mm", "before", "after")


def registration_tables(records: Records, cohort: Cohort) -> dict[str, pd.DataFrame]:
    """Tables of the registrations; nothing where no phase is registered.

    `tables/registration` (patients × registered phases) and `tables/registration_by_phase` (phase,
    reference, patients, unused, and median, lowest and highest of the shift in the tumour and of
    mutual information before and after, of the registrations that were used; empty without any).

    Records: `registration.unused.<phase>.n`, patients in whom it was not used, and
    `registration.shift.<phase>`, the median shift in the others. Of a deformed phase also `rigid`,
    patients with the rigid transform alone, and `jacobian_median`, `jacobian_low` and
    `jacobian_high`: the determinant in the tumour, of the deformations that were used; as records
    `registration.rigid.<phase>.n` and `registration.jacobian[_low|_high].<phase>`.
    """
    if not any(files.registration for files in cohort.study.phases.values()):
        return {}
    rows = cohort_registration(cohort)
    frame, summary = pd.DataFrame(rows), []
    for (phase, reference), part in frame.groupby(["phase", "reference"], sort=False):
        used = part[part["used"]]
        records.add(
            keys.registration_unused_n(str(phase)),
            len(part) - len(used),
            n=len(part),
            unit="patients",
            source=cohort_registration,
        )
        if len(used):
            records.add(
                keys.registration_shift(str(phase)),
                float(used["shift_mm"].median()),
                n=len(used),
                unit="mm",
                method="mean over the tumour; median over patients",
                source=cohort_registration,
            )
        row: dict[str, object] = {
            "phase": phase,
            "reference": reference,
            "patients": len(part),
            "unused": len(part) - len(used),
        }
        for measure in MEASURES:
            row |= {
                f"{measure}_median": used[measure].median(),
                f"{measure}_low": used[measure].min(),
                f"{measure}_high": used[measure].max(),
            }
        settings = cohort.study.phases[str(phase)].registration
        if settings is not None and settings.deforms:
            row |= _of_deformation(records, str(phase), used)
        summary.append(row)
    return {"tables/registration": frame, "tables/registration_by_phase": pd.DataFrame(summary)}


def _of_deformation(records: Records, phase: str, used: pd.DataFrame) -> dict[str, object]:
    """Columns and records of a deformed phase. used: patients whose registration is used."""
    deformed = used[used["deformed"]]
    rigid = len(used) - len(deformed)
    records.add(
        keys.registration_rigid_n(phase),
        rigid,
        n=len(used),
        unit="patients",
        source=cohort_registration,
    )
    found = {
        "jacobian_median": deformed["jacobian_mean"].median(),
        "jacobian_low": deformed["jacobian_low"].min(),
        "jacobian_high": deformed["jacobian_high"].max(),
    }
    if len(deformed):
        for key, name in (
            (keys.registration_jacobian, "jacobian_median"),
            (keys.registration_jacobian_low, "jacobian_low"),
            (keys.registration_jacobian_high, "jacobian_high"),
        ):
            records.add(key(phase), float(found[name]), n=len(deformed), source=cohort_registration)
    return {"rigid": rigid, **found}
