"""What the rules say of a template as it is written now."""

from dataclasses import dataclass, replace

from django.db.models import Case, F, TextField, Value, When

from accounts.models import Customer
from messaging.whatsapp.authoring import variables
from messaging.whatsapp.lint import (
    CATEGORIES,
    FIXES,
    RATIONALES,
    Button,
    ExistingTemplate,
    Finding,
    LintedDraft,
    lint,
    mendable,
)
from messaging.whatsapp.lint.rationales import Rationale
from messaging.whatsapp.models import Template, TemplateList, TemplateState

AROUND = 24  # characters shown on each side of what is found
# SmartDialog has these, so another one may not be the same.
AT_SMARTDIALOG = [
    TemplateState.SUBMITTING,
    TemplateState.SUBMITTED,
    TemplateState.UNKNOWN,
    TemplateState.LISTED,
]


@dataclass(frozen=True)
class Advice:
    """A finding as the editor shows it: why, who says so, its fix if one helps, and the place marked."""

    finding: Finding
    rationale: Rationale
    fix: str
    before: str = ""
    marked: str = ""
    after: str = ""


@dataclass(frozen=True)
class Opinion:
    """What the rules say of a draft, errors first."""

    advice: list[Advice]

    @property
    def errors(self) -> int:
        return sum(each.finding.is_error for each in self.advice)

    @property
    def may_be_overruled(self) -> bool:
        """All that stops it is a habit of a provider's, or unproved."""
        errors = [each.rationale.may_be_overruled for each in self.advice if each.finding.is_error]
        return bool(errors) and all(errors)

    @property
    def overruled(self) -> str:
        """What a person submits it in spite of."""
        return " ".join(each.finding.words for each in self.advice if each.finding.is_error)


def opinion(draft: LintedDraft) -> Opinion:
    found = lint(draft)
    mends = mendable(draft, found)
    return Opinion([_advice(draft, finding, finding.code in mends) for finding in found])


def draft_of(template: Template) -> LintedDraft:
    """Two queries, which carry no text but an equal one."""
    return LintedDraft(
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
        names=template.names,
        samples={int(number): sample for number, sample in template.samples.items()},
    )


def _advice(draft: LintedDraft, finding: Finding, is_mendable: bool) -> Advice:
    """Places are those of the text as it is written, with names for its variables."""
    fix = FIXES[finding.code].label if is_mendable else ""
    if finding.span is None:
        return Advice(finding, RATIONALES[finding.code], fix)
    body = variables.named(draft.body, draft.names)
    start, end = (len(variables.named(draft.body[:place], draft.names)) for place in finding.span)
    return Advice(
        replace(finding, span=(start, end)),
        RATIONALES[finding.code],
        fix,
        before=body[max(0, start - AROUND) : start],
        marked=body[start : min(end, start + AROUND)],
        after=body[end : end + AROUND],
    )


def categories(customer: Customer) -> list[str]:
    """As SmartDialog lists them; WhatsApp's own until they were read."""
    known = TemplateList.objects.filter(customer=customer).values_list("categories", flat=True).first()
    return list(known or CATEGORIES)


def _others(template: Template) -> list[ExistingTemplate]:
    rows = Template.objects.of_customer(template.customer).filter(state__in=AT_SMARTDIALOG)
    same = Case(When(body=template.body, then=F("body")), default=Value(""), output_field=TextField())
    named = rows.exclude(pk=template.pk).annotate(same=same).values_list("display_name", "same")
    return [ExistingTemplate(name or "Untitled template", body) for name, body in named]
