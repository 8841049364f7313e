"""The controls of the board's documents from their files: plans, questionnaires and registers in, draws out."""

from collections.abc import Iterator
from itertools import cycle, islice
from pathlib import Path

import yaml

from stickprov_client.api import Services
from stickprov_client.api.findings import ReviewKey
from stickprov_client.api.sampler import upload_of
from stickprov_client.documents.plan_file import read_plan
from stickprov_client.documents.questionnaire_file import questionnaire_in
from stickprov_client.documents.yaml_document import read_document
from stickprov_contracts.http.findings import QueueItem
from stickprov_contracts.http.plans import ListedPerson, ListStaff
from stickprov_contracts.http.sampler import Draw, FrameOptions, MakeDraw
from support.waiting import eventually

SEEDS = Path("tests/seeds")


async def publish(services: Services, year: str, staff: dict[str, str]) -> None:
    """Publish the questionnaires of a document, adopt its plan and list the staff, by unit."""
    for file in sorted((SEEDS / "questionnaires").glob(f"{year[:3]}-*.yaml")):
        read = questionnaire_in(read_document(file))
        await services.plans.publish(read.questionnaire, read.content)
    plan = read_plan(SEEDS / "plans" / f"{year}.yaml")
    assert (await services.plans.adopt(plan.plan, plan.content)).warnings == []
    people = [ListedPerson(sign_in=name, unit=unit) for unit, name in staff.items()]
    await services.plans.list_staff(ListStaff(staff=people))


async def draws_of(services: Services, folder: Path, name: str) -> list[Draw]:
    """Freeze the frames of a document's control and make its draws."""
    control = yaml.safe_load((SEEDS / "draws" / f"{name}.yaml").read_text(encoding="utf-8"))
    for number, frame in enumerate(control["frames"]):
        register = folder / f"{name}-{number}.csv"
        register.write_text("\n".join(rows_of(frame.pop("register"))), encoding="utf-8")
        await services.sampler.freeze(upload_of(register, FrameOptions(**frame)))
    return [await services.sampler.make_draw(MakeDraw(**draw["request"])) for draw in control["draws"]]


def rows_of(groups: list[dict]) -> Iterator[str]:
    """Yield a register's lines. A column's values take turns; a number stands for so many of them."""
    columns = [name for name in groups[0] if name != "count"]
    yield ";".join(["Id", *columns])
    for number, group in enumerate(groups):
        names = [group[one] if isinstance(group[one], list) else range(group[one]) for one in columns]
        values = zip(*map(cycle, names), strict=True) if names else cycle([()])
        for unit, row in enumerate(islice(values, group["count"])):
            yield ";".join([f"{number}-{unit:05}", *map(str, row)])


async def cases_of(services: Services, point: str, count: int) -> list[QueueItem]:
    """Return the drawn cases of a control point, in the draw's order, when findings has heard of all."""

    async def heard() -> bool:
        return (await services.findings.queue(control_point=point, limit=1)).total == count

    await eventually(heard, bound=60, what=f"findings' hearing of {count} cases")
    return (await services.findings.queue(control_point=point, limit=min(count, 500))).items


def key_of(item: QueueItem) -> ReviewKey:
    """Return what names a task's review."""
    return ReviewKey(item.draw, item.control_point, item.case, item.purpose)
