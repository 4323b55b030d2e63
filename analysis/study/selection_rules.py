"""Rules of steps and paths that lead from features to a classifier, whichever section has them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from models.selection_steps import COMPONENTS


def check_steps(selection: Sequence[str], paths: Mapping[str, Sequence[str]]) -> None:
    """Raise ValueError for components that are not the last step, and a step named twice."""
    for name, steps in {"selection": selection, **paths}.items():
        place = name if name == "selection" else f"paths.{name}"
        if COMPONENTS in steps[:-1]:
            raise ValueError(
                f"{place}: {COMPONENTS} is the last step; no feature is left to choose after it"
            )
        twice = sorted({each for each in steps if list(steps).count(each) > 1})
        if twice:
            raise ValueError(f"{place}: {', '.join(twice)} is named more than once")


def check_paths(paths: Mapping[str, Sequence[str]], with_selection: bool) -> None:
    """Raise ValueError for one path alone, for two alike, and for paths beside a selection."""
    if len(paths) == 1:
        raise ValueError("paths: nothing to choose from with one path; write it as selection")
    names = list(paths)
    for place, name in enumerate(names):
        same = [each for each in names[:place] if paths[each] == paths[name]]
        if same:
            raise ValueError(f"paths: {same[0]} and {name} have the same steps")
    if paths and with_selection:
        raise ValueError("paths: they take the place of selection; leave one of the two out")
