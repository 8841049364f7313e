"""The auditor's pages on a running stack: what can be checked is checked, without script too, and kept files hold."""

import re
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Download, Page, expect

from support.audit_scenes import Corrected, corrected_control
from support.played_stack import PlayedStack
from support.review_cases import CaseMaker

SIDEWAYS = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
QUARTER = "from=2021-01-01&to=2021-04-01"


@pytest.fixture(scope="session")
def corrected(played_stack: PlayedStack, maker: CaseMaker) -> Corrected:
    return corrected_control(maker)


@pytest.fixture
def auditor(signed_in, corrected):
    def open_page(path: str, **how: object) -> Page:
        page = signed_in("auditor", **how)
        page.goto(path)
        return page

    return open_page


def fetched(page: Page, name: str | re.Pattern[str], role: str = "link") -> Download:
    with page.expect_download() as started:
        page.get_by_role(role, name=name).click()
    return started.value


def newest_checkpoint(page: Page, source: str, folder: Path) -> Path:
    """Have a log signed as it is now, and keep the checkpoint."""
    page.goto("/audit/checkpoints")
    page.get_by_role("button", name=f"Gör en nu ({source})").click()
    with page.expect_download() as download:
        page.locator(f"section:has(#{source}) tbody tr").first.get_by_role("link").click()
    started = download.value
    kept = folder / started.suggested_filename
    started.save_as(kept)
    return kept


def test_the_audit_begins_with_both_logs_their_keys_and_what_to_keep(auditor, tmp_path):
    page = auditor("/audit/checkpoints")
    for source in ("sampler", "findings"):
        newest_checkpoint(page, source, tmp_path)
    page.goto("/audit")

    for source in ("sampler", "findings"):
        log = page.get_by_role("article", name=source)
        expect(log).to_contain_text(re.compile(r"Händelser\s*\d+"))
        log.get_by_text("Nyckel och fingeravtryck").click()
        expect(log).to_contain_text(re.compile(r"Fingeravtryck \(SHA-256\)\s*[0-9a-f]{4}( [0-9a-f]{4}){15}"))
    expect(page.locator("main")).to_contain_text("Spara filen någonstans där vi inte kommer åt den.")


@pytest.mark.parametrize("script", [True, False])
def test_a_kept_checkpoint_is_found_again_in_the_log_of_today(auditor, tmp_path, script):
    page = auditor("/audit/checkpoints", script=script)
    kept = newest_checkpoint(page, "findings", tmp_path)

    page.goto("/audit/checkpoints")
    page.get_by_label("Kontrollpunkt som du har sparat").set_input_files(kept)
    page.get_by_role("button", name="Jämför").click()

    expect(page.get_by_role("status")).to_contain_text("Loggen är fortfarande som den var vid din kontrollpunkt.")
    expect(page.locator("main")).to_contain_text("Jämför deras fingeravtryck med dem som du har fått")


@pytest.mark.parametrize(
    ("of", "told"), [("sampler", "med nyckeln som du angav"), ("findings", "Det här stämmer inte:")]
)
def test_a_key_that_was_given_from_outside_is_the_one_that_is_believed(auditor, played_stack, tmp_path, of, told):
    page = auditor("/audit/checkpoints")
    kept = newest_checkpoint(page, "sampler", tmp_path)
    keys = (played_stack.data / "keys" / "checkpoints.keys").read_text(encoding="ascii").splitlines()

    page.get_by_label("Eller dess text").fill(kept.read_text(encoding="utf-8"))
    page.get_by_label("Öppen nyckel som du har fått").fill(next(key for key in keys if f"/{of}+" in key))
    page.get_by_role("button", name="Jämför").click()

    expect(page.locator("main")).to_contain_text(told)


def test_a_checkpoint_with_another_number_is_no_checkpoint_of_the_log(auditor, tmp_path):
    page = auditor("/audit/checkpoints")
    origin, size, *rest = newest_checkpoint(page, "sampler", tmp_path).read_text(encoding="utf-8").split("\n")

    page.get_by_label("Eller dess text").fill("\n".join([origin, str(int(size) - 1), *rest]))
    page.get_by_role("button", name="Jämför").click()

    expect(page.get_by_role("alert")).to_contain_text("Det här stämmer inte:")


def test_what_is_no_checkpoint_is_said_beside_the_field(auditor):
    page = auditor("/audit/checkpoints")

    page.get_by_label("Eller dess text").fill("hej")
    page.get_by_role("button", name="Jämför").click()

    expect(page.locator("#note-fault")).to_contain_text("Det här är ingen kontrollpunkt")
    expect(page.get_by_label("Eller dess text")).to_have_value("hej")


def test_from_a_case_one_comes_to_its_events_in_sentences(auditor, corrected):
    page = auditor(f"{corrected.cases.path()}/history")

    page.get_by_role("link", name="Alla händelser om ärendet, i loggarna").click()

    told = [row.inner_text().split("\n")[0] for row in page.locator("table.events tbody th").all()]
    assert told[0].startswith("Ärendet drogs som nummer")
    assert told[-1] == "Iakttagelsen rättades: ingen anmärkning"
    expect(page.locator(".chosen")).to_contain_text(f"ärende {corrected.case[:12]}")
    page.get_by_label("Slag av händelse").select_option("finding-corrected")
    page.get_by_role("button", name="Visa").click()
    expect(page.locator("#found")).to_have_text("1 händelse")
    page.get_by_role("link", name=re.compile("^Ta bort: ärende")).click()
    expect(page.locator(".chosen li")).to_have_count(1)


