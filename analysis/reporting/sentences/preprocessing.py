"""Preprocessing of the images, in its order, as the methods say it."""

from __future__ import annotations

from analysis.core.word_lists import listed
from analysis.reporting.manuscript import Results
from analysis.reporting.rendering.escaping import literal
from analysis.reporting.wordings.preprocessing import preprocessing_words
from analysis.study import Study
from analysis.study.phase_label import phase_labels

# The table of the study file's settings, of which the supplement shows what is not at its default.
SETTINGS = "tables/settings.csv"


def _sources(r: Results) -> str:
    """Citations of the methods that any phase uses."""
    found = r.study.preprocessing_of.values()
    cited = []
    if any(each.bias_correction for each in found):
        cited.append("@tustison2010")
    if any(each.intensity and each.intensity.by_white_stripe for each in found):
        cited.append("@shinohara2014")
    if r.study.matched_phases:
        cited += ["@nyul2000", "@shah2011"]
    return f" [{'; '.join(cited)}]" if cited else ""


def width_rule(r: Results) -> str:
    """Sentence on how the width of bins was chosen; empty where the study states no rule."""
    bounds = None if r.study.radiomics is None else r.study.radiomics.grey_levels
    if bounds is None:
        return ""
    return (
        "The bin width was fixed in advance, without knowledge of the outcome, so that in each"
        f" phase the median number of grey levels in tumours of training patients lay between"
        f" {r.stated(bounds[0], SETTINGS)} and {r.stated(bounds[1], SETTINGS)}."
    )


def image_preprocessing(r: Results) -> str:
    """Sentences on what was done to intensities before anything else; empty where nothing was."""
    study = r.study
    if not study.preprocessing_of:
        return ""
    labels = phase_labels(study)
    of: dict[str, list[str]] = {}
    for phase, settings in study.preprocessing_of.items():
        of.setdefault(preprocessing_words(settings), []).append(literal(labels[phase]))
    whole = len(of) == 1 and len(study.preprocessing_of) == len(study.phases)
    done = []
    for words, phases in of.items():
        which = "images" if whole else f"images of {listed(phases)}"
        done.append(f"{which} were {r.stated(literal(words), SETTINGS)}")
    first, *others = done
    sentence = "; ".join([first[0].upper() + first[1:], *others]) + _sources(r) + "."
    after = "Resampling and discretisation followed."
    if not (study.radiomics is not None and study.radiomics.table is None):
        after = "Resampling followed."
    return f"{sentence} {_learnt(r)} {after}{_networks(r)}"


def _learnt(r: Results) -> str:
    """Sentences on what was learnt from patients: nothing, or the standard scale of each fit."""
    matched = r.study.matched_phases
    if not matched:
        return "Each image was treated by itself, so that nothing was learnt from patients."
    kept = "inner and tuning folds kept that of the fit in which they lay"
    if others := _of_final_fit(r.study):
        kept += f", {listed(others)} that of the final fit"
    return (
        "Percentiles were those of each image by itself. The standard scale was the mean of the"
        " learning patients' percentiles, each put on its range, and was learnt anew in the final"
        " fit and in each outer fold, in which the features of these images were extracted again"
        f" (@tbl-standard-scale); {kept}. It saw no outcome, and no patient whom an outer fold left"
        " out or who served for validation."
    )


def _of_final_fit(study: Study) -> list[str]:
    """What sees images on the standard scale of the final fit, beside that fit."""
    perturbed = study.radiomics is not None and study.radiomics.perturbation is not None
    found = {
        "resamples": bool(study.robustness.instability_resamples),
        "permutations": bool(study.controls.permutations),
        "repeated delineations": any(phase.repeat_masks for phase in study.phases.values()),
        "perturbations": perturbed,
    }
    return [name for name, there in found.items() if there]


def _networks(r: Results) -> str:
    """Sentence on what networks saw; empty without any."""
    study = r.study
    if study.deep_learning is None:
        return ""
    matched = study.matched_phases
    if not matched:
        return " Networks saw the images after these steps."
    corrected = any(study.preprocessing_of[each].bias_correction for each in matched)
    before = "after bias correction and " if corrected else ""
    labels = phase_labels(study)
    others = [name for name in study.preprocessing_of if name not in matched]
    which = f" of {listed([literal(labels[each]) for each in matched])}" if others else ""
    rest = "; the others after these steps" if others else ""
    return (
        f" Networks saw the images{which} {before}before their histograms were matched, each on a"
        f" scale of its own{rest}."
    )
