"""What the sampler says of protected identities, over HTTP as findings asks it, for services without a sampler."""

import json
import threading
from dataclasses import dataclass, field
from functools import cache
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from itertools import count
from typing import Final

import asyncpg
from fastapi import APIRouter, Depends

from stickprov_contracts.http.protections import ProtectedCases
from stickprov_findings.adapters.protections import Protections
from stickprov_kernel.http.identity import require

_NUMBERS: Final = count(1)
_TOLD: Final[dict[str, "ToldProtections"]] = {}


@dataclass
class ToldProtections:
    """What one sampler tells.

    Attributes:
        position: how far its log has come; whoever does not say is never asked twice. cases: those that are protected.
        away: whether it answers nobody. asked: how often it was asked.
        url: its address.
    """

    position: int = 10**12
    cases: set[str] = field(default_factory=set)
    away: bool = False
    asked: int = 0
    url: str = ""


def told_protections() -> ToldProtections:
    """Return a sampler of its own that knows no protected case."""
    told = ToldProtections()
    path = f"/{next(_NUMBERS)}"
    told.url = f"{_address()}{path}"
    _TOLD[f"{path}/v1/protections"] = told
    return told


def protections_router(told: ToldProtections) -> APIRouter:
    """Return the sampler's route, for a service that is given the sampler's feed too."""
    router = APIRouter()

    @router.get("/v1/protections", dependencies=[Depends(require("service"))])
    async def read_protections() -> ProtectedCases:
        return ProtectedCases(position=told.position, cases=sorted(told.cases))

    return router


def nobody_protected(pool: asyncpg.Pool) -> Protections:
    """Return what knows that no case is protected."""

    async def ask() -> ProtectedCases:
        return ProtectedCases(position=10**12, cases=[])

    return Protections(pool, ask)


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        told = _TOLD.get(self.path)
        if told is not None:
            told.asked += 1
        if told is None or told.away:
            self._answer(503, b"{}")
        else:
            answer = {"position": told.position, "cases": sorted(told.cases)}
            self._answer(200, json.dumps(answer).encode())

    def log_message(self, *_: object) -> None:
        """Say nothing."""

    def _answer(self, status: int, body: bytes) -> None:
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)


@cache
def _address() -> str:
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Handler)
    server.daemon_threads = True
    threading.Thread(target=server.serve_forever, daemon=True).start()
    return f"http://127.0.0.1:{server.server_port}"
