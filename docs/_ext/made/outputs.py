"""The reference of the output files: those that the studies of the tutorials wrote.

A file that nothing is said of stops the build.
"""

from __future__ import annotations

from pathlib import Path

from analysis.workflow.outputs_guide import FILES, files_in, meaning_of

WORK = Path(__file__).resolve().parents[2] / "_build" / "executed" / "work"


def page() -> str:
    """Files below outputs/<study>, of all studies that the tutorials ran."""
    found: dict[str, set[str]] = {}
    for state in sorted(WORK.rglob("outputs/*/results.json")):
        folder = state.parent
        for name in files_in(folder):
            pattern = meaning_of(name)
            if pattern is None:
                raise ValueError(
                    f"analysis/workflow/outputs_guide.py says nothing of outputs/…/{name}"
                )
            found.setdefault(pattern, set()).add(name)
    rows = []
    for pattern in FILES:
        if names := sorted(
            {Path(name).stem if "*" in pattern else name for name in found.get(pattern, ())}
        ):
            listed = ", ".join(f"`{name}`" for name in names) if "*" in pattern else ""
            rows.append(f"| `{pattern}` | {FILES[pattern]} | {listed} |")
    if not rows:
        return "No study was run for this build.\n"
    return "| file | what it holds | names |\n|---|---|---|\n" + "\n".join(rows) + "\n"