def test_only_a_coordinator_reads_in_the_trail_what_people_are_called(signed_in, corrected, maker):
    maker.list_staff()
    path = f"/audit/trail?case={corrected.case}&type=finding-corrected"
    row = "table.events tbody tr"

    coordinator, auditor = signed_in("coordinator"), signed_in("auditor")
    coordinator.goto(path)
    auditor.goto(path)

    expect(coordinator.locator(row)).to_contain_text("Granskare 9")
    expect(auditor.locator(row)).to_have_count(1)
    expect(auditor.locator("main")).not_to_contain_text("Granskare 9")


def test_an_event_is_proved_and_its_proof_holds_without_any_server(auditor, corrected, played_stack, tmp_path):
    page = auditor("/audit/checkpoints")
    newest_checkpoint(page, "findings", tmp_path)
    page.goto(f"/audit/trail?case={corrected.case}&type=finding-corrected")
    page.locator("table.events td.place a").click()

    expect(page.get_by_role("heading", level=1)).to_have_text("Iakttagelse rättad")
    expect(page.locator("main")).to_contain_text(re.compile(r"Ja: den är händelse [\d\s]+ i loggen\."))
    expect(page.locator("pre")).to_contain_text(corrected.case)
    proof, keys = tmp_path / "proof", tmp_path / "keys"
    fetched(page, "Hämta beviset", "button").save_as(proof)
    page.goto("/audit/checkpoints")
    page.get_by_text("Nyckeln som signerar").last.click()
    fetched(page, "Hämta de öppna nycklarna (findings)").save_as(keys)
    checked = played_stack.stickprov("audit", "proof", "--verify", str(proof), "--key", str(keys), who="auditor")
    assert checked.returncode == 0, checked.stderr


@pytest.mark.parametrize("ending", ["CSV", "JSONL"])
def test_the_events_are_fetched_as_a_file_with_all_of_them(auditor, corrected, ending):
    page = auditor(f"/audit/trail?case={corrected.case}")
    count = page.locator("table.events tbody tr").count()

    file = fetched(page, ending)

    lines = file.path().read_text(encoding="utf-8-sig").splitlines()
    assert file.suggested_filename.endswith(ending.lower())
    assert len(lines) == count + (ending == "CSV")


def test_what_cannot_be_asked_for_is_said_and_nothing_is_shown(auditor, corrected):
    page = auditor(f"/audit/trail?case={corrected.case}&period=2021-Q9")

    expect(page.get_by_role("alert")).to_contain_text("1 sak behöver rättas")
    expect(page.get_by_role("alert")).to_contain_text("”2021-Q9” har kvartal 9, och ett år har 4.")
    expect(page.locator("table.events")).to_have_count(0)
    expect(page.get_by_label("Gäller perioden")).to_have_value("2021-Q9")


def test_a_case_is_looked_for_as_the_command_takes_it(auditor, corrected):
    page = auditor("/audit/trail")
    page.get_by_label("Ärende", exact=True).fill("AMF-2021-3/2021-01/17")
    page.get_by_role("button", name="Visa").click()

    expect(page.locator("table.events tbody")).to_contain_text("Ärendet drogs som nummer 17")
    page.get_by_label("Ärende", exact=True).fill("12")
    page.get_by_role("button", name="Visa").click()

    expect(page.get_by_role("alert")).to_contain_text("Ärende: ”12” är inget ärende; skriv det som")


@pytest.mark.parametrize("script", [True, False])
def test_a_replay_gives_the_same_figures_again(auditor, script):
    page = auditor("/audit/replay", script=script)

    page.get_by_label("Period").fill("2021-Q1")
    page.get_by_role("button", name="Räkna om").click()

    expect(page.get_by_role("status").first).to_contain_text(
        "Verifierat: loggarna är hela och ger samma siffror.", timeout=30_000
    )
    logs = page.get_by_role("region", name="Loggarna")
    expect(logs).to_contain_text("med nycklar som rapporteringen har konfigurerats att lita på")
    expect(page.get_by_role("region", name="Statistik")).to_contain_text("AMF-2021-3")
    made = page.locator("main").get_by_text(re.compile("^Gjord")).inner_text()
    page.reload()
    expect(page.locator("main")).to_contain_text(made.split(".")[0])


@pytest.mark.parametrize("script", [True, False])
def test_a_bundle_is_made_and_holds_without_any_server(auditor, corrected, played_stack, tmp_path, script):
    page = auditor("/audit/bundle", script=script)
    page.get_by_label("Period").fill("2021-03")
    page.get_by_label(corrected.cases.control_point).check()
    bundle = fetched(page, "Gör paketet och hämta det", "button")
    kept = tmp_path / bundle.suggested_filename
    bundle.save_as(kept)

    keys = played_stack.data / "keys" / "checkpoints.keys"
    checked = played_stack.stickprov("audit", "verify", str(kept), "--key", str(keys))

    assert kept.name == "stickprov-2021-03.zip"
    assert checked.returncode == 0, checked.stdout + checked.stderr
    if script:
        expect(page.get_by_role("status")).to_have_text("Paketet är gjort.")


