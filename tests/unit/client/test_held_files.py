"""Register files between their dry run and their freezing: their sender's alone, and gone when they are let go."""

import io

import pytest
from starlette.datastructures import UploadFile

from stickprov_client.web import held_files as module
from stickprov_client.web.held_files import KEPT_SECONDS, HeldFiles


class Clock:
    def __init__(self):
        self.now = 1000.0

    def __call__(self):
        return self.now


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
def files(clock):
    held = HeldFiles(clock)
    yield held
    held.let_all_go()


def sent(content=b"a;b\n1;2\n", name="register.csv"):
    return UploadFile(io.BytesIO(content), filename=name)


def test_a_held_file_is_read_again_and_again_from_its_start(files):
    held = files.find("visit", files.hold("visit", sent()))

    with held.open() as first, held.open() as second:
        assert first.read(3) == b"a;b"
        assert second.read() == b"a;b\n1;2\n"
        assert first.read() == b"\n1;2\n"
    assert (held.name, held.size) == ("register.csv", 8)


def test_nobody_else_gets_a_file_even_with_its_id(files):
    file_id = files.hold("visit", sent())

    assert files.find("another", file_id) is None
    assert files.find(None, file_id) is None


def test_a_file_is_gone_after_an_hour(files, clock):
    file_id = files.hold("visit", sent())
    held = files.find("visit", file_id)

    clock.now += KEPT_SECONDS
    assert files.find("visit", file_id) is not None
    clock.now += 1

    assert files.find("visit", file_id) is None
    assert held.held.closed


def test_a_visits_files_go_with_it_and_others_stay(files):
    mine, theirs = files.hold("me", sent()), files.hold("they", sent())

    files.let_all_go("me")

    assert files.find("me", mine) is None
    assert files.find("they", theirs) is not None


def test_the_oldest_file_gives_way_when_there_are_too_many(files, monkeypatch):
    monkeypatch.setattr(module, "MOST", 2)

    first, second, third = (files.hold(visit, sent()) for visit in "abc")

    assert files.find("a", first) is None
    assert files.find("b", second) is not None
    assert files.find("c", third) is not None


def test_who_sends_many_files_throws_out_their_own_and_nobody_elses(files):
    theirs = files.hold("they", sent())

    mine = [files.hold("me", sent()) for _ in range(module.MOST + 3)]

    assert files.find("they", theirs) is not None
    left = [files.find("me", one) is not None for one in mine]
    assert left == [False] * (len(mine) - module.MOST_OF_ONE) + [True] * module.MOST_OF_ONE


def test_letting_go_twice_does_nothing(files):
    file_id = files.hold("visit", sent())

    files.let_go(file_id)
    files.let_go(file_id)

    assert files.find("visit", file_id) is None
