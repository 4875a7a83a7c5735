"""Bulk actions, as a person agrees to them and a worker carries them out."""

import re
from unittest.mock import patch

from django.http import HttpResponse
from django.test import override_settings
from django.urls import reverse

from contacts.bulk import action_lifecycle, action_runner
from contacts.listing.selection import Selection
from contacts.models import BulkAction, BulkVerb, Contact
from contacts.sync.group_deletion import DeleteAll
from gateway.models import Operation, OperationState
from gateway.outbox import QueuedCall
from tests.people import client_of


def begun(verb, group, by, *, query="q=anna", ids=None, **options) -> BulkAction:
    selection = Selection.from_query(group, dict([query.split("=")]) if query else {})
    if ids is not None:
        selection = Selection(group, selection.listing, tuple(ids))
    price = action_lifecycle.price(verb, selection)
    return action_lifecycle.begin(verb, selection, agreed=price, options=options, by=by)


def post_bulk(person, group, **form) -> HttpResponse:
    """Agreed to, it carries along the fingerprint that the page which asked first has by now."""
    browser, url = client_of(person), reverse("contacts:bulk", args=[group.pk])
    if "agreed" in form:
        asked = browser.post(url, {name: form[name] for name in form if name not in ("agreed", "typed")})
        form = {"fingerprint": fingerprint_on(asked)} | form
    return browser.post(url, form)


def fingerprint_on(page: HttpResponse) -> str:
    return re.findall(r'name="fingerprint" value="([^"]*)"', page.content.decode())[0]


def done(verb, group, by, **how) -> BulkAction:
    action = begun(verb, group, by, **how)
    action_runner.run(action.pk)
    action.refresh_from_db()
    return action


def delete_one(contact, *, by) -> BulkAction:
    """As from its sheet, with the time to undo it over."""
    with override_settings(BULK_GRACE=0), patch("contacts.models.bulk.INTERACTIVE_UP_TO", 1):
        return done(BulkVerb.DELETE, contact.group, by, query="", ids=[contact.pk])


def states(contacts) -> list[str]:
    return [Contact.objects.get(pk=each.pk).sync_state for each in contacts]


def settled(action) -> Operation:
    """SmartDialog has emptied the group."""
    [call] = Operation.objects.filter(batch=action.batch)
    Operation.objects.filter(pk=call.pk).update(state=OperationState.DONE)
    DeleteAll().done(QueuedCall(call), True)
    return call
