"""The staff list by command: looked at first, then replaced."""

HEADER = "sign_in;name;unit\n"


def test_a_staff_list_is_tried_before_it_replaces_the_list(played_stack, tmp_path):
    file = tmp_path / "personal.csv"
    file.write_text(HEADER + "reviewer-01;Provnamn Ett;Norr\nreviewer-02;Provnamn Två;Öst\n", encoding="utf-8")
    assert played_stack.stickprov("staff", "import", str(file)).returncode == 0
    file.write_text(HEADER + "reviewer-01;Provnamn Ett;Väst\nreviewer-03;Provnamn Tre;Syd\n", encoding="utf-8")

    tried = played_stack.stickprov("staff", "import", str(file), "--dry-run", language="sv")

    assert tried.returncode == 0
    assert tried.stdout.splitlines() == [
        "Provnamn Ett: ändras: enhet",
        "Provnamn Tre: är ny",
        "Provnamn Två: lämnar listan",
        "Inget har sparats.",
    ]
    listed = played_stack.stickprov("staff", "show")
    assert "reviewer-02" in listed.stdout
    assert "reviewer-03" not in listed.stdout
