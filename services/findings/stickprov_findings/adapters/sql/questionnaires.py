"""Versions of questionnaires. A version never changes, so each is read from the database once."""

import asyncpg
import structlog
from pydantic import ValidationError

from stickprov_contracts.questionnaires import Questionnaire
from stickprov_findings.adapters.sql.statements import SQL

_log = structlog.get_logger(__name__)


class Questionnaires:
    """Reads questionnaires from the findings database and keeps them."""

    def __init__(self, pool: asyncpg.Pool) -> None:
        self._pool = pool
        self._kept: dict[tuple[str, int], Questionnaire] = {}

    async def version(self, questionnaire: str, number: int) -> Questionnaire | None:
        """Return a version; None where there is none, or none that this release understands."""
        kept = self._kept.get((questionnaire, number))
        if kept is not None:
            return kept
        content = await self._pool.fetchval(SQL["questionnaire"], questionnaire, number)
        if content is None:
            return None
        try:
            read = Questionnaire.model_validate_json(content)
        except ValidationError:
            _log.exception("questionnaire-not-understood", questionnaire=questionnaire, number=number)
            return None
        return self._kept.setdefault((questionnaire, number), read)
