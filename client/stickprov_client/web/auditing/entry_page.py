"""One event in detail: what it says, where it stands, and the proof that it is in the log."""

import json
from dataclasses import dataclass
from http import HTTPStatus
from typing import Annotated, Any, Final

import structlog
from fastapi import APIRouter, Path
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response

from stickprov_client.api import ApiProblem, ClientError
from stickprov_client.api.checkpoints import OwnLogClient
from stickprov_client.bundle.verifying.notes import TreeHead
from stickprov_client.checking.proving import check_inclusion, inclusion_file
from stickprov_client.checking.trust import NotProvedError, trust_in
from stickprov_client.documents.proof_file import InclusionFile
from stickprov_client.language.service_messages import told
from stickprov_client.language.trail import told_event, type_name_told, who
from stickprov_client.web.access import Examiner
from stickprov_client.web.auditing.asked import TRAIL, trail_of
from stickprov_client.web.auditing.content import content_of
from stickprov_client.web.auditing.trail_page import people_for
from stickprov_client.web.connected import Connected
from stickprov_client.web.language import language_of
from stickprov_client.web.rendering import page
from stickprov_contracts.http.audit import TrailEntry
from stickprov_contracts.http.checkpoints import Checkpoint
from stickprov_contracts.log import LogEntry, LogPage
from stickprov_contracts.topics import Source

_log = structlog.get_logger(__name__)

Position = Annotated[int, Path(ge=1, lt=2**63)]
ENTRY: Final = f"{TRAIL}/{{source}}/{{position}}"


@dataclass(frozen=True)
class Proved:
    """An event's proof, as far as there is one.

    Attributes:
        file: to be kept. head: the checkpoint's, once everything held. difference: what did not hold.
        checkpoint: the newest; None when it does not reach the event yet, or there is none.
    """

    checkpoint: Checkpoint | None = None
    file: InclusionFile | None = None
    head: TreeHead | None = None
    difference: str = ""


def entry_router() -> APIRouter:
    """Return the page and the file of the proof."""
    router = APIRouter()

    @router.get(ENTRY)
    async def shown(
        request: Request, services: Connected, session: Examiner, source: Source, position: Position
    ) -> Response:
        own, language = services.own_log(source), language_of(request)
        found = await _read(own, position)
        entry = told_of(source, found.entries[0])
        people, proved = await people_for(services, session), await _proved(own, position)
        return page(
            request,
            "auditing/entry.html",
            entry=entry,
            proved=proved,
            difference=told(proved.difference, language),
            sentence=told_event(entry, language, people),
            type_name=type_name_told(entry.type, language),
            by=who(entry.actor, language, people),
            content=content_of(entry.data),
            belongs=_belongs(entry),
            is_last=entry.position >= found.head.position,
        )

    @router.get(f"{ENTRY}/proof")
    async def proof(services: Connected, _session: Examiner, source: Source, position: Position) -> Response:
        proved = await _proved(services.own_log(source), position)
        if proved.file is None:
            raise HTTPException(HTTPStatus.NOT_FOUND)
        name = f"stickprov-{source}-{position}.tlog-proof"
        return PlainTextResponse(proved.file.text, headers={"Content-Disposition": f'attachment; filename="{name}"'})

    return router


async def _read(own: OwnLogClient, position: int) -> LogPage:
    found = await own.page(position - 1, 1)
    if not found.entries:
        raise HTTPException(HTTPStatus.NOT_FOUND)
    return found


def told_of(source: Source, entry: LogEntry) -> TrailEntry:
    """Return an entry of a log as the trail has it; what it is about is taken from its own content."""
    envelope = entry.envelope
    _, _, name, version = envelope.type.split(".")
    data: dict[str, Any] = json.loads(entry.data)
    point = data.get("control_point")
    return TrailEntry.model_validate(
        {
            "source": source,
            "position": entry.position,
            "chain_hash": entry.chain_hash,
            "id": envelope.id,
            "type": name,
            "version": int(version.removeprefix("v")),
            "time": envelope.time,
            "actor": envelope.actor,
            "stream": envelope.subject,
            "stream_version": int(envelope.streamversion),
            "correlation_id": envelope.correlationid,
            "control_points": data.get("control_points") or ([point] if point else []),
            "draw": data.get("draw"),
            "case": data.get("case"),
            "plan": data.get("plan"),
            "period": None,
            "data": data,
        }
    )


async def _proved(own: OwnLogClient, position: int) -> Proved:
    """Ask for the proof by the newest checkpoint and check it; a service that cannot prove leaves the page."""
    try:
        known = await own.checkpoints(limit=1, newest_first=True)
        newest = known.checkpoints[0] if known.checkpoints else None
        if newest is None or newest.size < position:
            return Proved()
        file = await inclusion_file(own, position, newest.note.encode(), newest.size)
        return Proved(newest, file, check_inclusion(file, trust_in((), known)))
    except NotProvedError as error:
        return Proved(difference=str(error))
    except ClientError as error:
        if isinstance(error, ApiProblem) and error.is_our_fault:
            raise
        _log.warning("event without its proof", reason=str(error))
        return Proved()


def _belongs(entry: TrailEntry) -> list[tuple[str, str, str]]:
    """Return what an event belongs to: kind, name, and the address of its events."""
    found = [("control_point", point, trail_of(control_point=point)) for point in entry.control_points]
    if entry.draw:
        found.append(("draw", str(entry.draw), trail_of(draw=str(entry.draw))))
    if entry.case:
        found.append(("case", entry.case, trail_of(case=entry.case)))
    if entry.plan:
        found.append(("plan", entry.plan, trail_of(plan=entry.plan)))
    return found
