"""What a campaign says and to whom it says what: the text, and what fills its gaps for each contact."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from contacts.text.normalization import nfc
from messaging.campaigns.wording import contact_fields, placeholders, sms
from messaging.whatsapp.authoring import variables
from messaging.whatsapp.lint.body import MAX_LENGTH as MAX_BODY_LENGTH

GapValues = tuple[str, ...]
LINK = "link"  # the placeholder of a person's own short link


@dataclass(frozen=True)
class MergeField:
    """A placeholder or a variable: the field that fills it, and the words where a contact has none.

    Without a field the fallback is for everyone. Without a fallback, who has no value is left out.
    """

    key: str
    field: str
    fallback: str = ""

    def value(self, contact: Mapping[str, Any]) -> str:
        """Empty: this contact cannot be messaged."""
        own = contact_fields.value(contact, self.field) if self.field else ""
        return own or self.fallback


@dataclass(frozen=True)
class Wording:
    """`mobiles_only`: land lines and other numbers are left out, since they cannot get it."""

    text: str
    merge_fields: tuple[MergeField, ...] = field(default=())
    is_template: bool = False
    mobiles_only: bool = False

    @classmethod
    def of_sms(
        cls, content: str, fallbacks: Mapping[str, str], *, include_landlines: bool = False, link: str = ""
    ) -> "Wording":
        """`link`: as long as each person's own, which takes its place; empty: `$(link)` is a field."""
        names = placeholders.names(content)
        fields = tuple(
            MergeField(name, "", link)
            if link and name == LINK
            else MergeField(name, name, nfc(fallbacks.get(name, "").strip()))
            for name in names
        )
        return cls(content, fields, mobiles_only=not include_landlines)

    @classmethod
    def of_template(cls, body: str, parameters: Iterable[Mapping[str, str]]) -> "Wording":
        """`parameters`: {"field", "fallback"} for each variable, in the order of their numbers."""
        chosen = list(parameters)
        numbers = [str(number) for number in variables.numbers(body)]
        chosen += [{}] * (len(numbers) - len(chosen))
        merge_fields = (
            MergeField(number, one.get("field", ""), one.get("fallback", "").strip())
            for number, one in zip(numbers, chosen, strict=False)
        )
        return cls(body, tuple(merge_fields), is_template=True)

    def values(self, contact: Mapping[str, Any]) -> GapValues:
        """What fills the gaps for a contact. An empty one means that the contact is left out."""
        found = [merge_field.value(contact) for merge_field in self.merge_fields]
        return tuple(map(parameter, found)) if self.is_template else tuple(found)

    def missing(self, values: GapValues) -> str | None:
        """The field of the first gap that nothing fills."""
        if all(values):
            return None
        return next(
            (
                merge_field.field or merge_field.key
                for merge_field, each in zip(self.merge_fields, values, strict=True)
                if not each
            ),
            None,
        )

    def is_too_long(self, values: GapValues) -> bool:
        """For SmartDialog, which fills the gaps, or for WhatsApp."""
        at_most = self._gaps * max(map(len, values), default=0)
        return (
            at_most > self._room and len(self.render(values)) > self._limit
        )  # filling is dear, rarely needed

    @property
    def keys(self) -> list[str]:
        return [merge_field.key for merge_field in self.merge_fields]

    @cached_property
    def _limit(self) -> int:
        return MAX_BODY_LENGTH if self.is_template else sms.MAX_LENGTH

    @cached_property
    def _room(self) -> int:
        """Beside the text itself."""
        return self._limit - len(self.text)

    @cached_property
    def _gaps(self) -> int:
        found = variables.occurrences if self.is_template else placeholders.PLACEHOLDER.findall
        return len(found(self.text))

    def render(self, values: GapValues) -> str:
        by_key = {
            merge_field.key: each for merge_field, each in zip(self.merge_fields, values, strict=True) if each
        }
        if self.is_template:
            return variables.fill(self.text, {int(key): each for key, each in by_key.items()})
        return placeholders.fill(self.text, by_key)

    def personalization(self, values: GapValues) -> dict[str, str] | None:
        """As an SMS recipient carries it."""
        return {
            merge_field.key: each for merge_field, each in zip(self.merge_fields, values, strict=True)
        } or None

    def calls(self, people: Counter[GapValues], batch_size: int) -> int:
        """The fewest that say it: a template's parameters are the same for all recipients of a call."""
        groups = people.values() if self.is_template else [people.total()]
        return sum(-(-number // batch_size) for number in groups)


def parameter(value: str) -> str:
    """Composed. WhatsApp refuses a parameter with line ends, tabs or more than four spaces in a row."""
    return " ".join(nfc(value).split())
