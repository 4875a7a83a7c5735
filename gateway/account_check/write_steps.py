"""What the check writes, where that was asked for: to one number, and taken back where it can be."""

from uuid import uuid4

from django.conf import settings

from accounts.trail.masking import masked
from gateway.account_check.checker import (
    CheckAborted,
    Checker,
    StepResult,
    Steps,
    StepState,
    UnexpectedResult,
)
from gateway.account_check.read_steps import CheckOptions, CheckTarget, check_number
from gateway.hooks.subscriptions import pipeline_of
from gateway.smartdialog import types
from gateway.smartdialog.api import SmartDialog
from gateway.smartdialog.errors import Refused


def run_writes(checker: Checker, place: CheckTarget, options: CheckOptions) -> Steps:
    yield from _contact(checker, place, options)
    yield from _message(checker, place, options)
    yield from _template(checker, place, options)
    yield from _trigger(checker, place)


def _contact(checker: Checker, place: CheckTarget, options: CheckOptions) -> Steps:
    """Create, change, read back and delete a contact; one that was there before is left alone."""
    if place.contact or not place.contact_read:
        yield from _skipped("the number is in the group already, or may be: name another", *CONTACT_WRITES)
        return
    try:
        yield from _contact_writes(checker, {"customer": place.customer, "group": options.group}, options.to)
    except CheckAborted:
        yield StepResult(StepState.FAILED, "DeleteGroupContact", LEFT.format(to=masked(options.to)))
        raise


def _contact_writes(checker: Checker, where: dict[str, str], to: str) -> Steps:
    """What was made, or may have been, is deleted whatever else fails."""
    new = types.ContactFields(phone=to, active=True, first_name="Test")
    changed = types.ContactFields(phone=to, active=False, first_name="Changed")
    made = yield from checker.step(
        "CreateGroupContact", lambda api: api.create_contact(**where, contact=new), lambda key: f"made {key}"
    )
    if made is None and isinstance(checker.error, Refused):
        yield from _not_tried("no contact was made", "UpdateGroupContact", "DeleteGroupContact")
        return
    is_changed = False
    if made is None:
        yield from _not_tried("it is not known whether a contact was made", "UpdateGroupContact")
    else:
        updated = yield from checker.step(
            "UpdateGroupContact",
            lambda api: api.update_contact(**where, phone=to, contact=changed),
            lambda _: "made inactive, with another name",
        )
        is_changed = updated is not None
    if is_changed:
        yield from checker.step("GetGroupContact", lambda api: api.get_contact(**where, phone=to), _read_back)
    yield from checker.step("DeleteGroupContact", lambda api: api.delete_contact(**where, phone=to), _deleted)


def _message(checker: Checker, place: CheckTarget, options: CheckOptions) -> Steps:
    """A message, and the same once more: the RequestId has to keep the second from being sent."""
    service = place.service("one-way")
    if not service:
        yield from _without(place, "one-way", "there is no one-way service to send from", "SendMessage")
        return
    message = types.SmsMessage(
        sender=options.sender,
        content="A test from SmartDialog Admin. No answer is needed.",
        recipients=[types.TakenRecipient(options.to)],
        request_id=f"check-{uuid4()}",
    )

    def send(api: SmartDialog) -> types.Sent:
        return api.send_message(customer=place.customer, service=service, message=message)

    def taken(found: types.Sent) -> str:
        if not found.recipients:
            raise UnexpectedResult("the answer names nobody to whom it was sent")
        for each in found.recipients:
            check_number(options.to, each.address)
        return f"taken for {masked(options.to)}: {_id(found)}"

    sent = yield from checker.step("SendMessage", send, taken)
    if sent:
        yield from checker.step("SendMessage again", send, _not_twice, expected_refusal=_refused_twice)


