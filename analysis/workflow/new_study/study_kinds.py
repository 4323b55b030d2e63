"""Kinds of study that can be begun, the pieces of their files, and the data that each expects."""

from __future__ import annotations

from dataclasses import dataclass

CLINICAL = (
    "  clinical.csv         patient_id, the outcome, and a column for each variable of"
    " dictionary.yml\n  dictionary.yml       label, type and unit of each column"
)
BOTH = (
    "Every variable of `dictionary.yml` must be a column of `clinical.csv`, under its own name or"
    " the one that `column:` gives."
)


@dataclass(frozen=True)
class Kind:
    """Kind of study that can be begun.

    pieces: of study.yml, in order. dictionary: whether a data dictionary belongs to it. layout,
    explanation: of its README.
    """

    name: str
    words: str
    pieces: tuple[str, ...]
    dictionary: bool
    layout: str
    explanation: str


KINDS = {
    kind.name: kind
    for kind in (
        Kind(
            "images",
            "images, tumour masks and a clinical table",
            pieces=("study", "cohort", "endpoint", "split", "phases", "clinical", "settings"),
            dictionary=True,
            layout=CLINICAL
            + "\n  images/P001/         one folder a patient, named as in the table\n   "
            " arterial.nii.gz    the phases of study.yml\n    portal_venous.nii.gz\n   "
            " delayed.nii.gz\n    mask.nii.gz        the tumour: 1, all else 0, on the grid of"
            " its image",
            explanation=BOTH
            + " File names and folders are patterns in `study.yml`, under `phases:`; any format"
            " that SimpleITK reads will do. Without a clinical table's variables, take"
            " `clinical:`, `comparators:` and `cohort: dictionary:` out: the table then needs the"
            " patients and the outcome alone.",
        ),
        Kind(
            "features",
            "a table of radiomics features and a clinical table",
            pieces=("study", "cohort", "endpoint", "split", "features", "clinical", "settings"),
            dictionary=True,
            layout=CLINICAL + "\n  features.csv         patient_id, and a column for each feature:"
            " arterial_original_glcm_Contrast",
            explanation=BOTH
            + " Columns of features are found by the patterns of `radiomics: table: columns:`."
            " Without clinical variables, take `clinical:`, `comparators:` and `cohort:"
            " dictionary:` out.",
        ),
        Kind(
            "predictions",
            "predictions of models that were made elsewhere",
            pieces=("study", "predictions"),
            dictionary=False,
            layout="  predictions.csv      patient_id, model, probability (or score), event (1"
            " or 0); one"
            " row a patient and model",
            explanation="Nothing is trained: discrimination, calibration, decision curves and"
            " comparisons are"
            " computed, and survival where there is a follow-up. The report leaves out the rest and"
            " says so.",
        ),
        Kind(
            "clinical",
            "a clinical table alone",
            pieces=("study", "cohort", "endpoint", "split", "clinical", "settings"),
            dictionary=True,
            layout=CLINICAL,
            explanation=BOTH + " Nothing is made from images.",
        ),
    )
}
