"""A period replayed: every statistic at once, with what the sources say of themselves, and its stages told."""

import json
from dataclasses import dataclass, field
from datetime import date

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from stickprov_contracts.http.audit import PeriodReplay
from stickprov_contracts.http.checkpoints import Checkpoints, LogVerification
from stickprov_contracts.http.progress import NDJSON, AuditStage, Outcome
from stickprov_kernel.errors import NotFoundError
from stickprov_kernel.log.checkpoint_note import TreeHead
from stickprov_kernel.log.feed import FeedUnavailableError
from stickprov_kernel.log.memory import MemoryStore
from stickprov_kernel.log.notes import SigningKey, VerifierKey, sign
from stickprov_reporting.adapters.sql.replay import Replayer, TrustedKeysUnreadableError
from stickprov_reporting.domain.statistics.statistic import DateRange
from support.projected import Reporting
from support.reporting import POINT, MonthCount, case_drawn, defined, month_of_document, month_period, recorded, sample
from support.reporting_service import running_reporting

YEAR = DateRange(date(2021, 1, 1), date(2022, 1, 1))
OTHER = "AMF-2021-4"
SMALL = MonthCount("2021-01", 100, 5, 2)


@dataclass
class Source:
    """A source that answers from what it is given; None is a source that is too old to be asked."""

    name: str
    store: MemoryStore
    signer: SigningKey
    checkpointed: bool = True
    own: str | None = "verified"
    away: bool = False
    asked: list[str] = field(default_factory=list)

    async def checkpoints(self) -> Checkpoints | None:
        if self.away:
            raise FeedUnavailableError("away")
        if not self.checkpointed:
            return None
        head = await self.store.head()
        note = sign(TreeHead(self.signer.name, head.position, head.root).text, [self.signer]).decode()
        told = {"source": self.name, "origin": self.signer.name}
        one = {"size": head.position, "root": head.root.hex(), "time": "2021-01-31T00:00:00Z", "reason": "asked"}
        keys = [{"verifier_key": self.signer.verifier.text, "adopted": "2021-01-31T00:00:00Z", "handover": None}]
        return Checkpoints.model_validate({**told, "keys": keys, "checkpoints": [{**told, **one, "note": note}]})

    async def verification(self) -> LogVerification | None:
        self.asked.append("verification")
        if self.own is None:
            return None
        return LogVerification.model_validate(
            {
                "source": self.name,
                "verdict": self.own,
                "events": 1,
                "checkpoints": 1,
                "chain_hash": "0" * 64,
                "root": "0" * 64,
                "first_difference": None if self.own == "verified" else "table ledger, position 2",
            }
        )


@pytest.fixture
async def two_points(reporting: Reporting) -> Reporting:
    """One control point in January, and another in February that is reviewed less."""
    february = [
        sample("b", [("", "2021-02", 50, 2)], month_period("2021-02"), points=[OTHER]),
        case_drawn("b", "x", "2021-02", points=[OTHER]),
        recorded("b", "x", point=OTHER),
    ]
    await reporting.hear(defined(), defined(OTHER), *month_of_document(SMALL), *february)
    return reporting


def sources(reporting: Reporting) -> dict[str, Source]:
    return {
        source: Source(source, store, SigningKey(f"test/{source}", Ed25519PrivateKey.generate()))
        for source, store in reporting.logs.stores.items()
    }


def replayer(reporting: Reporting, told: dict[str, Source], trusted=None) -> Replayer:
    return Replayer(reporting.pool, reporting.logs.feeds, reporting.readings.turn, told, lambda: trusted)


async def replays(reporting: Reporting, told=None, *, points=(), dates=YEAR, stages=None, trusted=None) -> PeriodReplay:
    tell = stages.append if stages is not None else (lambda _stage: None)
    return await replayer(reporting, told or sources(reporting), trusted).replays(points, dates, tell)


async def test_every_control_point_with_a_draw_in_the_range_is_compared(two_points):
    year = await replays(two_points)
    january = await replays(two_points, dates=DateRange(date(2021, 1, 1), date(2021, 2, 1)))
    nothing = await replays(two_points, dates=DateRange(date(2019, 1, 1), date(2020, 1, 1)))

    assert [(one.control_point, one.verdict) for one in year.statistics] == [(POINT, "verified"), (OTHER, "verified")]
    assert year.figures_compared == sum(one.figures_compared for one in year.statistics) > 100
    assert [one.control_point for one in january.statistics] == [POINT]
    assert (nothing.statistics, nothing.verdict) == ([], "verified")
    assert year.digest_stored == year.digest_replayed == nothing.digest_stored


