"""The canonical envelope: pinned bytes, a perfect round trip, no two envelopes alike."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stickprov_contracts.envelope import HASHED_ATTRIBUTES, Envelope
from stickprov_kernel.log.envelope import decode, encode, schema_version, time_text
from stickprov_kernel.log.hashing import GENESIS, chain_hash, leaf_hash
from support.log import command

texts = st.text(st.characters(exclude_categories=["Cs"]), max_size=40)
envelopes = st.builds(
    Envelope,
    id=texts,
    source=texts,
    type=texts,
    subject=texts,
    streamversion=texts,
    time=texts,
    actor=texts,
    correlationid=texts,
    causationid=st.none() | texts,
)

GOLDEN = Envelope(
    id="0190a000-0000-7000-8000-000000000001",
    source="/stickprov/findings",
    type="stickprov.findings.finding-recorded.v1",
    subject="review/å",
    streamversion="1",
    time="2021-04-01T12:00:00.123456Z",
    actor="p1",
    correlationid="00000000-0000-7000-8000-00000000000c",
)


def test_the_canonical_bytes_are_what_they_always_were():
    assert encode(GOLDEN).hex() == (
        "00000005" + b"actor".hex() + "00000002" + b"p1".hex()
        + "0000000d" + b"correlationid".hex() + "00000024" + b"00000000-0000-7000-8000-00000000000c".hex()
        + "0000000f" + b"datacontenttype".hex() + "00000010" + b"application/json".hex()
        + "00000002" + b"id".hex() + "00000024" + b"0190a000-0000-7000-8000-000000000001".hex()
        + "00000006" + b"source".hex() + "00000013" + b"/stickprov/findings".hex()
        + "0000000b" + b"specversion".hex() + "00000003" + b"1.0".hex()
        + "0000000d" + b"streamversion".hex() + "00000001" + b"1".hex()
        + "00000007" + b"subject".hex() + "00000009" + "review/å".encode().hex()
        + "00000004" + b"time".hex() + "0000001b" + b"2021-04-01T12:00:00.123456Z".hex()
        + "00000004" + b"type".hex() + "00000026" + b"stickprov.findings.finding-recorded.v1".hex()
    )  # fmt: skip


def test_leaf_and_chain_are_what_they_always_were():
    leaf = leaf_hash(encode(GOLDEN), b'{"remark":true}')

    assert leaf.hex() == "6af6585e78dc10963469b821ddb22160ab9a3fde695160687f7a59afc41d56b0"
    assert chain_hash(GENESIS, leaf).hex() == "43581891f60deee5d95d1735c3b388788832711cab3e28208f4f763d3be2c45b"


def test_the_envelope_holds_every_hashed_attribute_and_no_other():
    assert sorted(Envelope.model_fields) == list(HASHED_ATTRIBUTES)


@given(envelopes)
def test_an_envelope_survives_the_round_trip(envelope: Envelope):
    assert decode(encode(envelope)) == envelope


@given(envelopes, envelopes)
def test_different_envelopes_have_different_bytes(one: Envelope, other: Envelope):
    assert (encode(one) == encode(other)) == (one == other)


@given(st.data())
def test_a_cut_envelope_is_refused(data: st.DataObject):
    canonical = encode(GOLDEN)
    cut = data.draw(st.integers(1, len(canonical) - 1))

    with pytest.raises(ValueError, match=r".+"):
        decode(canonical[:cut])


def test_attributes_out_of_order_are_refused():
    canonical = encode(GOLDEN)
    actor = canonical[: 4 + 5 + 4 + 2]

    with pytest.raises(ValueError, match="canonical form"):
        decode(canonical[len(actor) :] + actor)


def test_time_is_utc_with_microseconds():
    assert time_text(command().time) == "2021-04-01T12:00:00.123456Z"


@pytest.mark.parametrize(("name", "version"), [("a.b.v1", 1), ("a.b.v12", 12)])
def test_the_schema_version_ends_the_type(name: str, version: int):
    assert schema_version(name) == version


def test_a_type_without_version_is_refused():
    with pytest.raises(ValueError, match="does not end in a version"):
        schema_version("a.b")
