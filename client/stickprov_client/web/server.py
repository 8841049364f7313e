"""Starting the web application."""

import sys
from typing import Final

import uvicorn
from pydantic import ValidationError

from stickprov_client.web.app import create
from stickprov_client.web.logs import configure_logs
from stickprov_client.web.settings import WebSettings

_GRACE_SECONDS: Final = 5


def run() -> int:
    """Serve until told to stop; return the exit code, 2 when a setting is missing or wrong."""
    try:
        settings = WebSettings()
    except ValidationError as error:
        for fault in error.errors():
            name = f"STICKPROV_WEB_{'_'.join(str(part) for part in fault['loc']).upper()}"
            sys.stderr.write(f"{name}: {fault['msg']}\n")
        return 2
    configure_logs(settings.log_level)
    uvicorn.run(
        create(settings),
        host=settings.http_host,
        port=settings.http_port,
        log_config=None,
        access_log=False,
        server_header=False,
        timeout_graceful_shutdown=_GRACE_SECONDS,
    )
    return 0
