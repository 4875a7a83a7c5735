"""Go by the rules with a message that has come, and take back what one did."""

from typing import Any

from django.db import transaction

from accounts.models import User
from accounts.trail import audit
from contacts.consent import opt_outs
from contacts.editing import crud
from contacts.errors import EditConflict
from contacts.models import Contact
from contacts.text.full_text_search import case_folded
from contacts.text.phones import spellings
from gateway import clock
from gateway.models import Service
from gateway.sign_in.connections import NotConnected
from messaging.inbox.incoming.addresses import can_be_answered
from messaging.inbox.incoming.receiving import snippet, tell
from messaging.inbox.models import Label, Message, Rule, RuleRun, Thread
from messaging.inbox.models.thread import ThreadQuerySet
from messaging.inbox.opt_outs.intents import Intent
from messaging.inbox.rules import answers
from messaging.inbox.rules.matching import Heard, fits, is_open
from messaging.inbox.team import teamwork


def follow(message: Message) -> None:
    """Runs in the transaction that received it, which holds its thread, after what it asks of consent.

    In their order; all that fit do their part, but of answers and of assignments the first counts.
    """
    customer = message.thread.customer
    rules = list(
        Rule.objects.kept_by(customer).switched_on().select_related("carrier", "assignee", "team", "group")
    )
    if not rules:
        return
    said = Heard.of(message.content, is_open=is_open(customer, message.at), service=message.thread.service_id)
    answered = False
    for rule in rules:
        if fits(rule, said):
            rule.customer = customer
            answered = _run(rule, message, may_answer=not answered) or answered


def undo(run: RuleRun, *, by: User) -> bool:
    """The label off again, and nobody's again where nobody else took it; False when somebody just did."""
    with transaction.atomic():
        mine = RuleRun.objects.filter(pk=run.pk, undone_at=None)
        if not mine.update(undone_at=clock.now(), undone_by=by):
            return False
        thread = run.thread
        label = Label.objects.of_customer(thread.customer).filter(name=run.label).first()
        if run.label and label:
            teamwork.remove_label(thread, label, by=by)
        if run.assigned_to:
            theirs = _rows(thread).filter(assignee=run.assignee, team=run.team)
            teamwork.assign(theirs, customer=thread.customer, to=None, by=by)
        _record(thread, "rule.undone", by=by, after={"rule": run.rule_name})
        tell(thread)
    return True


def _run(rule: Rule, message: Message, *, may_answer: bool) -> bool:
    """Whether it answered."""
    thread, undone = message.thread, list[str]()
    run = RuleRun(rule=rule, rule_name=rule.name, thread=thread, message=message, at=clock.now())
    if rule.label:
        run.label = _label(rule, thread, undone)
    if rule.assigns_to and _assign(rule, thread, undone):
        run.assignee, run.team = rule.assignee, rule.team
    if rule.group:
        run.group = _join(rule, message, undone)
    if rule.answer and may_answer:
        run.answer, why = answers.answer(rule, message)
        undone += [f"Not answered. {why}"] if why else []
    run.left_undone = undone
    run.save()
    _record(thread, "rule.ran", after={"rule": rule.name, "did": run.did, "left_undone": undone})
    tell(thread)
    return run.answer is not None


def _label(rule: Rule, thread: Thread, undone: list[str]) -> str:
    """Its name where it is new on the thread."""
    if case_folded(rule.label) in {case_folded(each.name) for each in thread.labels.all()}:
        return ""
    label = teamwork.add_label(_rows(thread), rule.label, customer=thread.customer, by=None)
    if label is None:
        undone.append(f"Not labelled. There can be {teamwork.MAX_LABELS} different labels.")
    return label.name if label else ""


def _assign(rule: Rule, thread: Thread, undone: list[str]) -> bool:
    """Of a thread that is nobody's: nobody loses one to a rule."""
    able = teamwork.team_of(thread.customer)
    able = able.filter(pk=rule.assignee.pk) if rule.assignee else able.filter(pk__in=_members(rule))
    if not able.exists():
        undone.append(f"Not assigned. {_who_cannot(rule)} cannot answer any more.")
        return False
    free = _rows(thread).unassigned()
    return bool(teamwork.assign(free, customer=thread.customer, to=rule.assigns_to, by=None))


def _members(rule: Rule) -> list[int]:
    return list(rule.team.members.values_list("pk", flat=True)) if rule.team else []


def _who_cannot(rule: Rule) -> str:
    return str(rule.assignee or f"Whoever is in {rule.team}")


def _join(rule: Rule, message: Message, undone: list[str]) -> Service | None:
    """Who asks for it is added; an opt-out stays what it is."""
    assert rule.group
    thread, phone = message.thread, message.thread.address
    here = Contact.objects.present().filter(group=rule.group, phone__in=spellings(phone))
    if not can_be_answered(phone) or here.exists():
        return None
    why = _why_not_joined(rule, message)
    if not why:
        try:
            assert rule.carrier
            with transaction.atomic():
                contact = crud.add(rule.group, phone=phone, values={}, by=rule.carrier)
                said = {"why": f"Wrote “{snippet(message)}” to {thread.service}", "rule": rule.name}
                audit.record(
                    actor=None, customer=thread.customer, verb="contact.joined", subject=contact, after=said
                )
            return rule.group
        except (EditConflict, NotConnected) as error:
            why = error.text
    undone.append(f"Not added to {rule.group}. {why}")
    return None


def _why_not_joined(rule: Rule, message: Message) -> str:
    if message.intent in {Intent.STOP, Intent.MAY_STOP}:
        return "They may want no more messages."
    if opt_outs.stopped_among(message.thread.customer, spellings(message.thread.address)):
        return "They have opted out."
    if rule.group and rule.group.gone_at:
        return "SmartDialog lists the group no more."
    return "" if answers.can_carry(rule) else answers.NO_CARRIER


def _rows(thread: Thread) -> ThreadQuerySet:
    return Thread.objects.filter(pk=thread.pk)


def _record(thread: Thread, verb: str, *, after: dict[str, Any], by: User | None = None) -> None:
    audit.record(actor=by, customer=thread.customer, verb=verb, subject=thread, after=after)
