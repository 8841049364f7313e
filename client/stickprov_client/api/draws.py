"""The sampler's calls about what comes before a draw and after it."""

from uuid import UUID, uuid4

from stickprov_client.api.transport import Call, Transport
from stickprov_contracts.http.case_numbers import FindCases, FoundCases
from stickprov_contracts.http.draws import (
    DrawPreview,
    DrawSql,
    ExtendDraw,
    PreviewDraw,
    ReplaceCase,
    ReplacedCase,
    Replacement,
)
from stickprov_contracts.http.protections import SetProtection
from stickprov_contracts.http.sampler import CaseIdentity, Draw, ShowIdentity


class DrawSteps:
    """Preview, extension, replacement, revelation, and the SQL that repeats a draw."""

    def __init__(self, transport: Transport) -> None:
        self.transport = transport

    async def preview_draw(self, request: PreviewDraw) -> DrawPreview:
        """Look at a draw before it is made; nothing is stored."""
        return await self.transport.fetch(DrawPreview, Call(method="POST", path="/v1/draws/preview", body=request))

    async def extend_draw(self, draw: UUID, request: ExtendDraw, *, command: UUID | None = None) -> Draw:
        """Draw the next tickets too."""
        path = f"/v1/draws/{draw}/extension"
        return await self.transport.fetch(
            Draw, Call(method="POST", path=path, body=request, command=command or uuid4())
        )

    async def replace_case(self, draw: UUID, request: ReplaceCase, *, command: UUID | None = None) -> Replacement:
        """Let a spare take a case's place."""
        path = f"/v1/draws/{draw}/replacements"
        call = Call(method="POST", path=path, body=request, command=command or uuid4())
        return await self.transport.fetch(Replacement, call)

    async def replacements(self, draw: UUID) -> list[ReplacedCase]:
        """Return a draw's replaced cases, with why."""
        return await self.transport.fetch(list[ReplacedCase], Call(path=f"/v1/draws/{draw}/replacements"))

    async def identity(
        self, draw: UUID, case: str, request: ShowIdentity, *, command: UUID | None = None
    ) -> CaseIdentity:
        """Return who a drawn case is; the vault records that it was shown."""
        path = f"/v1/draws/{draw}/cases/{case}/identity"
        call = Call(method="POST", path=path, body=request, command=command or uuid4())
        return await self.transport.fetch(CaseIdentity, call)

    async def find_cases(self, request: FindCases, *, command: UUID | None = None) -> FoundCases:
        """Return drawn cases by their case numbers, as far as the caller may know; the vault records what it told."""
        call = Call(method="POST", path="/v1/case-numbers", body=request, command=command or uuid4())
        return await self.transport.fetch(FoundCases, call)

    async def set_protection(self, request: SetProtection, *, command: UUID | None = None) -> None:
        """Protect a drawn case's identity, or do so no longer; for those who are cleared."""
        call = Call(method="POST", path="/v1/protections", body=request, command=command or uuid4())
        await self.transport.send(call)

    async def reveal_seed(self, draw: UUID, *, command: UUID | None = None) -> Draw:
        """Put the draw's secret seed into the log."""
        path = f"/v1/draws/{draw}/revelation"
        return await self.transport.fetch(Draw, Call(method="POST", path=path, command=command or uuid4()))

    async def draw_sql(self, draw: UUID) -> DrawSql:
        """Return the statement that repeats a draw."""
        return await self.transport.fetch(DrawSql, Call(path=f"/v1/draws/{draw}/sql"))
