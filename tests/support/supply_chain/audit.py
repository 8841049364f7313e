"""Looks the runtime's lock file up among known vulnerabilities, and never says that it did where it did not.

Exit codes: 0 nothing known, or not looked up where that is allowed; 1 something is known; 3 not looked up. The last
line says which, in words that cannot be mistaken for one another. Decision 40 says when not looked up is allowed.
"""

import json
import os
import subprocess
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any, Final, TextIO

from support.supply_chain.lock import LOCK, ROOT, locked

IGNORED: Final = ROOT / ".ci" / "audit-ignored.txt"
KNOWN, NOT_LOOKED_UP = 1, 3
IF_REACHABLE: Final = "if-reachable"
"""Value of ``AUDIT`` that lets a run go on where nobody could be asked."""
_SERVICES: Final = ("pypi", "osv")
_SECONDS: Final = "15"


class IgnoredError(ValueError):
    """A line of the file of ignored advisories is not as it should be, or its time is over."""


@dataclass
class Findings:
    """What came out.

    Attributes:
        looked_up: names and versions. vulnerable: what is known of a package, a line each.
        unasked: names that nobody could be asked about, with the reason.
    """

    looked_up: set[str] = field(default_factory=set)
    vulnerable: list[str] = field(default_factory=list)
    unasked: dict[str, str] = field(default_factory=dict)


def ignored(text: str, today: date) -> list[str]:
    """Read advisories that are left out: ``ID until-date reason``, a line each; ``#`` begins a comment.

    Raises:
        IgnoredError: names the line and what is wrong.
    """
    found = []
    for number, line in enumerate(text.splitlines(), start=1):
        parts = line.split("#")[0].split(maxsplit=2)
        if not parts:
            continue
        try:
            advisory, until, _reason = parts
            last = date.fromisoformat(until)
        except ValueError:
            raise IgnoredError(f"line {number}: write the advisory's id, the last day, and why") from None
        if last < today:
            raise IgnoredError(f"line {number}: {advisory} was left out until {until}; look again")
        found.append(advisory)
    return found


def read(answer: str, wanted: Sequence[str]) -> Findings:
    """Read pip-audit's answer about packages, which are looked up only if it says so of each.

    Args:
        answer: JSON; anything else means that nobody was asked.
        wanted: their names.
    """
    findings = Findings()
    try:
        told: Mapping[str, Any] = {one["name"]: one for one in json.loads(answer)["dependencies"]}
    except (ValueError, LookupError, TypeError):
        told = {}
    for name in wanted:
        one = told.get(name)
        if one is None or "skip_reason" in one or "vulns" not in one:
            findings.unasked[name] = (one or {}).get("skip_reason", "no answer")
            continue
        findings.looked_up.add(f"{name} {one['version']}")
        findings.vulnerable += [
            f"{name} {one['version']}: {known['id']}, fixed in {', '.join(known['fix_versions']) or 'no release yet'}"
            for known in one["vulns"]
        ]
    return findings


def conclude(findings: Findings, left_out: Sequence[str], how: str, target: TextIO) -> int:
    """Write what came out and return the exit code."""
    for line in findings.vulnerable:
        print(line, file=target)
    if findings.vulnerable:
        print(f"audit: FAILED: {len(findings.vulnerable)} known vulnerabilities in requirements.lock", file=target)
        return KNOWN
    if findings.unasked:
        total = len(findings.unasked) + len(findings.looked_up)
        why = next(iter(findings.unasked.values()))
        print(f"audit: NOT DONE: {len(findings.unasked)} of {total} packages were not looked up ({why})", file=target)
        return 0 if how == IF_REACHABLE else NOT_LOOKED_UP
    without = f", {len(left_out)} advisories left out: {', '.join(left_out)}" if left_out else ""
    print(f"audit: passed: nothing is known of {len(findings.looked_up)} packages{without}", file=target)
    return 0


def main() -> int:
    """Ask each advisory service in turn until one knows all packages."""
    left_out = ignored(IGNORED.read_text(encoding="utf-8"), datetime.now(UTC).date())
    wanted = sorted({one.name for one in locked() if _is_for_here(one.marker)})
    all_findings: list[Findings] = []
    for service in _SERVICES:
        all_findings.append(read(_ask(service, left_out, LOCK), wanted))
        if all_findings[-1].vulnerable or not all_findings[-1].unasked:
            break
    best = max(all_findings, key=lambda one: (len(one.vulnerable), len(one.looked_up)))
    return conclude(best, left_out, os.environ.get("AUDIT", ""), sys.stdout)


def _is_for_here(marker: str | None) -> bool:
    from packaging.markers import Marker

    return marker is None or Marker(marker).evaluate()


def _ask(service: str, left_out: Sequence[str], lock: Path) -> str:
    command = [sys.executable, "-m", "pip_audit", "-r", str(lock), "--require-hashes", "--disable-pip"]
    command += ["-s", service, "-f", "json", "--progress-spinner", "off", "--timeout", _SECONDS]
    command += [part for advisory in left_out for part in ("--ignore-vuln", advisory)]
    return subprocess.run(command, check=False, capture_output=True, text=True).stdout


if __name__ == "__main__":
    sys.exit(main())
