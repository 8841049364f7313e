"""What people write as an answer, as the id it stands for. What stands for nothing stays, to be refused."""

from collections.abc import Iterable
from typing import Final

from stickprov_contracts.questionnaires import FIXED_ANSWERS, Option, Question

_FIXED: Final = {
    "ja": "yes",
    "j": "yes",
    "y": "yes",
    "true": "yes",
    "sant": "yes",
    "1": "yes",
    "x": "yes",
    "nej": "no",
    "n": "no",
    "false": "no",
    "falskt": "no",
    "0": "no",
    "ej tillämpligt": "na",
    "ej aktuellt": "na",
    "not applicable": "na",
    "n/a": "na",
}


def choice_meant(question: Question, text: str) -> str:
    """Return the id of the answer that a text means, for a question that is answered by choosing."""
    return fixed_meant(text) if question.type in FIXED_ANSWERS else option_meant(text, question.options)


def fixed_meant(text: str) -> str:
    """Return ``yes``, ``no`` or ``na`` where a text means one of them."""
    folded = text.strip().casefold()
    return _FIXED.get(folded, folded)


def option_meant(text: str, options: Iterable[Option]) -> str:
    """Return the id of the option that a text names by id or wording; the text itself when it names none."""
    folded = text.strip().casefold()
    for option in options:
        if folded in {option.id.casefold(), option.sv.casefold(), option.en.casefold()}:
            return option.id
    return text
