"""Contacts, imports and opt-outs of every kind, bearing given words."""

from itertools import count, cycle

from django.urls import reverse

from accounts.models import User
from contacts.models import (
    BulkAction,
    BulkState,
    BulkVerb,
    ConsentSource,
    Contact,
    Erasure,
    Import,
    ImportRow,
    ImportState,
    Lookup,
    LookupState,
    NumberList,
    Segment,
    Suppression,
)
from gateway import clock
from gateway.models import Service
from tests.factories import make_contact

numbers = count(1_230_001)


def next_phone() -> str:
    return f"+35840{next(numbers)}"


def contact_pages(group: Service, owner: User, words: list[str]) -> dict[str, str]:
    for each in words:
        contact = make_contact(
            group,
            phone=next_phone(),
            first_name=each[:100],
            last_name=each[:100],
            email=each[:200],
            street_address=each,
            city=each[:100],
            properties={each[:100]: each},
            sync_error=each,
            sync_state="failed",
        )
    pages = {name: reverse(name, args=[contact.pk]) for name in ("contacts:contact", "contacts:edit")}
    of_group = (
        "contacts:group",
        "contacts:regions",
        "contacts:new",
        "contacts:export",
        "contacts:import",
        "contacts:group_adoption",
    )
    for number, each in enumerate(words):
        segment = Segment.objects.create(
            customer=group.customer,
            name=f"{number} {each}"[:60],
            text=f'city = "{each[:100]}"',
            created_by=owner,
        )
    of_segment = ("contacts:segment", "contacts:segment_removal")
    pages |= {name: reverse(name, args=[segment.pk]) for name in of_segment}
    pages |= _opt_outs(group, owner, contact, words)
    pages |= _erasures(group, contact) | _bulk_actions(group, owner, words) | _lookups(group, owner, words)
    return pages | {name: reverse(name, args=[group.pk]) for name in of_group}


def import_pages(group: Service, owner: User, words: list[str], text: str) -> dict[str, str]:
    pages = {}
    states = [each for each in ImportState if each not in ("saving", "checking")]
    for state, word in zip(states, cycle(words)):
        job = _import(state, f"{word}.csv", group, owner, words, text)
        if state == ImportState.SYNCING:
            url = reverse("contacts:import_cancellation", args=[job.pk])
            pages["contacts:import_cancellation"] = url
        if state == ImportState.DONE:
            met = {"first_name": words[0], f"property:{words[3]}": text}
            make_contact(group, phone=next_phone(), last_import=job, met=met, undecided=True, active=False)
            pages["contacts:import_met"] = reverse("contacts:import_met", args=[job.pk])
            pages["contacts:import_undo"] = reverse("contacts:import_undo", args=[job.pk])
        pages[f"contacts:import_page {state}"] = reverse("contacts:import_page", args=[job.pk])
    checked = pages["contacts:import_page checked"]
    kinds = ("new", "changed", "invalid", "warnings")
    pages["contacts:imports"] = reverse("contacts:imports", args=[group.pk])
    pages["contacts:import_page nobody found"] = f"{checked}?kind=invalid&q=nobody"
    return pages | {f"contacts:import_page {kind} rows": f"{checked}?kind={kind}" for kind in kinds}


def _bulk_actions(group: Service, owner: User, words: list[str]) -> dict[str, str]:
    pages = {}
    for state, verb in zip(BulkState, cycle(BulkVerb), strict=False):
        action = BulkAction.objects.create(
            group=group,
            verb=verb,
            state=state,
            options={"name": words[0], "into": words[0]},
            whom=words[0][:600],
            agreed=1200,
            calls=1200,
            paused=True,
            note=words[0][:500],
            ceiling=1,
            created_by=owner,
            begins_at=clock.after(86_400),
        )
        pages[f"contacts:bulk_action {state}"] = reverse("contacts:bulk_action", args=[action.pk])
        if state == BulkState.RUNNING:
            pages["contacts:bulk_cancellation"] = reverse("contacts:bulk_cancellation", args=[action.pk])
    return pages | {"contacts:past_actions": reverse("contacts:past_actions", args=[group.pk])}


