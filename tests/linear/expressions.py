"""Every regular expression of the code, found in its syntax trees for the ReDoS test."""

import ast
import builtins
import importlib
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from contacts.erasure import naming
from contacts.text import number_plans

ROOT = Path(__file__).parents[2]
APPS = ("accounts", "contacts", "gateway", "messaging", "smartdialog_admin")
_USES = {"compile", "match", "search", "fullmatch", "sub", "subn", "split", "findall", "finditer"}
_USE = re.compile(rf"\bre\.(?:{'|'.join(_USES)})\b")


def modules() -> Iterator[str]:
    for app in APPS:
        for path in sorted((ROOT / app).rglob("*.py")):
            name = path.relative_to(ROOT).with_suffix("").as_posix().replace("/", ".")
            if ".tests" not in name and ".migrations" not in name:
                yield name.removesuffix(".__init__")


def expressions() -> dict[str, tuple[re.Pattern[Any], bool]]:
    """By where it stands, and whether it is sought in a text rather than held against the whole of it."""
    sources = "".join(
        path.read_text() for name in modules() if (path := ROOT / f"{name.replace('.', '/')}.py").exists()
    )
    return {
        name: (expression, ":" in name or _is_sought(name.rpartition(".")[2], sources))
        for name, expression in _all().items()
    }


def _is_sought(name: str, sources: str) -> bool:
    return any(f"{name}.{use}" in sources for use in ("search", "sub", "split", "find", "pattern"))


def _all() -> dict[str, re.Pattern[Any]]:
    """The names of a module, and what is written in its functions."""
    found: dict[str, re.Pattern[Any]] = {}
    for name in modules():
        path = ROOT / f"{name.replace('.', '/')}.py"
        if not path.exists() or not _USE.search(path.read_text()):
            continue  # what it has, it has from another
        module = importlib.import_module(name)
        compiled = {key: value for key, value in vars(module).items() if isinstance(value, re.Pattern)}
        found |= {f"{name}.{key}": value for key, value in compiled.items()}
        if name in MADE:
            found |= {f"{name}:{made.pattern[:20]}": made for made in MADE[name]()}
        else:
            calls = _calls(ast.parse(path.read_text()))
            found |= {f"{name}:{call.lineno}": _pattern(call, module) for call in calls}
    return found


_NAMING = naming.Naming("+358401234567", ("anna@example.fi",), (("Anna Maria", "Öhman"),), ("Annamaria",))
# Modules whose functions make expressions of what no syntax tree tells.
MADE = {
    "contacts.text.number_plans": lambda: [
        *(number_plans._national(region) for region in ("FI", "SE", "IT", "DE", "US")),
        *(number_plans._international(start) for start in ("+358", "+46", "+39", "+1")),
    ],
    "contacts.erasure.naming": lambda: [
        _NAMING._strictly,
        _NAMING._closely,
        re.compile(naming._loosely("1234567")),
    ],
}


def _calls(tree: ast.Module) -> Iterator[ast.Call]:
    """Uses of an expression that stands in a function; those of a module are its names."""
    for function in ast.walk(tree):
        if isinstance(function, ast.FunctionDef):
            yield from (
                node
                for node in ast.walk(function)
                if isinstance(node, ast.Call)
                and isinstance(node.func, ast.Attribute)
                and node.func.attr in _USES
                and isinstance(node.func.value, ast.Name)
                and node.func.value.id == "re"
            )


def _pattern(call: ast.Call, module: Any) -> re.Pattern[Any]:
    """A part that is only known when it runs is one letter, or what the module calls so."""
    names = {key: value for key, value in vars(module).items() if isinstance(value, str | re.Pattern)}
    written = call.args[0]
    for part in ast.walk(written):
        if isinstance(part, ast.Name) and part.id not in {"re", *names, *dir(builtins)}:
            names[part.id] = "a"
    text = eval(compile(ast.Expression(written), "<expression>", "eval"), {"re": re, **names})
    return text if isinstance(text, re.Pattern) else re.compile(text)
