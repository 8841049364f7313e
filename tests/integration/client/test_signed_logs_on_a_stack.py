"""An auditor keeps checkpoints and proofs by command, and holds them against the log, with and without its service."""

import json
from pathlib import Path

import pytest

from support.played_stack import PlayedStack
from support.waiting import wait_until

PLAN = """\
plan: AMF-2021-SIGNED
year: 2021
board: Socialnämnden
control_points:
  - {control_point: AMF-2021-61, number: "6", area: AMF, measure: Loggen signeras, unit_name: ärende}
"""


@pytest.fixture
def keys(played_stack: PlayedStack) -> str:
    """The file of public keys that the local stack writes."""
    return str(played_stack.data / "keys" / "checkpoints.keys")


def audit(stack: PlayedStack, *words: str, who: str = "auditor", language: str = "en"):
    return stack.stickprov("audit", *words, who=who, language=language)


def kept(stack: PlayedStack, file: Path, source: str = "findings", *, make: bool = True) -> Path:
    made = audit(stack, "checkpoint", source, *(["--make"] if make else []), "--save", str(file))
    assert made.returncode == 0, made.stderr
    return file


def test_a_checkpoint_is_made_listed_shown_and_kept(played_stack: PlayedStack, tmp_path: Path):
    file = kept(played_stack, tmp_path / "findings.note")
    size = file.read_text().split("\n")[1]

    listed = audit(played_stack, "checkpoint", "findings")
    told = json.loads(audit(played_stack, "checkpoint", "--json").stdout)
    shown = audit(played_stack, "checkpoint", "findings", "--size", size)

    assert shown.stdout == file.read_text()
    assert listed.stdout.startswith("stickprov.local/findings\n  signed by stickprov.local/findings+")
    assert "somebody asked for it" in listed.stdout
    assert [log["origin"] for log in told] == ["stickprov.local/sampler", "stickprov.local/findings"]


def test_the_log_is_still_what_a_kept_checkpoint_says(played_stack: PlayedStack, tmp_path: Path, keys: str):
    file = kept(played_stack, tmp_path / "findings.note")

    held = audit(played_stack, "checkpoint", "--verify", str(file), "--key", keys)
    unvouched = audit(played_stack, "checkpoint", "--verify", str(file))
    swedish = audit(played_stack, "checkpoint", "--verify", str(file), "--key", keys, language="sv")

    assert held.returncode == 0, held.stdout
    assert "It is signed by a key that you gave" in held.stdout
    assert "nothing was changed, removed or put between" in held.stdout
    assert "a key that only the service vouches for" in unvouched.stdout
    assert "inget är ändrat, borttaget eller inskjutet" in swedish.stdout


def test_a_changed_checkpoint_is_not_believed(played_stack: PlayedStack, tmp_path: Path, keys: str):
    file = kept(played_stack, tmp_path / "findings.note")
    lines = file.read_text().split("\n")
    file.write_text("\n".join([lines[0], str(int(lines[1]) + 1), *lines[2:]]))

    held = audit(played_stack, "checkpoint", "--verify", str(file), "--key", keys)
    swedish = audit(played_stack, "checkpoint", "--verify", str(file), "--key", keys, language="sv")

    assert held.returncode == 1
    assert "The signature of stickprov.local/findings" in held.stdout
    assert "does not fit the text" in held.stdout
    assert "passar inte till texten" in swedish.stdout


def test_a_key_that_is_none_is_refused(played_stack: PlayedStack, tmp_path: Path):
    file = kept(played_stack, tmp_path / "findings.note")

    refused = audit(played_stack, "checkpoint", "--verify", str(file), "--key", "no key")

    assert refused.returncode == 2
    assert "“no key” is no public key of a log" in refused.stderr


def test_an_event_is_proved_and_its_proof_kept_for_a_day_without_a_server(
    played_stack: PlayedStack, tmp_path: Path, keys: str
):
    file = tmp_path / "one.tlog-proof"
    audit(played_stack, "checkpoint", "findings", "--make")

    proved = audit(played_stack, "proof", "findings", "2", "--save", str(file), "--key", keys)
    offline = played_stack.stickprov(
        "--url", "http://127.0.0.1:9", "audit", "proof", "--verify", str(file), "--key", keys
    )

    assert proved.returncode == 0, proved.stdout + proved.stderr
    assert "Position 2: stickprov.findings." in proved.stdout
    assert "The event at position 2 is in the log as it was then." in proved.stdout
    assert file.read_text().startswith("c2sp.org/tlog-proof@v1\nextra ")
    assert offline.returncode == 0, offline.stdout + offline.stderr
    assert offline.stdout == proved.stdout


