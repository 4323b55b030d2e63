"""Keys of the study file that came later: where one is not set, digests stay as they were."""

from __future__ import annotations

from typing import Any


def without_unset(content: dict[str, Any], *names: str) -> dict[str, Any]:
    """Serialised settings without those of these keys that are empty or not set.

    So they are written, and digested, as they were before there were these keys, and what was
    computed then stays current.
    """
    return {name: value for name, value in content.items() if value or name not in names}
