"""Migrations may run while the release before is still serving: what would break or delay that one is named here.

A step that is released is never edited, so those from before the rule stand here with what they do to an older
release. A new one either keeps the rule (add first; take away in a release after the one that needs it no more) or
adds its line here and to docs/how-to/upgrade.md.
"""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[3]

FORBIDDEN = {
    "drops": r"\bDROP (TABLE|COLUMN|VIEW|FUNCTION|SCHEMA|INDEX|TYPE|CONSTRAINT)\b",
    "renames": r"\bRENAME\b",
    "changes a type": r"\bALTER COLUMN \w+ (SET DATA )?TYPE\b",
    "demands a value": r"\bSET NOT NULL\b|\bADD COLUMN [^,;]*NOT NULL(?![^,;]*DEFAULT)(?![^,;]*GENERATED)",
    "takes rights away": r"\bREVOKE\b",
    "checks every row": r"\bADD CONSTRAINT (?![^;]*NOT VALID)",
    "lets writes wait": r"\bCREATE (UNIQUE )?INDEX (?!CONCURRENTLY)[^;]* ON (?P<table>[\w.]+)",
}
"""What a step does to a release that runs, and how that is recognised. An index on a table that the step itself makes
lets nobody wait."""

BEFORE_THE_RULE = {
    ("findings/0004_assignment.sql", "lets writes wait"): "submits wait while an index on event is made",
    ("findings/0009_follow_up.sql", "lets writes wait"): "submits wait while an index on event is made",
    ("findings/0010_sealed_notes.sql", "renames"): "an older findings refuses every submit; stop it",
    ("findings/0010_sealed_notes.sql", "takes rights away"): "the same: nothing in clear is written any more",
    ("log/0004_keyed_request_hashes.sql", "changes a type"): "commands wait; an older release goes on unkeyed",
    (
        "reporting/0002_design.sql",
        "demands a value",
    ): "an older reporting hears no draws; they come from the feed later",
    ("reporting/0005_generations.sql", "renames"): "an older reporting answers and hears nothing; stop it",
    ("reporting/0005_generations.sql", "demands a value"): "the same",
    ("reporting/0005_generations.sql", "changes a type"): "the same",
    ("reporting/0005_generations.sql", "drops"): "the same",
    ("reporting/0005_generations.sql", "lets writes wait"): "the same",
    ("sampler/0002_plan.sql", "lets writes wait"): "commands wait while an index on event is made",
    ("sampler/0006_sealed_vault.sql", "renames"): "an older sampler freezes, draws and shows nothing; stop it",
    ("sampler/0006_sealed_vault.sql", "takes rights away"): "the same: nothing in clear is written any more",
    ("sampler/0007_protections.sql", "lets writes wait"): "draws wait while an index on identities is made",
}


def steps() -> list[Path]:
    found = [*ROOT.glob("services/*/*/adapters/sql/migrations/*.sql")]
    found += ROOT.glob("kernel/stickprov_kernel/database/migrations/*/*.sql")
    return sorted(found)


def name_of(step: Path) -> str:
    component = step.parts[step.parts.index("services") + 1] if "services" in step.parts else step.parent.name
    return f"{component}/{step.name}"


def offences(text: str) -> Iterator[str]:
    """Give what a step does that a release which runs may not bear."""
    text = re.sub(r"--[^\n]*", "", text)
    made = set(re.findall(r"\bCREATE TABLE (?:IF NOT EXISTS )?([\w.]+)", text))
    for offence, pattern in FORBIDDEN.items():
        for match in re.finditer(pattern, text):
            if match.groupdict().get("table") not in made:
                yield offence
                break


@pytest.mark.parametrize("step", steps(), ids=name_of)
def test_a_migration_leaves_the_release_before_it_working(step: Path):
    allowed = {offence for name, offence in BEFORE_THE_RULE if name == name_of(step)}

    assert set(offences(step.read_text(encoding="utf-8"))) == allowed


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("ALTER TABLE a DROP COLUMN b", ["drops"]),
        ("ALTER TABLE a RENAME COLUMN b TO c", ["renames"]),
        ("ALTER TABLE a ALTER COLUMN b TYPE bigint", ["changes a type"]),
        ("ALTER TABLE a ADD COLUMN b int NOT NULL", ["demands a value"]),
        ("ALTER TABLE a ADD COLUMN b int NOT NULL DEFAULT 0", []),
        ("ALTER TABLE a ADD COLUMN b int", []),
        ("ALTER TABLE a ALTER COLUMN b SET NOT NULL", ["demands a value"]),
        ("REVOKE INSERT ON a FROM b", ["takes rights away"]),
        ("ALTER TABLE a ADD CONSTRAINT b CHECK (c > 0)", ["checks every row"]),
        ("ALTER TABLE a ADD CONSTRAINT b CHECK (c > 0) NOT VALID", []),
        ("CREATE INDEX b ON a (c)", ["lets writes wait"]),
        ("CREATE TABLE a (c int); CREATE INDEX b ON a (c)", []),
        ("-- RENAME is only said here\nCREATE TABLE a ()", []),
    ],
)
def test_what_a_release_that_runs_may_not_bear_is_recognised(text: str, found: list[str]):
    assert list(offences(text)) == found


def test_the_page_about_upgrading_names_every_step_from_before_the_rule():
    page = (ROOT / "docs/how-to/upgrade.md").read_text(encoding="utf-8")

    assert [name for name, _ in BEFORE_THE_RULE if f"`{name.removesuffix('.sql')}`" not in page] == []
