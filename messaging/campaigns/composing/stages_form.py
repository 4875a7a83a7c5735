"""The part of a campaign's form that sends it to some first, and tries several texts on them."""

from collections.abc import Iterator
from typing import Any

from django import forms
from django.http import QueryDict

from accounts.models import Customer
from accounts.web.params import text_param
from accounts.web.widgets import TextArea
from contacts.text.normalization import message_text
from messaging.campaigns.composing.message_field import MessageField, check_length
from messaging.campaigns.models import Campaign, Channel, WinnerBy
from messaging.campaigns.models.stages import FEWEST, MOST, MOST_TEXTS
from messaging.campaigns.wording import contact_fields, placeholders
from messaging.campaigns.wording.personalization import LINK
from messaging.whatsapp.models import Template
from messaging.whatsapp.sending.choosing import TemplateChoiceField
from messaging.whatsapp.sending.send_requirements import of_template

STAGE_FIELDS = ["first_share", "wait_minutes", "winner_by", "first_if_unclear"]
MORE = range(2, MOST_TEXTS + 1)  # numbers of the further texts in names of fields
USUAL_SHARE, USUAL_WAIT = 20, 240
MAX_FALLBACK_LENGTH = 100
LONGEST_KEPT = 20_000  # characters of a text that is too long to be sent
WAITS = [
    ("", "Until I say so"),
    (15, "15 minutes"),
    (30, "30 minutes"),
    (60, "1 hour"),
    (120, "2 hours"),
    (240, "4 hours"),
    (480, "8 hours"),
    (1440, "1 day"),
    (2880, "2 days"),
]
NO_SHARE = "Say how many of the people get the texts first."
NO_WAIT = "Choose how long to wait, or let a person choose."
UNLIKE = (
    "Template {letter} needs another header or other links than the first. Choose one that needs the same."
)
NO_CLICKS = "Clicks are counted where each text has $(link) and it leads somewhere."


class StagesForm(forms.Form):
    """`texts`: how many there are, the campaign's own among them."""

    texts = forms.IntegerField(
        min_value=1, max_value=MOST_TEXTS, initial=1, required=False, widget=forms.HiddenInput
    )
    first_share = forms.IntegerField(
        min_value=FEWEST,
        max_value=MOST,
        required=False,
        label="First to so many percent",
        help_text="Drawn evenly from all of them. Empty: everybody gets it at once.",
    )
    wait_minutes = forms.TypedChoiceField(
        choices=WAITS, coerce=int, empty_value=None, required=False, label="The rest follows after"
    )
    winner_by = forms.ChoiceField(
        choices=WinnerBy.choices, initial=WinnerBy.HAND, required=False, label="Which text the rest gets"
    )
    first_if_unclear = forms.BooleanField(
        required=False,
        label="If none is clearly better by then, send text A",
        help_text="Otherwise the rest waits until a person chooses.",
    )

    def offer_texts(self, customer: Customer, templates: Any) -> None:
        """As many further texts as the page has, and no more."""
        self.text_count = _count(self.data.get("texts") if self.is_bound else self.initial.get("texts"))
        for number in MORE[: self.text_count - 1]:
            content = TextArea(attrs={"rows": 4, "spellcheck": "true"})
            self.fields[f"content{number}"] = MessageField(widget=content, label=f"Text {_letter(number)}")
            self.fields[f"template{number}"] = TemplateChoiceField(
                templates,
                required=False,
                empty_label="Choose a template",
                label=f"Template {_letter(number)}",
            )
        if self.text_count == 1:
            for name in ("winner_by", "first_if_unclear"):
                del self.fields[name]

    @property
    def more_fields(self) -> list[dict[str, Any]]:
        """Of each further text, for the page."""
        return [
            {
                "number": number,
                "letter": _letter(number),
                "content": self[f"content{number}"],
                "template": self[f"template{number}"],
            }
            for number in self._numbers
        ]

    @property
    def may_have_more(self) -> bool:
        return self.text_count < MOST_TEXTS

    @property
    def has_stages(self) -> bool:
        """Whether any of it is chosen, or wrong: then it is shown."""
        names = [name for name in STAGE_FIELDS if name in self.fields]
        return self.text_count > 1 or bool(self["first_share"].value()) or any(self[n].errors for n in names)

    def clean(self) -> dict[str, Any]:
        values = super().clean() or {}
        for number in self._numbers:
            try:
                check_length(self.customer, values.get(f"content{number}") or "")  # type: ignore[attr-defined]
            except forms.ValidationError as error:
                self.add_error(f"content{number}", error)
        return values

    def missing_in_stages(self, values: Any) -> dict[str, str]:
        """What sending still needs of it, by field."""
        kind = "template" if values.get("channel") == Channel.WHATSAPP else "content"
        words = {"template": "Choose template", "content": "Write text"}[kind]
        names = {f"{kind}{number}": f"{words} {_letter(number)}." for number in self._numbers}
        wanted = {name: said for name, said in names.items() if not values.get(name)}
        if kind == "template":
            wanted |= self._unlike(values)
        if self.text_count > 1 and not values.get("first_share"):
            wanted["first_share"] = NO_SHARE
        if values.get("winner_by", WinnerBy.HAND) not in ("", WinnerBy.HAND) and self.text_count > 1:
            if values.get("wait_minutes") is None:
                wanted["wait_minutes"] = NO_WAIT
            if values["winner_by"] == WinnerBy.CLICKS and not self._counts_clicks(kind, values):
                wanted["winner_by"] = NO_CLICKS
        return wanted

    def _unlike(self, values: Any) -> dict[str, str]:
        """Files, words of headers and ends of links are given once, for all templates."""
        first = values.get("template")
        others = {number: values.get(f"template{number}") for number in self._numbers}
        return {
            f"template{number}": UNLIKE.format(letter=_letter(number))
            for number, other in others.items()
            if first and other and of_template(first).beside_text != of_template(other).beside_text
        }

    def stage_values(self) -> dict[str, Any]:
        values = self.cleaned_data
        return {
            "more_texts": [self._text(number) for number in self._numbers],
            "first_share": values.get("first_share"),
            "wait_minutes": values.get("wait_minutes"),
            "winner_by": values.get("winner_by") or WinnerBy.HAND,
            "first_if_unclear": bool(values.get("first_if_unclear")),
        }

    def fallbacks(self, content: str, suffix: str = "") -> dict[str, str]:
        """`suffix`: of the names of the inputs that belong to one of the further texts."""
        names = placeholders.names(content)
        texts = {name: self._posted(f"fallback{suffix}-{name}") for name in names}
        return {name: text for name, text in texts.items() if text}

    def parameters(self, template: Template | None, suffix: str = "") -> list[dict[str, str]]:
        if template is None:
            return []
        shown_of = self.data.get(f"fields-of{suffix}", str(template.pk))
        posted = self.data if shown_of == str(template.pk) else {}  # not another's fields
        return [
            {
                "field": text_param(
                    posted.get(f"field{suffix}-{number}", self._meant(template, number)), most=100
                ),
                "fallback": text_param(posted.get(f"words{suffix}-{number}"), most=MAX_FALLBACK_LENGTH),
            }
            for number in template.variables
        ]

    def _meant(self, template: Template, number: int) -> str:
        """The field that its writer called the variable by, as long as nobody chose another."""
        name = template.names.get(number, "")
        return contact_fields.called(name, self.cleaned_data.get("group")) if name else ""

    @property
    def _numbers(self) -> range:
        return MORE[: self.text_count - 1]

    def _text(self, number: int) -> dict[str, Any]:
        """As a campaign keeps it; a text that is too long as it is."""
        content = self.cleaned_data.get(f"content{number}")
        if content is None:
            content = message_text(text_param(self.data.get(f"content{number}"), most=LONGEST_KEPT))
        template = self.cleaned_data.get(f"template{number}")
        return {
            "content": content,
            "fallbacks": self.fallbacks(content, str(number)),
            "template": template.pk if template else None,
            "parameters": self.parameters(template, str(number)),
        }

    def _posted(self, name: str) -> str:
        return text_param(self.data.get(name), most=MAX_FALLBACK_LENGTH)

    def _counts_clicks(self, kind: str, values: Any) -> bool:
        contents = [values.get(name) or "" for name in ("content", *(f"content{n}" for n in self._numbers))]
        return (
            kind == "content"
            and bool(values.get("link_url"))
            and all(LINK in placeholders.names(content) for content in contents)
        )


