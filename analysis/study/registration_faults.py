"""Faults of a study file's registration of phases: the target, and whose mask is used."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from analysis.study.fault import Fault, section_of

# Of the target: they are on its grid, and moving them as well would interpolate them.
OF_TARGET = ("mask", "segment", "organ", "organ_segment")


def registration_targets(plain: dict[str, Any]) -> dict[str, str]:
    """Registered phase → the phase that it is registered to; only phases that name one."""
    return {
        str(name): phase["resample_to"]
        for name, phase in section_of(plain, "phases").items()
        if isinstance(phase, dict)
        and phase.get("registration") is not None
        and isinstance(phase.get("resample_to"), str)
    }


def registration_faults(plain: dict[str, Any]) -> Iterator[Fault]:
    """Faults of `phases.NAME.registration`, (place, message)."""
    phases = plain.get("phases")
    phases = phases if isinstance(phases, dict) else {}
    for name, phase in phases.items():
        if not isinstance(phase, dict) or phase.get("registration") is None:
            continue
        place = ("phases", name)
        target = phases.get(str(phase.get("resample_to")))
        if not isinstance(target, dict):
            yield (*place, "registration"), "needs resample_to, the phase that it is registered to"
            continue
        to = phase["resample_to"]
        for key in OF_TARGET:
            if phase.get(key) != target.get(key):
                yield (
                    (*place, key),
                    f"a registered phase has the masks of the phase that it is registered to: write"
                    f" {key} as that of {to} ({target.get(key)!r})",
                )
        own, its = phase.get("repeat_masks") or {}, target.get("repeat_masks") or {}
        if isinstance(own, dict) and isinstance(its, dict):
            for reader, pattern in own.items():
                if its.get(reader) != pattern:
                    yield (
                        (*place, "repeat_masks", reader),
                        f"a registered phase has the masks of {to}: write {its.get(reader)!r}",
                    )
