"""A case that gave way to a spare leaves the queue, and nobody can record a finding for it."""

import pytest

from stickprov_contracts.events.draws import CaseReplaced
from stickprov_findings.adapters.sql.projection import DrawnCases
from stickprov_findings.adapters.sql.questionnaires import Questionnaires
from stickprov_findings.adapters.sql.queue import CaseQueue, Selection
from stickprov_findings.adapters.sql.reviews import Reviews
from stickprov_findings.domain.review.commands import RecordFinding
from stickprov_findings.domain.review.decide import decide
from stickprov_findings.domain.review.refusals import CaseReplacedError
from stickprov_kernel.log.records import Incoming
from support.protections import nobody_protected
from support.reviews import CASE, DRAW, KEY, POINT, case_drawn, found, point_defined

SPARE = "cd" * 32
REPLACED = CaseReplaced(
    draw=DRAW,
    case=CASE,
    replacement=SPARE,
    control_points=[POINT],
    stratum="",
    month="2021-01",
    reason="closed",
)


async def hear_replacement(service):
    async with service.pool.acquire() as connection, connection.transaction():
        await DrawnCases().apply(connection, [Incoming(1, bytes(32), None, REPLACED)])


@pytest.mark.parametrize("first", ["the case", "the replacement"])
async def test_a_replaced_case_is_out_of_the_queue_whatever_is_heard_first(service, first):
    if first == "the replacement":
        await hear_replacement(service)
    await service.hear(point_defined(), case_drawn(handler="p1"), case_drawn(SPARE, handler="p1", order=2))
    if first == "the case":
        await hear_replacement(service)

    queue = CaseQueue(service.pool, nobody_protected(service.pool))
    assert [item.case for item in (await queue.page(Selection(), "p1", None, 10, 0, cleared=False)).items] == [SPARE]
    assert (await queue.next_for("p1", None, None, cleared=False)).case == SPARE


async def test_a_finding_for_a_replaced_case_is_refused_in_words(service):
    await service.hear(point_defined(), case_drawn())
    await hear_replacement(service)

    pool = service.pool
    reviews = Reviews(pool, service.sealing, Questionnaires(pool), nobody_protected(pool))
    record = await reviews.read(KEY, "p1", cleared=False)
    with pytest.raises(CaseReplacedError) as caught:
        decide(RecordFinding(KEY, "p1", found(remark=False)), record.review)

    assert f"A spare, {SPARE[:12]}..., was drawn in place of this case" in caught.value.detail
