"""Registers, draws and what may be done to them, as the sampler's integration tests share them."""

import json
from collections import Counter

SEED = "13824381127973166541"


def register(header, rows):
    """Return a register file."""
    return "\n".join([header, *(";".join(map(str, row)) for row in rows)])


def meetings(**sizes):
    """Return a register with so many units a month: ``meetings(m2021_01=23)``."""
    rows = [
        (f"{month}-{number:03}", f"Namn {number}", f"{month}-10", "NS"[number % 2], f"hl{number % 7}")
        for month, size in ((name[1:].replace("_", "-"), size) for name, size in sizes.items())
        for number in range(size)
    ]
    return register("Ärende;Namn;Datum;Område;Handläggare", rows)


SPRING = meetings(m2021_04=23, m2021_05=29, m2021_06=20, m2021_07=15)
AUTUMN = meetings(m2021_08=11, m2021_09=35, m2021_10=38)
COLUMNS = {
    "month_column": "Datum",
    "stratum_column": "Område",
    "handler_column": "Handläggare",
    "identity_columns": ["Namn"],
}
SPRING_PERIOD, AUTUMN_PERIOD = "2021-04-01/2021-08-01", "2021-08-01/2021-11-01"

CHILDREN = register(
    "Ärende;Enhet;Handläggare;Barn;Belopp;Nyckel",
    [
        (
            f"F{unit}-{number:03}",
            f"Enhet {unit}",
            f"hl{unit}-{number % handlers}",
            children,
            100 + number,
            f"k{number % 5}",
        )
        for unit, size, handlers, children in (
            ("A", 200, 30, 2),
            ("B", 231, 16, 2),
            ("C", 150, 10, 3),
            ("D", 154, 8, 3),
        )
        for number in range(size)
    ],
)
CHILD_COLUMNS = {
    "unit_column": "Enhet",
    "handler_column": "Handläggare",
    "subunits_column": "Barn",
    "kept_columns": ["Belopp", "Nyckel"],
    "period": "2020-08-01/2021-08-01",
}


async def freeze_spring(sampler):
    return await sampler.freeze(SPRING, **COLUMNS, period=SPRING_PERIOD)


async def freeze_children(sampler, **options):
    return await sampler.freeze(CHILDREN, **CHILD_COLUMNS | options)


async def freeze_months(sampler, *months):
    """Freeze the same households for several months, in one series; return it."""
    content = register("Hushåll", [(f"H{number:04}",) for number in range(400)])
    first = await sampler.freeze(content, frame_name=months[0], period=months[0])
    for month in months[1:]:
        await sampler.freeze(content, frame_name=month, period=month, series=first["series"])
    return first["series"]


async def events(sampler, kind):
    rows = await sampler.rows("SELECT data FROM event WHERE type = $1 ORDER BY seq", f"stickprov.sampler.{kind}.v1")
    return [json.loads(row["data"]) for row in rows]


async def post(sampler, path, **body):
    return await sampler.client.post(path, json=body, headers=sampler.headers())


async def replace(sampler, draw, case, reason="closed", **more):
    """Replace a case; return the answer."""
    response = await post(sampler, f"/v1/draws/{draw}/replacements", case=case, reason=reason, **more)
    assert response.status_code == 201, response.text
    return response.json()


async def change_events(sampler, kind, old, new):
    """Put another text into the stored events of a kind, behind the service's back."""
    await sampler.tamper(
        "UPDATE event SET data = convert_to(replace(convert_from(data, 'UTF8'), $1, $2), 'UTF8') WHERE type = $3",
        old,
        new,
        f"stickprov.sampler.{kind}.v1",
    )


def by_month(cases):
    return dict(sorted(Counter(case["month"] for case in cases).items()))
