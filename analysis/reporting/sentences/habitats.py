"""Habitats in the methods: how they were clustered, numbered and described."""

from __future__ import annotations

from analysis.core.word_lists import counted, listed
from analysis.reporting.compared_masks import compared_masks, perturbed_alone
from analysis.reporting.manuscript import Results
from analysis.reporting.rendering.escaping import literal
from analysis.reporting.sentences.final_features import of_final_features
from analysis.reporting.sentences.preprocessing import SETTINGS
from analysis.results import keys
from analysis.study.habitats import Habitats
from analysis.study.phase_label import phase_label, phase_labels
from analysis.study.regions import TUMOUR
from models.habitats import names

METHODS = {
    "kmeans": "k-means",
    "mixture": "a mixture of Gaussians with full covariance",
}
CRITERIA = {
    "silhouette": "the highest mean silhouette",
    "calinski_harabasz": "the highest Caliński–Harabasz index",
    "bic": "the lowest Bayesian information criterion",
}
NORMALISED = {
    "image": (", each phase standardised over the patient's whole image"),
    "region": (", each phase standardised over the patient's clustered voxels"),
    "none": ", in the units of the images",
}
DESCRIBED = {
    "fractions": "the fraction of the volume in each but the last",
    "first_order": (
        "mean, standard deviation, 10th and 90th percentile of the intensities of each in each"
        " phase"
    ),
}

OFFERED = " ({habitats.features.n|feature} in the final fit, before selection)"


def _others(r: Results) -> str:
    """What they were not held against."""
    return compared_masks(r) if perturbed_alone(r) else "other segmentations"


def _described(r: Results, features: str) -> str:
    return r.stated(DESCRIBED[features], f"{names.__name__}:WORDS")


def _number(r: Results, habitats: Habitats) -> str:
    if habitats.number is not None:
        return f"The number of habitats was fixed at {r.stated(habitats.number, SETTINGS)}."
    least, most = (r.stated(each, SETTINGS) for each in (habitats.number_from, habitats.number_to))
    return (
        f"The number of habitats, from {least} to {most}, was that of"
        f" {CRITERIA[habitats.judged_by]}, which sees intensities alone and no outcome."
    )


def _on_one_grid(r: Results) -> str:
    """How other phases came on the reference phase's grid: by registration, or as acquired."""
    labels, reference = phase_labels(r.study), r.study.habitat_phase
    grid = literal(phase_label(reference, labels))
    others = {name: phase for name, phase in r.study.phases.items() if name != reference}
    registered = [name for name, phase in others.items() if phase.registration is not None]
    if registered and len(registered) == len(others):
        return (
            f"Other phases were registered to the {grid} phase and put on its voxel grid by cubic"
            " B-splines."
        )
    found = f"Other phases were put on the voxel grid of the {grid} phase by cubic B-splines"
    if registered:
        those = listed([literal(phase_label(name, labels)) for name in registered])
        found += f", {those} after registration to it and the others as acquired"
    return f"{found}."


def clustered_region(r: Results) -> str:
    """What the habitats are of, in words."""
    habitats = r.study.habitats
    if habitats is None or habitats.region is None:
        return TUMOUR
    return f"{{{keys.features_region_label(habitats.region)}}}"


def habitat_methods(r: Results) -> str:
    """Paragraph on the habitats; empty without."""
    habitats = r.study.habitats
    if habitats is None or keys.habitats_n() not in r.records:
        return ""
    where = clustered_region(r)
    reference = literal(phase_label(r.study.habitat_phase, phase_labels(r.study)))
    several = len(r.study.phases) > 1
    drawn = r.stated(counted(habitats.voxels_per_patient, "voxel"), SETTINGS)
    least = r.stated(counted(names.LEAST_VOXELS, "voxel"), f"{names.__name__}:LEAST_VOXELS")
    described = listed([_described(r, each) for each in habitats.features])
    parts = [
        f"Habitats of the {where} were clusters of its voxels by their intensities in"
        f" {'the {study.phases.n|phase}' if several else 'the image'}, by"
        f" {METHODS[habitats.clustered_by]} [@pedregosa2011]{NORMALISED[habitats.normalisation]}"
        " and then standardised over the voxels that were clustered.",
        _on_one_grid(r) if several else "",
        f"Of each patient {drawn} were drawn, so that patients counted alike.",
        _number(r, habitats),
        f"Habitats were numbered by their mean intensity in the {reference} phase, the darkest"
        " first.",
        "They were clustered anew in the training patients of every fold, tuning folds included,"
        " and applied to the others; no voxel of a left-out patient was used.",
        f"Features were {described}{OFFERED}; those of intensities were imputed by"
        " the median of the training patients of the fold where a patient had fewer than"
        f" {least} of a habitat."
        if "first_order" in habitats.features
        else f"Features were {described}{OFFERED}.",
        f"They were not held against {_others(r)} before selection.",
        "In {habitats.left_out.n|patient} voxels beyond the image of a phase were left out."
        if keys.habitats_left_out_n() in r.records
        else "",
    ]
    return " ".join(filter(None, parts))


def habitat_numbers(r: Results) -> str:
    """Sentences on the habitats that were found, and on their features; empty without."""
    if keys.habitats_n() not in r.records:
        return ""
    found = "The final radiomics model had {habitats.n|habitat}"
    habitats = r.study.habitats
    if (
        habitats is not None
        and habitats.number is None
        and keys.habitats_folds_least() in r.records
    ):
        same = (
            r.records[keys.habitats_folds_least()].value
            == r.records[keys.habitats_folds_most()].value
        )
        found += (
            ", and {habitats.folds.least} in each outer fold"
            if same
            else ", and {habitats.folds.least} to {habitats.folds.most} in the outer folds"
        )
    verb = ("describe", "described")
    chosen = of_final_features(r, keys.habitats_selected_n(), verb, "habitats")
    return f"{found} (@tbl-habitats). {chosen}"


def habitats_joined(r: Results) -> str:
    """Sentence on features of habitats beside those that were extracted; empty without."""
    if keys.habitats_features_n() not in r.records:
        return ""
    first = "These" if keys.features_stable_n() in r.records else "{features.total|feature}"
    return (
        f"{first} went through the selection together with {{habitats.features.n|feature}} of"
        " habitats, which were made in each fit."
    )


def habitats_counted(r: Results) -> str:
    """Words of a caption on whether steps count features of habitats; empty without."""
    if keys.habitats_features_n() not in r.records:
        return ""
    filtered = (
        ", to which the filter of reproducibility did not apply"
        if keys.features_stable_n() in r.records
        else ""
    )
    return (
        " All counts include features of habitats ({habitats.features.n} in the final"
        f" fit){filtered}."
    )


def habitats_described(r: Results) -> str:
    """Words on features of habitats in the dictionary of features; empty without."""
    if keys.habitats_features_n() not in r.records:
        return ""
    return " and each feature of habitats in any fit"
