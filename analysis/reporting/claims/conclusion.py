"""The conclusion: no more than the claims before it allow."""

from __future__ import annotations

from collections.abc import Mapping

from analysis.reporting.claims.claim import Asserted, Claim, Decision, claim
from analysis.reporting.claims.utility import named_thresholds
from analysis.reporting.manuscript import Results
from analysis.results import keys

RULE = (
    "The conclusion says of discrimination, the primary contrast, calibration and net benefit what"
    " their claims say, in the validation cohort and in those beyond it, and nothing else; it asks"
    " for confirmation elsewhere only where there is a finding to confirm and no patients of other"
    " institutions were judged."
)
CALIBRATED = {
    "holds": "its probabilities were well calibrated",
    "fails": "its probabilities were not well calibrated",
    "open": "whether its probabilities are well calibrated remains open",
}
PREDICTED = {
    "holds": "predicted {target} better than chance",
    "not_shown": "was not shown to predict {target} better than chance",
    "reversed": "ordered patients in reverse of their risk of {target}",
    "too_few": "was evaluated in too few patients of one outcome to tell whether it predicts"
    " {target}",
    "undefined": "could not be judged as a predictor of {target}",
}
TARGET = "{study.event} in patients with {study.disease}"


def judged_elsewhere(results: Results) -> bool:
    """Whether patients of other institutions than those of training were judged.

    These are patients of institutions that gave no training patients, by their recorded centre or
    by the authors' word.
    """
    later = results.study.split.added

    def known(name: str, otherwise: bool) -> bool:
        """Whether a cohort is known to be an external one.

        Recorded centres decide; without them the authors' word does, that a cohort is an external
        one.
        """
        key = keys.split_other_centres(name)
        return results.is_true(key) if key in results.records else otherwise

    return known("validation", False) or any(
        known(name, name != later) for name in results.study.split.external
    )


def _unseen(results: Results) -> bool:
    """Whether it is known that the model had not seen its validation patients."""
    redrawn = (
        keys.ledger_splits_n() in results.records
        and results.record(keys.ledger_splits_n()).number > 1
    )
    return keys.predictions_given() not in results.records and not redrawn


def _evaluated_in(results: Results, discriminates: Claim) -> str:
    """The patients that the first part speaks of; empty where it says so itself."""
    if discriminates.state == "too_few":
        return ""
    return (
        ", in patients not used to develop it" if _unseen(results) else " in the validation cohort"
    )


def _beyond(claims: Mapping[str, Claim], how: str) -> str:
    """One cohort beyond the validation cohort, as a part of the conclusion."""
    found = PREDICTED[claims[f"discriminates.{how}"].state].replace("{target}", "the event")
    calibrated = claims.get(f"well_calibrated.{how}")
    more = (
        f", and {CALIBRATED[calibrated.state]}"
        if calibrated is not None and calibrated.state in CALIBRATED
        else ""
    )
    useful = claims.get(f"net_benefit.{how}")
    gain = {
        "holds": ", with a higher net benefit than treating all and treating none",
        "below": ", with a lower net benefit than the better of treating all and treating none",
    }
    gained = gain.get(useful.state, "") if useful is not None else ""
    return f"in the cohort {{label.{how}}} it {found}{more}{gained}"


def conclusion(results: Results, claims: Mapping[str, Claim]) -> Claim:
    """claims: those made before it.

    It holds where the best model discriminates in every cohort that judged it and the primary
    contrast, if one is named, holds.
    """
    place = "Abstract, Conclusion"
    if results.is_true(keys.cohort_synthetic()):
        text = "No clinical conclusion can be drawn from a synthetic cohort."
        return claim(
            results,
            Asserted("conclusion"),
            place=place,
            template=text,
            decision=Decision("synthetic", "On a synthetic cohort no conclusion is drawn."),
        )
    primary = (
        str(results.record(keys.contrasts_primary()).value)
        if results.has_value(keys.contrasts_primary())
        else None
    )
    contrast = claims.get(f"outperforms.{primary}") or claims.get(f"adds_to.{primary}")
    verb = "outperform" if f"outperforms.{primary}" in claims else "add to"
    discriminates = claims["discriminates"]
    parts = [
        "{best.model.label} "
        + PREDICTED[discriminates.state].replace("{target}", TARGET)
        + _evaluated_in(results, discriminates)
    ]
    if contrast is not None:
        label = f"{{{keys.label(results.plain(keys.contrasts_model()))}}}"
        past = {"outperform": "outperformed", "add to": "added to"}[verb]
        parts.append(
            (f"{label} {past}" if contrast.holds else f"{label} was not shown to {verb}")
            + f" {{{keys.label(str(primary))}}}"
        )
    if claims["well_calibrated"].state in CALIBRATED:
        parts.append(CALIBRATED[claims["well_calibrated"].state])
    useful = claims.get("net_benefit")
    if useful is not None:
        at, spread = named_thresholds(results)
        some = f"one or more of {at}" if spread else at
        parts.append(
            {
                "holds": (
                    "its net benefit was higher than those of treating all and treating none at"
                    f" {at}"
                ),
                "below": (
                    "its net benefit was lower than that of the better of treating all and"
                    f" treating none at {some}"
                ),
            }.get(useful.state, "no higher net benefit was shown")
        )
    parts += [_beyond(claims, how) for how in results.study.split.external]
    everywhere = [
        discriminates,
        *[claims[f"discriminates.{how}"] for how in results.study.split.external],
    ]
    holds = all(each.holds for each in everywhere) and (contrast is None or contrast.holds)
    last = (
        " It needs confirmation in patients of other institutions."
        if discriminates.holds and not judged_elsewhere(results)
        else ""
    )
    return claim(
        results,
        Asserted("conclusion"),
        place=place,
        template="; ".join(parts) + "." + last,
        decision=Decision("holds" if holds else "not_shown", RULE),
    )
