"""How logs stand and why events wait is told in both languages, whatever a service answers."""

from typing import get_args

import pytest

from stickprov_client.language.heard_logs import lag_of, state_name, what_is_wrong, what_to_do
from stickprov_client.language.translations import LANGUAGES
from stickprov_contracts.http.logs import LogState, QuarantinedEvent

CODES = get_args(QuarantinedEvent.model_fields["code"].annotation)


def log(**changes) -> LogState:
    usual = {"state": "following", "reason": None, "applied": 5, "head": 5, "healed": 0, "quarantined": 0}
    return LogState(source="sampler", chain_hash="0" * 64, **(usual | changes))


def test_every_kind_of_reason_has_words_of_its_own_and_something_to_do():
    events = [QuarantinedEvent(source="sampler", position=1, type="x", reason="y", code=code) for code in CODES]

    for language in LANGUAGES:
        assert len({what_is_wrong(event, language) for event in events}) == len(CODES)
        assert len({what_to_do(event, language) for event in events}) == len(CODES)
    assert what_is_wrong(events[0], "sv") != what_is_wrong(events[0], "en")


@pytest.mark.parametrize(
    ("state", "lag", "told"),
    [
        (log(), 0, "following"),
        (log(head=7), 2, "catching up"),
        (log(head=None), None, "source away"),
        (log(state="halted", reason="shorter", head=3), None, "halted"),
        # The head may be read before the position is.
        (log(head=4), 0, "following"),
    ],
)
def test_a_log_stands_as_far_as_its_source_can_be_asked(state, lag, told):
    assert (lag_of(state), state_name(state, "en")) == (lag, told)
