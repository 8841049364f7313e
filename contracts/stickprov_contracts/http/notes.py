"""Free texts by note, for the services that print them: ``POST /v1/notes/texts`` of findings."""

from typing import Annotated
from uuid import UUID

from pydantic import Field

from stickprov_contracts.http.base import Answer, Request


class AskTexts(Request):
    """Which texts are wanted. It is a question in a body because its list is too long for an address."""

    notes: Annotated[list[UUID], Field(max_length=1000)]


class KeptText(Answer):
    """A text that has not been erased; one that is not among the answers is gone or never was.

    Attributes:
        salt: hex; SHA-256 of salt and UTF-8 text is the digest that the event has.
    """

    note: UUID
    text: str
    salt: str
