"""The documentation holds together: every link leads somewhere, and every page can be found from the index."""

import re
from pathlib import Path

import pytest

REPOSITORY = Path(__file__).parents[3]
PAGES = [REPOSITORY / "README.md", *sorted((REPOSITORY / "docs").rglob("*.md"))]


def _links(page):
    # Fenced code is no prose: what looks like a link there is none.
    prose = re.sub(r"```.*?```", "", page.read_text(encoding="utf-8"), flags=re.DOTALL)
    return [target for target in re.findall(r"\]\(([^)#\s]+)", prose) if "://" not in target]


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(REPOSITORY)))
def test_every_link_of_a_page_leads_somewhere(page):
    broken = [target for target in _links(page) if not (page.parent / target).exists()]

    assert broken == []


def test_every_architecture_page_and_decision_is_in_the_index():
    index = REPOSITORY / "docs" / "README.md"
    listed = {(index.parent / target).resolve() for target in _links(index)}

    written = {page for folder in ("architecture", "decisions") for page in (REPOSITORY / "docs" / folder).glob("*.md")}

    assert written - listed == set()


def test_a_decision_says_its_context_what_was_rejected_and_when_to_look_again():
    parts = ("**Context.**", "**Decision.**", "**Rejected.**", "**When to look again.**")
    incomplete = {
        page.name: [part for part in parts if part not in page.read_text(encoding="utf-8")]
        for page in (REPOSITORY / "docs" / "decisions").glob("*.md")
    }

    assert {name: missing for name, missing in incomplete.items() if missing} == {}
