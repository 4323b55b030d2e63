"""The reference of the statistics: every public one, by the file that defines it."""

from __future__ import annotations

import importlib
import inspect

import analysis.statistics

# Words of files that are written otherwise.
NAMES = {
    "auc": "AUC",
    "roc": "ROC",
    "mrmr": "mRMR",
    "bland": "Bland",
    "altman": "Altman",
    "brier": "Brier",
    "cox": "Cox",
    "fine": "Fine",
    "gray": "Gray",
    "firth": "Firth",
    "heagerty": "Heagerty",
    "rubin": "Rubin",
}


def page() -> str:
    """A heading for each file, with numpydoc's page of each name in it."""
    rooms: dict[str, list[str]] = {}
    for name in analysis.statistics.__all__:
        module = inspect.getmodule(getattr(analysis.statistics, name))
        rooms.setdefault(module.__name__, []).append(name)
    parts = []
    for module in sorted(rooms):
        words = module.rsplit(".", 1)[-1].split("_")
        title = " ".join(NAMES.get(word, word) for word in words)
        summary = (importlib.import_module(module).__doc__ or "").strip()
        directives = "\n\n".join(
            f".. autofunction:: {module}.{name}"
            if inspect.isfunction(getattr(analysis.statistics, name))
            else f".. autoclass:: {module}.{name}\n   :members:"
            for name in rooms[module]
        )
        parts.append(
            f"## {title[:1].upper() + title[1:]}\n\n{_plain(summary)}\n\n"
            f"```{{eval-rst}}\n{directives}\n```"
        )
    return "\n\n".join(parts) + "\n"


def _plain(text: str) -> str:
    return text.replace("*", "\\*").replace("<", "\\<").replace("|", "\\|")
