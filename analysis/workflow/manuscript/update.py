"""What a newer version's templates would change in the author's files, and taking it on request.

Three texts are compared: the template that the file was made from, which the folder keeps, the
template of this version, and the author's file.
"""

from __future__ import annotations

import difflib
from collections.abc import Sequence
from pathlib import Path

from analysis.core.cache import write_atomically
from analysis.core.project_folder import STATE
from analysis.reporting.manuscript_folder.place import is_recorded, read_state
from analysis.reporting.manuscript_folder.templates import templates

UNKNOWN = (
    "{project} does not say which templates it was made from: it is this package's own manuscript,"
    " or older than this command. The templates of this version are what `early-recurrence new`"
    " writes; compare them by hand"
)


def merged(base: list[str], mine: list[str], new: list[str]) -> tuple[list[str], list[str]]:
    """Three-way merge of the author's lines with a new version.

    The author's lines with what changed from `base` to `new`, and the first line of each change
    that meets lines which the author changed as well and is left out.

    Written here because the standard library compares and can't merge, and a hospital's computer
    may have no git.
    """
    same = difflib.SequenceMatcher(None, base, mine, autojunk=False).get_matching_blocks()
    changes = difflib.SequenceMatcher(None, base, new, autojunk=False).get_opcodes()
    result, left_out = list(mine), []
    for tag, start, end, first, last in reversed(changes):
        if tag == "equal":
            continue
        # The lines that it replaces, and a neighbour on either side, must be as they were.
        low, high = max(start - 1, 0), min(end + 1, len(base))
        block = next((b for b in same if b.a <= low and high <= b.a + b.size), None)
        if block is None:
            left_out.append((new[first:last] or base[start:end])[0].strip())
            continue
        shift = block.b - block.a
        result[start + shift : end + shift] = new[first:last]
    return result, left_out[::-1]


def _changed(project: Path) -> dict[Path, tuple[list[str], list[str]]]:
    """Name of each template that changed → its lines then and now."""
    state = read_state(project)
    if state is None:
        raise ValueError(UNKNOWN.format(project=project))
    found = {}
    for name, content in templates(state["kind"]).items():
        kept = project / STATE.parent / name
        if not is_recorded(name) or not (project / name).is_file():
            continue  # a file that the author took away stays away
        before = kept.read_text(encoding="utf-8") if kept.is_file() else ""
        if before != content.decode():
            found[name] = (before.splitlines(True), content.decode().splitlines(True))
    return found


def update_text(project: Path) -> str:
    """The changes as a diff, file by file. Raises ValueError in a folder without a record."""
    state, parts = read_state(project), []
    for name, (before, after) in _changed(project).items():
        mine = (project / name).read_text(encoding="utf-8").splitlines(True)
        result, left_out = merged(before, mine, after)
        if result != mine:
            parts.append("".join(difflib.unified_diff(mine, result, str(name), f"{name} (taken)")))
        parts += [
            f'{name}: you changed the same lines as this version: "{each}"\n' for each in left_out
        ]
    if not parts:
        version = state["version"] if state else ""
        return f"The templates are those of {version}; there is nothing to take."
    return "\n".join([*parts, "Nothing was written. `--take FILE` takes the changes of a file."])


def take(project: Path, names: Sequence[Path]) -> list[Path]:
    """Take the changes into the author's files named; returns what was written.

    The files are named from the manuscript's folder.

    Raises ValueError for a file whose template did not change, or whose changes meet the author's
    own in the same lines; then nothing was written.
    """
    changed, ready = _changed(project), {}
    for name in names:
        if name not in changed:
            raise ValueError(
                f"the template of {name} did not change"
                + (f"; those that did are {', '.join(map(str, changed))}" if changed else "")
            )
        before, after = changed[name]
        mine = (project / name).read_text(encoding="utf-8").splitlines(True)
        result, left_out = merged(before, mine, after)
        if left_out:
            raise ValueError(
                f"{name}: you and this version changed the same lines, so nothing was written. Take"
                f" these by hand, as `manuscript update` shows them: {'; '.join(left_out)}"
            )
        ready[name] = ("".join(result), "".join(after))
    written = []
    for name, (text, template) in ready.items():
        written.append(write_atomically(project / name, text))
        write_atomically(project / STATE.parent / name, template)
    return written
