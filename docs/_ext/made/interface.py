"""The reference of the Python interface: every name that `early_recurrence` offers."""

from __future__ import annotations

import early_recurrence
from early_recurrence import MODULES, PLACES


def page() -> str:
    """numpydoc's page of each name."""
    directives = []
    for name in early_recurrence.__all__:
        if name in MODULES:
            continue
        module, attribute = PLACES[name]
        kind = "autoclass" if isinstance(getattr(early_recurrence, name), type) else "autofunction"
        members = "\n   :members:" if name == "Results" else ""
        directives.append(
            f"## `{name}`\n\n```{{eval-rst}}\n.. {kind}:: {module}.{attribute}{members}\n```"
        )
    return "\n\n".join(directives) + "\n"
