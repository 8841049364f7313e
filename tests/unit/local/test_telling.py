"""The launcher speaks the language that the command speaks in the same shell."""

import pytest

from stickprov_client.cli.helping import language_of_environment
from stickprov_local.telling import told


@pytest.mark.parametrize(
    ("environment", "said"),
    [
        ({}, "stoppar"),
        ({"LANG": "C.UTF-8"}, "stoppar"),
        ({"LANG": "sv_SE.UTF-8"}, "stoppar"),
        ({"LANG": "en_US.UTF-8"}, "stopping"),
        ({"LANG": "en_US.UTF-8", "STICKPROV_LANG": "sv"}, "stoppar"),
        ({"LANG": "sv_SE.UTF-8", "STICKPROV_LANG": "en"}, "stopping"),
    ],
)
def test_the_language_follows_the_environment_and_is_swedish_otherwise(environment, said, monkeypatch):
    for name in ("LANG", "STICKPROV_LANG"):
        monkeypatch.delenv(name, raising=False)
    for name, value in environment.items():
        monkeypatch.setenv(name, value)

    assert told("stopping") == said
    if "STICKPROV_LANG" not in environment:
        assert language_of_environment() == ("sv" if said == "stoppar" else "en")


def test_an_address_stands_in_the_sentence(monkeypatch):
    monkeypatch.setenv("STICKPROV_LANG", "sv")

    assert (
        told("Stickprov is ready:  {url}", url="http://127.0.0.1:8800") == "Stickprov är igång: http://127.0.0.1:8800"
    )
