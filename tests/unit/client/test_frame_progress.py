import pytest

from stickprov_client.cli.frame_progress import stage_text, watching
from stickprov_client.cli.session import Session
from stickprov_contracts.http.progress import FrameStage

SWEDISH, ENGLISH = Session(language="sv"), Session(language="en")


@pytest.mark.parametrize(
    ("stage", "swedish", "english"),
    [
        ("checking", "Prövar 1\N{NO-BREAK SPACE}000\N{NO-BREAK SPACE}000 rader", "Checking 1,000,000 rows"),
        (
            "naming",
            "Ger 1\N{NO-BREAK SPACE}000\N{NO-BREAK SPACE}000 enheter deras pseudonymer",
            "Giving 1,000,000 units their pseudonyms",
        ),
        ("storing", "Skriver in urvalsramen i loggen", "Entering the frame in the log"),
    ],
)
def test_a_stage_is_told_in_both_languages_with_its_rows(stage, swedish, english):
    told = FrameStage(stage=stage, rows=1_000_000)
    assert (stage_text(SWEDISH, told), stage_text(ENGLISH, told)) == (swedish, english)


def test_where_no_terminal_is_each_stage_is_a_line_on_stderr(tmp_path, capsys):
    file = tmp_path / "hushåll.csv"
    file.write_bytes(b"x" * 51_840_000)
    with watching(SWEDISH, file, silent=False) as watcher:
        for stage, rows in (("reading", None), ("reading", 300_000), ("checking", 1000)):
            watcher.told(FrameStage(stage=stage, rows=rows))
    printed = capsys.readouterr()
    assert printed.out == ""
    assert printed.err.splitlines() == [
        "Skickar hushåll.csv (51,8 MB)",
        "Läser filen",
        "Prövar 1\N{NO-BREAK SPACE}000 rader",
    ]


def test_beside_json_nothing_is_told(tmp_path, capsys):
    with watching(SWEDISH, tmp_path / "none.csv", silent=True) as watcher:
        assert (watcher.sent, watcher.told) == (None, None)
    assert capsys.readouterr() == ("", "")


def test_in_a_terminal_there_are_bars_that_are_gone_afterwards(tmp_path, capsys, monkeypatch):
    monkeypatch.setattr("sys.stderr.isatty", lambda: True)
    monkeypatch.setenv("TERM", "xterm")
    file = tmp_path / "hushåll.csv"
    file.write_bytes(b"x" * 1000)
    with watching(ENGLISH, file, silent=False) as watcher:
        watcher.sent(1000)
        watcher.told(FrameStage(stage="reading"))
        watcher.told(FrameStage(stage="reading", rows=300))
        watcher.told(FrameStage(stage="checking", rows=500))
    shown = capsys.readouterr().err
    assert "Sending hushåll.csv" in shown
    assert "Checking 500 rows" in shown
    assert shown.rstrip().endswith("\x1b[2K")
