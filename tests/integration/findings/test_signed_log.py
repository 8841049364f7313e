"""Findings signs its log when it hears that a period was closed."""

from stickprov_kernel.http.identity import require
from stickprov_kernel.log.feed import feed_router
from support.api import Api
from support.findings_service import FindingsService, running_findings
from support.notes import key_file, signing_key
from support.protections import ToldProtections, protections_router
from support.reviews import Sampler, case_drawn, period_closed, point_defined
from support.serving import serving
from support.tokens import issuer
from support.waiting import eventually

ORIGIN = "stickprov.local/findings"


async def signed_for_closing(service: FindingsService) -> list[int]:
    told = (await service.get("/v1/checkpoints", who="auditor")).json()
    return [one["size"] for one in told["checkpoints"] if one["reason"] == "period-closed"]


async def test_what_was_found_in_a_period_is_signed_when_it_is_closed(database, tmp_path, free_port):
    sampler, signer = Sampler(), issuer()
    await sampler.say(point_defined(), case_drawn())
    told = protections_router(ToldProtections())
    feed = Api(router=feed_router("sampler", sampler.log, require), issuer=signer, also=[told]).build()
    keys = {"checkpoint_key": key_file(tmp_path), "checkpoint_minutes": 1000.0, "reconcile_seconds": 0.2}
    with serving(feed) as url:
        bootstrap = f"127.0.0.1:{free_port()}"
        async with running_findings(database, tmp_path, bootstrap, signer=signer, sampler_url=url, **keys) as service:
            await eventually(lambda: _heard_of_the_case(service), what="the case's arrival")
            assert (await service.post("finding", {"remark": False})).status_code == 201
            await eventually(lambda: _placed(service), what="the finding's place")
            await sampler.say(period_closed())

            async def signed() -> bool:
                return await signed_for_closing(service) == [1]

            await eventually(signed, what="the checkpoint")
            told = (await service.get("/v1/checkpoints", who="auditor")).json()

    assert told["origin"] == ORIGIN
    assert [key["verifier_key"] for key in told["keys"]] == [signing_key(ORIGIN).verifier.text]


async def _heard_of_the_case(service: FindingsService) -> bool:
    return (await service.get_review()).status_code == 200


async def _placed(service: FindingsService) -> bool:
    return (await service.get("/v1/log/head", who="auditor")).json()["position"] == 1
