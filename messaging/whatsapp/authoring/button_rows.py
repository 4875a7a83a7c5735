"""The buttons of a template in a form: their one type, then label and data, row by row."""

from django import forms

from messaging.whatsapp.lint import TemplateButtonType
from messaging.whatsapp.lint.buttons import MAX_BUTTONS
from messaging.whatsapp.lint.metadata import MAX_URL_LENGTH
from messaging.whatsapp.models import Template

MAX_BUTTON_ROWS = 100  # far more than WhatsApp takes: what is too much is kept and said to be
BUTTON_TYPE_CHOICES = {
    "": "No buttons",
    TemplateButtonType.QUICK_REPLY: "Quick replies",
    TemplateButtonType.URL: "Links",
    TemplateButtonType.CALL: "Call",
}
DATA_LABELS: dict[str, str] = {
    TemplateButtonType.QUICK_REPLY: "Reply text (optional)",
    TemplateButtonType.URL: "Address",
    TemplateButtonType.CALL: "Number",
}


class ButtonsForm(forms.Form):
    """`data` also carries label and data, button by button."""

    button_type = forms.ChoiceField(choices=BUTTON_TYPE_CHOICES.items(), required=False, label="Buttons")
    written: Template | None = None

    def buttons(self) -> list[dict[str, str]]:
        """Those with something in them. A quick reply answers with its label, where nothing else is given."""
        kind = self.kind
        rows = [row for row in self._rows() if any(row)] if kind else []
        return [
            {
                "type": kind,
                "label": label,
                "data": data or (label if kind == TemplateButtonType.QUICK_REPLY else ""),
            }
            for label, data in rows
        ]

    @property
    def kind(self) -> str:
        chosen = self["button_type"].value() or ""
        return chosen if chosen in BUTTON_TYPE_CHOICES else ""

    @property
    def data_words(self) -> str:
        """What stands over the second cell of a button's row."""
        return DATA_LABELS.get(self.kind, "")

    def button_rows(self) -> list[tuple[str, str]]:
        """What is written, and one more row as long as there may be one."""
        most = MAX_BUTTONS[TemplateButtonType(self.kind)] if self.kind else 0
        rows = [row for row in self._rows() if any(row)]
        return [*rows, ("", "")] if len(rows) < most else rows

    def _rows(self) -> list[tuple[str, str]]:
        if not self.is_bound:
            return [_row(button) for button in (self.written.buttons if self.written else [])]
        labels, data = self.data.getlist("label"), self.data.getlist("data")  # type: ignore[attr-defined]
        rows = zip(labels[:MAX_BUTTON_ROWS], data[:MAX_BUTTON_ROWS], strict=False)
        return [(_clean(label), _clean(text)) for label, text in rows]


def kind_of_buttons(template: Template) -> str:
    return template.buttons[0]["type"] if template.buttons else ""


def _row(button: dict[str, str]) -> tuple[str, str]:
    """Its cells; an answer that is the label stays empty, so that it goes on following it."""
    follows = button["type"] == TemplateButtonType.QUICK_REPLY and button["data"] == button["label"]
    return button["label"], "" if follows else button["data"]


def _clean(text: str) -> str:
    return text.replace("\0", "").strip()[:MAX_URL_LENGTH]
