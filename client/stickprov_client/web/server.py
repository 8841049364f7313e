"""Starting the web application."""

import socket
import sys
from typing import Final

import uvicorn
from fastapi import FastAPI
from pydantic import ValidationError

from stickprov_client.web.app import create
from stickprov_client.web.logs import configure_logs
from stickprov_client.web.settings import WebSettings
from stickprov_contracts.serving.connections import MOST_CONNECTIONS, BoundedConnection
from stickprov_contracts.wording import sentence

_GRACE_SECONDS: Final = 5


class _Server(uvicorn.Server):
    """Ends the streams of open pages first: they would last as long as the pages."""

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        app = self.config.app
        if isinstance(app, FastAPI):
            await app.state.changes.close()
        await super().shutdown(sockets)


def run() -> int:
    """Serve until told to stop; return the exit code, 2 when a setting is missing or wrong."""
    try:
        settings = WebSettings()
    except ValidationError as error:
        sys.stderr.write("Cannot start: settings are missing or wrong.\n")
        for fault in error.errors(include_url=False, include_input=False):
            name = f"STICKPROV_WEB_{'_'.join(str(part) for part in fault['loc']).upper()}"
            sys.stderr.write(f"  {name}: {sentence(fault)}\n")
        return 2
    configure_logs(settings.log_level)
    _Server(
        uvicorn.Config(
            create(settings),
            host=settings.http_host,
            port=settings.http_port,
            log_config=None,
            access_log=False,
            server_header=False,
            http=BoundedConnection,
            limit_concurrency=MOST_CONNECTIONS,
            proxy_headers=bool(settings.trusted_proxies),
            forwarded_allow_ips=settings.trusted_proxies,
            timeout_graceful_shutdown=_GRACE_SECONDS,
        )
    ).run()
    return 0
