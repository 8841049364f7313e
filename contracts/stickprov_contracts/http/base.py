"""Bases for requests and answers.

A request is strict: an unknown field is named and refused. An answer is tolerant: a newer server may say more.
"""

from pydantic import BaseModel, ConfigDict


class Request(BaseModel):
    """Something a client asks for."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Answer(BaseModel):
    """Something a service answers."""

    model_config = ConfigDict(frozen=True)
