"""The pages of figures on a running stack: dashboard, statistics, trends, the cases behind a number, files, reports."""

import io
import re

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect
from pypdf import PdfReader

from stickprov_client.documents.table_file import read_table
from support.counted_control import MEASURE, REVIEWER, WITHOUT, counted_control
from support.played_stack import PlayedStack
from support.review_cases import CaseMaker, Cases

QUARTER = "?from=2021-01-01&to=2021-04-01"
SIDEWAYS = "document.documentElement.scrollWidth - document.documentElement.clientWidth"


@pytest.fixture(scope="session")
def counted(played_stack: PlayedStack, maker: CaseMaker) -> Cases:
    return counted_control(played_stack, maker)


@pytest.fixture
def board(signed_in, counted):
    def open_page(path: str, **how: object) -> Page:
        page = signed_in("board", **how)
        page.goto(path)
        return page

    return open_page


def standing(page: Page):
    return page.get_by_role("article").filter(has_text=MEASURE)


def addresses(point: str) -> list[str]:
    return [
        "/dashboard?year=2021",
        "/dashboard?year=2022",
        "/statistics",
        f"/statistics/{point}",
        f"/statistics/{point}/trend",
        "/statistics/AMF-2021-3/trend?by=month&period=2021-03&against=2021-01",
        f"/statistics/{point}/cases?status=reviewed&remark=true",
        "/statistics/AMF-2021-3/cases",
        "/reports",
        "/reports/file?kind=standard-form",
    ]


def test_a_board_member_begins_at_the_dashboard(board):
    page = board("/")

    assert page.url.endswith("/dashboard")
    expect(page.get_by_role("heading", level=1)).to_contain_text("Internkontrollen")


def test_the_verdict_is_words_with_a_sign_beside_the_conclusion_of_a_person(board):
    card = standing(board("/dashboard?year=2021"))

    expect(card).to_contain_text("30,0 %")
    expect(card).to_contain_text("3 av 10 granskade har en anmärkning")
    expect(card).to_contain_text(re.compile(r"Mot toleransen 10\s%"))
    expect(card.locator(".verdict")).to_have_text("✗ Över toleransen")
    expect(card).to_contain_text("✗ Rutinen följs inte")
    expect(card).to_contain_text("12 av 14 ärenden är klara")
    expect(card).to_contain_text(re.compile(r"Intervall .* \(95\s%, "))


def test_the_small_chart_tells_its_months_to_who_cannot_see_it(board):
    chart = standing(board("/dashboard?year=2021")).get_by_role("img")

    expect(chart).to_have_accessible_name(re.compile(r"^Andel med anmärkning per månad: mars 2021 30,0\s%$"))


def test_an_action_that_is_late_says_so_with_its_words(board, counted):
    page = board("/dashboard?year=2021")

    row = page.get_by_role("row").filter(has_text=counted.control_point)
    expect(row).to_contain_text("Bevaka planernas datum")
    expect(row).to_contain_text("försenad")


def test_the_plan_stands_by_tertial(board):
    page = board("/dashboard?year=2022")

    expect(page.locator(".tertials .state.bad")).to_have_text("✗ Avvikelse")


def test_from_a_share_one_comes_to_the_cases_behind_it(board, counted):
    page = board("/dashboard?year=2021")

    standing(page).locator(".share-now a").click()

    expect(page.get_by_role("heading", name="3 ärenden")).to_be_visible()
    rows = page.locator("tbody tr")
    expect(rows).to_have_count(3)
    expect(rows.first).to_contain_text("Anmärkning")
    expect(page.locator("main")).not_to_contain_text("Påhittad")
    page.get_by_role("link", name="Ta bort: med anmärkning").click()
    expect(page.get_by_role("heading", name="10 ärenden")).to_be_visible()


@pytest.mark.parametrize(
    ("wanted", "count"),
    [
        ("status=waiting", 2),
        ("status=over-coverage", 1),
        ("status=non-response", 1),
        ("category=money", 3),
        ("question=grund&answer=arbetslos", 10),
        ("month=2021-03", 14),
        ("month=2021-02", 0),
    ],
)
def test_the_cases_are_as_many_as_the_number_says(board, counted, wanted, count):
    page = board(f"/statistics/{counted.control_point}/cases{QUARTER}&{wanted}")

    expect(page.locator("#found")).to_have_text(re.compile(rf"^{count} ärende"))
    expect(page.locator("tbody tr")).to_have_count(count)


