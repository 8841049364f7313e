"""The documentation holds together: links and anchors lead somewhere, pages can be found, commands can be typed."""

import re
from collections import Counter
from functools import cache
from io import BytesIO
from pathlib import Path

import pytest
from babel.messages.pofile import read_po

from support.documented_commands import commands_in, fault_in
from support.reference_pages.markdown import anchor

REPOSITORY = Path(__file__).parents[3]
INDEX = REPOSITORY / "docs" / "README.md"
PAGES = sorted(
    page
    for page in REPOSITORY.rglob("*.md")
    if not any(part.startswith(".") or part in {"static", "tests"} for part in page.relative_to(REPOSITORY).parts)
)
ROOMS = ("docs/", "tests/", "contracts/", "kernel/", "services/", "client/", "deploy/")
each_page = pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(REPOSITORY)))


@cache
def prose(page: Path) -> str:
    # Fenced code is no prose: what looks like a link or a heading there is none.
    return re.sub(r"^ *```.*?^ *```", "", page.read_text(encoding="utf-8"), flags=re.DOTALL | re.MULTILINE)


@cache
def anchors(page: Path) -> frozenset[str]:
    seen: Counter[str] = Counter()
    found = set(re.findall(r'<a (?:id|name)="([^"]+)"', prose(page)))
    for heading in re.findall(r"^#{1,6} (.+)$", prose(page), flags=re.MULTILINE):
        name = anchor(heading)
        found.add(f"{name}-{seen[name]}" if seen[name] else name)
        seen[name] += 1
    return frozenset(found)


def links(page: Path) -> list[tuple[Path, str]]:
    targets = re.findall(r"\]\(([^)\s]+)\)", prose(page))
    parts = [target.partition("#") for target in targets if "://" not in target and not target.startswith("mailto:")]
    return [((page.parent / path).resolve() if path else page, place) for path, _, place in parts]


@each_page
def test_every_link_of_a_page_leads_to_a_file_and_to_a_heading_of_it(page: Path):
    broken = [
        f"{target}#{place}"
        for target, place in links(page)
        if not target.exists() or (place and target.suffix == ".md" and place not in anchors(target))
    ]

    assert broken == []


def test_every_page_can_be_found_from_the_index():
    found = {INDEX}
    waiting = [INDEX]
    while waiting:
        for target, _ in links(waiting.pop()):
            # A link to a folder shows what is in it.
            reached = {*target.glob("*.md")} if target.is_dir() else {target} if target.suffix == ".md" else set()
            waiting += reached - found
            found |= reached

    assert {page.relative_to(REPOSITORY) for page in PAGES if page not in found} == set()


@each_page
def test_every_path_that_a_page_names_is_there(page: Path):
    named = re.findall(r"`([\w./-]+/[\w.-]+\.(?:py|md|sql|json|toml|yml|yaml|po))`", prose(page))

    assert [path for path in named if path.startswith(ROOMS) and not (REPOSITORY / path).exists()] == []


@each_page
def test_every_command_that_a_page_shows_is_one_that_can_be_typed(page: Path):
    faults = (fault_in(command) for command in commands_in(page.read_text(encoding="utf-8")))

    assert [fault for fault in faults if fault is not None] == []


@pytest.mark.parametrize(
    ("command", "fault"),
    [
        ("stickprov stats AMF-2021-3 --period 2021-Q1", None),
        ("stickprov --lang en draw make 'P 2022-03' --n 40", None),
        ("stickprov draw paint P", "stickprov draw paint P: no command paint"),
        ("stickprov draw make P --colour red", "stickprov draw make P --colour red: no option --colour"),
        ("stickprov show X | head --nonsense", None),
    ],
)
def test_a_command_that_cannot_be_typed_is_told(command: str, fault: str | None):
    assert fault_in(command) == fault


def test_commands_are_found_in_code_and_in_prose():
    page = "Write `stickprov queue` or\n\n```sh\ncd x && stickprov next --json |\nmake up\nx=$(stickprov show A)\n```\n"

    assert sorted(commands_in(page)) == ["stickprov next --json |", "stickprov queue", "stickprov show A)"]


@pytest.mark.parametrize(
    ("heading", "expected"),
    [
        ("GET /v1/draws/{draw}/cases", "get-v1drawsdrawcases"),
        ("stickprov.sampler.case-drawn.v1", "stickprovsamplercase-drawnv1"),
        ("`--json` and what it prints", "--json-and-what-it-prints"),
        ("Kontrollpunkter, och varför du ska spara dem", "kontrollpunkter-och-varför-du-ska-spara-dem"),
        ("A [link](there.md) in it", "a-link-in-it"),
    ],
)
def test_a_heading_has_the_address_that_code_hosts_give_it(heading: str, expected: str):
    assert anchor(heading) == expected


@pytest.mark.parametrize("guide", ["granskare", "samordnare"])
def test_what_a_guide_sets_in_italics_is_what_the_pages_say(guide: str):
    catalogue = (REPOSITORY / "client" / "stickprov_client" / "language" / "sv.po").read_bytes()
    said = {message.string for message in read_po(BytesIO(catalogue), locale="sv")}
    text = (REPOSITORY / "docs" / "guide" / f"{guide}.md").read_text(encoding="utf-8")

    assert [label for label in re.findall(r"(?<!\*)\*([^*\n]+)\*(?!\*)", text) if label not in said] == []


def test_a_decision_says_its_context_what_was_rejected_and_when_to_look_again():
    parts = ("**Context.**", "**Decision.**", "**Rejected.**", "**When to look again.**")
    incomplete = {
        page.name: [part for part in parts if part not in page.read_text(encoding="utf-8")]
        for page in (REPOSITORY / "docs" / "decisions").glob("*.md")
    }

    assert {name: missing for name, missing in incomplete.items() if missing} == {}


def test_every_decision_is_in_the_index_by_itself():
    listed = {target for target, _ in links(INDEX)}

    assert {page.name for page in (REPOSITORY / "docs" / "decisions").glob("*.md") if page not in listed} == set()
