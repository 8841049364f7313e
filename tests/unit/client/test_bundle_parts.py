"""What bundles are made of: sentences in two languages, a verifier in one file, a writer that does things whole."""

import ast
import importlib
import pkgutil
import re
import sys
from datetime import date
from pathlib import Path

import pytest

from stickprov_client.bundle import joining, verifying
from stickprov_client.bundle.choosing import Choice, Wanted
from stickprov_client.bundle.verifying.archive import Bundle, open_bundle
from stickprov_client.bundle.verifying.told import Report, Sentence
from stickprov_client.bundle.writing import BundleWriter, Occupied, new_file
from support.bundles import START

FOLDER = Path(verifying.__file__).parent
MODULES = sorted(one.name for one in pkgutil.iter_modules([str(FOLDER)]))
FIELD = re.compile(r"%\((\w+)\)s")


def sentences():
    for name in MODULES:
        module = importlib.import_module(f"{verifying.__name__}.{name}")
        for called, value in vars(module).items():
            if isinstance(value, Sentence):
                yield called, value


def test_every_sentence_says_the_same_in_both_languages():
    found = dict(sentences())

    assert len(found) > 60
    assert {name: set(FIELD.findall(one.en)) for name, one in found.items()} == {
        name: set(FIELD.findall(one.sv)) for name, one in found.items()
    }
    assert not [name for name, one in found.items() if one.en == one.sv and name not in {"NOT_GIVEN", "STRATUM_FIELD"}]


def test_no_sentence_is_left_over():
    source = "\n".join((FOLDER / f"{name}.py").read_text(encoding="utf-8") for name in MODULES)

    assert not [name for name, _ in sentences() if len(re.findall(rf"\b{name}\b", source)) < 2]


@pytest.mark.parametrize("name", MODULES)
def test_the_verifier_imports_the_standard_library_cryptography_and_itself(name):
    tree = ast.parse((FOLDER / f"{name}.py").read_text(encoding="utf-8"))
    imported = {node.module or "" for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)}
    imported |= {one.name for node in ast.walk(tree) if isinstance(node, ast.Import) for one in node.names}

    strangers = {
        module
        for module in imported
        if module.partition(".")[0] not in {*sys.stdlib_module_names, "cryptography"}
        and not module.startswith(f"{verifying.__name__}.")
    }
    assert strangers == set()


def test_the_single_file_has_every_name_of_every_module():
    tree = ast.parse(joining.single_file())
    names = {node.name for node in tree.body if isinstance(node, ast.FunctionDef | ast.ClassDef)}

    for name in MODULES:
        own = ast.parse((FOLDER / f"{name}.py").read_text(encoding="utf-8"))
        assert {node.name for node in own.body if isinstance(node, ast.FunctionDef | ast.ClassDef)} <= names


def test_a_name_that_two_modules_give_to_different_things_is_refused(monkeypatch):
    sources = {"one": "def told():\n    return 1\n", "command": "told = 2\n"}
    monkeypatch.setattr(joining, "_collect", lambda _entry, found: found.update(sources))

    with pytest.raises(joining.NamedTwice, match=r"told is one\.told and command\.told"):
        joining.single_file()


def test_what_is_written_is_read_again(tmp_path):
    target = tmp_path / "bundle.zip"
    with new_file(target, force=False) as file:
        writer = BundleWriter(file, START)
        with writer.content("logs/big.bin", "big", packed=False) as content:
            for _ in range(300):
                content.write(b"x" * 10_000)
        logs = {source: {"origin": "o", "size": 0, "events": 0} for source in ("sampler", "findings")}
        digest = writer.finish({"period": {}, "control_points": [], "whole": False, "logs": logs})

    report = Report()
    with open_bundle(target, report) as bundle:
        assert isinstance(bundle, Bundle)
        assert bundle.read("logs/big.bin") == b"x" * 3_000_000
    assert target.read_bytes()[-64:].decode() == digest
    assert report.checks[0].values["digest"] == digest


