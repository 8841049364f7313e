"""The alerts that operators mount, and their pages."""

import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Final

import yaml

ROOT: Final = Path(__file__).parents[2]
PROMETHEUS: Final = ROOT / "deploy" / "prometheus"
PAGES: Final = ROOT / "docs" / "runbook" / "alerts"


@dataclass(frozen=True)
class Rule:
    """A rule with the name that it records or alerts under."""

    file: str
    name: str
    expression: str
    given: dict[str, Any]

    @property
    def page(self) -> Path:
        """Where an alert's page is."""
        return PAGES / (re.sub(r"(?<=[a-z])(?=[A-Z])", "-", self.name).lower() + ".md")


@cache
def rules(kind: str) -> tuple[Rule, ...]:
    """Return every rule that is an ``alert``, or a ``record``."""
    return tuple(
        Rule(path.stem, one[kind], one["expr"], one)
        for path in sorted((PROMETHEUS / "rules").glob("*.yml"))
        for group in yaml.safe_load(path.read_text(encoding="utf-8"))["groups"]
        for one in group["rules"]
        if kind in one
    )