def test_a_changed_proof_is_not_believed(played_stack: PlayedStack, tmp_path: Path, keys: str):
    file = tmp_path / "one.tlog-proof"
    audit(played_stack, "checkpoint", "findings", "--make")
    audit(played_stack, "proof", "findings", "2", "--save", str(file), "--key", keys)
    file.write_text(file.read_text().replace("index 1", "index 2"))

    changed = audit(played_stack, "proof", "--verify", str(file), "--key", keys, "--json")

    assert changed.returncode == 1
    assert json.loads(changed.stdout)["verdict"] == "different"


def test_a_newer_checkpoint_continues_an_older_one_with_and_without_a_server(
    played_stack: PlayedStack, tmp_path: Path, keys: str
):
    older = kept(played_stack, tmp_path / "old.note", "sampler")
    plan = tmp_path / "plan.yaml"
    plan.write_text(PLAN, encoding="utf-8")
    imported = played_stack.stickprov("plan", "import", str(plan))
    assert imported.returncode == 0, imported.stderr
    newer = kept(played_stack, tmp_path / "new.note", "sampler")
    proof = tmp_path / "growth.proof"

    asked = audit(played_stack, "consistency", str(older), str(newer), "--save", str(proof), "--key", keys, "--json")
    offline = played_stack.stickprov(
        *("--url", "http://127.0.0.1:9", "audit", "consistency", str(older), str(newer)),
        *("--proof", str(proof), "--key", keys, "--json"),
    )

    assert asked.returncode == 0, asked.stdout + asked.stderr
    outcome = json.loads(asked.stdout)
    assert (outcome["verdict"], outcome["keys"]) == ("verified", "given")
    assert outcome["size"] < outcome["later_size"]
    assert json.loads(offline.stdout) == outcome


def test_closing_a_period_signs_the_log_at_once(played_stack: PlayedStack, tmp_path: Path):
    plan = tmp_path / "plan.yaml"
    plan.write_text(PLAN.replace("SIGNED", "CLOSED").replace("2021-61", "2021-62"), encoding="utf-8")
    for words in (("plan", "import", str(plan)), ("period", "close", "2021-T1", "--plan", "AMF-2021-CLOSED")):
        done = played_stack.stickprov(*words)
        assert done.returncode == 0, done.stderr

    def signed() -> bool:
        told = json.loads(audit(played_stack, "checkpoint", "sampler", "--json").stdout)
        return told[0]["checkpoints"][0]["reason"] == "period-closed"

    wait_until(signed, what="the closing's checkpoint")


def test_two_logs_are_never_one(played_stack: PlayedStack, tmp_path: Path, keys: str):
    one = kept(played_stack, tmp_path / "sampler.note", "sampler")
    other = kept(played_stack, tmp_path / "findings.note", "findings")
    small, large = sorted((one, other), key=lambda file: int(file.read_text().split("\n")[1]))

    refused = audit(played_stack, "consistency", str(small), str(large), "--key", keys)

    assert refused.returncode == 2
    assert "The files are checkpoints of two different logs" in refused.stderr


def test_both_services_read_their_own_tables_again(played_stack: PlayedStack):
    for source in ("sampler", "findings"):
        audit(played_stack, "checkpoint", source, "--make")

    read = audit(played_stack, "log")
    told = json.loads(audit(played_stack, "log", "--json").stdout)

    assert read.returncode == 0, read.stdout
    assert [(one["source"], one["verdict"], one["first_difference"]) for one in told] == [
        ("sampler", "verified", None),
        ("findings", "verified", None),
    ]
    assert all(one["checkpoints"] >= 1 for one in told)
    assert read.stdout.count("✓") == 2


def test_options_that_do_not_go_together_are_refused_in_words(played_stack: PlayedStack, tmp_path: Path):
    assert "Say whose checkpoint" in audit(played_stack, "checkpoint", "--make").stderr
    assert "--verify: This stands alone" in audit(played_stack, "checkpoint", "findings", "--verify", "x").stderr
    assert "cannot be read" in audit(played_stack, "checkpoint", "--verify", str(tmp_path / "none")).stderr
    assert "Say whose log and which event" in audit(played_stack, "proof", "findings").stderr
    assert "The checkpoint is of" in audit(played_stack, "proof", "findings", "999999").stderr
