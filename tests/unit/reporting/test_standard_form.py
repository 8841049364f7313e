"""The board's own form, filled in from the logs: the figures of the 2021 documents, each named by how it was made."""

from datetime import date

import pytest

from stickprov_contracts.http.reports import Chart
from support.report_documents import (
    CHILDREN,
    CORRECT,
    MEETING,
    PLANS,
    TEACHERS,
    children,
    correct_information,
    meetings_and_plans,
    teachers,
)
from support.report_making import form_of, made, tables_of, wanted
from support.report_scenes import FORM, actions, concluded
from support.report_texts import Notes
from support.reporting import case_drawn, month_period, recorded, sample

LABELS = [
    "Internkontrollmoment nr",
    "Internkontroll mått",
    "Datum för genomförd kontroll",
    "Kontrollen avser tidsperiod",
    "Kontroll genomförd av",
    "Avser område/avdelning",
    "Urvalsramens totala storlek (antal)",
    "Urval (antal)",
    "Metod för urval",
    "Resultat",
    "Sammanfattning",
    "Kommentar till utfall (möjliga risker och möjliga orsaker till utfallet)",
    "Förslag på åtgärder (ifylls endast vid avvikelser)",
]


@pytest.fixture(scope="module")
def quarter():
    notes = Notes()
    events = [*correct_information(tolerance="0.1"), concluded(notes), *actions(notes)]
    return made(events, wanted(points=[CORRECT]), notes)


def test_the_form_has_the_boards_fields_in_their_order(quarter):
    assert list(form_of(quarter)) == LABELS
    assert (quarter.title, quarter.subtitle) == ("Internkontrollmoment 3", "januari–mars 2021")


def test_the_form_of_the_first_quarter_says_what_the_document_says(quarter):
    form = form_of(quarter)

    assert form["Datum för genomförd kontroll"] == "4 januari 2021 till och med 9 april 2021"
    assert form["Kontrollen avser tidsperiod"] == "1 januari 2021 till och med 31 mars 2021"
    assert form["Kontroll genomförd av"] == FORM["carried_out_by"]
    assert form["Urvalsramens totala storlek (antal)"] == "7 989 hushåll (i genomsnitt 2 663 per månad)"
    assert form["Urval (antal)"] == "509 hushåll, 6,4 % av urvalsramen (509 av 7 989)."
    assert form["Resultat"] == "\n".join(
        [
            (
                "Totalt har 509 hushåll granskats: 156 i januari, 159 i februari och 194 i mars. "
                "Anmärkning finns i 104 av dem: 28 i januari, 29 i februari och 47 i mars."
            ),
            (
                "Den sammanlagda andelen med anmärkning är 20,4 % (104 av 509). "
                "Medelvärdet av månadernas andelar är 20,1 %."
            ),
            (
                "Av urvalsramens 7 989 hushåll har mellan 1 353 och 1 913 en anmärkning, 16,9–23,9 % "
                "(konfidensintervall 95 %; ungefärligt, MOVER)."
            ),
            "Den vanligaste anmärkningen är ”Insättningar på konto”, 13,0 % (66 av 509) av de granskade.",
            FORM["result"],
        ]
    )
    assert form["Sammanfattning"] == (
        "Av kontrollen framkommer att rutinen följs.\n"
        "Enligt stickprovet överskrids toleransen: hela konfidensintervallet ligger över 10 %."
    )
    assert form["Förslag på åtgärder (ifylls endast vid avvikelser)"].splitlines()[1] == (
        "Ta fram rutiner för hur stickproven ska gå till. (Enhetschef; klar senast 31 mars 2022; Pågående, försenad)"
    )


def test_every_share_stands_beside_what_it_is_made_of_and_how(quarter):
    rows = {row[0]: row[1:] for row in tables_of(quarter)["Hela perioden"]}

    assert rows["Sammanlagd andel med anmärkning"] == ["20,4 %", "104", "509", "alla anmärkningar av alla granskade"]
    assert rows["Medelvärde av månadernas andelar"] == ["20,1 %", "–", "–", "varje månads andel räknas lika"]
    assert rows["Antal hushåll med anmärkning, konfidensintervall 95 %"] == [
        "1 353 till 1 913",
        "–",
        "–",
        "ungefärligt, MOVER; av 7 989 i urvalsramen",
    ]


def test_months_stand_in_a_table_and_a_chart_with_their_intervals_and_the_tolerance(quarter):
    chart = next(block for block in quarter.blocks if isinstance(block, Chart) and block.shape == "intervals")
    march = chart.points[2]

    assert tables_of(quarter)["Antal och andelar månad för månad"] == [
        ["januari", "2 663", "156", "156", "28", "17,9 %", "12,4 %", "24,7 %"],
        ["februari", "2 663", "159", "159", "29", "18,2 %", "12,7 %", "24,9 %"],
        ["mars", "2 663", "194", "194", "47", "24,2 %", "18,6 %", "30,6 %"],
        ["Sammanlagt", "7 989", "509", "509", "104", "20,4 %", "–", "–"],
    ]
    assert (march.label, march.text) == ("mars 2021", "24,2 % (47 av 194), 18,6–30,6 %")
    assert chart.tolerance == 0.1
    assert "Tolerans 10 %" in chart.description


def test_categories_are_told_the_commonest_first(quarter):
    rows = tables_of(quarter)["Antal och andelar efter slag"]

    assert [row[:4] for row in rows[:2]] == [
        ["Insättningar på konto", "66", "509", "13,0 %"],
        ["Begärda handlingar ej inlämnade", "10", "509", "2,0 %"],
    ]


