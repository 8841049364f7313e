"""What the sampler keeps beside its log, after a log that was lost came back from a copy."""

import asyncpg

from stickprov_kernel.database.migrations import LOG
from stickprov_kernel.log.recovery import recover
from stickprov_sampler.adapters.recovering import _rebuild
from stickprov_sampler.app import SAMPLER
from support.kept_copy import corpus_copy


async def test_every_kind_of_event_comes_back_and_what_is_lost_beside_it_is_told(new_database):
    database = await new_database(LOG, SAMPLER)
    copy = corpus_copy("sampler")

    done = await recover(database.service_url, copy, _rebuild)

    assert (done.before, done.after) == (0, len(copy.entries))
    told = " ".join(done.lost)
    # One event of each type: a drawn case, a frame's series, a seed that was shown, a list of two, and texts.
    assert "1 drawn cases: who they are is lost" in told
    assert "1 series: their keys are lost" in told
    assert "0 secret seeds are lost" in told


async def test_what_the_backup_still_has_is_not_lost_and_a_shown_seed_is_no_secret_any_more(new_database):
    database = await new_database(LOG, SAMPLER)
    copy = corpus_copy("sampler")
    owner = await asyncpg.connect(database.superuser_url)
    await owner.execute(
        "INSERT INTO vault.committed_seed (seed_hash, series, master, wrapped_key, sealed) "
        "SELECT seed_hash, gen_random_uuid(), 'm', '', seed::bytea FROM (VALUES "
        "('1a179007a6f513352434d79a7cf58ede1bd5eda4fe6aa5d5f3ef9075b64510fa', 'shown'), "
        "('0000000000000000000000000000000000000000000000000000000000000000', 'secret')) AS kept (seed_hash, seed)"
    )
    case = "SELECT convert_from(data, 'UTF8')::jsonb ->> 'case' FROM event WHERE type LIKE '%case-drawn%'"
    await recover(database.service_url, copy, _rebuild)
    await owner.execute(
        "INSERT INTO vault.identity (case_id, series, protected, research_day, master, wrapped_key, sealed) "
        "VALUES ($1, gen_random_uuid(), false, false, 'm', '', '')",
        await owner.fetchval(case),
    )

    async with owner.transaction():
        told = " ".join(await _rebuild(owner, 0))

    seeds = await owner.fetch("SELECT sealed FROM vault.committed_seed")
    await owner.close()
    assert "0 drawn cases" in told
    assert [seed for (seed,) in seeds] == [b"secret"]
