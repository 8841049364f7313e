"""The real web application in process, with services that are away, and visitors who really sign in."""

import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

import httpx
from fastapi import FastAPI

from stickprov_client.api import open_services
from stickprov_client.api.retrying import NO_RETRY
from stickprov_client.web.reporting.listeners import Listeners
from stickprov_client.web.reporting.live import Changes
from support.authorisation import Guarded, pages_of
from support.tokens import Issuer, issuer

HERE = "http://127.0.0.1"
MADE_UP = "01900000-0000-7000-8000-000000000000"


@dataclass
class Pages:
    """The application, its pages, and browsers by who is signed in at them."""

    app: FastAPI
    tokens: Path
    issuer: Issuer = field(default_factory=issuer)

    @property
    def all(self) -> list[Guarded]:
        """Return every page and form."""
        return pages_of(self.app)

    def browser(self) -> httpx.AsyncClient:
        """Return a browser at which nobody is signed in."""
        transport = httpx.ASGITransport(self.app, raise_app_exceptions=False)
        return httpx.AsyncClient(transport=transport, base_url=HERE, headers={"Accept-Language": "en"})

    @asynccontextmanager
    async def signed_in(self, *roles: str) -> AsyncIterator[httpx.AsyncClient]:
        """Return a browser at which somebody with these roles is signed in."""
        account = f"reviewer-{len(list(self.tokens.iterdir()))}"
        (self.tokens / f"{account}.jwt").write_text(self.issuer.token(account, *roles), encoding="ascii")
        async with self.browser() as browser:
            token = form_token((await browser.get("/sign-in")).text)
            answer = await browser.post("/sign-in", data={"form-token": token, "account": account, "next": "/"})
            assert answer.status_code == 303
            yield browser


def form_token(page: str) -> str:
    """Return the token that a page's forms carry."""
    return re.findall(r'name="form-token" value="([0-9a-f]{64})"', page)[0]


def address(page: Guarded) -> str:
    """Return a page's address, with something made up where it names a thing."""
    return re.sub(r"\{[^}]+\}", MADE_UP, page.path.replace("{form}", "csv").replace("{ending}", "csv"))


@asynccontextmanager
async def pages_without_services(app: FastAPI, tokens: Path) -> AsyncIterator[Pages]:
    """Open an application; whoever is let in is told at once that a service does not answer."""
    async with open_services(app.state.addresses, lambda: None, retry=NO_RETRY) as services:
        app.state.services = services
        app.state.listeners = Listeners(services)
        app.state.changes = Changes(app.state.listeners.changes)
        await app.state.changes.close()  # a stream without end would never be read to its end
        yield Pages(app, tokens)
