"""All claims of a study, and those that it pins."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from analysis.claims.claim import Claim, PinnedClaimFailed
from analysis.claims.comparison import adds_to, no_difference, outperforms
from analysis.claims.performance import discriminates, net_benefit_range, risk_groups, well_calibrated
from analysis.manuscript import Results, Shown


@dataclass(frozen=True)
class Claims:
    """Called with a key: the sentence that the results allow, its numbers with their links."""

    results: Results
    by_key: dict[str, Claim]

    def __call__(self, key: str) -> Shown:
        return Shown(self.results.fill(self.by_key[key].template))

    def sentences(self, prefix: str) -> Shown:
        """All claims `prefix.…`, one sentence each."""
        return Shown(" ".join(str(self(key)) for key in self.by_key if key.startswith(f"{prefix}.")))

    def labels(self, prefix: str, *states: str) -> list[str]:
        """Labels of the models or scores whose claim `prefix.…` is in one of these states."""
        return [self.results.plain(f"label.{key.removeprefix(f'{prefix}.')}") for key, each in self.by_key.items() if key.startswith(f"{prefix}.") and each.state in states]

    def rules(self) -> list[str]:
        """The rules behind the claims, each once."""
        return list(dict.fromkeys(each.rule for each in self.by_key.values()))


def make_claims(results: Results) -> dict[str, Claim]:
    """Key → claim, of every claim that this study's models, scores and follow-up allow."""
    model = results.text("contrasts.model")
    others = [name for name in results.names("models.headline") if name != model]
    scores = results.names("added_value.scores") if "added_value.scores" in results.records else []
    made = [discriminates(results), well_calibrated(results), net_benefit_range(results), *[outperforms(results, name) for name in others], *[no_difference(results, name) for name in others],
            *[adds_to(results, name) for name in scores], risk_groups(results)]
    return {each.key: each for each in made if each is not None}


def check_pinned(claims: dict[str, Claim], pinned: Sequence[str]) -> None:
    """Raises PinnedClaimFailed with claim, numbers and place of each pinned claim that does not hold, or is none of the study's."""
    faults = []
    for key in pinned:
        if key not in claims:
            faults.append(f"'{key}' is no claim of this study; claims are {', '.join(claims)}")
        elif not claims[key].holds:
            each = claims[key]
            numbers = "; ".join(f"{name} = {text}" for name, text in each.numbers.items()) or "none"
            faults.append(f"'{key}' does not hold. The results allow: \"{each.wording}\" Numbers: {numbers}. Place: {each.place}. Rule: {each.rule}")
    if faults:
        raise PinnedClaimFailed("manuscript.must_hold in the study file pins what the results don't say:\n" + "\n".join(f"  {fault}" for fault in faults))


def open_claims(results: Results) -> Claims:
    """The claims of a document; raises PinnedClaimFailed, which stops the render, where a pinned one does not hold."""
    claims = make_claims(results)
    check_pinned(claims, results.study.manuscript.must_hold)
    return Claims(results, claims)
