"""Findings from a file on a page: every fault told by row and column, then recorded, with and without script."""

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from stickprov_client.documents.table_writing import as_xlsx
from support.review_form import outcomes, review_of

ADDRESS = "/queue/import"
NUMBERS = "Ärendenummer;underenhet;utfall;orsak;kommentar"
CSV, XLSX = "text/csv", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def choose(page: Page, control_point: str, content: bytes, name: str = "svar.csv", kind: str = CSV) -> None:
    page.goto(f"{ADDRESS}?control_point={control_point}")
    page.get_by_label("Fil med granskningar").set_input_files({"name": name, "mimeType": kind, "buffer": content})
    page.get_by_role("button", name="Kontrollera filen").click()


def rows_told(page: Page) -> list[list[str]]:
    return [row.locator("td, th").all_inner_texts() for row in page.locator("tbody tr").all()]


@pytest.mark.parametrize("script", [True, False])
def test_a_file_with_case_numbers_is_checked_and_then_recorded(maker, signed_in, script):
    cases = maker.make(count=2)
    page = signed_in(script=script)
    rows = ["2021-0001;;bortfall;no-access;Låst akt", "2021-0002;;övertäckning;annat;Flyttat utomlands"]
    file = "\n".join([NUMBERS, *rows]).replace("annat", "other")
    choose(page, cases.control_point, file.encode("cp1252"))
    expect(page.get_by_role("heading", name="Det filen säger")).to_be_visible()
    assert outcomes(review_of(maker, cases)) == []
    page.get_by_role("button", name="Registrera 2 ärenden").click()
    expect(page.get_by_role("status")).to_contain_text("2 ärenden är registrerade.")
    assert {review_of(maker, cases, place).status for place in (0, 1)} == {"non-response", "over-coverage"}

    choose(page, cases.control_point, file.encode())
    expect(page.get_by_text("Allt i filen är redan registrerat så")).to_be_visible()


def test_every_fault_is_told_by_row_and_column_and_nothing_is_stored(maker, signed_in):
    cases = maker.make(count=2)
    page = signed_in()
    rows = ["2021-0001;;bortfall;other;", "2021-0009;;bortfall;no-access;", "2021-0002;;borta;;"]
    choose(page, cases.control_point, "\n".join([NUMBERS, *rows]).encode())
    expect(page.get_by_role("alert")).to_contain_text("Fel i filen: 3")
    told = rows_told(page)
    assert [row[:2] for row in told] == [["2", "kommentar"], ["3", "Ärendenummer"], ["4", "utfall"]]
    assert told[0][2] == "Skälet är other: skriv i kommentaren vad det var."
    assert outcomes(review_of(maker, cases)) == outcomes(review_of(maker, cases, 1)) == []
    assert "2021-0009" not in page.content()


def test_a_spreadsheet_names_its_cases_by_their_number_in_the_draw(maker, signed_in):
    cases = maker.make(count=2)
    orders = [item.order for item in cases.items]
    content = as_xlsx(["ordningsnummer", "utfall", "orsak"], [[order, "bortfall", "no-access"] for order in orders])
    page = signed_in()
    choose(page, cases.control_point, content, "svar.xlsx", XLSX)
    page.get_by_role("button", name="Registrera 2 ärenden").press("Enter")
    expect(page.get_by_role("status")).to_contain_text("2 ärenden är registrerade.")
    assert review_of(maker, cases, 1).mark_reason == "no-access"


def test_what_is_no_table_is_told_beside_the_field(maker, signed_in):
    cases = maker.make(count=1)
    page = signed_in()
    choose(page, cases.control_point, b"", "tom.csv")
    expect(page.get_by_role("alert")).to_be_visible()
    page.goto(ADDRESS)
    page.get_by_label("Fil med granskningar").set_input_files({"name": "x.csv", "mimeType": CSV, "buffer": b"a;b\n1;2"})
    page.get_by_label("Kontrollmoment").evaluate("field => field.removeAttribute('required')")
    page.get_by_role("button", name="Kontrollera filen").click()
    expect(page.get_by_role("alert")).to_contain_text("Välj ett kontrollmoment.")


def test_the_queue_leads_to_the_page(maker, signed_in):
    cases = maker.make(count=1)
    page = signed_in()
    page.goto(f"/queue?control_point={cases.control_point}")
    page.get_by_role("link", name="Granskningar från fil").click()
    expect(page.get_by_label("Kontrollmoment")).to_have_value(cases.control_point)


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [320, 1440])
def test_axe_finds_nothing_and_nothing_scrolls_sideways(maker, signed_in, scheme, width):
    cases = maker.make(count=1)
    page = signed_in(scheme=scheme, width=width)
    for rows in ("2021-0001;;bortfall;other;", "2021-0001;;bortfall;no-access;"):
        choose(page, cases.control_point, f"{NUMBERS}\n{rows}".encode())
        page.get_by_text("Vilka kolumner som finns").click()
        assert Axe().run(page).response["violations"] == []
        assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
