"""Sentences of abstract, introduction and methods: each names only what this study did."""

from __future__ import annotations

from analysis.reporting.manuscript import Results
from analysis.reporting.number_style import p_value
from analysis.reporting.sentences.study_parts import listed, parts_of
from analysis.results import keys
from models.classifiers import CLASSIFIERS
from models.declared import DLRCR, RADIOMICS
from models.radiomics_and_networks import radiomics_model


def background(results: Results) -> str:
    """Sentences on why the study asks.

    Images are mentioned where there are images, staging systems where there are some.
    """
    have = "will have" if keys.endpoint_horizon_months() in results.records else "have"
    first = (
        f"Which patients with {{study.disease}} {have} {{study.event}} is hard to tell beforehand"
    )
    others = [
        words
        for words, there in (
            ("clinical variables", parts_of(results).clinical),
            ("staging systems and indexes", bool(results.names(keys.models_comparators()))),
        )
        if there
    ]
    if parts_of(results).images and others:
        return (
            f"{first}, and whether images say more about it than {listed(others)} is seldom judged"
            " on the same patients."
        )
    if parts_of(results).clinical and results.names(keys.models_comparators()):
        return (
            f"{first}, and whether a model says more about it than staging systems and indexes is"
            " seldom judged on the same patients."
        )
    return f"{first}, and a model is seldom judged on patients whom it has not seen."


def purpose(results: Results) -> str:
    """The study's purpose, one sentence with {keys} of results."""
    if parts_of(results).given:
        return (
            "To validate predictions of {study.event} in patients with {study.disease} by models"
            " that were made elsewhere."
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
                        "Radiomics describes a tumour's shape and texture by predefined features"
                        " [@vangriethuysen2017]"
                    ),
                    parts.radiomics,
                ),
                ("deep residual networks learn features of their own [@he2016]", parts.deep),
            )
            if there
        ]
        text = "; ".join(kinds)
        what = "either" if len(kinds) == 2 else "it" if parts.radiomics else "they"
        verb = "do" if what == "they" else "does"
        against = (
            f"Whether {what} {'add' if verb == 'do' else 'adds'} to clinical variables"
            + (
                f", and how {'they' if what == 'they' else 'models'} compare with established"
                " staging systems and indexes,"
                if results.names(keys.models_comparators())
                else ""
            )
            + " is a question about predictions for the same patients."
            if parts.clinical
            else (
                f"How well {what} predict{'' if verb == 'do' else 's'} is a question about patients"
                f" that {'they have' if verb == 'do' else 'it has'} not seen."
            )
        )
        return f"{text[:1].upper()}{text[1:]}. {against}"
    if parts.given or not results.names(keys.models_comparators()):
        return "How well models predict is a question about patients whom they have not seen."
    return (
        "How clinical variables compare with established staging systems and indexes is a question"
        " about predictions for the same patients."
    )


def rigour(results: Results) -> str:
    """How the question is answered, of the steps that this study has."""
    first = (
        "Many imaging models are judged on the patients that chose their features, or against a"
        " cut-off that saw the outcome, and such numbers do not last. "
        if parts_of(results).images
        else (
            "Models that are judged on the patients that they learnt from, or at a cut-off that saw"
            " the outcome, look better than they are. "
        )
    )
    several = len(results.names(keys.models_headline())) > 1
    compares = several or results.names(keys.models_comparators())
    steps = [
        f"{p_value(several=True)} of comparisons stand only "
        + (
            "at those that were named beforehand"
            if parts_of(results).given
            else "where models were locked"
        )
        if compares
        else "",
        (
            "each sentence that asserts something follows from the numbers by a rule that was"
            " written down before them"
        ),
    ]
    if not parts_of(results).given:
        steps = [
            "every step that sees the outcome stays inside the training folds",
            "apparent and out-of-fold performance are told apart",
            *steps,
        ]
    return (
        f"{first}The question is answered here in the manner that TRIPOD+AI asks for"
        f" [@tripodai2024]: {listed([*filter(None, steps)])}."
    )


def cross_fitted(results: Results) -> str:
    """What was cross-fitted, as the abstract says it."""
    parts = parts_of(results)
    if parts.given:
        return (
            "The predictions of models that were made elsewhere were judged; nothing was trained."
        )
    steps = [
        words
        for words, there in (
            ("selection", parts.clinical or parts.radiomics),
            ("tuning", parts.radiomics),
            ("fusion", bool(parts.fusions)),
        )
        if there
    ] or ["fitting"]
    text = listed(steps)
    return (
        f"{text[:1].upper()}{text[1:]} {'was' if len(steps) == 1 else 'were'} cross-fitted within"
        " the training cohort."
    )


def fused_words(results: Results) -> str:
    """The fusions of the abstract; DLRCR is named where there is one."""
    fusions = parts_of(results).fusions
    if not fusions:
        return ""
    return "The radiomics score was combined with the CR predictors (RCR)" + (
        ", and with the DL score as well (DLRCR)." if DLRCR.id in fusions else "."
    )


def fusion_methods(results: Results) -> str:
    """The fusions of the methods; empty where there is none."""
    fusions = parts_of(results).fusions
    if not fusions:
        return ""
    names = (
        "**RCR** and **DLRCR**: logistic regression on the radiomics score and the raw CR"
        " predictors, and on the DL score as well."
        if DLRCR.id in fusions
        else "**RCR**: logistic regression on the radiomics score and the raw CR predictors."
    )
    return (
        f"{names} A fusion was fitted on out-of-fold scores of its parts, never on apparent ones."
    )


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
        f"Where the rule kept no variable, the one with the smallest univariable {p_value()} was"
        " kept, so that the model had a score."
    )


def guards_words(results: Results) -> str:
    """Which guards against leakage ran, and how they ended; empty where none is known."""
    if keys.guards_n("pass") not in results.records:
        return ""
    table = results.frame("tables/guards")
    ran = [
        title[:1].lower() + title[1:] for title in table.loc[table["verdict"] != "not run", "title"]
    ]
    if not ran:
        return "No guard against leakage could run with this study (supplement)."
    return (
        f"**Leakage**: these guards ran with the study: {'; '.join(ran)}. {{guards.pass.n}} passed,"
        " {guards.note.n} left a note, {guards.fail.n} failed and {guards.not_run.n} did not"
        " run (supplement)."
    )


def winner(results: Results) -> str:
    """That the highest of several out-of-fold AUCs is too high for having been the highest."""
    count = sum(
        keys.auc(name, "out_of_fold") in results.records
        for name in results.names(keys.models_headline())
    )
    return (
        "As the highest of several it is optimistic as an estimate of that model; its AUC in the"
        " validation cohort is not."
        if count > 1
        else ""
    )