def test_figures_are_shown_as_they_were_known_before_a_correction(auditor, corrected):
    point = corrected.cases.control_point
    page = auditor(f"/statistics/{point}?{QUARTER}&{corrected.moment}")

    expect(page.locator(".figures .main")).to_contain_text("2 av 4 granskade")
    expect(page.locator(".past")).to_contain_text("Du ser det som var känt")
    changed = page.get_by_role("region", name="Vad som har ändrats sedan dess")
    expect(changed.get_by_role("row").filter(has_text="Med anmärkning, sammanlagt")).to_contain_text(
        re.compile(r"50,0\s%.*25,0\s%")
    )
    page.get_by_role("link", name="Trend", exact=True).click()
    expect(page.locator(".past")).to_be_visible()
    expect(page.locator("table.trend tbody")).to_contain_text(re.compile(r"50,0\s%"))
    page.get_by_role("link", name="Ärenden", exact=True).click()
    expect(page.get_by_role("row").filter(has_text=corrected.case[:12])).to_contain_text("Anmärkning")
    page.get_by_role("link", name="Visa som det är nu").click()
    expect(page.get_by_role("row").filter(has_text=corrected.case[:12])).to_contain_text("ingen anmärkning")
    expect(page.locator(".past")).to_have_count(0)


def test_the_dashboard_looks_back_and_does_not_follow_what_happens_now(auditor, corrected):
    page = auditor(f"/dashboard?year=2021&{corrected.moment}")

    card = page.get_by_role("article").filter(has_text="Ett svar som rättades")
    expect(card).to_contain_text("2 av 4 granskade har en anmärkning")
    expect(page.locator("[data-live]")).to_have_count(0)
    card.get_by_role("link", name="Kontrollmoment 8").click()
    expect(page.locator(".past")).to_be_visible()


def test_a_moment_is_chosen_on_the_page(auditor, corrected):
    page = auditor(f"/statistics/{corrected.cases.control_point}?{QUARTER}")
    page.get_by_text("Som det var känt vid en annan tidpunkt").click()

    page.get_by_label("Som det var känt den").fill("2020-12-31")
    page.get_by_role("button", name="Visa").last.click()

    expect(page.get_by_role("heading", level=1)).to_have_text("Ingenting var känt om det här då")
    page.get_by_role("button", name="Visa som det är nu").click()
    expect(page.locator(".figures .main")).to_contain_text("1 av 4 granskade")


@pytest.mark.parametrize("account", ["board", "reviewer-01", "ops"])
def test_the_audit_is_for_auditors_and_coordinators(signed_in, account):
    page = signed_in(account)
    for path in ("/audit", "/audit/trail", "/audit/replay", "/audit/checkpoints", "/audit/trail/sampler/1"):
        answer = page.goto(path)
        assert answer is not None
        assert answer.status == 403


def addresses(corrected: Corrected) -> list[str]:
    point = corrected.cases.control_point
    return [
        "/audit",
        "/audit/trail",
        f"/audit/trail?case={corrected.case}&draw={corrected.cases.items[0].draw}",
        "/audit/trail?from=x",
        "/audit/trail/sampler/1",
        "/audit/replay",
        "/audit/replay/result?period=2021-03&run=looked-at",
        "/audit/checkpoints",
        "/audit/bundle",
        "/operations",
        f"/statistics/{point}?{QUARTER}&{corrected.moment}",
        f"/dashboard?year=2021&{corrected.moment}",
        f"/reports?{corrected.moment}",
    ]


@pytest.mark.parametrize("language", ["sv", "en"])
def test_axe_finds_nothing_and_nothing_scrolls_sideways(auditor, corrected, pytestconfig, language):
    page = auditor(f"/?lang={language}")
    folder: Path | None = pytestconfig.getoption("--pictures") if language == "sv" else None
    for number, path in enumerate(addresses(corrected)):
        page.goto(path)
        for theme, width in (("light", 320), ("dark", 360), ("light", 768), ("dark", 1440), ("light", 1440)):
            page.emulate_media(color_scheme=theme, reduced_motion="reduce")
            page.set_viewport_size({"width": width, "height": 900})
            assert page.evaluate(SIDEWAYS) == 0, (path, width)
            if width in {320, 1440}:
                found = Axe().run(page)
                assert found.violations_count == 0, (path, theme, width, found.generate_report())
            if folder is not None:
                page.screenshot(path=folder / f"audit-{number}-{width}-{theme}.png", full_page=True)


def test_the_pages_break_no_policy(auditor, corrected):
    page = auditor("/")
    complaints: list[str] = []
    page.on("console", lambda message: complaints.append(message.text))

    for path in addresses(corrected):
        if "from=x" not in path:
            page.goto(path)

    assert complaints == []
