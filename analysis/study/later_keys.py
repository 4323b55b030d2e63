"""Keys of the study file that came later: where one is not set, digests stay as they were."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from pydantic import BaseModel


def without_unset(content: dict[str, Any], *names: str) -> dict[str, Any]:
    """Serialised settings without those of these keys that are empty or not set.

    So they are written, and digested, as they were before there were these keys, and what was
    computed then stays current.
    """
    return {name: value for name, value in content.items() if value or name not in names}


def without_defaults(
    section: BaseModel, content: dict[str, Any], names: Iterable[str]
) -> dict[str, Any]:
    """Serialised settings without those of these keys that are at their default."""
    fields = type(section).model_fields
    unset = {
        name
        for name in names
        if getattr(section, name) == fields[name].get_default(call_default_factory=True)
    }
    return {name: value for name, value in content.items() if name not in unset}
