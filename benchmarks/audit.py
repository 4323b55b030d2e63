"""`make audit`: known vulnerabilities of the pinned versions, by pip-audit. A package that could
not be audited is a failure, not a pass."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

PINS = Path(__file__).resolve().parents[1] / "constraints.txt"


def verdict(report: dict, pinned: int) -> list[str]:
    """What is wrong with pip-audit's report (JSON): vulnerabilities, packages that were skipped,
    and fewer packages than are pinned."""
    packages = report.get("dependencies", [])
    faults = [
        f"{each['name']} {each.get('version', '')}: not audited ({each['skip_reason']})"
        for each in packages
        if "skip_reason" in each
    ]
    faults += [
        f"{each['name']} {each['version']}: {found['id']}, mended in"
        f" {', '.join(found.get('fix_versions', [])) or 'no version yet'}"
        for each in packages
        for found in each.get("vulns", [])
    ]
    if len(packages) < pinned:
        faults.append(
            f"{len(packages)} of {pinned} pinned packages are in the report; the others were not"
            " audited"
        )
    return faults


def pins(text: str) -> int:
    return sum(1 for line in text.splitlines() if "==" in line.partition("#")[0])


def main() -> int:
    done = subprocess.run(
        [
            sys.executable,
            "-m",
            "pip_audit",
            "--requirement",
            str(PINS),
            "--no-deps",
            "--disable-pip",
            "--format",
            "json",
            "--progress-spinner",
            "off",
        ],
        capture_output=True,
        text=True,
    )
    try:
        report = json.loads(done.stdout)
    except json.JSONDecodeError:
        message = done.stderr.strip().splitlines()[-1] if done.stderr.strip() else "no message"
        print(
            "pip-audit gave no report, so nothing was audited (it asks a service on the network):"
            f" {message}",
            file=sys.stderr,
        )
        return 1
    faults = verdict(report, pins(PINS.read_text(encoding="utf-8")))
    print(
        "\n".join(faults)
        or f"{len(report['dependencies'])} packages audited, no known vulnerability",
        file=sys.stderr if faults else sys.stdout,
    )
    return int(bool(faults))


if __name__ == "__main__":
    raise SystemExit(main())