def test_the_form_speaks_english_on_request():
    report = made(correct_information(), wanted(points=[CORRECT], language="en"))

    form = form_of(report)
    assert (report.title, report.subtitle) == ("Internal control point 3", "January–March 2021")
    assert form["Sample (number)"] == "509 hushåll, 6.4% of the frame (509 of 7,989)."
    assert (
        form["Result"].splitlines()[1]
        == "The pooled share with a remark is 20.4% (104 of 509). The mean of the months' shares is 20.1%."
    )
    assert "1,353 to 1,913 have a remark, 16.9–23.9% (95% confidence interval; approximate, MOVER)" in form["Result"]


def test_two_points_share_a_form_and_what_they_have_in_common_stands_once():
    asked = wanted(points=[MEETING, PLANS], start=date(2021, 8, 1), end=date(2021, 11, 1))
    form = form_of(made(meetings_and_plans(), asked))

    assert form["Internkontrollmoment nr"] == "4 och 5"
    assert form["Internkontroll mått"].splitlines() == [
        "Internkontrollmoment 4: Ett första trepartsmöte genomförs",
        "Internkontrollmoment 5: Individuella handlingsplaner upprättas",
    ]
    assert form["Urval (antal)"] == "15 anvisningar, 17,9 % av urvalsramen (15 av 84)."
    assert "Internkontrollmoment 4: Totalt har 15 anvisningar granskats" in form["Resultat"]
    assert "Den sammanlagda andelen med anmärkning är 86,7 % (13 av 15)." in form["Resultat"]
    assert "Den sammanlagda andelen med anmärkning är 20,0 % (3 av 15)." in form["Resultat"]
    assert "exakt för stratifierat urval, under antaganden" in form["Resultat"]


def test_children_are_counted_in_the_cases_and_no_interval_is_said_to_be_none():
    asked = wanted(points=[CHILDREN], start=date(2020, 8, 1), end=date(2021, 8, 1))
    report = made(children(), asked)
    form, tables = form_of(report), tables_of(report)

    assert form["Urvalsramens totala storlek (antal)"] == "735 ärenden med 1 774 barn"
    assert form["Urval (antal)"].splitlines() == [
        "64 ärenden, 8,7 % av urvalsramen (64 av 735).",
        "I dem finns 146 barn, 8,2 % av alla (146 av 1 774).",
    ]
    assert "Av 146 barn har 134 granskats. 12 är övertäckning." in form["Resultat"]
    general = tables["Nämns barn generellt? (besvarad för 134 av 134 granskade barn)"]
    assert [row[:4] for row in general] == [["Ja", "80", "134", "59,7 %"], ["Nej", "54", "134", "40,3 %"]]
    assert tables["Antal efter skäl"] == [["Övertäckning", "Hör inte till det som kontrolleras", "barn", "12"]]
    assert any("ett enda ärende ur varje grupp" in getattr(block, "text", "") for block in report.blocks)


def test_no_handler_is_told_of():
    asked = wanted(points=[CHILDREN], start=date(2020, 8, 1), end=date(2021, 8, 1))

    assert "p00" not in made(children(), asked).model_dump_json()


def test_units_are_in_swedish_order(quarter):
    units = [row[0] for row in tables_of(quarter)["Antal och andelar enhet för enhet"]]

    assert units == ["Centrum", "Mottagning", "Åby", "Ätradalen", "Östra"]


def test_a_register_measure_stands_beside_its_goal_unit_by_unit():
    asked = wanted(points=[TEACHERS], start=date(2013, 1, 1), end=date(2014, 1, 1))
    report = made(teachers(), asked)

    assert form_of(report)["Urval (antal)"] == "Inget urval: hela registret är räknat."
    assert (
        form_of(report)["Sammanfattning"].splitlines()[-1] == "Andel förskollärare: 38,0 % når inte målet (minst 50 %)."
    )
    assert tables_of(report)["Andel förskollärare, 2013 (mål: minst 50 %)"] == [
        ["Backen", "20", "40", "50,0 %", "Ja"],
        ["Åsen", "22", "60", "36,7 %", "Nej"],
        ["Älven", "15", "50", "30,0 %", "Nej"],
        ["Hela registret", "57", "150", "38,0 %", "Nej"],
    ]


def test_cases_that_wait_are_told_with_what_they_could_change():
    january = month_period("2021-01")
    events = [correct_information()[0], sample("d", [("", "2021-01", 100, 10)], january)]
    events += [case_drawn("d", f"c{number}", "2021-01") for number in range(10)]
    events += [recorded("d", f"c{number}", remark=number < 2) for number in range(8)]

    report = made(events, wanted(points=[CORRECT]))

    rows = {row[0]: row[1:] for row in tables_of(report)["Hela perioden"]}
    assert "2 av de dragna återstår att granska." in form_of(report)["Resultat"]
    assert (
        rows["Andel, värsta fall för ej granskade"][3]
        == "som om ingen, eller alla, av 2 ej granskade hade en anmärkning"
    )
    assert "De dragna som inte är granskade antas likna dem som är det." in report.model_dump_json()


def test_a_form_before_anything_is_drawn_has_its_fields_all_the_same():
    report = made([correct_information()[0]], wanted(points=[CORRECT]))

    assert list(form_of(report)) == LABELS
    assert form_of(report)["Resultat"] == "Inte angivet."
    assert tables_of(report) == {}


def test_several_conclusions_stand_each_under_its_period():
    notes = Notes()
    both = [
        concluded(notes, period=month_period(month), texts={"result": notes.write(f"Text {month}.")})
        for month in ("2021-01", "2021-02")
    ]

    form = form_of(made([*correct_information(), *both], wanted(points=[CORRECT]), notes))

    assert form["Resultat"].splitlines()[-2:] == ["Januari 2021: Text 2021-01.", "Februari 2021: Text 2021-02."]
