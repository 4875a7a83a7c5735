"""A segment as rows of a form, each a condition and how it is joined to those above; "and" binds closer."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from contacts.segments import subjects
from contacts.segments.deeds import DEEDS
from contacts.segments.syntax import (
    All,
    Any,
    Comparison,
    Deed,
    Node,
    Not,
    Relation,
    SegmentError,
    conjunction,
    disjunction,
)

AND, OR = "and", "or"
LACKS = "lacks"
RELATIONS = {
    Relation.EQUALS: "is",
    Relation.DIFFERS: "is not",
    Relation.CONTAINS: "contains",
    LACKS: "does not contain",
    Relation.LESS: "is less than",
    Relation.AT_MOST: "is at most",
    Relation.MORE: "is more than",
    Relation.AT_LEAST: "is at least",
    Relation.SINCE: "since",
    Relation.BEFORE: "before",
    Relation.WITHIN: "within",
    Relation.EMPTY: "is empty",
    Relation.FILLED: "is not empty",
}

# What a row says of those of whom it is not true.
_NEGATED = {Relation.EQUALS: Relation.DIFFERS, Relation.EMPTY: Relation.FILLED, Relation.CONTAINS: LACKS}


@dataclass(frozen=True)
class FormRow:
    """`join` of the first says nothing. `subject`: the key of a subject, or the verb of a deed."""

    join: str = AND
    subject: str = ""
    relation: str = Relation.EQUALS
    value: str = ""


def node_of(rows: Iterable[FormRow]) -> Node:
    """What rows with a subject say. Raises SegmentError."""
    alternatives: list[list[Node]] = []
    for row in rows:
        if row.subject:
            if row.join == OR or not alternatives:
                alternatives.append([])
            alternatives[-1].append(_condition(row))
    if not alternatives:
        raise SegmentError("Choose what the segment asks for.")
    return disjunction(map(conjunction, alternatives))


def rows_of(node: Node) -> list[FormRow] | None:
    """None for what no rows can say: brackets in brackets, or "not" of more than one condition."""
    rows: list[FormRow] = []
    for alternative in node.parts if isinstance(node, Any) else (node,):
        for number, part in enumerate(alternative.parts if isinstance(alternative, All) else (alternative,)):
            row = _row(part, AND if number or not rows else OR)
            if row is None:
                return None
            rows.append(row)
    return rows


def relations_of(subject: str) -> Sequence[str]:
    """What the form offers for it."""
    if subject in DEEDS.names():
        return (Relation.EQUALS, Relation.DIFFERS)
    known = subjects.subject_of(subject).relations
    return (*known, LACKS) if Relation.CONTAINS in known else known


def _condition(row: FormRow) -> Node:
    if row.relation not in relations_of(row.subject):
        named = " or ".join(RELATIONS[each] for each in relations_of(row.subject))
        raise SegmentError(f"“{subjects.subject_of(row.subject).words}” goes with: {named}.")
    if row.subject in DEEDS.names():
        return _deed(row)
    if row.relation == LACKS:
        return Not(subjects.compared(row.subject, Relation.CONTAINS, row.value))
    return subjects.compared(row.subject, Relation(row.relation), row.value)


def _deed(row: FormRow) -> Node:
    kind = DEEDS[row.subject]
    if not row.value:
        raise SegmentError(f"{kind.label}: write the name of the {kind.what}.")
    done = Deed(row.subject, row.value)
    return done if row.relation == Relation.EQUALS else Not(done)


def _row(node: Node, join: str) -> FormRow | None:
    match node:
        case Comparison(subject, relation, value):
            return FormRow(join, subject, relation, value)
        case Deed(verb, name):
            return FormRow(join, verb, Relation.EQUALS, name)
        case Not(Deed(verb, name)):
            return FormRow(join, verb, Relation.DIFFERS, name)
        case Not(Comparison(subject, relation, value)) if relation in _NEGATED:
            return FormRow(join, subject, _NEGATED[relation], value)
    return None
