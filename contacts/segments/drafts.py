"""A segment as it is being written, on a form or as a text, and what a page shows of it."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property

from django.http import QueryDict

from accounts.models import Customer
from accounts.web.params import text_param
from contacts.fields import PROPERTY_PREFIX
from contacts.segments import form_rows, references, subjects
from contacts.segments.conditions import Scope, condition
from contacts.segments.custom_properties import properties_of_customer
from contacts.segments.deeds import DEEDS
from contacts.segments.form_rows import RELATIONS, FormRow
from contacts.segments.members import PeopleCount, count
from contacts.segments.parser import MAX_NAME_LENGTH, parse
from contacts.segments.serializer import written
from contacts.segments.syntax import MAX_TEXT_LENGTH, Node, SegmentError

MAX_ROWS = 40
FORM, TEXT = "form", "text"
Option = tuple[str, str]  # what is posted, and what people read


@dataclass(frozen=True)
class ShownRow:
    """A row of the form with what can be chosen in it. `names`: suggestions of what to write."""

    number: int
    row: FormRow
    relations: Sequence[Option]
    choices: Sequence[Option]
    names: Sequence[str]


@dataclass
class SegmentDraft:
    """`mode`: FORM, by its rows, or TEXT, by its text; what no rows can say is a text."""

    customer: Customer
    mode: str = FORM
    rows: list[FormRow] = field(default_factory=list)
    text: str = ""

    @classmethod
    def of_text(cls, customer: Customer, text: str) -> "SegmentDraft":
        draft = cls(customer, TEXT, text=text)
        return draft.switched(FORM) if text else cls(customer)

    @classmethod
    def posted(cls, customer: Customer, form: QueryDict) -> "SegmentDraft":
        if form.get("mode") == TEXT:
            return cls(customer, TEXT, text=text_param(form.get("text"), most=MAX_TEXT_LENGTH + 1))
        parts = [form.getlist(name)[:MAX_ROWS] for name in ("join", "subject", "relation", "value")]
        rows = [_row(*each) for each in zip(*parts, strict=False)]
        return cls(customer, FORM, rows=[row for row in rows if row.subject])

    def switched(self, mode: str) -> "SegmentDraft":
        """As the other kind; as it is where that cannot be."""
        if self.node is None:
            return self if self.rows else SegmentDraft(self.customer, mode)
        rows = form_rows.rows_of(self.node) if mode == FORM else []
        return self if rows is None else SegmentDraft(self.customer, mode, rows, self.canonical)

    @cached_property
    def properties(self) -> list[str]:
        return properties_of_customer(self.customer)

    @cached_property
    def _read(self) -> tuple[Node | None, SegmentError | None]:
        try:
            if self.mode == FORM:
                return parse(written(form_rows.node_of(self.rows))), None
            return parse(self.text, self.properties), None
        except SegmentError as error:
            return None, error

    @property
    def node(self) -> Node | None:
        return self._read[0]

    @property
    def canonical(self) -> str:
        """The text that is kept; "" where it cannot be read."""
        return written(self.node) if self.node else ""

    @cached_property
    def counted(self) -> PeopleCount | None:
        return None if self.node is None or self.error else count(self.node, self.customer)

    @cached_property
    def error(self) -> SegmentError | None:
        """Why it cannot be read, or names what is not there; nobody is counted for it."""
        if self.node is None:
            return self._read[1]
        try:
            condition(self.node, Scope.of(self.customer))
        except SegmentError as error:
            return error
        return None

    @property
    def is_empty(self) -> bool:
        return not self.rows and not self.text.strip()

    @property
    def marked(self) -> tuple[str, str, str]:
        """The text before the place of the error, at it, and after it."""
        text = self.text if self.mode == TEXT else self.canonical
        place = self.error.place if self.error else None
        if place is None or not text:
            return "", "", ""
        return text[: place.start], text[place.start : place.end], text[place.end :]

    def shown_rows(self) -> list[ShownRow]:
        """With an empty one at the end, to be filled in."""
        rows = [*self.rows, FormRow()]
        names = {row.subject: _names(row.subject, self.customer) for row in rows}
        return [_shown(number, row, names[row.subject]) for number, row in enumerate(rows)]

    def offered_subjects(self) -> Mapping[str, Sequence[Option]]:
        """By the heading under which they stand."""
        own = [(key, each.words.capitalize()) for key, each in subjects.SUBJECTS.items()]
        named = {row.subject for row in self.rows if subjects.property_of(row.subject)}
        keys = sorted({*(PROPERTY_PREFIX + name for name in self.properties), *named}, key=str.casefold)
        return {
            "Fields": own,
            "Custom properties": [(key, subjects.property_of(key)) for key in keys],
            "Campaigns": [(kind.verb, kind.label) for kind in DEEDS],
        }


def _row(join: str, subject: str, relation: str, value: str) -> FormRow:
    """What is posted, as far as it can be; a relation that does not go with the subject is said later."""
    subject = text_param(subject, most=MAX_NAME_LENGTH)
    is_known = subject in subjects.SUBJECTS or subject in DEEDS.names() or subjects.property_of(subject)
    return FormRow(
        form_rows.OR if join == form_rows.OR else form_rows.AND,
        subject if is_known else "",
        relation if relation in RELATIONS else "",
        text_param(value, most=MAX_NAME_LENGTH),
    )


def _names(subject: str, customer: Customer) -> Sequence[str]:
    if subject in DEEDS.names():
        return DEEDS[subject].names(customer)
    return references.names(subject, customer) if subject in subjects.REFERENCES else ()


def _shown(number: int, row: FormRow, names: Sequence[str]) -> ShownRow:
    offered: Collection[str] = form_rows.relations_of(row.subject) if row.subject else RELATIONS
    choices = subjects.subject_of(row.subject).choices or {}
    relations = [(key, RELATIONS[key]) for key in offered]
    return ShownRow(number, row, relations, list(choices.items()), names)
