"""Looking a stack over, from its address to its logs. Each look gives a finding; a bad one says what to do."""

import asyncio
import base64
import binascii
import json
from collections.abc import Iterator
from datetime import UTC, datetime
from importlib.metadata import version
from typing import Any, Final

from pydantic import BaseModel

from stickprov_client.api import Addresses, ApiProblem, ClientError, discover, open_services
from stickprov_client.api.health import Condition, ServiceHealth, settled_health_of
from stickprov_client.api.renewing import RenewableToken
from stickprov_client.api.retrying import NO_RETRY
from stickprov_client.cli.erasure_look import look_at_erasure
from stickprov_client.cli.failure import BadInput
from stickprov_client.cli.heard import HEARERS, Hearer, hearer
from stickprov_client.cli.session import Session
from stickprov_client.language.moments import moment
from stickprov_client.language.numbers import whole
from stickprov_client.language.service_messages import told
from stickprov_contracts.http.logs import LogState

_PATIENCE: Final = 10
"""Seconds that the logs have to tell how they are."""
_API_VERSION: Final = "1"
"""The version of the services' APIs that this client speaks."""


class Finding(BaseModel):
    """One look at a stack.

    Attributes:
        what: the thing looked at. detail: how it is. advice: what to do, "" when nothing.
    """

    what: str
    ok: bool
    detail: str
    advice: str = ""


class Diagnosis(BaseModel):
    """All findings, and whether every one of them is good."""

    healthy: bool
    findings: list[Finding]


async def examine(session: Session) -> list[Finding]:
    """Look at everything that can be reached."""
    say = session.say
    try:
        addresses = await discover(session.url)
    except ClientError as error:
        advice = say("Start the stack with: stickprov up. If it runs elsewhere, say where: --url or STICKPROV_URL.")
        return [Finding(what=say("Address"), ok=False, detail=told(str(error), session.language), advice=advice)]
    healths = await settled_health_of(addresses.by_service())
    return [
        Finding(what=say("Address"), ok=True, detail=session.url),
        *(finding for health in healths for finding in _service(session, health)),
        _versions(session, addresses, healths),
        *await _token_and_logs(session, addresses),
    ]


def _service(session: Session, health: ServiceHealth) -> Iterator[Finding]:
    say = session.say
    if not health.alive:
        advice = say("Its process has ended or hangs. Look at the end of its log file, then restart the stack.")
        yield Finding(what=health.service, ok=False, detail=f"{health.url}: {health.reason}", advice=advice)
        return
    detail = say("answers and is ready") if health.ready else say("answers but is not ready")
    advice = "" if health.ready or health.conditions else say("Look at the end of its log file.")
    yield Finding(what=health.service, ok=health.ready, detail=f"{detail} ({health.url})", advice=advice)
    for condition in health.conditions:
        yield Finding(
            what=f"  {health.service}: {condition.name}",
            ok=condition.ok,
            detail=told(condition.detail, session.language),
            advice="" if condition.ok else _advice_for(session, condition),
        )


def _advice_for(session: Session, condition: Condition) -> str:
    say = session.say
    name = condition.name.lower()
    late = condition.detail.startswith("no answer within")
    if "database" in name or "postgres" in name:
        advice = say("PostgreSQL does not answer this service. See that it runs and that its disk is not full.")
    elif late:
        advice = say(
            "The service had no time for an answer, or waits for PostgreSQL. Look again in a minute; if it stays so, "
            "look at the end of its log file."
        )
    elif name == "log":
        advice = say(
            "The log was restored from an older backup. Stop the service and recover it: docs/runbook/restore.md."
        )
    elif name == "vault":
        advice = say(
            "What identifies people was sealed under a key that is missing. Put it back into the file of master keys: "
            "docs/runbook/master-keys.md."
        )
    elif "lag" in name or "inbox" in name or "sequencer" in name or "relay" in name:
        advice = say("The service is behind. It catches up by itself while its sources answer; look again in a minute.")
    elif "kafka" in name or "broker" in name or "consumer" in name:
        advice = say("The broker does not answer. Findings are safe meanwhile: the logs are healed when it is back.")
    else:
        advice = say("Look at the end of its log file.")
    return advice


def _versions(session: Session, addresses: Addresses, healths: list[ServiceHealth]) -> Finding:
    """Compare the release of the command with the web client's, and the services' API with the one spoken here."""
    say = session.say
    releases = {"stickprov": version("stickprov"), "web": addresses.version}
    spoken = {f"{health.service} API": health.version for health in healths if health.version is not None}
    same = len(set(releases.values())) == 1 and set(spoken.values()) <= {_API_VERSION}
    told = ", ".join(f"{name} {number}" for name, number in (releases | spoken).items())
    advice = "" if same else say("Parts of different versions are running. Restart the stack with one version.")
    return Finding(what=say("Versions"), ok=same, detail=told, advice=advice)


