"""Verification of a bundle: checksums, contradictions, and every number computed again."""

from __future__ import annotations

import sys
import tempfile
from collections import Counter, defaultdict
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, replace
from importlib.metadata import version
from pathlib import Path
from typing import Any

from analysis.results.record import Record
from analysis.workflow.cohort_update.lock import read_lock
from analysis.workflow.provenance import commit_of
from analysis.workflow.review.archive import check_manifest, open_archive
from analysis.workflow.review.expected_identity import (
    expectation,
    obstacles,
    origin_of_bundle,
    origin_of_lock,
)
from analysis.workflow.review.printed_article import misprinted
from analysis.workflow.review.rebuild import Bundle, contradictions, read_bundle
from analysis.workflow.review.recompute import recompute
from analysis.workflow.review.retrain import Retrained, retrain_obstacles, retrained
from analysis.workflow.review.verdicts import (
    ABSOLUTE,
    RELATIVE,
    Verdict,
    compare_records,
    record_verdicts,
    table_verdicts,
)

WORDS = ("identical", "within tolerance", "different", "not recomputable")


@dataclass(frozen=True)
class Verification:
    """Result of `verify`.

    tampered: what disagrees with the manifest or with itself. verdicts: by number. against_lock:
    differences from a lock, None where none was given; apart: why the lock's numbers could not be
    expected to be identical. notes: other versions here than there. retrained: what training again
    found, None where it was not asked for. results: of the bundle, by key; about: what its
    bundle.json says.
    """

    verdicts: list[Verdict]
    tampered: list[str]
    notes: list[str]
    against_lock: list[Verdict] | None = None
    retrained: Retrained | None = None
    apart: list[str] = field(default_factory=list)
    results: Mapping[str, Record] = field(default_factory=dict)
    about: Mapping[str, Any] = field(default_factory=dict)

    @property
    def different(self) -> list[Verdict]:
        """The verdicts on numbers that came out different."""
        return [each for each in self.verdicts if each.word == "different"]

    @property
    def sound(self) -> bool:
        """No number differs and no file was changed.

        What can't be recomputed has no say, and what was trained again has one where identical
        numbers were expected.
        """
        return not (
            self.different
            or self.tampered
            or (self.retrained is not None and not self.retrained.sound)
            or [each for each in self.against_lock or [] if each.word == "different"]
        )


def _notes(bundle: Bundle) -> list[str]:
    origin, notes = bundle.about["origin"], []
    here = {
        "package": version("hcc-early-recurrence"),
        "commit": commit_of(Path(__file__).resolve().parent),
    }
    for name, words in (("package", "version of the package"), ("commit", "commit of the code")):
        if origin.get(name) != here[name]:
            notes.append(f"{words}: {origin.get(name)} made the bundle, {here[name]} verifies it")
    return notes


def against(
    lock: Mapping[str, Record], results: Mapping[str, Record], elsewhere: bool = False
) -> list[Verdict]:
    """The bundle's results against those of a committed lock: nobody can change both.

    Text and history are left out.

    elsewhere: the lock's models were trained where identical numbers can't be expected; what rests
    on them may differ, and is said without a verdict.
    """
    found = []
    for key in sorted(set(lock) | set(results)):
        one, two = lock.get(key), results.get(key)
        known = [each for each in (one, two) if each is not None]
        if any(each.is_history for each in known):
            continue
        if one is not None and two is not None:
            verdict = compare_records(one, two)
            verdict = replace(
                verdict,
                detail=verdict.detail.replace("in the bundle", "in the lock").replace(
                    "recomputed", "in the bundle"
                ),
            )
        else:
            verdict = Verdict(
                key,
                "different",
                "not in the lock" if one is None else "in the lock, and not in the bundle",
            )
        if (
            elsewhere
            and verdict.word == "different"
            and any(each.rests_on_training for each in known)
        ):
            shift = _half_widths(one, two)
            verdict = Verdict(
                key,
                "not recomputable",
                "rests on models that were trained elsewhere"
                + (
                    f"; moved by {shift:.2f} half widths of its interval"
                    if shift is not None
                    else ""
                ),
            )
        found.append(verdict)
    return found


def _half_widths(old: Record | None, new: Record | None) -> float | None:
    if old is None or new is None or old.ci_low is None or old.ci_high is None:
        return None
    if not (old.is_number and new.is_number) or old.ci_high == old.ci_low:
        return None
    return abs(new.number - old.number) / (abs(old.ci_high - old.ci_low) / 2)


