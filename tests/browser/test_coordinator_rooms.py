"""What a coordinator does beside frames and draws, without script: plan, questionnaires, staff, measures, closing."""

import re
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect

from support.played_stack import PlayedStack

PLAN = """
plan: RUM-2021
board: Socialnämnden
year: 2021
title: Internkontrollplan för rummen
control_points:
  - control_point: RUM-2021-1
    number: "1"
    area: Norr
    measure: Ett moment som bara de här testerna använder
    questionnaire: rum
    unit_name: hushåll
"""
QUESTIONS = """
questionnaire: rum
sv: Rummens frågor
en: Questions of the rooms
questions:
  - id: ratt
    sv: Stämmer beloppet?
    en: Is the amount right?
    type: yes_no
"""
ANOTHER_QUESTION = """
  - id: datum
    sv: Vilken dag?
    en: Which day?
    type: date
"""
REGISTER = "Hushåll;Enhet;Plan\n" + "".join(
    f"H{number:03};{'Norr' if number % 2 else 'Söder'};20{19 + number % 2}-05-01\n" for number in range(40)
)
CHILDREN = "Hushåll;Barn\n" + "".join(f"H{number:03};B{number:03}\n" for number in range(40))


@pytest.fixture
def coordinator(chromium: Browser, played_stack: PlayedStack) -> Iterator[Page]:
    context = chromium.new_context(base_url=played_stack.url, locale="sv-SE", java_script_enabled=False)
    page = context.new_page()
    page.goto("/sign-in")
    page.get_by_role("button", name="coordinator").click()
    yield page
    context.close()


@pytest.fixture
def sent(tmp_path: Path):
    """Write a file and choose it in a field."""

    def send(page: Page, label: str, name: str, text: str) -> None:
        file = tmp_path / name
        file.write_text(text, encoding="utf-8")
        page.get_by_label(label, exact=True).set_input_files(file)

    return send


@pytest.fixture
def point(played_stack: PlayedStack, tmp_path: Path) -> str:
    file = tmp_path / "plan.yaml"
    file.write_text(PLAN, encoding="utf-8")
    assert played_stack.stickprov("plan", "import", str(file)).returncode == 0
    return "RUM-2021-1"


@pytest.fixture
def frame(played_stack: PlayedStack, point: str, tmp_path: Path):
    """Freeze the register for a month, and return the frame's name."""

    def freeze(month: str) -> str:
        file = tmp_path / "register.csv"
        file.write_text(REGISTER, encoding="utf-8")
        words = ("--point", point, "--period", month, "--unit", "Enhet", "--keep", "Plan")
        assert played_stack.stickprov("frame", "import", str(file), *words).returncode == 0
        return f"{point} {month}"

    return freeze


def faults(page: Page):
    return page.get_by_role("alert")


def test_a_plan_file_is_judged_by_line_looked_at_and_adopted(coordinator, sent):
    page = coordinator
    page.goto("/plans")
    page.get_by_role("button", name="Läs in en planfil").click()
    sent(page, "Planfil", "plan.yaml", PLAN.replace("area:", "aera:").replace("RUM-2021\n", "RUM-2020\n"))
    page.get_by_role("button", name="Granska filen").click()
    expect(faults(page)).to_contain_text("Rad 9, fält aera: fältet finns inte; menade du area?")

    sent(page, "Planfil", "plan.yaml", PLAN.replace("RUM-2021", "RUM-2020").replace("year: 2021", "year: 2020"))
    page.get_by_role("button", name="Granska filen").click()
    expect(page.get_by_role("heading", name="Vad den ändrar i RUM-2020")).to_be_visible()
    expect(page.get_by_role("main")).to_contain_text("Frågeformuläret rum är inte publicerat ännu.")
    page.get_by_role("button", name="Spara planen").click()

    expect(page.get_by_role("heading", level=1)).to_have_text("Internkontrollplan för rummen")
    answer = page.request.get("/plans/RUM-2020/file")
    assert answer.headers["content-disposition"] == 'attachment; filename="RUM-2020.yaml"'
    assert "Ett moment som bara de här testerna använder" in answer.text()


def test_a_questionnaire_is_published_and_its_versions_tell_what_is_new(coordinator, point, sent):
    page = coordinator
    page.goto("/questionnaires")
    sent(page, "Frågeformulärets fil", "rum.yaml", QUESTIONS.replace("type: yes_no", "type: janej"))
    page.get_by_role("button", name="Publicera").click()
    expect(faults(page)).to_contain_text("Rad 9, fält type: skriv något av yes_no")

    sent(page, "Frågeformulärets fil", "rum.yaml", QUESTIONS)
    page.get_by_role("button", name="Publicera").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Rummens frågor")
    expect(page.get_by_role("main")).to_contain_text(point)
    page.goto("/questionnaires")
    sent(page, "Frågeformulärets fil", "rum.yaml", QUESTIONS.rstrip() + ANOTHER_QUESTION)
    page.get_by_role("button", name="Publicera").click()

    expect(page.locator("ol.happened")).to_contain_text("Nya: datum")
    page.get_by_role("link", name="Version 1").click()
    expect(page.get_by_role("region", name="Frågor").get_by_role("row")).to_have_count(2)
    page.goto("/plans/RUM-2021")
    expect(page.get_by_role("main")).to_contain_text("Rummens frågor, version 2")


