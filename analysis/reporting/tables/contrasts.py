"""The comparisons that were named beforehand, and carry a P-value."""

from __future__ import annotations

from analysis.reporting.manuscript import Results
from analysis.results import keys


def contrast_keys(results: Results) -> dict[str, tuple[str, str]]:
    """Comparator → (role, key): the primary contrast, then the family.

    A staging system or index is tested by what the model adds to it.
    """
    model = results.plain(keys.contrasts_model())
    primary = (
        [str(results.record(keys.contrasts_primary()).value)]
        if results.has_value(keys.contrasts_primary())
        else []
    )
    roles = dict.fromkeys(results.names(keys.contrasts_family()), "Holm family") | dict.fromkeys(
        primary, "Primary"
    )
    ordered = [*primary, *[name for name in roles if name not in primary]]
    return {
        name: (
            roles[name],
            (
                keys.added_value(name)
                if keys.added_value(name) in results.records
                else keys.delong(model, name, "validation")
            ),
        )
        for name in ordered
    }