def verify(
    path: Path,
    lock: Path | None = None,
    retrain: bool = False,
    study: Path | None = None,
    elsewhere: bool = False,
) -> Verification:
    """Open a bundle in a folder of its own, check it, and compute again what it allows.

    elsewhere: what rests on training has no say against the lock where identical numbers can't be
    expected; where they can, it makes no difference. Raises ArchiveError or BundleError for what
    can't be opened at all.
    """
    if path.is_dir():
        raise FileNotFoundError(
            f"{path} is a folder; name the zip itself, as `early-recurrence bundle` wrote it"
        )
    if not path.is_file():
        raise FileNotFoundError(f"{path}: no such bundle; `early-recurrence bundle` writes one")
    with tempfile.TemporaryDirectory(prefix="bundle-") as folder:
        files = open_archive(path, Path(folder))
        tampered = check_manifest(Path(folder), files)
        bundle = read_bundle(Path(folder))
        tampered += [*contradictions(bundle), *misprinted(bundle)]
        found = recompute(bundle)
        verdicts = [*record_verdicts(bundle, found), *table_verdicts(bundle, found)]
        compared, apart, again = None, [], None
        if lock is not None:
            locked = read_lock(lock)
            apart = obstacles(origin_of_lock(locked), origin_of_bundle(bundle))
            compared = against(locked.results, bundle.results, elsewhere and bool(apart))
        if retrain:
            # Before hours are spent.
            said = expectation(retrain_obstacles(bundle, study))
            print(f"early-recurrence: training again; {said}", file=sys.stderr, flush=True)
            again = retrained(bundle, study)
        return Verification(
            verdicts,
            tampered,
            notes=_notes(bundle),
            against_lock=compared,
            retrained=again,
            apart=apart,
            results=bundle.results,
            about=bundle.about,
        )


def verification_text(found: Verification, every: bool = False) -> str:
    """Counts by kind of number, then every difference; with `every`, each number."""
    groups: dict[str, Counter[str]] = defaultdict(Counter)
    reasons: Counter[str] = Counter()
    for each in found.verdicts:
        groups[each.key.partition("/")[0] + "/" if "/" in each.key else each.key.partition(".")[0]][
            each.word
        ] += 1
        if each.word == "not recomputable":
            reasons[each.detail] += 1
    total: Counter[str] = Counter(each.word for each in found.verdicts)
    lines = [f"{'':<34}" + "".join(f"{word:>18}" for word in WORDS)]
    lines += [
        f"{name:<34}" + "".join(f"{counts[word] or '':>18}" for word in WORDS)
        for name, counts in sorted(groups.items())
    ]
    lines.append(f"{'all':<34}" + "".join(f"{total[word]:>18}" for word in WORDS))
    lines.append(f"Tolerance: {RELATIVE:g} of the number, or {ABSOLUTE:g}.")
    if reasons:
        lines += [
            "Not recomputable:",
            *[f"  {count:>5}  {reason}" for reason, count in reasons.most_common()],
        ]
    lines += [f"Note: {note}" for note in found.notes]
    if every:
        lines += [
            f"{each.word:<18}{each.key}{': ' + each.detail if each.detail else ''}"
            for each in found.verdicts
        ]
    elif found.different:
        lines += ["Different:", *[f"  {each.key}: {each.detail}" for each in found.different]]
    if found.tampered:
        lines += ["Changed after packing:", *[f"  {each}" for each in found.tampered]]
    if found.against_lock is not None:
        counts = Counter(each.word for each in found.against_lock)
        lines.append(f"Against the lock: {expectation(found.apart)}.")
        lines.append(
            f"Against the lock: {counts['identical'] + counts['within tolerance']} equal,"
            f" {counts['different']} different"
            + (
                f"; {counts['not recomputable']} differ that rest on models which were trained"
                " elsewhere, and have no say"
                if counts["not recomputable"]
                else ""
            )
        )
        lines += [
            f"  {each.key}: {each.detail}"
            for each in found.against_lock
            if each.word == "different" or (every and each.word == "not recomputable")
        ]
    if found.retrained is not None:
        say = "no part of the verdict" if found.retrained.apart else "part of the verdict"
        lines.append(f"Trained again ({say}): {expectation(found.retrained.apart)}.")
        lines += [f"  {each}" for each in found.retrained.lines]
    lines.append(
        "VERIFIED: every number that the bundle allows is the same."
        if found.sound
        else "NOT VERIFIED: see above."
    )
    return "\n".join(lines)


def verification_json(found: Verification) -> dict[str, Any]:
    """The verification as plain values for JSON, with the tolerances that it used."""
    said = asdict(replace(found, results={}, about={}))
    return {name: each for name, each in said.items() if name not in ("results", "about")} | {
        "sound": found.sound,
        "tolerance": {"relative": RELATIVE, "absolute": ABSOLUTE},
    }
