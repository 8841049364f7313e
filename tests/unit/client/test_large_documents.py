"""A document that would take seconds to read is refused at once, in words of ours."""

import pytest

from stickprov_client.documents.faults import BadFile
from stickprov_client.documents.yaml_document import document_of


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("[" * 100_000, "brackets stand in each other too deep here."),
        ("a: " + "{b: " * 50 + "1" + "}" * 50, "brackets stand in each other too deep here."),
        ("a: " + "x" * 2_000_001, "it is larger than 2 MB. Divide it."),
    ],
)
def test_what_nobody_writes_by_hand_is_refused(text: str, said: str):
    with pytest.raises(BadFile) as refused:
        document_of("plan.yaml", text.encode())

    assert [fault.message for fault in refused.value.faults] == [said]


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("1:30", "1:30"),
        ("1:1:1:1", "1:1:1:1"),
        ("0x1F", "0x1F"),
        ("017", "017"),
        ("-4", -4),
        ("0.05", 0.05),
        ("1e3", "1e3"),
    ],
)
def test_a_time_stays_a_text_and_a_number_is_decimal(text: str, value: object):
    assert document_of("plan.yaml", f"a: {text}".encode()).content == {"a": value}
