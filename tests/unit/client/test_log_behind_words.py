"""A source that lost the end of its log: what people are told, and what to do about it."""

import pytest

from stickprov_client.api.health import Condition
from stickprov_client.cli.diagnosis import _advice_for
from stickprov_client.language.service_messages import told


class Swede:
    """A session that is spoken to in English, as the messages are written."""

    @staticmethod
    def say(text: str) -> str:
        return text


def test_the_doctor_sends_the_operator_to_the_runbook():
    behind, slow, inbox = (
        Condition(name="log", ok=False, detail="the log ends at 80, but its topic goes on to 95"),
        Condition(name="vault", ok=False, detail="no answer within 2 s"),
        Condition(name="inbox-findings", ok=False, detail="halted"),
    )

    assert "docs/runbook/restore.md" in _advice_for(Swede(), behind)  # type: ignore[arg-type]
    assert "docs/runbook/restore.md" not in _advice_for(Swede(), inbox)  # type: ignore[arg-type]
    assert "key that is missing" not in _advice_for(Swede(), slow)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("detail", "swedish"),
    [
        (
            "the log ends at 80, but its topic goes on to 95; recover it (docs/runbook/restore.md)",
            "loggen slutar vid 80, men dess ämne fortsätter till 95; återskapa den (docs/runbook/restore.md)",
        ),
        (
            "the log has another event at position 12 than its topic; recover it (docs/runbook/restore.md)",
            "loggen har en annan händelse på position 12 än dess ämne; återskapa den (docs/runbook/restore.md)",
        ),
        ("agrees with its topic", "stämmer med sitt ämne"),
    ],
)
def test_health_says_it_in_swedish(detail: str, swedish: str):
    assert told(detail, "sv") == swedish
