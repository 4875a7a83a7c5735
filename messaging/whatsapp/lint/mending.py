"""A one-click fix on what is on the page: the posted form, mended by a rule's fix."""

from django.http import QueryDict

from messaging.whatsapp import lint
from messaging.whatsapp.authoring import variables
from messaging.whatsapp.forms import TemplateForm
from messaging.whatsapp.lint import TemplateButtonType, validation
from messaging.whatsapp.models import Template

TEXTS = ["category", "language"]


def mended(posted: QueryDict, form: TemplateForm, written: Template) -> QueryDict:
    """The posted form as the fix that it names leaves it; the same where that helps nothing."""
    before = validation.draft_of(written)
    after = lint.fix(before, posted.get("fix", ""))
    data = posted.copy()
    for name in TEXTS:
        if getattr(after, name) != getattr(before, name):
            data[name] = getattr(after, name)
    if after.body != before.body:
        data["body"] = variables.named(after.body, after.names)
        data.setlist("variable", [after.names.get(number, str(number)) for number in after.samples])
        data.setlist("sample", list(after.samples.values()))
    if after.buttons != before.buttons:
        follow = [
            button.type == TemplateButtonType.QUICK_REPLY and button.data == button.label
            for button in after.buttons
        ]
        data.setlist("label", [button.label for button in after.buttons])
        data.setlist(
            "data",
            ["" if is_label else each.data for each, is_label in zip(after.buttons, follow, strict=True)],
        )
    return data
