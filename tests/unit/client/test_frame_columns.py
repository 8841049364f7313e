"""Where each column of a register file goes is told in words: to the vault, in clear, or nowhere."""

from stickprov_client.language.frame_columns import where_columns_go
from stickprov_contracts.http.sampler import ColumnSeen, FrameOptions

HEADER = ["Ärende", "Namn", "Personnummer", "Skydd", "Handläggare", "Ort", "Barn", "Anteckning"]
SEEN = [ColumnSeen(name=name, type="text") for name in HEADER]
OPTIONS = {"frame_name": "x", "control_point": "AMF-2021-4", "period": "2021"}


def told(**options):
    return dict(where_columns_go(SEEN, FrameOptions(**OPTIONS, **options), "sv"))


def test_each_column_has_its_place():
    assert told(
        identity_columns=["Namn"],
        personal_number_column="Personnummer",
        protection_column="Skydd",
        handler_column="Handläggare",
        stratum_column="Ort",
        subunits_column="Barn",
        extract_date="2021-02-01",
    ) == {
        "Ärende": "till valvet, som pseudonym i urvalsramen",
        "Namn": "till valvet",
        "Personnummer": "till valvet",
        "Skydd": "till valvet",
        "Handläggare": "till valvet, som pseudonym i urvalsramen",
        "Ort": "i klartext i urvalsramen",
        "Barn": "som antal i urvalsramen",
        "Anteckning": "tas inte med",
    }


def test_a_column_that_nobody_names_is_left_out_but_for_the_first_which_names_the_unit():
    assert set(told().values()) == {"till valvet, som pseudonym i urvalsramen", "tas inte med"}
    assert told(unit_id_column="Namn")["Ärende"] == "tas inte med"
