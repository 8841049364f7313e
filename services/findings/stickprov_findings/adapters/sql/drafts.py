"""What reviewers have filled in so far, each their own.

What must not break: what they filled in never stands in the database in clear; a newer draft is never overwritten by
whoever has not seen it; what a reviewer has ended is no draft any more, even where a late save left a row behind.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

import asyncpg

from stickprov_contracts.http.findings import Draft, SaveDraft
from stickprov_findings.adapters.sql.statements import SQL
from stickprov_findings.domain.review.status import ENDS_A_REVIEW
from stickprov_kernel.errors import NotFoundError, PreconditionFailedError
from stickprov_kernel.log.records import SideStatement
from stickprov_kernel.sealing.rotation import SealedTable
from stickprov_kernel.sealing.sealing import Sealed, Sealing


class NoDraftError(NotFoundError):
    """The caller has filled in nothing."""

    code = "no-draft"
    title = "There is no draft"

    def __init__(self) -> None:
        super().__init__("You have filled in nothing here, or have ended the review since.")


class DraftMovedOnError(PreconditionFailedError):
    """Another tab has saved a newer draft, or the review has been ended."""

    def __init__(self, seen: int, version: int) -> None:
        super().__init__(
            f"You saw version {seen} of your draft, it is at version {version} now (0: there is none); nothing was "
            "saved. Another tab has saved it or has ended the review. Read the draft and the review again.",
            current_version=version,
        )


@dataclass(frozen=True, slots=True)
class Drafts:
    """Keeps drafts in the findings database."""

    pool: asyncpg.Pool
    sealing: Sealing

    async def find(self, stream: str, reviewer: str) -> Draft | None:
        """Return somebody's draft, None when they have filled in nothing or have ended the review since."""
        row = await self.pool.fetchrow(SQL["draft"], stream, reviewer, ENDS_A_REVIEW)
        if row is None:
            return None
        fields = json.loads(self.sealing.open_row(row, about_draft(stream, reviewer)))
        return Draft(fields=fields, review_version=row["review_version"], version=row["version"], saved=row["saved_at"])

    async def save(self, stream: str, reviewer: str, draft: SaveDraft, seen: int, time: datetime) -> Draft:
        """Keep what somebody has filled in, and return it as it is kept.

        Saving the same again, as a retry does, answers as the first time.

        Args:
            stream: of the review.
            reviewer: pseudonym.
            draft: what they have filled in.
            seen: the draft's version that the caller saw, 0 for none.
            time: now.

        Raises:
            DraftMovedOnError: the draft is at another version.
        """
        sealed = sealed_fields(self.sealing, stream, reviewer, draft.fields)
        version = await self.pool.fetchval(
            SQL["save_draft"],
            *(stream, reviewer, seen, draft.review_version, sealed.master, time, ENDS_A_REVIEW),
            *(sealed.wrapped_key, sealed.sealed),
        )
        if version is not None:
            return Draft(fields=draft.fields, review_version=draft.review_version, version=version, saved=time)
        kept = await self.find(stream, reviewer)
        if kept is None:
            raise DraftMovedOnError(seen, 0)
        if (kept.version, kept.review_version, kept.fields) != (seen + 1, draft.review_version, draft.fields):
            raise DraftMovedOnError(seen, kept.version)
        return kept

    async def drop(self, stream: str, reviewer: str) -> None:
        """Forget what somebody has filled in; nothing happens where there is nothing."""
        await self.pool.execute(SQL["drop_draft"], stream, reviewer)

    async def drop_older(self, since: datetime) -> int:
        """Forget everybody's drafts that were last saved before a moment; return how many there were."""
        return int(await self.pool.fetchval(SQL["drop_older_drafts"], since))


def dropping(stream: str, reviewer: str) -> list[SideStatement]:
    """Return what the commit that ends a review must also do."""
    return [SideStatement(SQL["drop_draft"], (stream, reviewer))]


def sealed_fields(sealing: Sealing, stream: str, reviewer: str, fields: Mapping[str, Sequence[str]]) -> Sealed:
    """Return what somebody has filled in, sealed as it is kept."""
    return sealing.seal(json.dumps(fields, ensure_ascii=False).encode(), about_draft(stream, reviewer))


def about_draft(stream: str, reviewer: str) -> str:
    """Return what a draft is sealed about."""
    return f"draft/{reviewer}/{stream}"


DRAFTS: Final = SealedTable("draft", ("stream", "reviewer"), lambda row: about_draft(row["stream"], row["reviewer"]))
"""For the rotation of master keys."""