async def _token_and_logs(session: Session, addresses: Addresses) -> list[Finding]:
    say = session.say
    try:
        giving = session.token()
        if isinstance(giving, RenewableToken):
            await giving.renew_in_time()
        token = giving() or ""
    except BadInput as error:
        return [Finding(what=say("Token"), ok=False, detail=say("there is none"), advice=error.text(session.language))]
    detail = _token_in_words(session, token)
    try:
        async with asyncio.timeout(_PATIENCE), open_services(addresses, lambda: token, retry=NO_RETRY) as services:
            logs = [(name, log) for name in HEARERS for log in await hearer(services, name).logs()]
            erasure = await look_at_erasure(session, services)
    except ApiProblem as error:
        return [_refused(session, detail, error)]
    except ClientError as error:
        advice = say("The logs can be seen when reporting answers again.")
        return [Finding(what=say("Logs"), ok=False, detail=told(str(error), session.language), advice=advice)]
    except TimeoutError:
        # A service that is there but stands still: a connection that is taken in and never answered.
        detail = told(f"no answer within {_PATIENCE} s", session.language)
        return [
            Finding(what=say("Logs"), ok=False, detail=detail, advice=say("See above which service does not answer."))
        ]
    seen = [] if erasure is None else [Finding(what=say("Erasure"), ok=True, **erasure._asdict())]
    return [Finding(what=say("Token"), ok=True, detail=detail), *(_log(session, *log) for log in logs), *seen]


def _refused(session: Session, detail: str, error: ApiProblem) -> Finding:
    say = session.say
    match error.problem.status:
        case 401:
            advice = say("The token is not valid here. Sign in again: stickprov login --as coordinator")
        case 403:
            advice = say("This caller may not see the logs. Sign in as somebody who may: stickprov login --as ops")
        case _:
            advice = say("Look at the end of reporting's log file.")
    return Finding(
        what=say("Token"), ok=False, detail=f"{detail}: {told(error.problem.detail, session.language)}", advice=advice
    )


def _log(session: Session, service: Hearer, log: LogState) -> Finding:
    say, language = session.say, session.language
    what = f"{service}: {say('The log of {source}').format(source=log.source)}"
    applied = say("{count} events applied").format(count=whole(log.applied, language))
    extra = say("{healed} healed, {quarantined} set aside").format(
        healed=whole(log.healed, language), quarantined=whole(log.quarantined, language)
    )
    if log.state == "halted":
        detail = f"{applied}; {say('halted')}: {told(log.reason or '', language)}"
        advice = say(
            "The source's history is not the one that was applied. Restore it, or rebuild what was made of it; then: "
            "{command}"
        ).format(command=f"stickprov doctor resume {service} {log.source}")
    elif log.head is None:
        detail = f"{applied}; {say('its source cannot be reached')}"
        advice = say("See above why {source} does not answer.").format(source=log.source)
    elif log.quarantined:
        detail = f"{applied}; {extra}"
        advice = say("Some events could not be applied. What they are and what helps: {command}").format(
            command=f"stickprov doctor quarantine {service}"
        )
    else:
        lag = log.head - log.applied
        behind = say("{count} behind").format(count=whole(lag, language)) if lag else say("nothing behind")
        return Finding(what=what, ok=True, detail=f"{applied}; {behind}; {extra}")
    return Finding(what=what, ok=False, detail=detail, advice=advice)


def _token_in_words(session: Session, token: str) -> str:
    """Say whose token it is and how long it lasts. Only the services can tell whether it is genuine."""
    claims = _claims(token)
    roles = ", ".join(str(role) for role in claims.get("roles", [])) or session.say("no roles")
    until = ""
    if isinstance(claims.get("exp"), int | float):
        ends = datetime.fromtimestamp(claims["exp"], UTC)
        until = ", " + session.say("valid until {time}").format(time=moment(ends, session.language))
    return f"{claims.get('sub', '?')} ({roles}){until}"


def _claims(token: str) -> dict[str, Any]:
    try:
        part = token.split(".")[1]
        claims = json.loads(base64.urlsafe_b64decode(part + "=" * (-len(part) % 4)))
    except (IndexError, ValueError, binascii.Error):
        return {}
    return claims if isinstance(claims, dict) else {}
