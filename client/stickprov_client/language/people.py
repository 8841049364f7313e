"""Whom people mean, when they write a name, a sign-in name or a pseudonym."""

from collections.abc import Sequence
from typing import Final

from stickprov_client.language.translations import Language, marked, texts
from stickprov_contracts.http.plans import Person, StaffChange

_FIELDS: Final = {
    "sign_in": marked("sign-in name"),
    "name": marked("name"),
    "email": marked("e-mail"),
    "unit": marked("unit"),
    "groups": marked("groups"),
    "clearance": marked("clearance"),
}


def meant(text: str, people: Sequence[Person]) -> list[Person]:
    """Return whom a text means: one, several of the same name, or nobody."""
    typed = " ".join(text.split()).casefold()
    if exact := [person for person in people if typed in {person.pseudonym, (person.sign_in or "").casefold()}]:
        return exact
    return [person for person in people if (person.name or "").casefold() == typed]


def called(person: Person) -> str:
    """Return what to call somebody, for those who may see names."""
    return person.name or person.sign_in or person.pseudonym


def change_told(change: StaffChange, language: Language) -> str:
    """Return what becomes of somebody with a new staff list."""
    say = texts(language).gettext
    if change.what == "changed":
        fields = ", ".join(say(_FIELDS.get(name, name)) for name in change.fields)
        return say("is changed: {fields}").format(fields=fields)
    return say("is new") if change.what == "added" else say("leaves the list")