def test_a_staff_list_is_judged_by_row_and_shown_with_pseudonyms(coordinator, sent):
    page = coordinator
    page.goto("/staff")
    sent(page, "Personalfil", "staff.csv", "sign_in;unit;clearance\nrum01;Norr;hemlig\n;Norr;\n")
    page.get_by_role("button", name=re.compile("listan$")).click()
    expect(faults(page)).to_contain_text("Rad 2, kolumn clearance: skriv ordinary eller protected")
    expect(faults(page)).to_contain_text("Rad 3, kolumn sign_in: cellen är tom.")

    sent(
        page, "Personalfil", "staff.csv", "sign_in;name;unit;groups;clearance\nrum01;Provnamn Ett;Norr;a|b;protected\n"
    )
    page.get_by_role("button", name=re.compile("listan$")).click()

    expect(page.get_by_role("status")).to_contain_text("1 nya")
    row = page.get_by_role("row", name=re.compile("Provnamn Ett"))
    expect(row).to_contain_text("a, b")
    expect(row).to_contain_text("även skyddade uppgifter")
    expect(row.locator("code")).to_have_text(re.compile("^p[0-9a-f]{24}$"))


def test_a_rule_is_tried_saved_and_seen_on_the_statistics_page(coordinator, frame):
    page, name = coordinator, frame("2021-06")
    page.goto("/measures/new")
    page.get_by_label("Urvalsram").select_option(label=f"{name} (2021-06)")
    page.get_by_label("Vad som räknas", exact=True).fill("Äldre planer")
    page.get_by_label("Vilken andel").check()
    page.locator("#rule").fill("Plann < date('2020-01-01')")
    page.locator("#goal").fill("60 %")
    page.get_by_role("button", name="Prova regeln").click()
    expect(page.locator("#rule-fault")).to_contain_text("I villkoret, tecken 1: det finns ingen kolumn ”Plann”.")

    page.locator("#rule").fill("Plan < date('2020-01-01')")
    page.get_by_role("button", name="Prova regeln").click()
    expect(page.locator("dl.figures")).to_contain_text("av 40 enheter")
    expect(page.get_by_role("row", name=re.compile("^Norr"))).to_contain_text("inte nått")
    page.get_by_role("button", name="Spara måttet").click()

    expect(page.get_by_role("heading", level=1)).to_have_text("Äldre planer")
    expect(page.locator("dl.facts")).to_contain_text("Ramfilen ger samma siffror.")
    page.goto("/measures")
    expect(page.get_by_role("row", name=re.compile("Äldre planer"))).to_contain_text("minst 60 %: inte nått")
    for _ in range(50):
        page.goto("/statistics/RUM-2021-1")
        if page.get_by_text("Äldre planer").count():
            break
    expect(page.get_by_role("region", name=re.compile("Äldre planer"))).to_contain_text("20/40")


def test_a_secret_draw_is_mended_extended_and_revealed(coordinator, frame):
    page, name = coordinator, frame("2021-07")
    page.goto("/draws/new")
    page.locator("#frame").fill(name)
    page.locator("#n").fill("50")
    page.get_by_role("button", name="Förhandsvisa").click()
    expect(page.locator("#n-fault")).to_have_text(
        f"n är 50, och urvalsramen ”{name}” har 40 enheter. Begär högst så många."
    )
    page.locator("#n").fill("5")
    page.get_by_text("Frö och serie").click()
    page.locator("#secret").check()
    page.get_by_role("button", name="Förhandsvisa").click()
    page.get_by_role("button", name="Dra 5 ärenden så här").click()

    page.get_by_role("link", name=re.compile("^Byt ut")).first.click()
    page.get_by_label("Skäl", exact=True).select_option(label="Ärendet är avslutat")
    page.locator("#note").fill("Avslutat i februari.")
    page.get_by_role("button", name="Byt ut ärendet").click()
    expect(page.get_by_role("region", name="Utbytta ärenden")).to_contain_text("Avslutat i februari.")
    expect(page.get_by_role("region", name="Ärenden", exact=True)).to_contain_text("som reserv")

    extending = page.locator("#extend")
    extending.locator("summary").click()
    extending.locator("#n").fill("noll")
    extending.get_by_role("button").click()
    expect(page.locator("#n-fault")).to_have_text("Skriv ett heltal, minst 1.")
    page.locator("#n").fill("2")
    page.locator("#extend").get_by_role("button").click()
    expect(page.get_by_role("region", name="Ärenden", exact=True).get_by_role("row")).to_have_count(1 + 5 + 1 + 2)

    revealing = page.locator("#reveal")
    revealing.locator("summary").click()
    revealing.get_by_role("button").click()
    expect(faults(page)).to_contain_text("det kan inte döljas igen")
    page.locator("#sure").check()
    page.locator("#reveal").get_by_role("button").click()
    expect(page.get_by_role("main")).to_contain_text("Verifierat: samma ärenden kommer fram igen.")


