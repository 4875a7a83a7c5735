"""What the rules say of a template as it is written now."""

from django.db.models import Case, F, TextField, Value, When

from accounts.models import Customer
from messaging.whatsapp.lint import CATEGORIES, Button, Draft, ExistingTemplate, Finding, lint
from messaging.whatsapp.models import Template, TemplateList, TemplateState

# SmartDialog has these, so another one may not be the same.
AT_SMARTDIALOG = [
    TemplateState.SUBMITTING,
    TemplateState.SUBMITTED,
    TemplateState.UNKNOWN,
    TemplateState.LISTED,
]


def findings(template: Template) -> list[Finding]:
    """Errors first. Two queries, which carry no text but an equal one."""
    draft = Draft(
        display_name=template.display_name,
        body=template.body,
        category=template.category,
        language=template.language,
        identity=template.identity,
        attachment_url=template.attachment_url,
        header_kind=template.header_kind,
        buttons=[Button(**button) for button in template.buttons],
        others=_others(template),
        categories=tuple(categories(template.customer)),
    )
    return lint(draft)


def has_errors(template: Template) -> bool:
    return any(finding.is_error for finding in findings(template))


def categories(customer: Customer) -> list[str]:
    """As SmartDialog lists them; WhatsApp's own until they were read."""
    known = TemplateList.objects.filter(customer=customer).values_list("categories", flat=True).first()
    return list(known or CATEGORIES)


def _others(template: Template) -> list[ExistingTemplate]:
    rows = Template.objects.of_customer(template.customer).filter(state__in=AT_SMARTDIALOG)
    same = Case(When(body=template.body, then=F("body")), default=Value(""), output_field=TextField())
    named = rows.exclude(pk=template.pk).annotate(same=same).values_list("display_name", "same")
    return [ExistingTemplate(name or "Untitled template", body) for name, body in named]
