"""Whatever a client sends, allowed or not, reporting has an answer and no fault of its own."""

from stickprov_reporting.adapters.sql.migrations import FOLDERS
from support.any_request import AnyRequest
from support.reporting import JANUARY_TO_MARCH, POINT, defined, month_of_document
from support.reporting_service import running_reporting


async def test_no_request_leads_to_a_fault_of_reporting(new_database, tmp_path, free_port):
    async with running_reporting(await new_database(*FOLDERS), tmp_path, f"127.0.0.1:{free_port()}") as service:
        await service.hear(defined(categories=["deposit"]), *month_of_document(JANUARY_TO_MARCH[0]))
        asking_anything = AnyRequest(service.client, service.issuer, {"control_point": POINT, "source": "sampler"})
        await asking_anything.send_all()
    assert asking_anything.faults == []
    assert {200, 404, 422} <= set(asking_anything.answered)
