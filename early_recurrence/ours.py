"""The package's own `analysis` and `models`, whatever else is called so.

Both names are common: a folder `analysis` beside a notebook would be imported in their place. They
are loaded here from where this package lies, before anything looks along the import path.
"""

from __future__ import annotations

import importlib.util
import sys
from pathlib import Path

HOME = Path(__file__).resolve().parents[1]


def load_own(name: str) -> None:
    """Import the package `name` that lies beside this one.

    Raises ImportError where another package of that name has been imported already.
    """
    file = HOME / name / "__init__.py"
    there = sys.modules.get(name)
    if there is not None:
        where = getattr(there, "__file__", None)
        if where is not None and Path(where).resolve() == file:
            return
        raise ImportError(
            f"early_recurrence has a package called '{name}', and another one of that name is"
            f" imported already, from {where or 'a folder without __init__.py'}; import"
            " early_recurrence before it, or rename that one"
        )
    spec = importlib.util.spec_from_file_location(
        name, file, submodule_search_locations=[str(file.parent)]
    )
    if spec is None or spec.loader is None or not file.is_file():
        raise ImportError(
            f"{file} is not there: this installation of hcc-early-recurrence is not whole; install"
            " it again"
        )
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module
    try:
        spec.loader.exec_module(module)
    except BaseException:
        del sys.modules[name]
        raise
