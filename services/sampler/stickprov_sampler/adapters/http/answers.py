"""Answers of commands: the stored bytes, as they were the first time."""

from typing import Any, Final

from fastapi import Response, status

from stickprov_contracts.problems import Problem
from stickprov_kernel.log.records import Receipt

REPEATED: Final = "It had been carried out before; this is the first answer"
REFUSED: Final[dict[int | str, dict[str, Any]]] = {
    409: {"model": Problem, "description": "It does not fit what has happened before"},
    422: {"model": Problem, "description": "Options, rows or columns are wrong; `errors` names them"},
}


def created(receipt: Receipt) -> Response:
    """Return 201 with the answer, or 200 when the command had been carried out before."""
    code = status.HTTP_200_OK if receipt.repeated else status.HTTP_201_CREATED
    return Response(receipt.answer, status_code=code, media_type="application/json")
