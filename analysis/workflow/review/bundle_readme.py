"""README.md of a bundle: what its files are, what is withheld and why, and how to verify it."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from fnmatch import fnmatch
from typing import Any

from analysis.core.word_lists import counted, listed
from analysis.study import Study

FILES = {
    "README.md": "this page",
    "article/*": "the rendered article and its supplement; open them in a browser",
    "bundle.json": "what the bundle holds, and what made the results",
    "claims.json": "every statement of the paper that a rule decides: its words, whether it holds,"
    " the rule, the numbers",
    "clinical.csv": "clinical values, in canonical units",
    "curves/*": "points of the figures",
    "delineation_scores.csv": "scores of repeated delineations",
    "dictionary.yml": "the data dictionary: label, type and unit of each variable",
    "environment/packages.txt": "versions of the libraries that made the results",
    "features.csv": "radiomics features that the models chose among",
    "manifest.sha256": "checksums of all files, in the format of sha256sum",
    "patients.csv": "cohort and outcome of each patient, in the order of the analysis",
    "predictions.csv": "scores and probabilities, a row a patient, model and way of judging",
    "results.json": "every number of the paper, a record a line, by its key",
    "source/*": "sources of the manuscript and of the environment",
    "study.yml": "the study file, without paths and dates",
    "tables/*": "tables of the article and its supplement",
}


def files_table(names: Collection[str]) -> str:
    """Markdown table of what each file is; folders stand in one row."""
    rows = [
        f"| `{pattern}` | {words} |"
        for pattern, words in FILES.items()
        if any(fnmatch(name, pattern) for name in names)
    ]
    return "| file | what it is |\n|---|---|\n" + "\n".join(rows)


def left_out_of_retraining(study: Study, clinical: bool) -> str:
    """Why radiomics can't be trained again from features alone; empty where it can.

    clinical: whether the bundle holds clinical values.
    """
    if study.habitats is not None:
        return "its habitats need the images"
    if study.matched_phases:
        return "its histograms are matched anew in each fold, which needs the images"
    harmonisation = study.radiomics.harmonisation if study.radiomics is not None else None
    if harmonisation is not None and harmonisation.covariates and not clinical:
        return "its harmonisation keeps the effects of clinical values, which are not here"
    return ""


def retraining_gaps(study: Study, held: Mapping[str, bool]) -> list[str]:
    """Models that can't be trained again from a bundle, each with the reason; empty where all can.

    held: `clinical`, `features` → whether the bundle holds them.
    """
    if study.predictions is not None:
        return ["the models were made elsewhere: the study has their predictions alone"]
    gaps = []
    if study.clinical is not None and not held["clinical"]:
        gaps.append(
            "the clinical model and its fusions: clinical values are not in the bundle (`sharing:"
            " {clinical: true}` puts them in)"
        )
    if study.radiomics is not None and not held["features"]:
        gaps.append(
            "radiomics models and their fusions: features are not in the bundle (`sharing:"
            " {features: true}` puts them in)"
        )
    elif study.radiomics is not None:
        reason = left_out_of_retraining(study, held["clinical"])
        gaps += [f"radiomics models and their fusions: {reason}"] if reason else []
    if study.features:
        blocks = listed([block.name_in_words(name) for name, block in study.features.items()])
        gaps.append(f"{blocks} and their fusions: other people's features are never in a bundle")
    if study.deep_learning is not None:
        gaps.append("networks and their fusions: images are never in a bundle")
    if study.additional_models:
        gaps.append(
            f"{listed(list(study.additional_models))}: code of the authors' own is not in a bundle"
        )
    return gaps


def withheld(
    study: Study, about: Mapping[str, Any], article: Sequence[str], patients: int
) -> list[str]:
    """What a bundle does not hold, each with the reason.

    about: content of bundle.json; article: what is missing of the article, in words.
    """
    lines = [
        f"names of the {counted(patients, 'patient')}: they are keyed by a secret that the authors"
        " keep",
        "dates and free text: they may identify a patient",
    ]
    if study.phases:
        lines.append("images and tumour masks: they may identify a patient")
    if study.cohort.dictionary is not None and not about["holds"]["clinical"]:
        lines.append("clinical values: the study file does not share them (`sharing: clinical`)")
    if study.radiomics is not None and not about["holds"]["features"]:
        lines.append("radiomics features: the study file does not share them (`sharing: features`)")
    lines += [
        f"{block.name_in_words(name)}: other people's features are never in a bundle"
        for name, block in study.features.items()
    ]
    lines += [f"clinical column {name}: {why}" for name, why in about["left_out"].items()]
    lines += [
        f"the ages of {counted(number, 'patient')} above 89 ({name}): banded as 90"
        for name, number in about["banded"].items()
    ]
    return [*lines, *article]


def bundle_readme(
    study: Study,
    about: Mapping[str, Any],
    names: Collection[str],
    missing: Sequence[str],
    gaps: Sequence[str],
) -> str:
    """README.md of a bundle, in Markdown.

    names: of all its files; missing: what is withheld (`withheld`); gaps: what can't be trained
    again (`retraining_gaps`).
    """
    origin = about["origin"]
    again = (
        "All models can be trained again from this bundle:\n\n```\nearly-recurrence verify"
        " bundle.zip --retrain\n```"
        if not gaps
        else "From this bundle alone can't be trained again:\n\n"
        + "\n".join(f"- {gap}" for gap in gaps)
        + "\n\nWith the data themselves: `early-recurrence verify bundle.zip --retrain --study"
        " study.yml`."
    )
    sections = [
        f"# Reviewer's bundle: {study.study.title}",
        f"{counted(about['patients'], 'patient')}; made by hcc-early-recurrence"
        f" {origin['package']}, code {origin['commit']}, Python {origin['python']},"
        f" {origin['platform']}." + (" **The cohort is synthetic.**" if _synthetic(study) else ""),
        "## Verify it",
        "Install hcc-early-recurrence, in the version above if identical numbers are wanted, and"
        " run:\n\n```\nearly-recurrence verify bundle.zip\n```\n\nIt computes every number again"
        " that predictions and outcomes allow, writes `verdict.html` beside the bundle, and ends"
        " with exit status 0 where all are the same, 3 where one differs or a file was changed."
        " Nothing leaves your computer, and no code of the bundle is run.",
        "## Files",
        files_table([*names, "README.md", "manifest.sha256"]),
        "## Withheld, and why",
        "\n".join(f"- {line}" for line in missing),
        "## Training again",
        again,
    ]
    return "\n\n".join(sections) + "\n"


def _synthetic(study: Study) -> bool:
    return study.study.synthetic or study.cohort.demo is not None