def test_the_dashboard_is_fresh_without_a_reload_and_keeps_the_focus(board, maker):
    fresh = maker.make(count=2, reviewer=REVIEWER, measure="Läget hålls aktuellt", number="9")
    page = board("/dashboard?year=2021")
    card = page.get_by_role("article").filter(has_text="Läget hålls aktuellt")
    expect(card).to_contain_text("0 av 2 ärenden är klara", timeout=20_000)
    link = card.get_by_role("link", name="Kontrollmoment 9")
    link.focus()
    page.evaluate("window.stillThere = true")

    maker.do(REVIEWER, lambda api: api.findings.record(fresh.key(), WITHOUT))

    expect(card).to_contain_text("1 av 2 ärenden är klara", timeout=20_000)
    expect(link).to_be_focused()
    assert page.evaluate("window.stillThere")
    expect(page.locator(".live")).to_contain_text("Uppdateras löpande")
    expect(page.locator(".live").get_by_role("link")).to_be_hidden()


def test_without_script_the_figures_are_there_with_a_link_to_reload(board):
    page = board("/dashboard?year=2021", script=False)

    expect(standing(page)).to_contain_text("3 av 10 granskade")
    expect(page.get_by_role("link", name="Ladda om")).to_be_visible()


def test_a_tab_that_nobody_looks_at_holds_no_connection(signed_in, counted):
    page = signed_in("board")
    page.add_init_script(
        "const close = EventSource.prototype.close;"
        "EventSource.prototype.close = function () { window.streamWasClosed = true; close.call(this); };"
    )
    page.goto("/dashboard")
    expect(page.locator(".live.following")).to_be_visible()
    assert not page.evaluate("Boolean(window.streamWasClosed)")

    page.evaluate(
        "Object.defineProperty(document, 'hidden', {value: true});document.dispatchEvent(new Event('visibilitychange'))"
    )

    assert page.evaluate("window.streamWasClosed")


def test_the_statistics_say_what_was_left_out_answered_and_agreed(board, counted):
    page = board(f"/statistics/{counted.control_point}")

    main = page.locator("main")
    expect(main).to_contain_text("3 av 10 granskade")
    expect(main).to_contain_text("2 dragna ärenden väntar på granskning")
    expect(main.get_by_role("heading", name="Det som inte granskades")).to_be_visible()
    expect(main).to_contain_text("I värsta fall")
    expect(main).to_contain_text("Ärenden som inte har granskats antas likna dem som har granskats.")
    answers = page.get_by_role("region", name="Vilken är den huvudsakliga grunden för beslutet?")
    expect(answers.get_by_role("row").nth(1)).to_contain_text("10/10")
    expect(main).to_contain_text("2 av 3 ärenden")
    expect(main.get_by_role("heading", name="Överensstämmelse mellan granskare")).to_be_visible()


def test_a_trend_tells_a_change_only_when_it_is_certain(board):
    page = board("/statistics/AMF-2021-3/trend")

    rows = page.get_by_role("row")
    expect(rows.nth(1)).to_contain_text("januari 2021")
    expect(rows.nth(2)).to_contain_text("ingen säker skillnad")
    page.locator("select[name=period]").select_option("2021-03")
    page.locator("select[name=against]").select_option("2021-01")
    page.get_by_role("button", name="Jämför").click()
    expect(page.locator("p.note")).to_contain_text("Det går inte att säga om andelen har ändrats")


@pytest.mark.parametrize(
    ("step", "label"),
    [("Kvartal", "kvartal 1 2021"), ("Tertial", "tertial 1 2021"), ("Halvår", "halvår 1 2021"), ("År", "2021")],
)
def test_a_trend_has_the_steps_of_the_year(board, step, label):
    page = board("/statistics/AMF-2021-3/trend")

    page.get_by_role("link", name=step, exact=True).click()

    expect(page.locator("tbody th").first).to_have_text(label)


@pytest.mark.parametrize("form", ["csv", "xlsx"])
def test_figures_are_fetched_as_a_file(board, counted, tmp_path, form):
    page = board(f"/statistics/{counted.control_point}")

    with page.expect_download() as started:
        page.get_by_role("link", name=form.upper(), exact=True).click()
    file = tmp_path / f"figures.{form}"
    started.value.save_as(file)

    table = read_table(file)
    assert list(table.columns[:4]) == ["control_point", "from", "to", "part"]
    assert {cells[0] for _number, cells in table.rows} == {counted.control_point}


