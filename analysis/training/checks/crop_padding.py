"""Check of the crops that networks see: how much of them lies beyond the images."""

from __future__ import annotations

from analysis.cohort.cohort import Cohort
from analysis.core.problems import Problems
from analysis.core.word_lists import counted
from analysis.inputs.crops import crop_padding, is_worth_telling, padding_by_phase
from analysis.training.leakage.crop_padding import judged_padding

SHOWN = {
    "constant": "a constant",
    "edge": "the nearest voxel",
    "mirror": "the mirrored image",
    "shift": "a constant, as a crop moved into the image did not fit",
}


def check_crop_padding(cohort: Cohort, problems: Problems) -> None:
    """Tell how many crops are padded, by phase, and whether the padding goes with the outcome.

    Patients whose files have an error are left out, and those whose crop can't be made. Nothing is
    told where padding is rare and small. The outcome is that of training patients, and nothing
    learns from what is found.
    """
    deep = cohort.study.deep_learning
    if deep is None:
        return
    faulty = {problem.patient for problem in problems.of("error")}
    sound = [patient for patient in cohort.patients if str(patient) not in faulty]
    shares = crop_padding(cohort, sound, made_alone=True)
    if shares.empty or not is_worth_telling(shares):
        return
    where = f"{cohort.study.path.name}, deep_learning"
    for each in padding_by_phase(shares):
        if each.over_tenth:
            tell = problems.warning if each.over_half else problems.note
            tell(
                f"the crop of networks reaches beyond the {each.phase} image by more than 10% in"
                f" {each.over_tenth} of {counted(each.patients, 'patient')} and by more than half"
                f" in {each.over_half} (median {each.median:.0%}); they see {SHOWN[deep.padding]}"
                " there",
                where,
                "make the crop smaller (field_of_view_mm, margin_mm), give images with more around"
                " the tumour, or choose what is shown (padding: shift, edge or mirror)",
                reason="image",
            )
    found = judged_padding(cohort, shares)
    if found is not None:
        (problems.warning if found.is_noted else problems.note)(
            f"{found.words()} ({counted(found.patients, 'training patient')})",
            where,
            "networks can learn this in the place of the tumour: pad less, and compare with models"
            " that do not see the padding"
            if found.is_noted
            else "",
            reason="image",
        )
