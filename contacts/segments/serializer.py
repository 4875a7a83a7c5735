"""A syntax tree as text, which is read as the same tree."""

from contacts.segments import subjects
from contacts.segments.deeds import DEEDS
from contacts.segments.syntax import (
    WITHOUT_VALUE,
    All,
    Any,
    Comparison,
    Deed,
    Node,
    Not,
    Relation,
    marked,
    quoted,
)


def written(node: Node) -> str:
    match node:
        case Any(parts):
            return " or ".join(map(written, parts))
        case All(parts):
            return " and ".join(_in_brackets(part, Any) for part in parts)
        case Not(part):
            return f"not {_in_brackets(part, All, Any)}"
        case Deed(verb, name):
            return f"{verb} {marked(name)}"
        case Comparison():
            return _comparison(node)


def _in_brackets(node: Node, *kinds: type) -> str:
    return f"({written(node)})" if isinstance(node, kinds) else written(node)


def _comparison(node: Comparison) -> str:
    words = subjects.words_of(node.subject, [*sorted(DEEDS.names()), Relation.WITHIN])
    if node.relation in WITHOUT_VALUE:
        return f"{words} {node.relation}"
    return f"{words} {node.relation} {quoted(node.value)}"
