"""The verifier as one file: its modules one after another, as they are written, for whoever has nothing but Python.

What must not break: the file says what the modules say. Only the imports between them go; a name that two modules give
to different things is refused, because one would shadow the other.
"""

import ast
from importlib.resources import files
from typing import Final

from stickprov_client.bundle import verifying

_PACKAGE: Final = f"{verifying.__name__}."
_ENTRY: Final = "command"
_HEAD: Final = '''#!/usr/bin/env python3
"""Kontroll av ett revisionspaket från Stickprov. / Verifier of a Stickprov bundle.

    python3 verify.py PAKET.zip [--key NYCKEL] [--checkpoint FIL] [--lang sv|en] [--json]

Kräver Python 3.11 eller senare och paketet cryptography; ingen server och inget nät.
Needs Python 3.11 or newer and the package cryptography; no server and no network.

Made from the modules of {package}, one after another.
"""
'''
_TAIL: Final = '\n\nif __name__ == "__main__":\n    sys.exit(main())\n'


class NamedTwice(Exception):  # noqa: N818 - says the situation
    """Two modules of the verifier give one name to different things."""


def single_file() -> str:
    """Return the verifier's source as one file.

    Raises:
        NamedTwice: names the name and the modules.
    """
    sources: dict[str, str] = {}
    _collect(_ENTRY, sources)
    imports: set[str] = {"import sys"}
    named: dict[str, str] = {}
    bodies = []
    for module, source in sources.items():
        tree = ast.parse(source)
        for name, thing in _top_names(tree, module).items():
            if named.setdefault(name, thing) != thing:
                raise NamedTwice(f"{name} is {named[name]} and {thing}")
        bodies.append(f"\n\n# --- {module}.py {'-' * (110 - len(module))}\n\n{_body(source, tree, imports)}")
    head = _HEAD.format(package=verifying.__name__)
    return head + "\n" + "\n".join(_ordered(imports)) + "\n" + "".join(bodies) + _TAIL


def _collect(module: str, sources: dict[str, str]) -> None:
    """Add a module behind those that it imports."""
    if module in sources:
        return
    source = files(verifying).joinpath(f"{module}.py").read_text(encoding="utf-8")
    for node in ast.parse(source).body:
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith(_PACKAGE):
            _collect((node.module or "").removeprefix(_PACKAGE), sources)
    sources[module] = source


def _body(source: str, tree: ast.Module, imports: set[str]) -> str:
    """Return a module without its imports, its docstring as a comment; the imports of others' are collected."""
    lines = source.splitlines()
    gone: set[int] = set()
    for node in tree.body:
        if isinstance(node, ast.Import | ast.ImportFrom):
            gone |= set(range(node.lineno - 1, node.end_lineno or node.lineno))
            if not (isinstance(node, ast.ImportFrom) and (node.module or "").startswith(_PACKAGE)):
                imports |= _single_imports(node)
    docstring = ast.get_docstring(tree) or ""
    first = tree.body[0]
    gone |= set(range(first.lineno - 1, first.end_lineno or first.lineno)) if docstring else set()
    comment = "\n".join(f"# {line}".rstrip() for line in docstring.splitlines())
    rest = "\n".join(line for number, line in enumerate(lines) if number not in gone)
    return f"{comment}\n\n{rest.strip()}\n"


def _single_imports(node: ast.Import | ast.ImportFrom) -> set[str]:
    if isinstance(node, ast.Import):
        return {f"import {ast.unparse(name)}" for name in node.names}
    return {f"from {node.module} import {ast.unparse(name)}" for name in node.names}


def _ordered(imports: set[str]) -> list[str]:
    ours = sorted(line for line in imports if "cryptography" in line)
    return [*sorted(imports - set(ours), key=lambda line: (line.startswith("from"), line)), "", *ours]


def _top_names(tree: ast.Module, module: str) -> dict[str, str]:
    """Return what a module's names stand for: something of its own, or something that is imported."""
    names: dict[str, str] = {}
    for node in tree.body:
        match node:
            case ast.FunctionDef(name=name) | ast.ClassDef(name=name) | ast.AnnAssign(target=ast.Name(id=name)):
                names[name] = f"{module}.{name}"
            case ast.Assign(targets=targets):
                names |= {one.id: f"{module}.{one.id}" for one in targets if isinstance(one, ast.Name)}
            case ast.Import() | ast.ImportFrom():
                of = (getattr(node, "module", None) or "").removeprefix(_PACKAGE)
                names |= {one.asname or one.name: f"{of}.{one.name}" for one in node.names}
            case _:
                pass
    return names
