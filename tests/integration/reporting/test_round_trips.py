"""What each question to reporting costs its database, counted on the wire, and what hearing a batch of events does."""

import pytest

from stickprov_reporting.adapters.sql.migrations import FOLDERS
from support.projected import reporting_on
from support.report_scenes import PLAN, plan_of_the_document
from support.reporting import JANUARY_TO_MARCH, POINT, TwoLogs, corrected, defined, month_of_document
from support.reporting_service import running_reporting
from support.round_trips import PINNED, Cost, cost_of, let_only_commands_work
from support.wire import counting_door

QUARTER = {"from": "2021-01-01", "to": "2021-04-01"}
MARCH = {"from": "2021-03-01", "to": "2021-04-01"}
EARLIER = {"sampler_position": 510, "findings_position": 400}
JANUARY = {"against_from": "2021-01-01", "against_to": "2021-02-01"}


class Counter:
    """Asks each question three times and keeps what it cost."""

    def __init__(self, service, door):
        self.service, self.door = service, door
        self.found = {}

    async def read(self, name, path, who="auditor", **query):
        """Count a question."""
        one = lambda: self.service.get(f"/v1/{path}", who=who, **query)  # noqa: E731
        self.found[name] = await cost_of(self.door, one, one, one)


@pytest.fixture
async def counter(new_database, short_folder, free_port, monkeypatch):
    """The service behind a counting door, when it has heard of a quarter of 509 reviewed cases."""
    let_only_commands_work(monkeypatch)
    database, logs = await new_database(*FOLDERS), TwoLogs()
    events = [event for count in JANUARY_TO_MARCH for event in month_of_document(count)]
    async with counting_door(database, short_folder) as door:
        async with reporting_on(door.database, logs) as reporting:
            await reporting.hear(defined(categories=["deposit"]), *events, *plan_of_the_document(logs.notes))
            heard = await hearing(reporting, door)
        where = f"127.0.0.1:{free_port()}"
        async with running_reporting(door.database, short_folder, where, logs=logs, wait_ready=False) as service:
            await door.is_quiet()
            found = Counter(service, door)
            found.found |= heard
            yield found


async def hearing(reporting, door):
    """Count what hearing fifty corrections at once costs, and what hearing one does."""
    costs = {}
    for name, each in (("hear one event", 1), ("hear fifty events at once", 50)):
        found = []
        for batch in range(2):
            told = range(batch * each, (batch + 1) * each)
            month = "2021-01" if each == 1 else "2021-03"
            await reporting.logs.say(*(corrected(month, f"{month} {number}", remark=True) for number in told))
            deliveries = await reporting.logs.news("findings")
            async with door.counting() as wire:
                await reporting.inboxes["findings"].receive(deliveries)
            found.append(Cost(len(wire.statements), wire.round_trips))
        assert found[0] == found[1]
        costs[name] = found[0]
    return costs


async def test_each_question_costs_what_is_pinned(counter):
    read, format_ = counter.read, {"format": "html"}
    await read("the control points", "control-points")
    await read("a quarter's statistic", f"statistics/{POINT}", **QUARTER)
    await read("a statistic as it was at an earlier moment", f"statistics/{POINT}", **QUARTER, **EARLIER)
    await read("a trend by month", f"trends/{POINT}", by="month", **QUARTER)
    await read("the difference of two periods", f"differences/{POINT}", **MARCH, **JANUARY)
    await read("the dashboard", "dashboard", year=2021)
    await read("the cases behind a number", f"cases/{POINT}", remark=True, **QUARTER)
    await read("the board's form", "reports/standard-form", control_point=POINT, **QUARTER, **format_)
    await read("a plan's status as a report", "reports/plan-status", plan=PLAN, **format_)
    await read("a page of the trail", "audit/trail", limit=50)
    await read("how far the logs are heard", "logs")
    await read("the replay of a quarter with 1,040 events", "audit/replay", control_point=POINT, **QUARTER)
    assert counter.found == PINNED["reporting"]
