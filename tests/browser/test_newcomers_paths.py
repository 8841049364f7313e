"""What somebody new looks for: a folded menu on a phone, columns to choose from, figures beside a conclusion."""

import re

from playwright.sync_api import expect


def test_a_coordinators_menu_is_folded_on_a_phone_and_opens_without_script(signed_in):
    page = signed_in("coordinator", script=False, width=360)
    page.goto("/plans")
    head = page.locator("header.site")
    assert head.bounding_box()["height"] < 120

    page.get_by_text("Meny").click()

    page.get_by_role("link", name="Urvalsramar").click()
    expect(page).to_have_url(re.compile("/frames$"))


def test_after_a_look_the_columns_of_a_file_are_chosen_from_a_list(signed_in, tmp_path):
    file = tmp_path / "register.csv"
    file.write_text("Nr;Datum;Kontor\n1;2021-03-02;Norr\n2;2021-03-09;Syd\n", encoding="utf-8")
    page = signed_in("coordinator", script=False)
    page.goto("/frames/new?point=AMF-2021-3&period=2021-03")
    page.get_by_label("Registerfil").set_input_files(file)
    page.get_by_label("Kolumn med månad").fill("Datum")
    page.get_by_role("button", name="Prova filen").click()

    month = page.get_by_label("Kolumn med månad")
    assert month.locator("option").all_inner_texts() == ["–", "Nr", "Datum", "Kontor"]
    expect(month).to_have_value("Datum")
    page.get_by_label("Kolumn med stratum").select_option("Kontor")
    page.get_by_role("button", name="Prova filen").click()
    expect(page.get_by_label("Kolumn med stratum")).to_have_value("Kontor")


def test_a_conclusion_begins_with_its_point_and_period_and_stands_beside_its_figures(signed_in):
    page = signed_in("coordinator", script=False)
    page.goto("/conclusions/new")
    page.get_by_label("Kontrollmoment").select_option("AMF-2021-3")
    page.get_by_label("Period").fill("2021-Q1")
    page.get_by_role("button", name="Fortsätt").click()

    expect(page.get_by_role("region", name="Vad som har iakttagits")).to_contain_text("104/509")
    expect(page.get_by_label("Metod för urval")).to_have_value(re.compile("156 av 2.663 dragna"))
    expect(page.get_by_role("link", name="Alla siffror")).to_have_attribute(
        "href", re.compile(r"/statistics/AMF-2021-3\?from=2021-01-01&to=2021-04-01")
    )


def test_a_draw_leads_on_to_its_cases_and_says_when_it_was_verified(signed_in):
    page = signed_in("coordinator")
    page.goto("/draws")
    # Other tests draw for points of their own; this is one of the played control.
    page.get_by_role("link", name=re.compile("^AMF-2021-3 2021-03")).first.click()

    told = page.get_by_text("Draget på nytt och jämfört").inner_text()
    page.reload()
    assert page.get_by_text("Draget på nytt och jämfört").inner_text() == told
    page.get_by_role("link", name="Fördela ärendena för AMF-2021-3").click()
    expect(page).to_have_url(re.compile("/assign"))
