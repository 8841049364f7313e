"""The commands of a draw against a whole stack, and one draw that serves two control points from draw to statistics."""

import asyncio
import json
from datetime import date
from uuid import UUID

import duckdb
import pytest

from stickprov_client.api import discover, open_services
from stickprov_contracts.http.sampler import MakeDraw
from support.waiting import wait_until

POINTS = ("AMF-2021-41", "AMF-2021-51")
FRAME = "Anvisningar maj och juni 2021"

PLAN = """\
plan: AMF-2021-DRAWS
year: 2021
board: Socialnämnden
control_points:
  - {control_point: AMF-2021-41, number: "4", area: AMF, measure: Ett trepartsmöte hålls, unit_name: anvisning,
     categories: [{id: no-meeting, sv: Inget möte, en: No meeting}]}
  - {control_point: AMF-2021-51, number: "5", area: AMF, measure: En handlingsplan upprättas, unit_name: anvisning,
     categories: [{id: no-plan, sv: Ingen plan, en: No plan}]}
"""
REGISTER = "Anvisning;Datum;Handläggare\n" + "".join(
    f"{number:04};2021-{5 + number % 2:02}-10;reviewer-06\n" for number in range(60)
)
BY_MONTH = {"design": "stratified", "stratify_by": "month"}


@pytest.fixture(scope="module")
def stickprov(played_stack):
    """Run a command and return what it printed; it must end well."""

    def run(*words, **options):
        ended = played_stack.stickprov(*words, **options)
        assert ended.returncode == 0, ended.stderr
        return ended.stdout

    return run


@pytest.fixture(scope="module")
def ask(played_stack):
    """Ask the services themselves, for what a test needs beside its commands."""

    def answer(question, who="coordinator"):
        async def signed():
            token = played_stack.token_file(who).read_text()
            async with open_services(await discover(played_stack.url), lambda: token) as services:
                return await question(services)

        return asyncio.run(signed())

    return answer


@pytest.fixture
def cases_of(ask):
    return lambda draw: ask(lambda services: services.sampler.cases(draw))


@pytest.fixture(scope="module", autouse=True)
def frame(stickprov, tmp_path_factory):
    folder = tmp_path_factory.mktemp("draws")
    (folder / "plan.yaml").write_text(PLAN, encoding="utf-8")
    (folder / "register.csv").write_text(REGISTER, encoding="utf-8")
    stickprov("plan", "import", str(folder / "plan.yaml"))
    reading = ("--point", POINTS[0], "--period", "2021-05-01/2021-07-01", "--month", "Datum", "--name", FRAME)
    told = stickprov("frame", "import", str(folder / "register.csv"), *reading, "--handler", "Handläggare", "--json")
    return json.loads(told)["frame"]


@pytest.fixture
def drawn(ask):
    def make(**options):
        request = MakeDraw.model_validate({"frame": FRAME, **options})
        return str(ask(lambda services: services.sampler.make_draw(request)).draw)

    return make


def words_of(text):
    return " ".join(text.replace("\N{NO-BREAK SPACE}", " ").split())


def test_a_preview_shows_allocation_precision_and_what_to_think_of_and_makes_no_draw(stickprov, ask):
    before = ask(lambda services: services.sampler.draws())
    options = ("--stratify-by", "month", "--allocate", "2021-05=1", "--allocate", "2021-06=10")
    told = words_of(stickprov("draw", "preview", FRAME, *options, "--expected", "0.2", language="sv"))
    assert "Stratifierat urval: n = 11 / N = 60" in told
    assert "2021-06 30 10" in told
    assert "! Ett stratum med ett draget ärende har ingen varians: dra minst 2. (2021-05)" in told
    found = json.loads(stickprov("draw", "preview", FRAME, "--n", "30", "--expected", "0.2", "--json"))
    assert round(found["half_width"], 4) == 0.1021  # 1.96 sqrt((1 - 30/60) 0.2 * 0.8 / 30 * 60/59)
    assert ask(lambda services: services.sampler.draws()) == before


def test_a_draw_is_extended_by_the_next_tickets_of_a_month(stickprov, drawn, cases_of):
    draw = drawn(**BY_MONTH, per_stratum=2)
    before = [case.case for case in cases_of(draw)]
    assert words_of(stickprov("draw", "extend", draw, "--allocate", "2021-06=3")).count("Added later 3") == 1
    cases = cases_of(draw)
    assert [case.case for case in cases][:4] == before
    assert [(case.month, case.came_as) for case in cases][4:] == [("2021-06", "extension")] * 3
    assert {case.inclusion_probability for case in cases} == {2 / 30, 5 / 30}
    assert stickprov("draw", "verify", draw).endswith("Verified: the same cases come out again.\n")


