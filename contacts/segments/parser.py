"""From a segment's text to its syntax tree: a recursive-descent parser of

    any     = all ("or" all)*
    all     = one ("and" one)*
    one     = "not" one | "(" any ")" | subject relation value | subject "is" ["not"] "empty" | verb name

Subjects, values and names are plain words or stand in quotation marks.
"""

from collections.abc import Collection

from contacts.fields import PROPERTY_PREFIX
from contacts.segments import subjects
from contacts.segments.deeds import DEEDS
from contacts.segments.suggestions import near
from contacts.segments.syntax import (
    MAX_TEXT_LENGTH,
    Comparison,
    Deed,
    Node,
    Not,
    Relation,
    SegmentError,
    Span,
    conjunction,
    disjunction,
)
from contacts.segments.tokens import Token, tokens
from contacts.text.normalization import nfc

MAX_DEPTH = 20  # brackets and "not" in one another
MAX_NAME_LENGTH = 200
_RELATIONS = {"=", "!=", "<", "<=", ">", ">=", "contains", "since", "before", "is", Relation.WITHIN}
_EXAMPLE = "Write a condition, such as city = Turku."


def parse(text: str, properties: Collection[str] | None = None) -> Node:
    """Raises SegmentError, which knows the place.

    `properties`: those that there are, for what a person writes: in any case, and any other is asked about.
    """
    if len(text) > MAX_TEXT_LENGTH:
        raise SegmentError(f"This is too long: at most {MAX_TEXT_LENGTH:,} characters.")
    return _Parser(nfc(text.replace("\0", "")), properties).read()


class _Parser:
    def __init__(self, text: str, properties: Collection[str] | None) -> None:
        self._properties = properties
        self._tokens = list(tokens(text))
        self._next = 0
        self._depth = 0

    def read(self) -> Node:
        found = self._any()
        if self._token.text == ")":
            raise SegmentError("This bracket closes none.", self._token.place)
        if self._token.kind != "end":
            raise SegmentError("Put “and” or “or” between two conditions.", self._token.place)
        return found

    @property
    def _token(self) -> Token:
        return self._tokens[self._next]

    def _take(self) -> Token:
        token = self._token
        self._next += token.kind != "end"
        return token

    def _took(self, kind: str, text: str) -> bool:
        if (self._token.kind, self._token.text) != (kind, text):
            return False
        self._take()
        return True

    def _any(self) -> Node:
        parts = [self._all()]
        while self._took("keyword", "or"):
            parts.append(self._all())
        return disjunction(parts)

    def _all(self) -> Node:
        parts = [self._one()]
        while self._took("keyword", "and"):
            parts.append(self._one())
        return conjunction(parts)

    def _one(self) -> Node:
        self._depth += 1
        if self._depth > MAX_DEPTH:
            raise SegmentError("Too many brackets stand in one another.", self._token.place)
        found = self._without_depth()
        self._depth -= 1
        return found

    def _without_depth(self) -> Node:
        start = self._token.place
        if self._took("keyword", "not"):
            return Not(self._one())
        if self._took("sign", "("):
            found = self._any()
            if not self._took("sign", ")"):
                raise SegmentError("This bracket is never closed.", start)
            return found
        return self._condition()

    def _condition(self) -> Node:
        if self._token.kind == "word" and self._token.text.casefold() in DEEDS.names():
            return self._deed()
        name, place = self._words(_EXAMPLE, until=Relation.WITHIN)
        if self._token.text.casefold() not in _RELATIONS or self._token.kind == "quoted":
            raise SegmentError(f"Say what “{name}” is to be: {name} = …, or {name} is empty.", place)
        key = self._key(name, place)
        return self._is(key, place) if self._took("keyword", "is") else self._compared(key, place)

    def _deed(self) -> Deed:
        verb = self._take()
        name, place = self._words(f"Say what they {verb.text}, such as {verb.text} Summer.")
        return Deed(verb.text.casefold(), name, Span(verb.place.start, place.end))

    def _key(self, name: str, place: Span) -> str:
        key = subjects.key_of(name)
        own = subjects.property_of(key)
        if self._properties is None or not own or key == name or own in self._properties:
            return key
        same = [each for each in self._properties if each.casefold() == own.casefold()]
        if len(same) == 1:
            return PROPERTY_PREFIX + same[0]
        instead = same or near(own, [*subjects.SUBJECTS, *self._properties])
        raise SegmentError(f"No field or property is called “{name}”.", place, instead)

    def _is(self, key: str, place: Span) -> Comparison:
        """ "is empty", and "is" and "is not" for the signs."""
        differs = self._took("keyword", "not")
        if (self._token.kind, self._token.text.casefold()) == ("word", "empty"):
            end = self._take().place.end
            relation = Relation.FILLED if differs else Relation.EMPTY
            return subjects.compared(key, relation, "", Span(place.start, end))
        relation = Relation.DIFFERS if differs else Relation.EQUALS
        value, last = self._words("A value is missing here.")
        return subjects.compared(key, relation, value, Span(place.start, last.end))

    def _compared(self, key: str, place: Span) -> Comparison:
        relation = Relation(self._take().text.casefold())
        value, last = self._words("A value is missing here.")
        return subjects.compared(key, relation, value, Span(place.start, last.end))

    def _words(self, asked: str, *, until: str = "") -> tuple[str, Span]:
        """What stands in quotation marks, or words as far as they go; a SegmentError where there is none.

        `until`: the word that ends them, unless they begin with it; a value may have it like any other.
        """
        first = self._token
        if first.kind not in ("word", "quoted"):
            raise SegmentError(asked, first.place)
        found = [self._take()]
        while first.kind == self._token.kind == "word" and self._token.text.casefold() != until:
            found.append(self._take())
        text = " ".join(token.text for token in found)
        if len(text) > MAX_NAME_LENGTH:
            raise SegmentError(f"At most {MAX_NAME_LENGTH} characters.", first.place)
        return text, Span(first.place.start, found[-1].place.end)
