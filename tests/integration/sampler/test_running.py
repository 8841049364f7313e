"""The running service: its feed, its health, its metrics, all without a broker."""

import pytest


async def test_the_feed_gives_the_log_in_its_order(sampler):
    await sampler.freeze("Id\n1\n2\n3\n")
    draw = await sampler.drawn(n=1)
    await sampler.sequenced()
    page = (await sampler.get("/v1/log", "service")).json()
    assert [entry["position"] for entry in page["entries"]] == [1, 2, 3, 4, 5]
    assert [entry["envelope"]["subject"].split("/")[0] for entry in page["entries"]] == [
        "control-point",
        "frame",
        "draw",
        "draw",
        "draw",
    ]
    assert page["head"]["position"] == 5
    assert page["entries"][4]["envelope"]["subject"] == f"draw/{draw['draw']}"
    assert (await sampler.get("/v1/log/head", "service")).json() == page["head"]


async def test_it_is_ready_without_a_broker_and_says_how_far_its_log_has_come(sampler):
    await sampler.sequenced()
    response = await sampler.client.get("/health/ready")
    conditions = {condition["name"]: condition["detail"] for condition in response.json()["conditions"]}
    assert response.status_code == 200
    assert conditions["sequencer"] == "0 events wait for a position"
    assert conditions["relay"].startswith("0 events are not published")


async def test_its_metrics_count_requests_by_route(sampler):
    text = (await sampler.client.get("/metrics")).text
    assert 'stickprov_sampler_http_requests_total{method="PUT",route="/v1/control-points/{control_point}"' in text
    assert "stickprov_sampler_relay_lag_events" in text


async def test_its_metrics_tell_how_its_log_its_connections_and_its_folders_are(sampler):
    await sampler.sequenced()
    text = (await sampler.client.get("/metrics")).text
    position = (await sampler.get("/v1/log/head", "service")).json()["position"]
    assert f"stickprov_sampler_log_position {float(position)}" in text
    assert "stickprov_sampler_sequencer_lag_events 0.0" in text
    assert "stickprov_sampler_database_connections_most 10.0" in text
    assert 'stickprov_sampler_condition_met{condition="database"} 1.0' in text
    for folder in ("frames", "vault"):
        [free] = [line for line in text.splitlines() if f'folder_free_bytes{{folder="{folder}"}}' in line]
        assert float(free.split()[1]) > 0


async def test_nobody_reads_without_signing_in(sampler):
    for path in ("control-points", "control-points/AMF-2021-4", "frames", "frames/x", "draws", "log"):
        assert (path, (await sampler.client.get(f"/v1/{path}")).status_code) == (path, 401)


@pytest.mark.parametrize("table", ["identity", "series_key", "staff", "committed_seed", "frame_key"])
async def test_the_service_can_erase_what_the_vault_holds_and_change_nothing_but_the_key_around_it(sampler, table):
    columns = await sampler.rows(
        "SELECT column_name, has_column_privilege($1, format('vault.%I', $2::text), column_name, 'UPDATE') AS may "
        "FROM information_schema.columns WHERE table_schema = 'vault' AND table_name = $2",
        sampler.database.service_role,
        table,
    )
    (erase,) = await sampler.rows(
        f"SELECT has_table_privilege($1, 'vault.{table}', 'DELETE') AS may", sampler.database.service_role
    )
    # Whether an identity is protected may become known later, or end.
    further = {"protected"} if table == "identity" else set()
    assert {row["column_name"] for row in columns if row["may"]} == {"master", "wrapped_key"} | further
    assert erase["may"]