def test_what_cannot_be_extended_is_told_by_its_option(played_stack, drawn):
    ended = played_stack.stickprov("draw", "extend", drawn(n=3), "--n", "58")
    assert ended.returncode == 2
    assert "57 left, fewer than 58" in words_of(ended.stderr)


def test_a_case_is_replaced_with_a_note_that_is_shown_on_request(stickprov, ask, drawn, cases_of):
    draw = drawn(n=3)
    case = cases_of(draw)[0].case
    because = ("--reason", "conflict-of-interest", "--note", "Granskarens granne")
    told = stickprov("draw", "replace", draw, case[:12], *because, language="sv")
    assert told.splitlines()[0] == f"Ut: {case}"
    shown = words_of(stickprov("draw", "show", draw, "--replacements", language="sv"))
    assert "Jäv Granskarens granne" in shown
    (replaced,) = ask(lambda services: services.sampler.replacements(draw))
    assert told.splitlines()[1] == f"I stället: {replaced.replacement}"


@pytest.mark.parametrize(
    ("words", "named"),
    [(("xyz", "--reason", "closed"), "CASE"), (("abcdef123456", "--reason", "closed"), "abcdef123456")],
)
def test_a_case_that_the_draw_does_not_have_is_told(played_stack, drawn, words, named):
    ended = played_stack.stickprov("draw", "replace", drawn(n=3), *words)
    assert (ended.returncode, named in ended.stderr) == (2, True)


def test_a_secret_seed_is_pending_then_revealed_and_verified(played_stack, stickprov, drawn):
    draw = drawn(n=5, secret=True)
    assert "Väntar: fröet är hemligt tills det visas." in stickprov("draw", "verify", draw, language="sv")
    refused = played_stack.stickprov("draw", "sql", draw)
    assert (refused.returncode, "still secret" in words_of(refused.stderr)) == (2, True)
    assert stickprov("draw", "reveal", draw).startswith("Seed: ")
    told = stickprov("draw", "verify", draw, language="sv")
    assert "✓ fröet är det som förseglades" in told
    assert told.endswith("Verifierat: samma ärenden kommer fram igen.\n")
    again = played_stack.stickprov("draw", "reveal", draw)
    assert (again.returncode, "no secret" in words_of(again.stderr)) == (2, True)


def test_the_sql_draws_the_same_cases_beside_the_frame_file(played_stack, stickprov, drawn, cases_of, frame, tmp_path):
    draw = drawn(**BY_MONTH, allocate="proportional", n=8)
    (file,) = played_stack.data.rglob(f"{frame['frame_hash'][2:]}.parquet")
    (tmp_path / f"{frame['frame_hash']}.parquet").write_bytes(file.read_bytes())
    with duckdb.connect() as connection:
        connection.execute(f"SET file_search_path = '{tmp_path}'")
        rows = connection.execute(stickprov("draw", "sql", draw)).fetchall()
    assert [row[0] for row in rows] == [case.case for case in cases_of(draw)]


def test_one_draw_serves_two_control_points_and_each_sees_its_cases_once(stickprov, ask, cases_of):
    options = ("--stratify-by", "month", "--per-stratum", "2", "--point", POINTS[0], "--point", POINTS[1])
    draw = json.loads(stickprov("draw", "make", FRAME, *options, "--json"))["draw"]
    cases = [case.case for case in cases_of(draw)]

    def waiting(point):
        return ask(lambda services: services.findings.queue(control_point=point, draw=UUID(draw))).total

    wait_until(
        lambda: [waiting(point) for point in POINTS] == [4, 4], what="findings hears of four cases for each point"
    )
    for point, remark in zip(POINTS, (["--remark", "--category", "no-meeting"], ["--no-remark"]), strict=True):
        stickprov("submit", f"{draw}/{point}/{cases[0]}", *remark, who="reviewer-06")

    def counted(point):
        return ask(lambda services: services.reporting.statistics(point, date(2021, 5, 1), date(2021, 7, 1))).total

    def reviews():
        return [(counted(point).reviewed, counted(point).remarks) for point in POINTS]

    wait_until(lambda: reviews() == [(1, 1), (1, 0)], what="reporting hears of both reviews")
    assert (counted(POINTS[1]).size, counted(POINTS[1]).drawn) == (60, 4)
