"""Log entries on the wire: CloudEvents 1.0 in Kafka's binary mode."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest
from cloudevents.core.bindings.kafka import KafkaMessage, from_binary_event

from stickprov_kernel.log.envelope import encode
from stickprov_kernel.log.records import Sequenced
from stickprov_kernel.messaging.cloudevents import NotALogRecordError, from_headers, to_headers
from support.inbox import findings_log


@pytest.fixture
async def entry() -> Sequenced:
    return (await (await findings_log(2)).read(1, 1))[0]


def without(headers: list[tuple[str, bytes]], name: str) -> list[tuple[str, bytes]]:
    return [header for header in headers if header[0] != name]


async def test_what_is_sent_is_what_is_received(entry: Sequenced):
    delivery = from_headers(to_headers(entry), entry.data)

    assert delivery.position == 2
    assert delivery.chain_hash == entry.chain_hash
    assert delivery.envelope_bytes == entry.envelope
    assert encode(delivery.envelope) == entry.envelope
    assert delivery.data == entry.data


async def test_a_trace_context_travels_beside_the_envelope_and_changes_no_hash(entry: Sequenced):
    traced = replace(entry, traceparent="00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01")

    assert dict(to_headers(traced))["traceparent"] == b"00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"
    assert from_headers(to_headers(traced), traced.data) == from_headers(to_headers(entry), entry.data)
    assert "traceparent" not in dict(to_headers(entry))


async def test_the_cloudevents_package_reads_it(entry: Sequenced):
    headers = dict(to_headers(entry))

    event = from_binary_event(KafkaMessage(headers=headers, key=None, value=entry.data))

    assert event.get_specversion() == "1.0"
    assert event.get_source() == "/stickprov/findings"
    assert event.get_type() == "stickprov.findings.finding-recorded.v1"
    assert event.get_subject() == "s2"
    assert event.get_datacontenttype() == "application/json"
    assert event.get_time() == datetime(2021, 4, 1, 12, 0, 0, 123456, tzinfo=UTC)
    assert event.get_extension("position") == "2"
    assert event.get_extension("chainhash") == entry.chain_hash.hex()
    assert event.get_extension("actor") == "p1"
    assert event.get_extension("streamversion") == "1"
    assert event.get_extension("correlationid") == "00000000-0000-7000-8000-00000000000c"
    assert event.get_data()["control_point"] == "AMF-2021-3"


async def test_headers_of_others_are_left_alone(entry: Sequenced):
    headers = [("traceparent", b"00-1-2-03"), ("ce_foreign", b"\xff"), *to_headers(entry)]

    assert from_headers(headers, entry.data).envelope_bytes == entry.envelope


@pytest.mark.parametrize("name", ["ce_id", "ce_type", "ce_subject", "ce_time", "ce_correlationid"])
async def test_a_missing_attribute_is_named(entry: Sequenced, name: str):
    with pytest.raises(NotALogRecordError, match=name.removeprefix("ce_")):
        from_headers(without(to_headers(entry), name), entry.data)


@pytest.mark.parametrize("value", [b"", b"0", b"-1", b"01", b"1.0", "٣".encode()])
async def test_a_position_is_a_positive_whole_number(entry: Sequenced, value: bytes):
    headers = [*without(to_headers(entry), "ce_position"), ("ce_position", value)]

    with pytest.raises(NotALogRecordError, match="ce_position is not a position"):
        from_headers(headers, entry.data)


@pytest.mark.parametrize("value", [b"", b"ab", b"zz" * 32, b"\xff" * 64])
async def test_a_chain_hash_is_32_bytes_in_hex(entry: Sequenced, value: bytes):
    headers = [*without(to_headers(entry), "ce_chainhash"), ("ce_chainhash", value)]

    with pytest.raises(NotALogRecordError, match="ce_chainhash is not 32 bytes"):
        from_headers(headers, entry.data)


async def test_a_header_must_be_utf_8(entry: Sequenced):
    headers = [*without(to_headers(entry), "ce_actor"), ("ce_actor", b"\xff")]

    with pytest.raises(NotALogRecordError, match="actor"):
        from_headers(headers, entry.data)


async def test_a_header_without_a_value_is_as_good_as_none(entry: Sequenced):
    with pytest.raises(NotALogRecordError, match="actor"):
        from_headers([*without(to_headers(entry), "ce_actor"), ("ce_actor", None)], entry.data)


async def test_a_record_without_a_value_is_no_entry(entry: Sequenced):
    with pytest.raises(NotALogRecordError, match="no value"):
        from_headers(to_headers(entry), None)