def _lookups(group: Service, owner: User, words: list[str]) -> dict[str, str]:
    found = {"first_name": words[0], "birth_year": words[0], f"property:{words[0]}": words[0]}
    pages = {}
    for state in LookupState:
        lookup = Lookup.objects.create(
            group=group, phone=next_phone(), state=state, found=found, error=words[0][:500], asked_by=owner
        )
        pages[f"contacts:lookup {state}"] = reverse("contacts:lookup", args=[lookup.pk])
    return pages


def _erasures(group: Service, contact: Contact) -> dict[str, str]:
    done = Erasure.objects.create(
        customer=group.customer,
        digest="0" * 64,
        ending="67",
        held={"Contacts": 2, "Messages": 14},
        finished_at=clock.now(),
    )
    erasures = reverse("erasure:people")
    return {
        "erasure:people": erasures,
        "erasure:people found": f"{erasures}?q={contact.phone.replace('+', '%2B')}",
        "erasure:erasure": reverse("erasure:erasure", args=[done.pk]),
    }


def _opt_outs(group: Service, owner: User, contact: Contact, words: list[str]) -> dict[str, str]:
    for each, source in zip(words, cycle(ConsentSource)):
        Suppression.objects.create(
            customer=group.customer,
            phone=next_phone(),
            source=source,
            words=each[:500],
            place=each[:200],
            by=owner,
        )
    lists = [
        NumberList.objects.create(
            customer=group.customer, name=each[:200], words=each[:500], created_by=owner
        )
        for each in words
    ]
    NumberList.objects.filter(pk=lists[0].pk).update(undone_at=clock.now(), undone_by=owner)
    lifted = Suppression.objects.create(
        customer=group.customer,
        phone=contact.phone,
        source="staff",
        words=words[0],
        by=owner,
        lifted_at=clock.now(),
        lift_source="staff",
        lift_words=words[1],
        lifted_by=owner,
    )
    stopping = Suppression.objects.filter(customer=group.customer).in_force().first()
    assert stopping
    everything = f"{reverse('opt_outs:list')}?removed=yes"
    return {
        "opt_outs:number": reverse("opt_outs:number", args=[stopping.pk]),
        "opt_outs:list_undo": reverse("opt_outs:list_undo", args=[lists[-1].pk]),
        "opt_outs:number removed": reverse("opt_outs:number", args=[lifted.pk]),
        "opt_outs:list everything": everything,
    }


def _import(state: str, name: str, group: Service, owner: User, words: list[str], text: str) -> Import:
    job = Import.objects.create(
        group=group,
        created_by=owner,
        original_name=name[:200],
        stored_name=f"furniture-{next(numbers)}",
        state=state,
        encoding="utf-8",
        delimiter=";",
        header=["Puhelin", *words[:4]],
        samples=[words[:5], words[5:10]],
        mapping=["phone", "first_name", "last_name", "city", f"property:{words[3]}"],
        regions=["FI"],
        counts={"new": 2, "changed": 1, "invalid": len(words)},
        refusal_words=text[:500],
        saved=3,
        undone={"deleted": 2, "restored": 1, "left_alone": 1} if state == "undone" else {},
        checked_at=clock.now(),
    )
    _rows(job, words)
    return job


def _rows(job: Import, words: list[str]) -> None:
    bad = [
        {"column": 2, "target": "last_name", "reason": "This is longer than 100 characters.", "fatal": False}
    ]
    for line, each in enumerate(words, start=2):
        kind = ("new", "changed", "invalid")[line % 3]
        values = {
            "phone": next_phone(),
            "first_name": each[:100],
            "last_name": each[:100],
            "city": each[:100],
        }
        ImportRow.objects.create(
            job=job,
            line=line,
            kind=kind,
            raw=[each] * 5,
            problems=bad if kind != "changed" else [],
            warned=kind == "new",
            before={"revision": 1, "city": each} if kind == "changed" else None,
            **values,
        )
