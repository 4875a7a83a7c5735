"""Each move between states that the code makes, read from its calls of `accounts.db.state_moves.move`.

A call names the states it moves from and, by the keyword `to`, the one it moves to. A function that hands on
a parameter `to` of its own is called in the same way.
"""

import ast
import importlib
from collections import defaultdict
from collections.abc import Iterable, Iterator
from functools import cached_property
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db.models import TextChoices

FLOORS = ("accounts", "gateway", "contacts", "messaging", "smartdialog_admin")
Kinds = tuple[type[TextChoices], ...]
Move = tuple[str, str, str]  # the kind of state, from, to: states of two kinds may be equal


class Source:
    """One module, and what the words in it stand for."""

    def __init__(self, path: Path, text: str) -> None:
        self.path, self._tree = path, ast.parse(text)

    @cached_property
    def nodes(self) -> list[ast.AST]:
        return list(ast.walk(self._tree))

    @cached_property
    def _names(self) -> dict[str, Any]:
        parts = self.path.relative_to(settings.BASE_DIR).with_suffix("").parts
        return vars(importlib.import_module(".".join(parts).removesuffix(".__init__")))

    def value(self, node: ast.expr) -> Any:
        """None where it is of a moment: a row, an argument."""
        within = list(ast.walk(node))
        words = {each.id for each in within if isinstance(each, ast.Name)}
        if not words <= set(self._names) or any(isinstance(each, ast.Call) for each in within):
            return None
        return eval(compile(ast.Expression(node), str(self.path), "eval"), self._names)

    def calls(self) -> Iterator[tuple[ast.Call, ast.expr]]:
        """Those with a keyword `to`, and what it is."""
        for node in self.nodes:
            if isinstance(node, ast.Call) and (to := _word(node, "to")) is not None:
                yield node, to

    def states(self, call: ast.Call, kinds: Kinds) -> list[TextChoices]:
        """Those among its arguments, alone or several of them."""
        found: list[TextChoices] = []
        for arg in call.args:
            value = self.value(arg.value if isinstance(arg, ast.Starred) else arg)
            several = value if isinstance(value, list | tuple | type) else [value]
            found += [each for each in several if isinstance(each, kinds)]
        return found


def sources() -> list[Source]:
    paths = [path for floor in FLOORS for path in sorted(Path(settings.BASE_DIR, floor).rglob("*.py"))]
    return [
        Source(path, path.read_text())
        for path in paths
        if {"tests", "migrations", "management"}.isdisjoint(path.parts)
    ]


def moves(read: Iterable[Source], kinds: Kinds) -> set[Move]:
    read = list(read)
    handed = _handed_on(read, kinds)
    return {
        (type(to).__name__, str(before), str(to))
        for source in read
        for call, words in source.calls()
        if isinstance(to := source.value(words), kinds)
        for before in [*source.states(call, kinds), *handed[_name(call)]]
        if type(before) is type(to) and before != to
    }


def _handed_on(read: Iterable[Source], kinds: Kinds) -> defaultdict[str, list[TextChoices]]:
    """What functions that hand their `to` on add to what they are given, by name."""
    found: defaultdict[str, list[TextChoices]] = defaultdict(list)
    for source in read:
        for function in source.nodes:
            if isinstance(function, ast.FunctionDef) and any(
                each.arg == "to" for each in function.args.kwonlyargs
            ):
                inner = {id(node) for node in ast.walk(function)}
                for call, to in source.calls():
                    if id(call) in inner and ast.unparse(to) == "to":
                        found[function.name] += source.states(call, kinds)
    return found


def others(read: Iterable[Source], kinds: Kinds) -> list[str]:
    """Places that give a row a state in any other way, but when it is made."""
    return [
        f"{source.path.name}: {ast.unparse(node)[:80]}"
        for source in read
        for node, given in _settings_of_state(source)
        if isinstance(source.value(given), kinds)
    ]


def _settings_of_state(source: Source) -> Iterator[tuple[ast.AST, ast.expr]]:
    made = {id(_word(node, "defaults")) for node in source.nodes if isinstance(node, ast.Call)}
    for node in source.nodes:
        match node:
            case ast.Call(func=ast.Attribute(attr="update" | "write" | "end")):
                yield from [(node, given)] if (given := _word(node, "state")) else []
            case ast.Dict() if id(node) not in made:
                pairs = zip(node.keys, node.values, strict=True)
                yield from [(node, value) for key, value in pairs if key and ast.unparse(key) == "'state'"]
            case ast.Assign(targets=[ast.Attribute(attr="state")]):
                yield node, node.value
            case ast.Assign(targets=[ast.Tuple(elts=parts)], value=ast.Tuple(elts=values)):
                pairs = zip(parts, values, strict=True)
                yield from [(node, value) for part, value in pairs if getattr(part, "attr", "") == "state"]


def _word(call: ast.Call, name: str) -> ast.expr | None:
    return next((word.value for word in call.keywords if word.arg == name), None)


def _name(call: ast.Call) -> str:
    return call.func.attr if isinstance(call.func, ast.Attribute) else ast.unparse(call.func)