async def test_a_changed_figure_is_named_under_its_control_point(two_points):
    await two_points.tamper(f"UPDATE cell SET value = 9 WHERE indicator = 'reviewed' AND control_point = '{OTHER}'")

    found = await replays(two_points)

    assert found.verdict == "different"
    assert [(one.control_point, one.verdict) for one in found.statistics] == [(POINT, "verified"), (OTHER, "different")]
    assert [difference.figure.split()[0] for difference in found.differences] == ["cell"]


async def test_only_what_is_asked_for_is_compared_and_it_must_be_known(two_points):
    assert [one.control_point for one in (await replays(two_points, points=[OTHER])).statistics] == [OTHER]
    with pytest.raises(NotFoundError, match="AMF-2021-9"):
        await replays(two_points, points=["AMF-2021-9"])


async def test_checkpoints_and_the_sources_own_tables_are_told_of(two_points):
    told = sources(two_points)

    found = await replays(two_points, told)
    trusted = await replays(two_points, told, trusted=[one.signer.verifier for one in told.values()])

    assert [(log.checkpoints, log.keys, log.own) for log in found.logs] == [(1, "source", "verified")] * 2
    assert [(log.checkpoints, log.keys, log.own) for log in trusted.logs] == [(1, "configured", "verified")] * 2


async def test_a_source_of_an_older_release_has_nothing_to_say_of_itself(two_points):
    told = sources(two_points)
    for source in told.values():
        source.checkpointed, source.own = False, None

    found = await replays(two_points, told)

    assert (found.verdict, [(log.checkpoints, log.keys, log.own) for log in found.logs]) == (
        "verified",
        [(0, None, None)] * 2,
    )


async def test_a_source_whose_own_tables_differ_is_different(two_points):
    told = sources(two_points)
    told["findings"].own = "different"

    found = await replays(two_points, told)

    assert (found.verdict, [log.verdict for log in found.logs]) == ("different", ["verified", "different"])
    assert found.logs[1].first_difference == "the source's own tables: table ledger, position 2"


async def test_a_source_that_does_not_say_what_it_signed_is_not_verified(two_points):
    told = sources(two_points)
    told["sampler"].away = True

    assert (await replays(two_points, told)).verdict == "unreachable"


async def test_one_replay_of_one_control_point_does_not_read_the_sources_tables(two_points):
    told = sources(two_points)

    found = await replayer(two_points, told).replay(POINT, YEAR)

    assert (found.verdict, [log.own for log in found.logs]) == ("verified", [None, None])
    assert [source.asked for source in told.values()] == [[], []]


async def test_stages_tell_of_every_log_and_end_at_the_whole(two_points):
    stages: list[AuditStage] = []

    await replays(two_points, stages=stages)

    last = {(stage.stage, stage.source): (stage.done, stage.of) for stage in stages}
    heads = {source: (await store.head()).position for source, store in two_points.logs.stores.items()}
    assert last["verifying", "sampler"] == (heads["sampler"],) * 2
    assert last["verifying", "findings"] == (heads["findings"],) * 2
    assert last["folding", None] == (2, 2)
    assert last["comparing", None][0] == last["comparing", None][1] > 10
    order = [stage.stage for stage in stages]
    assert order == sorted(order, key=["verifying", "folding", "comparing"].index)


async def test_it_is_served_with_its_stages_line_by_line(new_database, tmp_path, free_port):
    async with running_reporting(await new_database(), tmp_path, f"127.0.0.1:{free_port()}") as service:
        await service.hear(defined(), *month_of_document(SMALL))
        query = {"from": "2021-01-01", "to": "2022-01-01"}
        whole = await service.get("/v1/audit/replays", who="auditor", **query)
        headers = service.signed_in("auditor") | {"Accept": NDJSON}
        lines = (await service.client.get("/v1/audit/replays", params=query, headers=headers)).text.splitlines()
        refused = [(await service.get("/v1/audit/replays", who=who, **query)).status_code for who in ("board", "ops")]

    found = PeriodReplay.model_validate_json(whole.content)
    assert (found.verdict, [log.own for log in found.logs]) == ("verified", [None, None])
    outcome = Outcome.model_validate_json(lines[-1])
    assert (outcome.status, PeriodReplay.model_validate(outcome.answer)) == (200, found)
    assert {json.loads(line)["stage"] for line in lines[:-1]} == {"verifying", "folding", "comparing"}
    assert refused == [403, 403]


async def test_trusted_keys_that_cannot_be_read_any_more_are_no_reason_to_trust_others(two_points):
    def gone() -> list[VerifierKey] | None:
        raise FileNotFoundError("keys.txt")

    told = sources(two_points)
    lost = Replayer(two_points.pool, two_points.logs.feeds, two_points.readings.turn, told, gone)

    with pytest.raises(TrustedKeysUnreadableError):
        await lost.replays([], YEAR, lambda _stage: None)
