"""Answers of commands: the stored bytes, as they were the first time."""

from collections.abc import Callable, Mapping
from typing import Any, Final

from fastapi import APIRouter, Response, status
from pydantic import BaseModel

from stickprov_kernel.http.documentation import refused
from stickprov_kernel.log.records import Receipt

REPEATED: Final = "It had been carried out before; this is the first answer"
REFUSED: Final[dict[int | str, dict[str, Any]]] = {
    409: refused("It does not fit what has happened before"),
    422: refused("Options, rows or columns are wrong; `errors` names them"),
}


def creating(
    router: APIRouter, path: str, summary: str, answer: type[BaseModel], refused: Mapping[int | str, Any] = REFUSED
) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Return the decorator of a command's route that answers with ``created``.

    Args:
        router: gets the route.
        path: of the route.
        summary: what it does, in a few words.
        answer: what a command that is carried out is answered with, the first time and again.
        refused: the answers of a command that is not.
    """
    return router.post(
        path,
        summary=summary,
        status_code=status.HTTP_201_CREATED,
        response_model=answer,
        responses={200: {"model": answer, "description": REPEATED}, **refused},
    )


def created(receipt: Receipt) -> Response:
    """Return 201 with the answer, or 200 when the command had been carried out before."""
    code = status.HTTP_200_OK if receipt.repeated else status.HTTP_201_CREATED
    return Response(receipt.answer, status_code=code, media_type="application/json")
