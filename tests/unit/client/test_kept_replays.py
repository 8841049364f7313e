"""A replay is shown again by its run, and only as what it was of."""

from datetime import UTC, date, datetime

import pytest

from stickprov_client.cli.replay_tables import print_replays
from stickprov_client.language.periods import DateRange
from stickprov_client.language.replays import keys_told, stage_told, verdict_named, verdict_told
from stickprov_client.language.service_messages import told
from stickprov_client.language.translations import LANGUAGES
from stickprov_client.web.auditing.replays import Replays
from stickprov_contracts.http.audit import PeriodReplay
from stickprov_contracts.http.progress import AuditStage

QUARTER = DateRange(date(2021, 1, 1), date(2021, 4, 1))
YEAR = DateRange(date(2021, 1, 1), date(2022, 1, 1))
NOW = datetime(2021, 5, 1, 12, tzinfo=UTC)


def outcome(verdict: str = "verified", figures: int = 0) -> PeriodReplay:
    return PeriodReplay(
        verdict=verdict,
        logs=[],
        statistics=[],
        figures_compared=figures,
        differences=[],
        digest_stored="",
        digest_replayed="",
    )


def test_a_run_is_found_again_with_what_came_of_it_and_when():
    replays = Replays(now=lambda: NOW)

    made = replays.keep("a", QUARTER, ["AMF-2021-3"], outcome("different"))

    assert replays.find("a", QUARTER, ["AMF-2021-3"]) == made
    assert (made.outcome.verdict, made.time) == ("different", NOW)


def test_a_run_of_something_else_is_made_anew():
    replays = Replays()
    replays.keep("a", QUARTER, [], outcome())

    assert replays.find("a", YEAR, []) is None
    assert replays.find("a", QUARTER, ["AMF-2021-3"]) is None
    assert replays.find("b", QUARTER, []) is None


def test_the_newest_is_told_and_the_oldest_are_forgotten():
    replays = Replays()
    assert replays.newest() is None

    for number in range(30):
        replays.keep(str(number), QUARTER, [], outcome())

    run, _made = replays.newest() or ("", None)
    assert run == "29"
    assert replays.find("9", QUARTER, []) is None
    assert replays.find("10", QUARTER, []) is not None


def test_a_stage_is_told_with_how_far_it_is():
    stage = AuditStage(stage="verifying", source="findings", done=12_000, of=50_000)

    assert stage_told(stage, "sv") == "Verifierar loggen från findings: 12\u00a0000 av 50\u00a0000 händelser"
    assert stage_told(AuditStage(stage="folding", done=3), "en") == "Folding the figures again: 3 events"


def test_every_verdict_and_every_stage_has_words():
    for language in LANGUAGES:
        for verdict in ("verified", "different", "unreachable"):
            assert verdict_told(outcome(verdict, 3), language) != verdict_named(verdict, language)
        for stage in ("verifying", "folding", "comparing"):
            assert "{" not in stage_told(AuditStage(stage=stage, source="sampler", done=1, of=2), language)
        assert keys_told("configured", language) != keys_told("source", language)
    assert keys_told("configured", "sv") == "med nycklar som rapporteringen har konfigurerats att lita på"


def test_logs_that_are_whole_without_a_figure_to_compare_are_not_told_to_give_the_same_figures():
    assert verdict_told(outcome(figures=0), "sv") == (
        "Loggarna är hela, men ingen siffra jämfördes: inget är draget mellan de här datumen."
    )
    assert verdict_told(outcome(figures=1), "sv") == "Verifierat: loggarna är hela och ger samma siffror."
    assert verdict_told(outcome("different"), "en").startswith("Different:")


@pytest.mark.parametrize(("figures", "headline"), [(0, "no figure was compared"), (4, "give the same figures")])
def test_the_command_ends_with_the_same_headline(figures, headline, capsys):
    print_replays(outcome(figures=figures), "en")

    assert headline in " ".join(capsys.readouterr().out.split())


def test_what_a_source_found_in_its_own_tables_is_told_in_swedish():
    own = "Table event, position 49, column data: it is not what was hashed when the event got its place."
    found = f"the source's own tables: {own}"

    assert told(found, "sv") == f"källans egna tabeller: {told(own, 'sv')}"
    assert told(own, "sv") != own
