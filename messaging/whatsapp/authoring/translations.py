"""One message in several languages: templates of one family, each a draft, a review and an id of its own.

A message names a template by id alone, without a language, so translations have names that differ.
"""

from dataclasses import dataclass
from uuid import uuid4

from django.db import transaction

from accounts.models import User
from messaging.whatsapp.authoring import drafts, variables
from messaging.whatsapp.lint.languages import LANGUAGES
from messaging.whatsapp.models import Template, TemplateQuerySet
from messaging.whatsapp.models.template import MAX_NAME_LENGTH
from messaging.whatsapp.submission.transitions import TemplateChanged

FIRST = ("fi", "sv", "en", "it")


@dataclass(frozen=True)
class Translation:
    """`missing`: in words, what the first of its family has and this one has not."""

    template: Template
    missing: list[str]


def family_of(template: Template) -> TemplateQuerySet:
    """The template and its translations, the first one first."""
    own = Template.objects.of_customer(template.customer)
    family = own.filter(family=template.family) if template.family else own.filter(pk=template.pk)
    return family.select_related("customer").order_by("pk")


def side_by_side(template: Template) -> list[Translation]:
    family = list(family_of(template))
    return [Translation(each, missing(each, family[0])) for each in family]


def languages_left(template: Template) -> dict[str, str]:
    """Those it is not in yet, those that the customer writes in first."""
    taken = set(family_of(template).values_list("language", flat=True))
    used = Template.objects.of_customer(template.customer).exclude(language="").order_by("language")
    first = dict.fromkeys([*used.values_list("language", flat=True).distinct(), *FIRST, *LANGUAGES])
    return {code: LANGUAGES[code] for code in first if code in LANGUAGES and code not in taken}


def missing(template: Template, first: Template) -> list[str]:
    """What a translator forgot."""
    found = []
    if template.pk != first.pk and template.body.strip() == first.body.strip():
        found.append("The text is not translated yet")
    lost = set(_variables(first)) - set(_variables(template))
    if lost:
        found.append(f"Without {', '.join(sorted(lost))}")
    if len(template.buttons) < len(first.buttons):
        found.append(f"{len(template.buttons)} of {len(first.buttons)} buttons")
    if first.header_kind and not template.header_kind:
        found.append("No header")
    if first.footer and not template.footer:
        found.append("No footer")
    return found


def _variables(template: Template) -> list[str]:
    named = template.names
    return [f"{{{{{named.get(each, each)}}}}}" for each in variables.numbers(template.body)]


@transaction.atomic
def begin(template: Template, language: str, *, by: User) -> Template:
    """A draft with the same words, to be translated, or the one that is there. Raises TemplateChanged."""
    family = list(family_of(template).select_for_update(of=("self",)))
    original = next((each for each in family if each.pk == template.pk), None)
    if original is None:
        raise TemplateChanged
    if not original.family:
        original.family = original.uuid
        original.save(update_fields=["family"])
    if there := family_of(original).filter(language=language).first():
        return there
    words = drafts.words_of(original) | {"language": language, "display_name": _name(family[0], language)}
    draft, _ = drafts.create(
        customer=original.customer, uuid=uuid4(), fields={**words, "family": original.family}, by=by
    )
    return draft


def _name(first: Template, language: str) -> str:
    return f"{first.display_name[: MAX_NAME_LENGTH - 3]} {language}".strip()
