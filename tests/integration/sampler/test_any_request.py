"""Whatever a client sends, allowed or not, the sampler has an answer and no fault of its own."""

from support.any_request import AnyRequest


async def test_no_request_leads_to_a_fault_of_the_sampler(sampler):
    await sampler.define()
    frame = await sampler.freeze("Ärende;Barn\n" + "".join(f"{number};2\n" for number in range(20)))
    draw = await sampler.drawn(n=4)
    (case, *_) = await sampler.cases(draw["draw"])
    known = {
        "control_point": "AMF-2021-4",
        "frame": frame["frame"],
        "draw": draw["draw"],
        "case": case["case"],
    }
    # Who a drawn case is depends on findings, which does not run here.
    asking_anything = AnyRequest(sampler.client, sampler.issuer, known, away=frozenset({"unavailable"}))
    await asking_anything.send_all()
    assert asking_anything.faults == []
    assert {200, 404, 422} <= set(asking_anything.answered)