def test_a_report_is_chosen_and_fetched(board, counted):
    page = board("/reports")

    page.get_by_role("checkbox", name=counted.control_point).check()
    page.locator("#period").fill("2021-Q1")
    with page.expect_download() as started:
        page.get_by_role("button", name="Hämta rapporten").click()

    assert started.value.suggested_filename.endswith(".pdf")
    assert started.value.path().read_bytes().startswith(b"%PDF")


def test_a_report_in_html_is_shown_with_its_own_styles_and_without_any_script(board, counted):
    page = board("/reports")
    complaints: list[str] = []
    page.on("console", lambda message: complaints.append(message.text))

    answer = page.goto(f"/reports/file?kind=standard-form&control_point={counted.control_point}&format=html")

    assert answer is not None
    assert "sandbox" in answer.headers["content-security-policy"]
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    assert complaints == []


def test_what_is_missing_for_a_report_is_said_and_what_was_chosen_stays(board):
    page = board("/reports")

    page.locator("#period").fill("2021-Q1")
    page.get_by_role("button", name="Hämta rapporten").click()

    expect(page.get_by_role("alert")).to_have_text("Välj minst ett kontrollmoment.")
    expect(page.locator("#period")).to_have_value("2021-Q1")


def test_a_report_to_be_published_leaves_small_numbers_out(board, counted):
    page = board("/reports")

    page.get_by_role("checkbox", name=counted.control_point).check()
    page.locator("#format").select_option("html")
    page.get_by_text("För en rapport som publiceras").click()
    page.get_by_label("Utelämna tal under").fill("20")
    page.get_by_role("button", name="Hämta rapporten").click()

    expect(page.get_by_role("heading", name="Små tal visas inte")).to_be_visible()


def test_a_limit_that_no_report_takes_is_refused_with_those_that_it_takes(board, counted):
    page = board(f"/reports/file?kind=standard-form&control_point={counted.control_point}&suppress_below=1")

    expect(page.get_by_role("alert")).to_have_text(
        "Tal kan utelämnas under en gräns mellan 2 och 20; lämna fältet tomt för att visa alla."
    )
    expect(page.get_by_label("Utelämna tal under")).to_have_value("1")


def test_on_paper_the_dashboard_has_its_figures_and_nothing_to_press(board):
    page = board("/dashboard?year=2021")

    paper = PdfReader(io.BytesIO(page.pdf(format="A4", prefer_css_page_size=True)))
    text = " ".join("\n".join(sheet.extract_text() for sheet in paper.pages).split())

    assert "Internkontrollen 2021" in text
    assert MEASURE in text
    assert "Logga ut" not in text
    assert "Uppdateras löpande" not in text


def test_a_reviewer_begins_with_the_cases_that_wait(signed_in, counted):
    page = signed_in(REVIEWER)
    page.goto("/")

    expect(page.locator("section h2").first).to_have_text("Din tur")
    expect(page.get_by_text(re.compile(r"Du har \d+ ärenden? som väntar\."))).to_be_visible()
    expect(page.locator("main")).not_to_contain_text("stickprov --url")
    page.get_by_role("button", name="Till kön").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Min kö")


def test_who_runs_the_services_sees_how_they_are(signed_in):
    page = signed_in("ops")
    page.goto("/")

    expect(page.get_by_role("heading", name="Tjänster")).to_be_visible()
    expect(page.locator(".service .state")).to_have_text(["redo", "redo", "redo"])


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [320, 768, 1440])
def test_axe_finds_nothing_and_nothing_scrolls_sideways(board, counted, pytestconfig, scheme, width):
    page = board("/", width=width, scheme=scheme)
    folder = pytestconfig.getoption("--pictures")
    for number, path in enumerate(addresses(counted.control_point)):
        page.goto(path)
        if folder is not None:
            page.screenshot(path=folder / f"figures-{number}-{width}-{scheme}.png", full_page=True)
        found = Axe().run(page)
        assert found.violations_count == 0, (path, found.generate_report())
        assert page.evaluate(SIDEWAYS) == 0, path


def test_the_pages_break_no_policy(board, counted):
    page = board("/")
    complaints: list[str] = []
    page.on("console", lambda message: complaints.append(message.text))

    for path in addresses(counted.control_point)[:-1]:
        page.goto(path)

    assert complaints == []
