"""All claims of a study, and those that it pins."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from analysis.core.word_lists import listed
from analysis.reporting.claims.calibration import well_calibrated
from analysis.reporting.claims.claim import Claim, PinnedClaimFailed
from analysis.reporting.claims.comparison import adds_to, no_difference, outperforms
from analysis.reporting.claims.conclusion import conclusion
from analysis.reporting.claims.performance import discriminates, risk_groups
from analysis.reporting.claims.utility import net_benefit
from analysis.reporting.manuscript import Results, Shown, open_results
from analysis.results import keys
from analysis.study import Study

# Kind → state → clause; {model} is the contrasts' model, {names} those that it was compared with.
GROUPS = {
    "outperforms": {
        "holds": "{model} outperformed {names}",
        "not_shown": "the AUC of {model} did not differ significantly from that of {names}",
        "below": "the AUC of {model} was lower than that of {names}",
        "exploratory": "the comparison of {model} with {names} was exploratory",
        "too_few": (
            "too few patients had one of the outcomes for a comparison of {model} with {names}"
        ),
        "undefined": "{model} could not be compared with {names}",
    },
    "adds_to": {
        "holds": "{model} improved the AUC of {names}",
        "not_shown": "{model} did not significantly improve the AUC of {names}",
        "below": "{model} lowered the AUC of {names}",
        "exploratory": "the gain in AUC from adding {model} to {names} was exploratory",
        "too_few": (
            "too few patients had one of the outcomes to assess what {model} adds to {names}"
        ),
        "undefined": "{model} could not be added to {names}",
    },
}
# What the other comparisons are called behind a clause that names one.
OTHERS = {"exploratory": "other comparisons were exploratory"}
# From so many names on of which all are in one state, their number stands for them.
MANY = 5


@dataclass(frozen=True)
class Claims:
    """Called with a key: the sentence that the results allow, its numbers with their links."""

    results: Results
    by_key: dict[str, Claim]

    def __call__(self, key: str) -> Shown:
        """The claim's sentence with its numbers, as Markdown.

        Raises KeyError where there is no such claim.
        """
        return Shown(self.results.fill(self.by_key[key].template))

    def of_kind(self, kind: str) -> list[Claim]:
        """The claims of a kind that name what they are about: a model, a score or a cohort."""
        return [
            each for each in self.by_key.values() if each.kind == kind and each.about is not None
        ]

    def sentences(self, kind: str) -> Shown:
        """All claims `kind.…`, one sentence each."""
        return Shown(" ".join(str(self(each.key)) for each in self.of_kind(kind)))

    def grouped(self, kind: str, others: Sequence[str] | None = None) -> Shown:
        """One sentence over all claims `kind.…`: who holds, and who does not.

        A clause about one comparison has its numbers. Where all of many are in one state, their
        number stands for their names, which a table has.

        Where `others` is given, the sentence is over the claims of these alone.
        """
        asked = [each for each in self.of_kind(kind) if others is None or each.about in others]
        model = self.results.text(keys.label(self.results.plain(keys.contrasts_model())))
        parts: list[str] = []
        for state, template in GROUPS[kind].items():
            found = [each for each in asked if each.state == state]
            if not found:
                continue
            if parts and state in OTHERS:
                parts.append(OTHERS[state])
                continue
            names = self._names(kind, found, every=len(found) == len(asked))
            clause = template.format(model=model, names=names) + self._numbers(found)
            parts.append(clause if parts or template[0] == "{" else clause[:1].upper() + clause[1:])
        return Shown(f"{'; '.join(parts)}." if parts else "")

    def _names(self, kind: str, found: Sequence[Claim], every: bool) -> str:
        """What the claims are about, in words; a count of them where all of many are meant."""
        if every and len(found) >= MANY:
            pattern = {"outperforms": keys.delong("*", "*", "validation")}.get(
                kind, keys.added_value("*")
            )
            noun = {"outperforms": "other models"}.get(
                kind, "staging systems and prognostic indexes"
            )
            any_of = "any" if found[0].state in ("not_shown", "undefined") else "each"
            return f"{any_of} of {self.results.stated(len(found), pattern)} {noun}"
        return listed([self.results.text(keys.label(str(each.about))) for each in found])

    def _numbers(self, found: Sequence[Claim]) -> str:
        """The numbers of a single claim, as it has them, with a space before; else nothing."""
        if len(found) != 1:
            return ""
        start = found[0].template.rfind(" (")
        return self.results.fill(found[0].template[start:].rstrip(".")) if start >= 0 else ""

    def rule_templates(self) -> list[str]:
        """The rules behind the claims, each once; their {key:form} are results."""
        return list(dict.fromkeys(each.rule_template for each in self.by_key.values()))

    def rules(self) -> list[str]:
        """The rules behind the claims, each once."""
        return list(dict.fromkeys(each.rule for each in self.by_key.values()))


def make_claims(results: Results) -> dict[str, Claim]:
    """Key → claim, of every claim that this study's models, scores and follow-up allow."""
    model = results.plain(keys.contrasts_model())
    others = [name for name in results.names(keys.models_headline()) if name != model]
    scores = (
        results.names(keys.added_value_scores())
        if keys.added_value_scores() in results.records
        else []
    )
    hows = ["validation", *results.study.split.external]
    discrimination = {how: discriminates(results, how) for how in hows}
    made = [
        *discrimination.values(),
        *[well_calibrated(results, how) for how in hows],
        *[net_benefit(results, discrimination[how], how) for how in hows],
        *[outperforms(results, name) for name in others],
        *[no_difference(results, name) for name in others],
        *[adds_to(results, name) for name in scores],
        risk_groups(results, discrimination["validation"]),
    ]
    claims = {each.key: each for each in made if each is not None}
    final = conclusion(results, claims)
    return claims | {final.key: final}


def check_pinned(claims: dict[str, Claim], pinned: Sequence[str]) -> None:
    """Raise PinnedClaimFailed where a pinned claim does not hold.

    The error has claim, numbers and place of each pinned claim that does not hold, or is none of
    the study's.
    """
    faults = []
    for key in pinned:
        if key not in claims:
            faults.append(f"'{key}' is no claim of this study; claims are {', '.join(claims)}")
        elif not claims[key].holds:
            each = claims[key]
            numbers = "; ".join(f"{name} = {text}" for name, text in each.numbers.items()) or "none"
            faults.append(
                f"'{key}' does not hold. The results allow: \"{each.wording}\" Numbers: {numbers}."
                f" Place: {each.place}. Rule: {each.rule}"
            )
    if faults:
        raise PinnedClaimFailed(
            "manuscript.must_hold in the study file pins what the results don't say:\n"
            + "\n".join(f"  {fault}" for fault in faults)
        )


def open_claims(results: Results | Study | Path | str) -> Claims:
    """Claims of a document, from its results or from what `open_results` takes.

    Raises PinnedClaimFailed, which stops the render, where a pinned claim does not hold.
    """
    if isinstance(results, Study | Path | str):
        results = open_results(results)
    claims = make_claims(results)
    check_pinned(claims, results.study.manuscript.must_hold)
    return Claims(results, claims)
