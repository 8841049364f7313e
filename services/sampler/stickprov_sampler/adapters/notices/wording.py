"""What a notice says, in the organisation's language.

What must not break: a notice holds no identity and no pseudonym; whoever reads it over a shoulder learns a number.
"""

from typing import Final, Literal

from stickprov_contracts.http.findings import Purpose

Language = Literal["sv", "en"]

_CASES: Final[dict[Language, dict[Purpose, tuple[str, str]]]] = {
    "sv": {
        "review": ("{count} ärende att granska", "{count} ärenden att granska"),
        "second-review": ("{count} ärende att granska en andra gång", "{count} ärenden att granska en andra gång"),
        "file-review": ("{count} ärende för aktgranskning", "{count} ärenden för aktgranskning"),
    },
    "en": {
        "review": ("{count} case to review", "{count} cases to review"),
        "second-review": ("{count} case for a second review", "{count} cases for a second review"),
        "file-review": ("{count} case for a file review", "{count} cases for a file review"),
    },
}
_SUBJECT: Final[dict[Language, str]] = {
    "sv": "Du har {cases} i {control_point}",
    "en": "You have {cases} in {control_point}",
}
_BODY: Final[dict[Language, str]] = {
    "sv": """\
Hej!

Du har {cases} i kontrollmoment {control_point}.

Din kö: {queue}

Brevet har skickats av Stickprov och går inte att svara på.
""",
    "en": """\
Hello!

You have {cases} in control point {control_point}.

Your queue: {queue}

This letter was sent by Stickprov; nobody reads answers to it.
""",
}


def subject_and_body(
    language: Language, purpose: Purpose, control_point: str, count: int, queue: str
) -> tuple[str, str]:
    """Return what a notice says.

    Args:
        language: of the letter.
        purpose: which reviews wait.
        control_point: id of the control point.
        count: how many cases.
        queue: address of the reviewer's queue.
    """
    one, several = _CASES[language][purpose]
    cases = (one if count == 1 else several).format(count=count)
    said = {"cases": cases, "control_point": control_point, "queue": queue}
    return _SUBJECT[language].format(**said), _BODY[language].format(**said)
