"""How a service runs: one process, one event loop, stopped in good order by a signal or by its parent's death.

What must not break: a request that was taken in is answered before the process ends; a process whose launcher
is gone does not stay; one whose background work is gone ends with a failure, so that its supervisor starts it anew.
"""

import asyncio
import json
import os
import resource
import signal
import sys
import threading
from collections.abc import Awaitable, Callable, Sequence
from types import FrameType
from typing import Final, NoReturn, TypeVar

import structlog
from fastapi import FastAPI

from stickprov_kernel.ending import begin_to_stop, serve_with
from stickprov_kernel.errors import StickprovError
from stickprov_kernel.garbage import settle
from stickprov_kernel.logging import configure
from stickprov_kernel.settings import WRONG_SETTINGS, ServiceSettings, load, placeholder

PARENT_PID: Final = "STICKPROV_PARENT_PID"
"""Environment variable with the process id of the launcher, whose death means ours."""

GRACE_SECONDS: Final = 5
"""How long requests in flight may take to end after a stop was asked for; supervisors kill after ten."""

_LAST_RESORT_SECONDS: Final = 30.0
_PARENT_CHECK_SECONDS: Final = 1.0
_FAILED: Final = 1
_USAGE: Final = "Usage: python -m stickprov_{service} [serve | migrate | openapi | settings{more}]"
_USAGE_RECOVER: Final = " | recover --from URL"
_LOG = structlog.stdlib.get_logger("stickprov.runtime")

SettingsT = TypeVar("SettingsT", bound=ServiceSettings)
Create = Callable[[SettingsT], FastAPI]
Migrate = Callable[[SettingsT], Awaitable[None]]
Recover = Callable[[SettingsT, str], Awaitable[Sequence[str]]]
"""Recovers a log from the reporting service at an address; returns what to tell, line by line."""


def run(
    service_name: str,
    settings_type: type[SettingsT],
    create: Create[SettingsT],
    migrate: Migrate[SettingsT],
    arguments: Sequence[str] | None = None,
    recover: Recover[SettingsT] | None = None,
) -> None:
    """Do what the command line asks: ``serve`` (when nothing is said), ``migrate``, ``openapi`` or ``settings``.

    A service with a log of its own knows ``recover`` too. ``create`` must open nothing: ``openapi`` calls it with
    placeholder settings. Exits 2 for a wrong command line or wrong settings, 1 when migrating or recovering fails.
    """
    asked = list(sys.argv[1:] if arguments is None else arguments)
    match asked:
        case [] | ["serve"]:
            _serve(service_name, load(settings_type), create, migrate)
        case ["migrate"]:
            settings = load(settings_type)
            configure(service_name, settings.log_level, settings.log_format)
            _migrate(settings, migrate)
        case ["openapi"]:
            _print(json.dumps(create(placeholder(settings_type)).openapi(), indent=2, ensure_ascii=False))
        case ["settings"]:
            from stickprov_kernel.settings_table import render_table  # noqa: PLC0415  # not needed to serve

            _print(render_table(settings_type).rstrip("\n"))
        case ["recover", "--from", url] if recover is not None:
            settings = load(settings_type)
            # A backup may be of an older release.
            if settings.migration_database_url is not None:
                _migrate(settings, migrate)
            _recover(settings, recover, url)
        case _:
            usage = _USAGE.format(service=service_name, more="" if recover is None else _USAGE_RECOVER)
            print(usage, file=sys.stderr)  # noqa: T201
            sys.exit(WRONG_SETTINGS)


def serve(create: Create[SettingsT], settings: SettingsT) -> None:
    """Serve until a signal says stop or background work ends; exits 1 in the latter case.

    Requests in flight end first, then the lifespan closes what it opened.
    """
    import uvicorn  # noqa: PLC0415  # only a process that serves needs it

    from stickprov_contracts.serving.connections import MOST_CONNECTIONS, BoundedConnection  # noqa: PLC0415  # likewise

    # Memory holds people's names while they are shown; a crash leaves none of it on the disk.
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    app = create(settings)
    config = uvicorn.Config(
        app,
        host=settings.http_host,
        port=settings.http_port,
        loop="uvloop",
        http=BoundedConnection,
        ws="none",
        lifespan="on",
        log_config=None,
        access_log=False,
        proxy_headers=bool(settings.trusted_proxies),
        forwarded_allow_ips=settings.trusted_proxies,
        limit_concurrency=MOST_CONNECTIONS,
        server_header=False,
        timeout_graceful_shutdown=GRACE_SECONDS,
    )

    class Server(uvicorn.Server):
        """Says that it stops before it waits for requests in flight, some of which wait themselves."""

        def handle_exit(self, sig: int, frame: FrameType | None) -> None:
            begin_to_stop(app)
            super().handle_exit(sig, frame)

    server = Server(config)
    given_up = threading.Event()

    def give_up() -> None:
        given_up.set()
        begin_to_stop(app)
        server.should_exit = True
        _end_at_last()

    serve_with(app, give_up)
    settle()
    server.run()
    if given_up.is_set() or not server.started:
        sys.exit(_FAILED)


def _serve(service_name: str, settings: SettingsT, create: Create[SettingsT], migrate: Migrate[SettingsT]) -> None:
    configure(service_name, settings.log_level, settings.log_format)
    _stop_on_signals()
    _stop_with_parent()
    if settings.migration_database_url is not None:
        _migrate(settings, migrate)
    serve(create, settings)


def _migrate(settings: SettingsT, migrate: Migrate[SettingsT]) -> None:
    async def work() -> None:
        await migrate(settings)

    try:
        asyncio.run(work())
    except Exception as error:  # noqa: BLE001  # whatever it is, the process ends and the log says why
        _LOG.error("migration-failed", exc_info=error)
        sys.exit(_FAILED)


def _recover(settings: SettingsT, recover: Recover[SettingsT], url: str) -> None:
    from stickprov_kernel.log.recovery import CannotRecoverError  # noqa: PLC0415  # not needed to serve

    async def work() -> Sequence[str]:
        return await recover(settings, url)

    try:
        told = asyncio.run(work())
    except (CannotRecoverError, StickprovError, OSError) as error:
        print(f"Nothing more was recovered: {error}", file=sys.stderr)  # noqa: T201
        sys.exit(_FAILED)
    _print("\n".join(told))


def _stop_on_signals() -> None:
    # The server puts its own handlers in place while it serves and raises the signal again afterwards; a stop in
    # good order is a success, so this is what it then meets.
    def stop(_number: int, _frame: FrameType | None) -> NoReturn:
        sys.exit(0)

    signal.signal(signal.SIGTERM, stop)
    signal.signal(signal.SIGINT, stop)


def _stop_with_parent() -> None:
    parent = os.environ.get(PARENT_PID, "")
    if parent.isdecimal():
        threading.Thread(target=_watch, args=(int(parent),), name="parent-watch", daemon=True).start()


def _watch(parent: int) -> None:
    # A thread, because it must also notice while the event loop is busy or not yet running.
    idle = threading.Event()
    while os.getppid() == parent:
        idle.wait(_PARENT_CHECK_SECONDS)
    _LOG.warning("parent-gone")
    os.kill(os.getpid(), signal.SIGTERM)
    idle.wait(_LAST_RESORT_SECONDS)
    os._exit(_FAILED)


def _end_at_last() -> None:
    # Whatever else is stuck: a process that gave up does not stay.
    timer = threading.Timer(_LAST_RESORT_SECONDS, os._exit, (_FAILED,))
    timer.daemon = True
    timer.start()


def _print(text: str) -> None:
    print(text)  # noqa: T201  # what the command was asked for