def _template(checker: Checker, place: CheckTarget, options: CheckOptions) -> Steps:
    """The first approved template that has nothing to fill in."""
    if place.templates is None:
        yield from _not_tried("the templates could not be read", "SendWhatsappTemplateMessage")
        return
    plain = [each for each in place.templates if each.raw_content and "{{" not in each.raw_content]
    service = place.service("one-way")
    if not plain or not service:
        yield from _skipped("there is no approved template without variables", "SendWhatsappTemplateMessage")
        return
    message = types.TemplateMessage(plain[0].id, [options.to], request_id=f"check-{uuid4()}")
    yield from checker.step(
        "SendWhatsappTemplateMessage",
        lambda api: api.send_template(customer=place.customer, service=service, message=message),
        lambda sent: f"{plain[0].display_name} taken for {masked(options.to)}: {_id(sent)}",
    )


def _trigger(checker: Checker, place: CheckTarget) -> Steps:
    """Ask for messages to be brought to an address that takes none, and end that again."""
    service = place.service("two-way")
    if not service:
        yield from _without(place, "two-way", "there is no two-way service", "NewMessage", "DeleteTrigger")
        return
    made = yield from checker.step(
        "NewMessage",
        lambda api: api.subscribe(
            customer=place.customer,
            service=service,
            name="SmartDialog Admin check",
            description="Made by an account check, which removes it again.",
            endpoint_url=f"{settings.PUBLIC_URL}/hooks/inbound/check/",
        ),
        _told_trigger,
    )
    if made is None:
        words = "no trigger was made"
        if not isinstance(checker.error, Refused):
            words = (
                f"it is not known whether a trigger was made for {service}: ask Arena, and have it removed"
            )
        yield from _not_tried(words, "DeleteTrigger")
        return
    try:
        yield from _end_trigger(checker, made, service)
    except CheckAborted:
        yield StepResult(StepState.FAILED, "DeleteTrigger", STAYS.format(action=made.action_id))
        raise


def _end_trigger(checker: Checker, made: types.Subscribed, service: str) -> Steps:
    """By its Location; without one, by the service's id, in case the pipeline is called so."""
    pipeline = pipeline_of(made.location)
    if pipeline:
        yield from checker.step(
            "DeleteTrigger",
            lambda api: api.unsubscribe(pipeline=pipeline, action=made.action_id),
            lambda _: "removed again",
        )
    elif checker.attempt(
        "DeleteTrigger", lambda api: api.unsubscribe(pipeline=service, action=made.action_id)
    ):
        words = "SmartDialog did not say where it is; removed again by the service's id"
        yield StepResult(StepState.OK, "DeleteTrigger", words)
    else:
        yield StepResult(StepState.FAILED, "DeleteTrigger", STAYS.format(action=made.action_id))


STAYS = "SmartDialog did not say where it is: have Arena remove the action {action}"
LEFT = "the test contact {to} may be left in the group: remove it by hand"
CONTACT_WRITES = ("CreateGroupContact", "UpdateGroupContact", "DeleteGroupContact")


def _skipped(why: str, *names: str) -> Steps:
    for name in names:
        yield StepResult(StepState.SKIPPED, name, why)


def _not_tried(why: str, *names: str) -> Steps:
    for name in names:
        yield StepResult(StepState.NOT_TRIED, name, why)


def _without(place: CheckTarget, picker: str, words: str, *names: str) -> Steps:
    state, why = place.lack(picker, words)
    for name in names:
        yield StepResult(state, name, why)


def _read_back(contact: types.RemoteContact) -> str:
    if contact.first_name != "Changed":
        raise UnexpectedResult("the change is not there when it is read back")
    return "read back with its new name"


def _deleted(gone: bool) -> str:
    if not gone:
        raise UnexpectedResult("SmartDialog says that it was not deleted: remove the test contact by hand")
    return "deleted again"


def _not_twice(sent: types.Sent) -> str:
    if sent.recipients:
        raise UnexpectedResult("the same RequestId was sent a second time")
    return "the same RequestId was not sent again"


def _refused_twice(error: Refused) -> str:
    """Whatever its words are: it was taken a moment before."""
    return "the same RequestId was refused" if error.status in {400, 409, 422} else ""


def _told_trigger(made: types.Subscribed) -> str:
    return f"made {made.action_id}"


def _id(sent: types.Sent) -> str:
    return f"message {sent.message_id}"
