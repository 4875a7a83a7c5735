"""What each of us has begun to write to a person: kept while it is typed, gone when it is sent."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import Q, QuerySet

from accounts.models import Customer, User
from gateway import clock
from messaging.inbox.models import Draft, FirstDraft, Message, TemplateDraft, Thread
from messaging.whatsapp.models import Template


def keep(thread: Thread, content: str, *, key: UUID, of: User) -> bool:
    """The latest of all windows; nothing typed, or what was sent meanwhile by the same form, is none: False.

    An answer that is being written holds the thread: what comes at the same time waits to see it.
    """
    with transaction.atomic():
        Thread.objects.filter(pk=thread.pk).select_for_update(no_key=True).first()
        if not content.strip():
            Draft.objects.filter(thread=thread, user=of).delete()
        elif not Message.objects.filter(uuid=key).exists():
            told = {"content": content, "key": key, "updated_at": clock.now()}
            Draft.objects.update_or_create(thread=thread, user=of, defaults=told)
            return True
    return False


def add(thread: Thread, content: str, *, key: UUID, of: User) -> None:
    """Below what they have begun there already."""
    begun = Draft.objects.filter(thread=thread, user=of).values_list("content", flat=True).first() or ""
    if content not in begun:
        keep(thread, "\n\n".join(filter(None, [begun.strip(), content])), key=key, of=of)


def forget(thread: Thread, content: str, *, key: UUID, of: User) -> None:
    """It was sent; what another window of theirs says otherwise stays."""
    sent = Q(key=key) | Q(content=content)
    Draft.objects.filter(sent, thread=thread, user=of).delete()


def keep_template(
    thread: Thread, template: Template, said: Mapping[str, str], *, key: UUID, of: User
) -> bool:
    """As `keep`, of what fills a template."""
    place = {"thread": thread, "template": template, "user": of}
    return _keep(TemplateDraft.objects.filter(**place), place, said=said, key=key)


def template_draft(thread: Thread, of: User, template: Template | None = None) -> TemplateDraft | None:
    """Of that template, or the latest in the thread."""
    own = TemplateDraft.objects.filter(thread=thread, user=of)
    return (own.filter(template=template) if template else own).order_by("-updated_at", "-pk").first()


def forget_template(thread: Thread, template: Template, of: User) -> None:
    """It was sent."""
    TemplateDraft.objects.filter(thread=thread, template=template, user=of).delete()


def keep_first(customer: Customer, phone: str, said: Mapping[str, str], *, key: UUID, of: User) -> bool:
    """As `keep`, of a first message: by its form, whose number may change while it is typed."""
    if not said.get("content", "").strip():
        forget_first(key, of)
        return False
    own = FirstDraft.objects.filter(user=of, key=key)
    return _keep(own, {"user": of, "key": key}, said=said, key=key, customer=customer, phone=phone)


def first_drafts(customer: Customer, of: User) -> QuerySet[FirstDraft]:
    """The latest first."""
    return FirstDraft.objects.filter(customer=customer, user=of).order_by("-updated_at", "-pk")


def forget_first(key: UUID, of: User) -> None:
    """It was sent, or is not wanted."""
    FirstDraft.objects.filter(user=of, key=key).delete()


def _keep(own: QuerySet[Any], place: Mapping[str, Any], **kept: Any) -> bool:
    """What was sent meanwhile either is seen once this is kept, or forgets this once it was sent."""
    own.model.objects.update_or_create(**place, defaults={**kept, "updated_at": clock.now()})
    if not Message.objects.filter(uuid=kept["key"]).exists():
        return True
    own.delete()
    return False
