"""Erasing in a sampler of its own: a small register, and ways to ask."""

from support.draws import post

POINT = "AMF-2021-4"
REGISTER = "Ärende;Namn;Personnummer\n" + "\n".join(
    f"{number};Namn {number};{personal}"
    for number, personal in (
        (101, "811228-9874"),
        (102, "670919-9530"),
        (103, "121212-1212"),
        (104, "900118-9811"),
        (105, "640823-3234"),
    )
)
OPTIONS = {"unit_id_column": "Ärende", "identity_columns": ["Namn"], "personal_number_column": "Personnummer"}


async def freeze(sampler, name="Möten", **options):
    period = {"period": "2021-01", "extract_date": "2021-02-01"}
    return await sampler.freeze(REGISTER, frame_name=name, **OPTIONS | period | options)


async def keep(sampler, months, point=POINT, **more):
    answer = await sampler.client.put(
        f"/v1/retentions/{point}", json={"months": months} | more, headers=sampler.headers()
    )
    assert answer.status_code == 200, answer.text
    return answer.json()


async def erase(sampler, what="due", *, role="coordinator", command_id=None, **body):
    headers = sampler.headers(role, command_id)
    answer = await sampler.client.post(f"/v1/erasures/{what}", json=body or None, headers=headers)
    assert answer.status_code in {200, 201}, answer.text
    return answer.json()


async def hold(sampler, **what):
    answer = await post(sampler, "/v1/holds", why="Revision pågår", **what)
    assert answer.status_code == 201, answer.text
    return answer.json()["hold"]


async def identity(sampler, draw, case):
    body = {"control_point": POINT, "why": "coordination"}
    return await post(sampler, f"/v1/draws/{draw}/cases/{case}/identity", **body)
