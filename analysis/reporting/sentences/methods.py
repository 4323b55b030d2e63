"""Sentences of abstract, introduction and methods: each names only what this study did."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from analysis.reporting.manuscript import Results
from analysis.reporting.number_style import p_value
from analysis.reporting.sentences.study_parts import listed, parts_of
from analysis.reporting.wordings.blocks import BLOCK
from analysis.results import keys
from analysis.results.model_table import DescribedModel
from models.classifiers import CLASSIFIERS
from models.declared import DECLARED, DLRCR, RADIOMICS, RCR, part_of
from models.radiomics_and_networks import radiomics_model


def background(results: Results) -> str:
    """Sentence on why the study asks.

    Images are mentioned where there are images, staging systems where there are some.
    """
    first = "{study.event:sentence} in patients with {study.disease} is difficult to predict"
    others = [
        words
        for words, there in (
            ("clinical models", parts_of(results).clinical),
            ("staging systems", bool(results.names(keys.models_comparators()))),
        )
        if there
    ]
    if parts_of(results).images and others:
        return (
            f"{first}, and imaging models are rarely compared with {listed(others)} in the same"
            " patients."
        )
    if parts_of(results).clinical and results.names(keys.models_comparators()):
        return (
            f"{first}, and models are rarely compared with staging systems and prognostic indexes"
            " in the same patients."
        )
    return f"{first}, and models are rarely evaluated in patients not used to develop them."


def purpose(results: Results) -> str:
    """The study's purpose, one sentence with {keys} of results."""
    if parts_of(results).given:
        return (
            "To evaluate existing models that predict {study.event} in patients with"
            " {study.disease}."
        )
    one = len(results.names(keys.models_headline())) == 1
    made = "a model that predicts" if one else "models that predict"
    return (
        f"To develop and validate {made} {{study.event}} in patients with {{study.disease}}"
        " from {study.predictors}."
    )


def need(results: Results) -> str:
    """Second sentence of the introduction."""
    parts = parts_of(results)
    if parts.radiomics or parts.deep:
        kinds = [
            words
            for words, there in (
                (
                    (
                        "Radiomics quantifies tumour shape and texture with predefined features"
                        " [@vangriethuysen2017]"
                    ),
                    parts.radiomics,
                ),
                ("deep residual networks learn image features from the data [@he2016]", parts.deep),
            )
            if there
        ]
        text = "; ".join(kinds)
        what, ending, models = "it", "s", "models"
        if len(kinds) == 2:
            what = "either"
        elif not parts.radiomics:
            what, ending, models = "they", "", "they"
        compared = (
            f", and how {models} compare with established staging systems and indexes,"
            if results.names(keys.models_comparators())
            else ""
        )
        against = (
            f"How well {what} predict{ending} must be assessed in patients not used for"
            " development."
        )
        if parts.clinical:
            against = (
                f"Whether {what} add{ending} to clinical variables{compared} is best assessed in"
                " the same patients."
            )
        return f"{text[:1].upper()}{text[1:]}. {against}"
    if parts.given or not results.names(keys.models_comparators()):
        return "How well models predict must be assessed in patients not used for development."
    return (
        "How clinical models compare with established staging systems and indexes is best assessed"
        " in the same patients."
    )


def rigour(results: Results) -> str:
    """How the question is answered, of the steps that this study has."""
    parts = parts_of(results)
    first = (
        "Many imaging models are evaluated in the patients used to select their features, or at a"
        " cut-off chosen with knowledge of the outcome, and their performance is then"
        " overestimated. "
        if parts.images
        else (
            "Performance is overestimated when models are evaluated in the patients they were"
            " fitted to, or at a cut-off chosen with knowledge of the outcome. "
        )
    )
    several = len(results.names(keys.models_headline())) > 1
    compares = several or results.names(keys.models_comparators())
    steps = [
        "tested only comparisons that were named beforehand" if compares else "",
        "worded each claim by a prespecified rule",
    ]
    if not parts.given:
        steps = [
            "kept every step that uses the outcome inside the training folds",
            "reported apparent and out-of-fold performance separately",
            *steps,
        ]
    return f"{first}Following TRIPOD+AI [@tripodai2024], we {listed([*filter(None, steps)])}."


def cross_fitted(results: Results) -> str:
    """What was cross-validated, as the abstract says it."""
    parts = parts_of(results)
    if parts.given:
        return "The predictions of existing models were evaluated; no model was trained."
    steps = [
        words
        for words, there in (
            (
                "feature selection" if parts.radiomics else "variable selection",
                parts.clinical or parts.radiomics,
            ),
            ("tuning", parts.radiomics),
            ("fusion", bool(parts.fusions)),
        )
        if there
    ] or ["fitting"]
    text = listed(steps)
    nested = "nested " if parts.radiomics or parts.deep else ""
    several = len(results.names(keys.models_headline())) > 1
    return (
        f"{text[:1].upper()}{text[1:]} used {nested}cross-validation in the training cohort;"
        f" {'models were' if several else 'the model was'} then fixed."
    )


