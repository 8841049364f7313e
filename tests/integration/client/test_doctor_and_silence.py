"""A service that takes a connection and never answers keeps nobody waiting for what is wrong."""

import asyncio
from pathlib import Path

from stickprov_client.api import Addresses
from stickprov_client.cli import diagnosis
from stickprov_client.cli.session import Session


async def test_logs_that_are_not_told_are_said_to_be_silent(tmp_path: Path, monkeypatch):
    monkeypatch.setattr(diagnosis, "_PATIENCE", 0.2)
    token = tmp_path / "token"
    token.write_text("a.b.c", encoding="utf-8")
    kept = []
    server = await asyncio.start_server(lambda *streams: kept.append(streams), "127.0.0.1", 0)
    url = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
    addresses = Addresses(version="0", sampler=url, findings=url, reporting=url)

    found = await diagnosis._token_and_logs(Session(url=url, language="sv", token_file=token), addresses)

    assert [(one.ok, one.detail, one.advice) for one in found] == [
        (False, "inget svar inom 0.2 s", "Se ovan vilken tjänst som inte svarar.")
    ]
    for _, writer in kept:
        writer.close()
    server.close()
    await server.wait_closed()