def initial_stages(campaign: Campaign) -> dict[str, Any]:
    found: dict[str, Any] = {name: getattr(campaign, name) for name in STAGE_FIELDS}
    keys = [text["template"] for text in campaign.more_texts if text["template"]]
    templates = Template.objects.of_customer(campaign.customer).in_bulk(keys)
    for number, text in zip(MORE, campaign.more_texts, strict=False):
        found |= {f"content{number}": text["content"], f"template{number}": templates.get(text["template"])}
    return found | {"texts": 1 + len(campaign.more_texts)}


def with_another_text(posted: QueryDict) -> QueryDict:
    """The form as posted, and one text more, with a share and a wait that most begin with."""
    data, count = posted.copy(), _count(posted.get("texts"))
    data["texts"] = str(min(count + 1, MOST_TEXTS))
    if not data.get("first_share"):
        data["first_share"], data["wait_minutes"] = str(USUAL_SHARE), str(USUAL_WAIT)
    return data


def without_text(posted: QueryDict, number: int) -> QueryDict:
    """The form as posted but for one of the further texts: those after it move up."""
    data, count = posted.copy(), _count(posted.get("texts"))
    if number not in MORE[: count - 1]:
        return data
    for place in range(number, count + 1):
        for name in _names_of(data, place):
            del data[name]
        for name in _names_of(posted, place + 1):
            data.setlist(name.replace(str(place + 1), str(place), 1), posted.getlist(name))
    data["texts"] = str(count - 1)
    return data


def _names_of(data: QueryDict, number: int) -> Iterator[str]:
    """Names of inputs that belong to a further text."""
    whole = {f"content{number}", f"template{number}", f"fields-of{number}"}
    begins = tuple(f"{kind}{number}-" for kind in ("fallback", "field", "words"))
    yield from [name for name in data if name in whole or name.startswith(begins)]


def _count(said: Any) -> int:
    number = int(said) if str(said or "").isdecimal() and len(str(said)) < 3 else 1
    return min(max(number, 1), MOST_TEXTS)


def _letter(number: int) -> str:
    return "ABCD"[number - 1]