def fused_words(results: Results) -> str:
    """The fusions of the abstract; DLRCR is named where there is one."""
    fusions = parts_of(results).fusions
    further = [
        f"T{_and_predictors(results, each)[1:]} were combined ({each.label})."
        for each in _further(results)
    ]
    if RCR.id not in fusions:
        return " ".join(further)
    return " ".join([_usual_fusions(fusions), *further])


def _usual_fusions(fusions: Collection[str]) -> str:
    """RCR and DLRCR, in the abstract."""
    return "The radiomics score was combined with the CR predictors (RCR)" + (
        " and additionally with the DL score (DLRCR)." if DLRCR.id in fusions else "."
    )


def fusion_methods(results: Results) -> str:
    """The fusions of the methods; empty where there is none."""
    fusions = parts_of(results).fusions
    if not fusions:
        return ""
    further = further_fusions(results)
    names = (
        "**RCR** and **DLRCR**: logistic regression on the radiomics score and the CR predictors"
        " (RCR), and additionally on the DL score (DLRCR)."
        if DLRCR.id in fusions
        else "**RCR**: logistic regression on the radiomics score and the CR predictors."
    )
    names = " ".join(filter(None, [names if RCR.id in fusions else "", *further]))
    clipped = (
        " Scores entered as log odds, with probabilities kept at least {nomogram.clip} from zero"
        " and one."
        if keys.nomogram_clip() in results.records
        else ""
    )
    return (
        f"{names} Fusion models were fitted with a weak ridge penalty to the out-of-fold scores of"
        f" their components, not to apparent scores.{clipped}"
    )


def further_fusions(results: Results) -> list[str]:
    """Sentences on the fusions that the study file names, of the scores of named models."""
    return [
        f"**{each.label}**: logistic regression on {_and_predictors(results, each)}."
        for each in _further(results)
    ]


def _further(results: Results) -> list[DescribedModel]:
    """Fusions that the study file names."""
    models = results.models.items()
    return [each for name, each in models if each.kind == "fusion" and name not in DECLARED]


def _and_predictors(results: Results, fusion: DescribedModel) -> str:
    """What a fusion is made of, within a sentence."""
    scores = [_score_words(results.models, part) for part in fusion.parts]
    return listed([*scores, "the CR predictors"])


def _score_words(models: Mapping[str, DescribedModel], part: str) -> str:
    """A part of a fusion, as its score is called within a sentence."""
    found = part_of(part, {name: each.label for name, each in models.items()})
    return f"the {found.score if found else part}"


def feature_blocks(results: Results) -> str:
    """How the model of each block of other people's features was made, a paragraph each."""
    return "\n\n".join(
        f"**{model.label}**: {{{BLOCK + name}}}{_cited(results, name)}"
        for name, model in results.models.items()
        if BLOCK + name in results.wording
    )


def _cited(results: Results, name: str) -> str:
    citation = results.study.features[name].citation
    return f" The features are described elsewhere [@{citation}]." if citation else ""


def classifier_citations(results: Results) -> str:
    """Citation keys of classifiers that have one of their own, each after a semicolon."""
    tried = results.siblings(RADIOMICS.id)
    return "".join(
        f"; @{each.citation}"
        for each in CLASSIFIERS.values()
        if each.citation and radiomics_model(each).id in tried
    )


def own_models(results: Results) -> str:
    """What the study file or the class says of each model of one's own, a paragraph each."""
    names = [parts["model"] for parts, _ in keys.description.of(results.records)]
    return "\n\n".join(
        f"**{results.text(keys.label(name))}**: {results.text(keys.description(name)).rstrip('.')}."
        for name in names
    )


def fallback_rule(results: Results) -> str:
    """What happens where the CR model's rule keeps nothing."""
    return (
        f"If the rule retained no variable, the one with the smallest univariable {p_value()} was"
        " used."
    )


def guards_words(results: Results) -> str:
    """How the checks for leakage ended; empty where none is known."""
    if keys.guards_n("pass") not in results.records:
        return ""
    table = results.frame("tables/guards")
    if (table["verdict"] == "not run").all():
        return "No automated check for data leakage could run in this study (supplement)."
    return (
        "**Leakage**: automated checks for data leakage were run (supplement):"
        f" {guard_counts(results)}."
    )


def guard_counts(results: Results) -> str:
    """How many checks ended how: `{…} passed, none failed and {…} did not run`."""

    def some(verdict: str) -> bool:
        record = results.records.get(keys.guards_n(verdict))
        return record is not None and bool(record.value)

    return listed(
        [
            "{guards.pass.n} passed" if some("pass") else "none passed",
            *(["{guards.note.n} left a note"] if some("note") else []),
            "{guards.fail.n} failed" if some("fail") else "none failed",
            *(["{guards.not_run.n} did not run"] if some("not_run") else []),
        ]
    )


def winner(results: Results) -> str:
    """That the highest of several out-of-fold AUCs is too high for having been the highest."""
    count = sum(
        keys.auc(name, "out_of_fold") in results.records
        for name in results.names(keys.models_headline())
    )
    return (
        "As the highest of several, its out-of-fold AUC is optimistic; its AUC in the validation"
        " cohort is not."
        if count > 1
        else ""
    )
