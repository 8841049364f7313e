"""What came of checking a log is told in both languages, and a check that does not hold ends the command with 1."""

import pytest

from stickprov_client.cli.checked import Checked, end_with
from stickprov_client.cli.failure import CheckFailed
from stickprov_client.cli.own_logs import print_verification
from stickprov_client.cli.session import Session
from stickprov_contracts.http.checkpoints import LogVerification

ENGLISH, SWEDISH = Session(language="en"), Session(language="sv")
ROOT = "ab" * 32
NB = "\N{NO-BREAK SPACE}"
GROWN = Checked(
    verdict="verified",
    origin="example.org/log",
    size=1234,
    root=ROOT,
    later_size=2345,
    later_root=ROOT,
    later_signed=False,
    keys="given",
)


def verification(difference: str | None) -> LogVerification:
    return LogVerification(
        source="findings",
        verdict="different" if difference else "verified",
        events=1234,
        checkpoints=5,
        chain_hash=ROOT,
        root=ROOT,
        first_difference=difference,
    )


def test_a_log_that_only_grew_is_told_with_what_is_not_signed_yet(capsys):
    end_with(GROWN, SWEDISH, as_json=False)

    assert capsys.readouterr().out.splitlines() == [
        f"✓ Kontrollpunkt för example.org/log: 1{NB}234 händelser, rot {ROOT}",
        "✓ Den är signerad med en nyckel som du angav, eller som en sådan nyckel har lämnat över till.",
        f"✓ Loggen med 2{NB}345 händelser börjar med just de 1{NB}234: inget är ändrat, borttaget eller inskjutet.",
        "· Det som kom efter den nyaste kontrollpunkten är inte signerat ännu.",
    ]


def test_who_vouches_for_the_key_is_told(capsys):
    end_with(GROWN.model_copy(update={"keys": "service", "later_signed": True}), ENGLISH, as_json=False)

    told = capsys.readouterr().out.splitlines()
    assert told[2] == "· It is signed by a key that only the service vouches for. Give one that you have with --key."
    assert [line[0] for line in told] == ["✓", "✓", "·"]


@pytest.mark.parametrize(
    ("session", "told"),
    [
        (
            ENGLISH,
            ["✗ The log had 9 events, and now it has 7: its end was cut off.", "Different: see above."],
        ),
        (
            SWEDISH,
            ["✗ Loggen hade 9 händelser, och nu har den 7: slutet är avklippt.", "Skiljer sig: se ovan."],
        ),
    ],
)
def test_what_does_not_hold_is_told_and_fails(capsys, session: Session, told: list[str]):
    cut = "The log had 9 events, and now it has 7: its end was cut off."

    with pytest.raises(CheckFailed):
        end_with(Checked(verdict="different", first_difference=cut), session, as_json=False)

    assert capsys.readouterr().out.splitlines() == told


def test_a_row_that_was_changed_is_told_with_its_place(capsys):
    changed = "Table event, position 1235, column actor: it is not what the event's envelope says."

    print_verification(verification(changed), ENGLISH)
    print_verification(verification(changed), SWEDISH)

    assert capsys.readouterr().out.splitlines() == [
        "✗ the log of findings, 1,234 events are whole; then:",
        "  Table event, position 1235, column actor: it is not what the event's envelope says.",
        f"✗ loggen från findings, 1{NB}234 händelser är hela; därefter:",
        "  Tabellen event, plats 1235, kolumnen actor: det är inte vad händelsens kuvert säger.",
    ]


def test_a_log_that_is_whole_is_told_with_its_checkpoints_and_root(capsys):
    print_verification(verification(None), SWEDISH)

    assert capsys.readouterr().out == (
        f"✓ loggen från findings, 1{NB}234 händelser, 5 signerade kontrollpunkter, rot {ROOT}\n"
    )


def test_one_checkpoint_is_told_as_one(capsys):
    print_verification(verification(None).model_copy(update={"checkpoints": 1}), SWEDISH)

    assert ", 1 signerad kontrollpunkt, rot " in capsys.readouterr().out
