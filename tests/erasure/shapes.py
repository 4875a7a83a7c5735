"""Columns whose value is more than a text: what it looks like around a canary."""

import json
from collections.abc import Callable
from typing import Any
from urllib.parse import quote_plus

from django.contrib.sessions.backends.db import SessionStore

from accounts.sign_in import unsent_forms
from tests.erasure.person_rows import World

SHAPES: dict[str, Callable[[World, str], Any]] = {
    "sessions.Session.session_data": lambda world, word: SessionStore().encode(
        {
            "_auth_user_id": str(world.staff.pk),
            unsent_forms.SESSION_KEY: {"person": world.staff.pk, "path": "/", "fields": [["note", word]]},
        }
    ),
    "accounts.AuditEvent.before": lambda world, word: {"whom": word},
    "accounts.AuditEvent.after": lambda world, word: {"cells": [word]},
    "gateway.Operation.payload": lambda world, word: {"contact": {"properties": [["Note", word]]}},
    "gateway.Operation.reason_params": lambda world, word: {"words": f"{word} is no number"},
    "gateway.HookEvent.body": lambda world, word: json.dumps({"content": f"I am {word}, call"}).encode(),
    "gateway.HookEvent.query": lambda world, word: f"address={quote_plus(word)}&status=delivered",
    "contacts.Contact.properties": lambda world, word: {"Note": word},
    "contacts.Contact.met": lambda world, word: {"note": word},
    "contacts.Contact.found_remotely": lambda world, word: {"note": word},
    "contacts.Lookup.found": lambda world, word: {"city": word},
    "contacts.Lookup.typed": lambda world, word: {"city": word, "properties": [["Note", word]]},
    "contacts.SavedFilter.query": lambda world, word: f"q={quote_plus(word)}",
    "contacts.BulkAction.filter": lambda world, word: f"state=out&q={quote_plus(word)}",
    "contacts.BulkAction.options": lambda world, word: {"name": "Note", "value": word},
    "contacts.BulkPart.changes": lambda world, word: {str(world.contact.pk): word},
    "contacts.Import.samples": lambda world, word: [["Oulu", word], ["Espoo", "Ben"]],
    "contacts.Import.mends": lambda world, word: {"9": {"0": word}},
    "contacts.Import.questions": lambda world, word: [
        {"about": "encoding", "words": "Some letters can be read in two ways: Zyx", "choices": []},
        {"about": "consent", "words": f"Is “{word}” a yes?", "choices": [word]},
    ],
    "campaigns.PeopleList.samples": lambda world, word: [["Oulu", word], ["Espoo", "Ben"]],
    "campaigns.PeopleList.mends": lambda world, word: {"9": {"0": word}},
    "campaigns.PeopleList.questions": lambda world, word: [
        {"about": "consent", "words": f"Is “{word}” a yes?", "choices": [word]},
    ],
    "campaigns.PeopleList.mapping": lambda world, word: ["phone", f"property:{word}"],
    "campaigns.ListedPerson.properties": lambda world, word: {"Note": word},
    "campaigns.ListedPerson.raw": lambda world, word: ["", word],
    "campaigns.ListedPerson.problems": lambda world, word: [
        {"column": 1, "target": "phone", "reason": f"{word} was left out.", "choices": []}
    ],
    "contacts.Import.mapping": lambda world, word: ["phone", f"property:{word}"],
    "contacts.FileShape.mapping": lambda world, word: ["phone", f"property:{word}"],
    "contacts.TableColumns.columns": lambda world, word: [f"property:{word}"],
    "contacts.ImportRow.properties": lambda world, word: {"Note": word},
    "contacts.ImportRow.before": lambda world, word: {"note": word},
    "contacts.ImportRow.raw": lambda world, word: ["", word],
}