def write(target, content, *, force=False):
    with new_file(target, force=force) as file:
        file.write(content)


def test_a_file_that_is_there_is_not_replaced_unless_it_is_asked_for(tmp_path):
    target = tmp_path / "bundle.zip"
    write(target, b"one")

    with pytest.raises(Occupied):
        write(target, b"two")
    assert target.read_bytes() == b"one"

    write(target, b"two", force=True)
    assert target.read_bytes() == b"two"


def test_a_file_that_came_meanwhile_is_not_replaced(tmp_path):
    target = tmp_path / "bundle.zip"

    def while_another_comes():
        with new_file(target, force=False) as file:
            file.write(b"mine")
            target.write_bytes(b"theirs")

    with pytest.raises(Occupied):
        while_another_comes()
    assert target.read_bytes() == b"theirs"
    assert list(tmp_path.iterdir()) == [target]


def test_what_fails_half_way_leaves_nothing(tmp_path):
    def breaks_off():
        with new_file(tmp_path / "bundle.zip", force=False) as file:
            file.write(b"half")
            raise ConnectionError

    with pytest.raises(ConnectionError):
        breaks_off()
    assert list(tmp_path.iterdir()) == []


QUARTER = Wanted(date(2021, 1, 1), date(2021, 4, 1), "2021-Q1")
IN, OUT = ({"start": "2021-01-01", "end": "2021-02-01"}, {"start": "2021-03-01", "end": "2021-05-01"})


def chosen(wanted=QUARTER):
    """Return what belongs, of two draws in the quarter and one that ends after it."""
    choice = Choice(wanted)
    for point, plan, form in (("P1", "plan-1", "form-1"), ("P2", None, None)):
        choice.observe("control-point-defined", {"control_point": point, "plan": plan, "questionnaire": form})
    for name, point, period in (("a", "P1", IN), ("b", "P2", IN), ("c", "P1", OUT)):
        frame = {"frame": f"frame-{name}", "series": f"series-{name}", "control_point": point, "period": period}
        choice.observe("frame-frozen", frame)
        sample = {"draw": name, "frame": f"frame-{name}", "control_points": [point], "period": period}
        choice.observe("sample-drawn", sample)
    choice.settle()
    return choice


@pytest.mark.parametrize(
    ("stream", "belongs"),
    [
        ("control-point/P1", True),
        ("plan/plan-1", True),
        ("questionnaire/form-1", True),
        ("frame/frame-a", True),
        ("series/series-a", True),
        ("draw/a", True),
        ("draw/b", True),
        ("draw/c", False),
        ("frame/frame-c", False),
        ("review/a/P1/00aa", True),
        ("second-review/b/P2/00aa", True),
        ("identity/a/00aa", True),
        ("assignment/c/P1/00aa", False),
        ("conclusion/P1/2021-01-01/2021-04-01", True),
        ("conclusion/P1/2021-01-01/2021-05-01", False),
        ("plan-status/plan-1/P1", True),
        ("schedule/P2", True),
        ("staff", False),
        ("control-point/P3", False),
    ],
)
def test_whole_streams_of_what_lies_in_the_period_belong(stream, belongs):
    assert chosen().belongs(stream, dict) is belongs


def test_only_what_concerns_a_chosen_control_point_belongs():
    choice = chosen(Wanted(QUARTER.start, QUARTER.end, QUARTER.label, ["P2"]))

    assert choice.points == {"P2"}
    assert [choice.belongs(f"draw/{name}", dict) for name in "abc"] == [False, True, False]


def test_every_event_of_an_action_belongs_from_the_first_that_names_a_control_point():
    choice = chosen()

    told = [choice.belongs("action/1", lambda: {"control_point": "P1"}), choice.belongs("action/1", dict)]

    assert (told, choice.belongs("action/2", lambda: {"control_point": "P9"})) == ([True, True], False)


def test_everything_belongs_to_a_whole_bundle():
    assert chosen(Wanted(QUARTER.start, QUARTER.end, QUARTER.label, whole=True)).belongs("staff", dict)