def test_a_file_of_the_subunits_is_counted_in(coordinator, point, sent):
    page = coordinator
    page.goto("/frames/new")
    sent(page, "Registerfil", "hushåll.csv", REGISTER)
    page.get_by_label("Kontrollmoment").select_option(point)
    page.locator("#period").fill("2021-08")
    page.get_by_text("Det som räknas inuti en enhet").click()
    page.locator("#subunits_file").set_input_files(
        {"name": "barn.csv", "mimeType": "text/csv", "buffer": CHILDREN.replace("H000;", "H999;").encode()}
    )
    page.get_by_role("button", name="Prova filen").click()
    expect(page.get_by_role("region", name="Det som inte går att använda")).to_contain_text(
        "ingen enhet i registret har id ”H999”"
    )

    page.locator("#subunits_file").set_input_files(
        {"name": "barn.csv", "mimeType": "text/csv", "buffer": CHILDREN.encode()}
    )
    page.get_by_label("Underenheternas id är personnummer").check()
    page.locator("#extract_date").fill("2021-08-31")
    page.get_by_role("button", name="Prova filen").click()
    expect(page.get_by_label("Underenheternas id är personnummer")).to_be_checked()
    expect(page.get_by_role("region", name="Det som inte går att använda")).to_contain_text("personnummer")

    page.get_by_label("Underenheternas id är personnummer").uncheck()
    page.get_by_role("button", name="Prova filen").click()
    page.get_by_role("button", name="Frys 40 enheter").click()

    expect(page.locator("dl.facts")).to_contain_text("Underenheter")
    expect(page.locator("dl.facts div", has_text="Underenheter").first).to_contain_text("40")


def test_a_period_is_closed_after_a_look_and_nothing_is_frozen_in_it_then(coordinator, point, sent):
    page = coordinator
    page.goto("/plans/RUM-2021")
    page.get_by_role("button", name="Stäng en period").click()
    page.locator("#period").fill("mars")
    page.get_by_role("button", name="Visa vad som stängs").click()
    expect(page.locator("#period-fault")).to_contain_text("Skriv en period")
    page.locator("#period").fill("2021-T1")
    page.get_by_role("button", name="Visa vad som stängs").click()
    expect(page.get_by_role("heading", name="Stänga januari–april 2021 för gott?")).to_be_visible()
    page.get_by_role("button", name="Stäng perioden").click()
    expect(page.locator("section", has=page.locator("#closed"))).to_contain_text(
        "januari–april 2021 (1 kontrollmoment)"
    )

    page.goto("/frames/new")
    sent(page, "Registerfil", "hushåll.csv", REGISTER)
    page.get_by_label("Kontrollmoment").select_option(point)
    page.locator("#period").fill("2021-02")
    page.get_by_role("button", name="Prova filen").click()
    page.get_by_role("button", name="Frys 40 enheter").click()

    expect(faults(page)).to_contain_text(
        f"Period 2021-T1 i plan RUM-2021 är stängd för kontrollmoment {point}. Inget mer fryses eller dras i den"
    )


def test_the_start_page_reminds_the_coordinator_of_missing_frames_and_nobody_else(coordinator, played_stack, point):
    month = f"{datetime.now(tz=UTC).year - 1}-11"
    words = ("schedule", "set", point, "--first", month, "--last", month, "--n", "5")
    assert played_stack.stickprov(*words).returncode == 0
    page = coordinator
    page.goto("/")

    due = page.locator("section", has=page.locator("#reminders"))
    expect(due).to_contain_text(f"{point}: saknad ram för november")
    due.get_by_role("listitem").filter(has_text=point).get_by_role("link", name="Frys en registerfil").click()
    expect(page.get_by_label("Kontrollmoment")).to_have_value(point)
    expect(page.locator("#period")).to_have_value(month)
    page.get_by_role("button", name="Logga ut").click()
    page.goto("/")
    expect(page.locator("#reminders")).to_have_count(0)


PAGES = [
    "/plans",
    "/plans/import",
    "/plans/RUM-2021",
    "/plans/RUM-2021/close",
    "/questionnaires",
    "/staff",
    "/frames/new",
    "/draws",
    "/draws/new",
    "/measures",
    "/measures/new",
    "/plan-size",
    "/plan-size?tolerable=5+%25&frame_size=222&stages=2",
]


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("path", PAGES)
def test_axe_finds_nothing_and_nothing_scrolls_sideways(chromium, played_stack, point, path, scheme):
    assert point
    context = chromium.new_context(base_url=played_stack.url, locale="sv-SE", color_scheme=scheme)
    page = context.new_page()
    page.goto("/sign-in")
    page.get_by_role("button", name="coordinator").click()
    page.goto(path)
    wider = {}
    for width in (1440, 768, 360, 320):
        page.set_viewport_size({"width": width, "height": 900})
        wider[width] = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    found = Axe().run(page)
    context.close()

    assert found.violations_count == 0, found.generate_report()
    assert set(wider.values()) == {0}, wider
