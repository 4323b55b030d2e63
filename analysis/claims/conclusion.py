"""The conclusion: no more than the claims before it allow."""

from __future__ import annotations

from collections.abc import Mapping

from analysis.claims.claim import Claim, claim
from analysis.manuscript import Results

RULE = "The conclusion says of discrimination, the primary contrast, calibration and net benefit what their claims say, and nothing else."


def conclusion(results: Results, claims: Mapping[str, Claim]) -> Claim:
    """claims: those made before it. It holds where the best model discriminates and the primary contrast, if one is named, holds."""
    place = "Abstract, Conclusion"
    if results.is_true("cohort.synthetic"):
        text = "On a synthetic cohort no clinical conclusion can be drawn; the analysis ran from images to manuscript, and every number above was computed by it."
        return claim(results, "conclusion", place, text, holds=False, state="synthetic", rule="On a synthetic cohort no conclusion is drawn.")
    primary = str(results.record("contrasts.primary").value) if results.has_value("contrasts.primary") else None
    contrast = claims.get(f"outperforms.{primary}") or claims.get(f"adds_to.{primary}")
    verb = "outperform" if f"outperforms.{primary}" in claims else "add to"
    discriminates = claims["discriminates"].holds
    parts = ["{best.model.label} " + ("predicted" if discriminates else "was not shown to predict") + " {study.event} of {study.disease} better than chance in patients that it had not seen"]
    if contrast is not None:
        past = {"outperform": "outperformed", "add to": "added to"}[verb]
        parts.append((f"{{label.{results.text('contrasts.model')}}} {past}" if contrast.holds else f"{{label.{results.text('contrasts.model')}}} was not shown to {verb}") + f" {{label.{primary}}}")
    calibrated = claims["well_calibrated"].state
    parts.append({"holds": "its probabilities were well calibrated", "fails": "its probabilities were not well calibrated"}.get(calibrated, "whether its probabilities are well calibrated remains open"))
    useful = claims.get("net_benefit_range")
    if useful is not None:
        parts.append("its estimated net benefit was the higher one over the thresholds given above" if useful.holds else "no higher net benefit around the reported threshold was shown")
    return claim(results, "conclusion", place, "; ".join(parts) + ". It needs confirmation in an external cohort.", holds=discriminates and (contrast is None or contrast.holds),
                 state="holds" if discriminates and (contrast is None or contrast.holds) else "not_shown", rule=RULE)
