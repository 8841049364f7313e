"""Sessions: who is signed in, until when, and with which token."""

import pytest

from stickprov_client.web import sessions as module
from stickprov_client.web.sessions import IDLE_SECONDS, LONGEST_SECONDS, Sessions, roles_in
from support.tokens import issuer


class Clock:
    def __init__(self):
        self.now = 1000.0

    def __call__(self):
        return self.now


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
def sessions(clock):
    return Sessions(clock)


def test_a_session_knows_its_account_and_the_roles_that_its_token_says(sessions):
    token = issuer().token("coordinator", "coordinator", "auditor")

    found = sessions.find(sessions.begin("coordinator", lambda: token))

    assert found.account == "coordinator"
    assert found.roles == {"coordinator", "auditor"}
    assert found.token() == token


def test_each_sign_in_has_an_id_of_its_own(sessions):
    ids = {sessions.begin("board", lambda: None) for _ in range(20)}

    assert len(ids) == 20
    assert min(len(one) for one in ids) >= 43


def test_an_id_that_nobody_signed_in_with_is_nobody(sessions):
    sessions.begin("board", lambda: None)

    assert sessions.find("an id that an attacker chose") is None


def test_a_session_that_is_used_lives_on_and_one_that_is_not_ends(sessions, clock):
    session = sessions.begin("board", lambda: None)

    clock.now += IDLE_SECONDS
    assert sessions.find(session) is not None
    clock.now += IDLE_SECONDS
    assert sessions.find(session) is not None
    clock.now += IDLE_SECONDS + 1
    assert sessions.find(session) is None
    clock.now -= IDLE_SECONDS
    assert sessions.find(session) is None


def test_no_session_outlives_a_day_of_work_however_much_it_is_used(sessions, clock):
    session = sessions.begin("board", lambda: None)
    hours = LONGEST_SECONDS // 3600

    for _ in range(hours):
        clock.now += 3600
        assert sessions.find(session) is not None
    clock.now += 1

    assert sessions.find(session) is None


def test_a_session_that_was_ended_is_nobody_and_ending_it_again_does_nothing(sessions):
    session = sessions.begin("board", lambda: None)

    sessions.end(session)
    sessions.end(session)

    assert sessions.find(session) is None


def test_when_there_are_too_many_the_one_away_longest_goes(sessions, monkeypatch):
    monkeypatch.setattr(module, "MOST", 2)
    first, second = sessions.begin("a", lambda: None), sessions.begin("b", lambda: None)
    sessions.find(first)

    third = sessions.begin("c", lambda: None)

    assert sessions.find(first) is not None
    assert sessions.find(second) is None
    assert sessions.find(third) is not None


@pytest.mark.parametrize("token", ["", "none", "a.b.c", "a.e30.c", "a.bnVsbA.c", "a.eyJyb2xlcyI6MX0.c", "a.ÿ.c"])
def test_a_token_that_says_no_roles_gives_none(token):
    assert roles_in(token) == frozenset()


def test_neither_the_token_nor_the_form_key_is_in_what_is_logged(sessions):
    found = sessions.find(sessions.begin("board", lambda: "a secret"))

    assert "token" not in repr(found)
