"""The pages as people see them: no axe finding, no sideways scrolling, no script needed, no other host asked."""

from collections.abc import Callable, Iterator

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect

from support.played_stack import PlayedStack

QUARTER = "/statistics/AMF-2021-3?from=2021-01-01&to=2021-04-01"
PAGES = [
    "/",
    "/statistics",
    QUARTER,
    "/statistics/AMF-2021-3?from=2019-01-01&to=2020-01-01",
    "/statistics/none",
    "/none",
]
WIDTHS = [320, 360, 768, 1440, 2560]

Open = Callable[..., Page]


@pytest.fixture
def opened(chromium: Browser, played_stack: PlayedStack) -> Iterator[Open]:
    contexts = []

    def open_page(path: str, *, width: int = 1440, scheme: str = "light", script: bool = False) -> Page:
        context = chromium.new_context(
            base_url=played_stack.url,
            viewport={"width": width, "height": 900},
            color_scheme=scheme,
            java_script_enabled=script,
            locale="sv-SE",
        )
        contexts.append(context)
        page = context.new_page()
        page.goto(path)
        return page

    yield open_page
    for context in contexts:
        context.close()


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("path", PAGES)
def test_axe_finds_nothing(opened, path, scheme):
    # axe itself is a script: the page is the same, it has none of its own.
    found = Axe().run(opened(path, scheme=scheme, script=True))

    assert found.violations_count == 0, found.generate_report()


@pytest.mark.parametrize("path", ["/", QUARTER])
def test_axe_finds_nothing_on_a_telephone(opened, path):
    found = Axe().run(opened(path, width=320, script=True))

    assert found.violations_count == 0, found.generate_report()


@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("path", PAGES)
def test_no_page_scrolls_sideways(opened, path, width):
    page = opened(path, width=width, script=True)

    wider_by = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")

    assert wider_by == 0


@pytest.mark.parametrize("path", PAGES)
def test_a_page_asks_nobody_else_and_breaks_no_policy(chromium, played_stack, path):
    context = chromium.new_context(base_url=played_stack.url)
    page = context.new_page()
    asked: list[str] = []
    complaints: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.on("console", lambda message: complaints.append(message.text))
    status = page.goto(path).status
    context.close()

    assert [url for url in asked if not url.startswith(played_stack.url)] == []
    # Chromium itself notes a page whose status is an error.
    assert [text for text in complaints if status == 200 or "status of" not in text] == []


def test_the_quarter_shows_the_documents_figures(opened):
    page = opened(QUARTER)

    expect(page.get_by_role("heading", level=1)).to_have_text("Kontrollmoment 3, januari–mars 2021")
    figures = page.locator("dl.figures")
    expect(figures).to_contain_text("20,4 %")
    expect(figures).to_contain_text("104 av 509 granskade")
    expect(figures).to_contain_text("20,1 %")
    expect(figures).to_contain_text("509 av 7 989 dragna")
    expect(page.locator(".interval")).to_contain_text("1 353 till 1 913 av 7 989 (hushåll)")
    expect(page.locator(".interval em")).to_have_text("ungefärligt, MOVER")
    months = page.get_by_role("region", name="Månad för månad").get_by_role("row")
    expect(months.nth(1)).to_contain_text("januari 2021")
    expect(months.nth(1)).to_contain_text("28/156")
    expect(months.nth(3)).to_contain_text("495–815")
    categories = page.get_by_role("region", name="Vad anmärkningarna gäller").get_by_role("row")
    expect(categories.nth(1)).to_contain_text("Insättningar på konto")
    expect(categories.nth(1)).to_contain_text("66/509")


def test_the_chart_tells_its_figures_to_who_cannot_see_it(opened):
    chart = opened(QUARTER).get_by_role("img", name="Andel med anmärkning, med intervall")

    expect(chart).to_have_accessible_description(
        "Samma siffror som i tabellen nedanför. januari 2021: 17,9 % (12,4–24,7 %). "
        "februari 2021: 18,2 % (12,7–24,9 %). mars 2021: 24,2 % (18,6–30,6 %)."
    )


def test_the_way_from_the_start_to_the_figures_works_without_script(opened):
    page = opened("/")

    page.get_by_role("link", name="Alla kontrollmoment").click()
    # Other plans of the stack have a number 3 too.
    page.locator('a[href="/statistics/AMF-2021-3"]').click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("januari–mars 2021")
    page.get_by_label("Före").fill("2021-02-01")
    page.get_by_role("button", name="Visa").click()

    expect(page.get_by_role("heading", level=1)).to_have_text("Kontrollmoment 3, januari 2021")
    expect(page.locator("dl.figures")).to_contain_text("28 av 156 granskade")


def test_dates_without_a_draw_say_so_and_offer_everything(opened):
    page = opened("/statistics/AMF-2021-3?from=2019-01-01&to=2020-01-01")

    page.get_by_role("link", name="Visa allt som finns").click()

    expect(page.locator("dl.figures")).to_contain_text("104 av 509 granskade")


def test_english_is_one_click_away_and_stays(opened):
    page = opened(QUARTER)

    page.get_by_role("link", name="English").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Control point 3, January–March 2021")
    expect(page.locator("dl.figures")).to_contain_text("104 of 509 reviewed")
    page.get_by_role("link", name="Overview").click()

    expect(page.get_by_role("heading", level=1)).to_have_text("Internal control on case samples")


def test_the_keyboard_reaches_the_content_first_and_every_wide_table(opened):
    page = opened(QUARTER, script=True)

    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Till innehållet")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator("main")).to_be_focused()
    reached = set()
    for _ in range(60):
        page.keyboard.press("Tab")
        reached.add(page.evaluate("document.activeElement.getAttribute('aria-labelledby')"))

    assert {"months", "categories"} <= reached


def test_the_start_page_says_what_is_where_and_that_all_is_well(opened):
    page = opened("/")
    expect(page.get_by_text("Alla tjänster är redo")).to_be_visible()
    page.get_by_text("Systemets tillstånd").click()

    for service in ("sampler", "findings", "reporting"):
        card = page.get_by_role("article").filter(has=page.get_by_role("heading", name=service))
        expect(card.locator(".state")).to_have_text("redo")
        expect(card.get_by_role("link", name=f"OpenAPI {service}")).to_be_visible()
    logs = page.get_by_role("region", name="Loggarna").get_by_role("row")
    expect(logs.nth(1)).to_contain_text("sampler")
    expect(logs.nth(2)).to_contain_text("findings")
    expect(page.get_by_text("följer med")).to_have_count(2)
