"""What the heading of a reviewer's queue counts."""

from uuid import UUID

from stickprov_client.web.reviewing.queue_page import under_way_of
from stickprov_contracts.http.findings import QueueItem

LAST_YEARS, THIS_YEARS, CLOSED = UUID(int=1), UUID(int=2), UUID(int=3)


def case(name: str, draw: UUID, status: str, closed: str | None = None) -> QueueItem:
    return QueueItem(
        draw=draw, control_point="VON-1", case=name, month="2022-03", stratum="", order=1, handler=None, status=status,
        version=0, closed=closed,
    )  # fmt: skip


def test_a_draw_with_nothing_left_is_not_counted_with_one_that_is_at_work():
    items = [
        case("a", LAST_YEARS, "reviewed"),
        case("b", THIS_YEARS, "waiting"),
        case("c", THIS_YEARS, "over-coverage"),
        case("d", CLOSED, "waiting", closed="2021"),
    ]

    assert [item.case for item in under_way_of(items)] == ["b", "c"]
