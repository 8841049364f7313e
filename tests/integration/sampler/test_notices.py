"""Reviewers are told by e-mail how many cases wait, on a real mail server; the letters say nothing of any case."""

from uuid import uuid4

import pytest

from stickprov_kernel.database.migrations import LOG
from stickprov_sampler.app import SAMPLER
from support.mail_server import mail_server

POINT = "AMF-2021-4"
STAFF = [
    {"sign_in": "reviewer-01", "name": "Åsa Ek", "email": "asa.ek@kommun.example", "unit": "Nord"},
    {"sign_in": "reviewer-02", "name": "Bo Al", "email": "bo.al@kommun.example", "unit": "Nord"},
    {"sign_in": "reviewer-03", "name": "Cia Alm", "unit": "Nord"},
    {"sign_in": "reviewer-04", "name": "Dan Dal", "email": "dan.dal@full.example", "unit": "Nord"},
    {"sign_in": "reviewer-05", "name": "Eva El", "email": "eva\n.el@kommun.example", "unit": "Nord"},
]


@pytest.fixture
def letters():
    """Return what a running mail server takes."""
    with mail_server() as taken:
        yield taken


@pytest.fixture
async def mailing(sampler_at, new_database, letters):
    """Return a sampler with a staff list that hands its letters to the mail server."""
    settings = {
        "smtp_host": "127.0.0.1",
        "smtp_port": letters.port,
        "smtp_security": "none",
        "smtp_sender": "stickprov@kommun.example",
        "notice_queue": "https://stickprov.kommun.example/queue",
    }
    async with sampler_at(await new_database(LOG, SAMPLER), **settings) as sampler:
        await list_staff(sampler)
        yield sampler


async def list_staff(sampler):
    answer = await sampler.client.put("/v1/staff", json={"staff": STAFF}, headers=sampler.headers())
    assert answer.status_code == 200, answer.text


async def send(sampler, counts, *, role="coordinator", command_id=None, **more):
    notices = [{"reviewer": sampler.issuer.actor(who), "cases": count} for who, count in counts.items()]
    body = {"control_point": POINT, "notices": notices} | more
    return await sampler.client.post("/v1/notices", json=body, headers=sampler.headers(role, command_id))


async def test_each_reviewer_is_told_how_many_cases_wait_and_where(mailing, letters):
    answer = await send(mailing, {"reviewer-01": 5, "reviewer-02": 1})
    assert (answer.status_code, answer.json()) == (200, {"sent": 2, "without_address": [], "not_taken": []})
    (first, letter), (second, other) = letters.taken
    assert (first, second) == (["asa.ek@kommun.example"], ["bo.al@kommun.example"])
    assert letter["Subject"] == "Du har 5 ärenden att granska i AMF-2021-4"
    assert other["Subject"] == "Du har 1 ärende att granska i AMF-2021-4"
    assert (letter["From"], letter["Auto-Submitted"]) == ("stickprov@kommun.example", "auto-generated")
    assert "https://stickprov.kommun.example/queue" in letter.get_content()


async def test_a_letter_names_nobody(mailing, letters):
    await send(mailing, {"reviewer-01": 5}, purpose="second-review")
    letter = letters.taken[0][1]
    said = f"{letter['Subject']} {letter.get_content()}"
    assert "5 ärenden att granska en andra gång" in said
    assert not any(word in said for word in ("Åsa", "asa", "reviewer-01", mailing.issuer.actor("reviewer-01")))


async def test_who_cannot_be_reached_is_told_by_pseudonym(mailing, letters):
    counts = dict.fromkeys(["reviewer-01", "reviewer-03", "reviewer-04", "reviewer-05", "reviewer-09"], 2)
    answer = (await send(mailing, counts)).json()
    actor = mailing.issuer.actor
    assert answer["without_address"] == [actor("reviewer-03"), actor("reviewer-09")]
    assert (answer["sent"], answer["not_taken"]) == (1, [actor("reviewer-04"), actor("reviewer-05")])
    assert len(letters.taken) == 1


async def test_the_same_command_again_sends_nothing_again(mailing, letters):
    command_id = uuid4()
    first = await send(mailing, {"reviewer-01": 5}, command_id=command_id)
    again = await send(mailing, {"reviewer-01": 5}, command_id=command_id)
    assert (again.json(), len(letters.taken)) == (first.json(), 1)


async def test_only_the_coordinator_sends_notices(mailing, letters):
    assert (await send(mailing, {"reviewer-01": 5}, role="reviewer")).status_code == 403
    assert letters.taken == []


async def test_notices_are_off_without_a_mail_server(sampler):
    answer = await send(sampler, {"reviewer-01": 5})
    assert (answer.status_code, answer.json()["code"]) == (409, "notices-off")


@pytest.mark.parametrize("fault", ["nobody listens", "no TLS where it is asked for"])
async def test_a_mail_server_that_does_not_take_letters_is_told_and_nothing_is_stored(
    sampler_at, new_database, letters, free_port, fault
):
    at = (
        {"smtp_port": free_port(), "smtp_security": "none"}
        if fault == "nobody listens"
        else {"smtp_port": letters.port}
    )
    async with sampler_at(await new_database(LOG, SAMPLER), smtp_host="127.0.0.1", **at) as sampler:
        await list_staff(sampler)
        answer = await send(sampler, {"reviewer-01": 5})
        assert (answer.status_code, answer.json()["code"]) == (503, "mail-server-unavailable")
        assert (await sampler.rows("SELECT count(*) FROM command"))[0]["count"] == 1
    assert letters.taken == []
