"""What the sampler says becomes a queue, whatever happens on the way."""

import asyncpg
import pytest

from stickprov_findings.adapters.sql.projection import DrawnCases
from stickprov_findings.adapters.sql.questionnaires import Questionnaires
from stickprov_findings.adapters.sql.queue import CaseQueue, Selection
from stickprov_findings.adapters.sql.reviews import Reviews
from stickprov_findings.domain.review.state import Review
from stickprov_kernel.database.migrations import migrate
from stickprov_kernel.log.records import Incoming
from support.findings_service import FindingsService
from support.protections import nobody_protected
from support.reviews import CASE, DRAW, FEBRUARY, KEY, POINT, case_drawn, drawn, point_defined


async def listed(pool: asyncpg.Pool, **selection: object) -> list[str]:
    queue = await CaseQueue(pool, nobody_protected(pool)).page(
        Selection(**selection), "p9", None, 100, 0, cleared=False
    )
    return [item.case for item in queue.items]


async def load(service: FindingsService) -> Review | None:
    pool = service.pool
    reviews = Reviews(pool, service.sealing, Questionnaires(pool), nobody_protected(pool))
    record = await reviews.read(KEY, "p9", cleared=False)
    return record.review if record else None


async def test_a_case_that_was_heard_of_waits(service):
    await service.hear(point_defined(), case_drawn(handler="p1"))

    assert await load(service) == Review(drawn("p1"))


async def test_a_case_that_was_not_drawn_is_not_there(service):
    await service.hear(point_defined())

    assert await load(service) is None


async def test_a_case_may_be_heard_of_before_its_control_point(service):
    await service.hear(case_drawn())
    assert (await load(service)).case == drawn(categories=None)

    await service.hear(point_defined())
    assert (await load(service)).case == drawn()


async def test_a_case_drawn_for_two_control_points_has_two_reviews(service):
    await service.hear(point_defined(), point_defined("AMF-2021-4"), case_drawn(control_points=[POINT, "AMF-2021-4"]))

    assert await listed(service.pool) == [CASE, CASE]
    assert await listed(service.pool, control_point="AMF-2021-4") == [CASE]


async def test_the_queue_goes_by_period_month_stratum_and_order(service):
    await service.hear(
        case_drawn("0" * 64, period=FEBRUARY, month="2021-02", order=1),
        case_drawn("1" * 64, stratum="b", order=1),
        case_drawn("2" * 64, stratum="a", order=10),
        case_drawn("3" * 64, stratum="a", order=9),
    )

    assert await listed(service.pool) == ["3" * 64, "2" * 64, "1" * 64, "0" * 64]


async def test_a_control_point_defined_anew_has_its_new_categories(service):
    await service.hear(point_defined(), case_drawn(), point_defined(categories=frozenset({"untidy"})))

    assert (await load(service)).case == drawn(categories=frozenset({"untidy"}))


async def test_an_older_definition_that_comes_late_changes_nothing(service):
    [first] = await service.sampler.say(point_defined())
    [second] = await service.sampler.say(point_defined(categories=frozenset({"untidy"})))
    events = [Incoming(d.position, d.chain_hash, d.envelope, event) for d, event in (
        (second, point_defined(categories=frozenset({"untidy"}))),
        (first, point_defined()),
    )]  # fmt: skip

    async with service.pool.acquire() as connection:
        for event in events:
            await DrawnCases().apply(connection, [event])
        await DrawnCases().apply(connection, [_incoming(case_drawn(), first)])

    assert (await load(service)).case == drawn(categories=frozenset({"untidy"}))


async def test_applying_the_log_again_from_the_start_leaves_the_same_rows(service):
    said = [point_defined(), case_drawn("1" * 64, order=1, handler="p1"), case_drawn("2" * 64, order=2)]
    deliveries = await service.sampler.say(*said)
    await service.inbox.receive(deliveries)
    before = await _rows(service.pool)

    async with service.pool.acquire() as connection:
        await DrawnCases().apply(connection, [_incoming(*pair) for pair in zip(said, deliveries, strict=True)])

    assert before == await _rows(service.pool)
    assert [len(rows) for rows in before] == [2, 1]


async def test_what_does_not_concern_reviews_is_passed_over(service):
    from stickprov_contracts.events.sampler import SeedDrawn

    seed = SeedDrawn(draw=DRAW, frame=DRAW, frame_hash="0" * 64, frame_position=1, seed="1" * 20, origin="system")
    [delivery] = await service.sampler.say(case_drawn())

    async with service.pool.acquire() as connection:
        await DrawnCases().apply(connection, [_incoming(seed, delivery)])

    assert await listed(service.pool) == []


@pytest.mark.parametrize(
    "statement",
    [
        "DELETE FROM drawn_case",
        "DELETE FROM control_point",
        "UPDATE note SET sealed = ''",
        "UPDATE event SET type = ''",
    ],
)
async def test_the_services_role_can_do_no_more_than_it_needs(service, statement):
    with pytest.raises(asyncpg.InsufficientPrivilegeError):
        await service.pool.execute(statement)


async def test_migrating_twice_changes_nothing(service, database):
    from stickprov_findings.adapters.sql.migrations import FOLDERS

    assert await migrate(database.owner_url, database.service_role, FOLDERS) == []


def _incoming(event, delivery) -> Incoming:
    return Incoming(delivery.position, delivery.chain_hash, delivery.envelope, event)


async def _rows(pool: asyncpg.Pool) -> tuple[list[tuple], list[tuple]]:
    cases = await pool.fetch("SELECT * FROM drawn_case ORDER BY control_point, draw, case_id")
    points = await pool.fetch("SELECT * FROM control_point ORDER BY control_point")
    return [tuple(row) for row in cases], [tuple(row) for row in points]
