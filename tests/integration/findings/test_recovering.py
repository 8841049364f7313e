"""What findings keeps beside its log, after a log that was lost came back from a copy."""

from datetime import timedelta

import asyncpg

from stickprov_findings.adapters.recovering import _rebuild
from stickprov_findings.adapters.sql.migrations import FOLDERS
from stickprov_kernel.log.recovery import recover
from support.kept_copy import corpus_copy


async def test_who_was_given_what_is_written_anew_and_lost_texts_are_counted(new_database):
    database = await new_database(*FOLDERS)
    copy = corpus_copy("findings")

    done = await recover(database.service_url, copy, _rebuild)

    owner = await asyncpg.connect(database.superuser_url)
    given = await owner.fetch("SELECT control_point, purpose, reviewer, rule FROM assignment")
    notes = await owner.fetchval(
        "SELECT count(DISTINCT n) FROM event, jsonb_path_query(convert_from(data, 'UTF8')::jsonb, '$.**.note') AS n "
        "WHERE jsonb_typeof(n) = 'string'"
    )
    await owner.close()
    assert done.after == len(copy.entries)
    assert [tuple(row) for row in given] == [("AMF-2021-3", "review", "p0123456789abcdef01234567", "colleague")]
    assert notes > 0
    assert any(line.startswith(f"{notes} free texts of recovered events are lost") for line in done.lost)


async def test_a_draft_goes_whose_review_has_ended_and_any_other_stays(new_database):
    database = await new_database(*FOLDERS)
    copy = corpus_copy("findings")
    owner = await asyncpg.connect(database.superuser_url)
    await recover(database.service_url, copy, _rebuild)
    stream, actor, time = await owner.fetchrow(
        "SELECT stream, actor, time FROM event WHERE type = 'stickprov.findings.finding-recorded.v1'"
    )
    await owner.executemany(
        "INSERT INTO draft (stream, reviewer, version, review_version, master, wrapped_key, sealed, saved_at) "
        "VALUES ($1, $2, 1, 0, 'm', '', '', $3)",
        [
            (stream, actor, time - timedelta(minutes=1)),
            (stream, "p-somebody-else", time - timedelta(minutes=1)),
            ("review/other", actor, time - timedelta(minutes=1)),
        ],
    )

    async with owner.transaction():
        await _rebuild(owner, 0)

    left = await owner.fetch("SELECT stream, reviewer FROM draft")
    await owner.close()
    assert {tuple(row) for row in left} == {("review/other", actor), (stream, "p-somebody-else")}
