"""The reference of the staging systems and indexes, from their declarations."""

from __future__ import annotations

from models.staging import REFITS, SCORES


def _levels(score: object) -> str:
    levels = getattr(score, "levels", None)
    return ", ".join(map(str, levels)) if levels else "a number"


def page() -> str:
    """Scores by family, each with inputs, levels, direction and source."""
    families: dict[str, list[object]] = {}
    for score in SCORES.values():
        families.setdefault(score.family, []).append(score)
    parts = [f"There are {len(SCORES)} scores, and {len(REFITS)} that a study refits."]
    head = "| name | score | inputs | levels | direction | source |\n|---|---|---|---|---|---|\n"
    for family, scores in families.items():
        title = family.replace("_", " ")
        rows = []
        for score in scores:
            source = score.source + (
                f" [doi:{score.doi}](https://doi.org/{score.doi})" if score.doi else ""
            )
            confirmed = "" if score.status == "confirmed" else " **Unconfirmed.**"
            note = f" {score.note}" if score.note else ""
            worse = (
                "no order"
                if not score.ordered
                else ("higher is worse" if score.higher_is_worse else "lower is worse")
            )
            inputs = ", ".join(f"`{each}`" for each in score.inputs)
            rows.append(
                f"| `{score.id}` | {score.label} | {inputs} | {_levels(score)} | {worse} |"
                f" {source}.{confirmed}{note} |".replace("*)", "\\*)")
            )
        parts.append(f"## {title[:1].upper() + title[1:]}\n\n{head}" + "\n".join(rows))
    rows = [
        f"| `{refit.id}` | {refit.label} | {', '.join(f'`{each}`' for each in refit.inputs)} |"
        f" {refit.source} |"
        for refit in REFITS.values()
    ]
    parts.append(
        "## Refitted in a study\n\nTheir coefficients are fitted on the study's training patients."
        "\n\n| name | score | inputs | source |\n|---|---|---|---|\n" + "\n".join(rows)
    )
    return "\n\n".join(parts) + "\n"
