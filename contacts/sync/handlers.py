"""What adding and changing contacts calls, and what the answers mean for the contact.

SmartDialog cannot say "already exists" reliably, so a refused creation is looked up: there, it was before us,
and is taken in; not there, the refusal stands. Every call may therefore be repeated without harm.
"""

from accounts.trail import audit
from contacts.models import Contact, SyncState
from contacts.sync import answers, emptying, looking_first, pushing, remote_merge
from gateway import outbox
from gateway.outbox import QueuedCall, Reason, handles
from gateway.smartdialog.api import SmartDialog
from gateway.smartdialog.errors import GatewayError
from gateway.smartdialog.types import RemoteContact

HERE_TWICE = (
    "SmartDialog has this number in another spelling, which this group has as another contact. "
    "Delete one of the two here."
)


@handles(pushing.CREATE)
class CreateContact(answers.ContactHandler):
    endpoint = "CreateGroupContact"
    silent_result = ""

    def call(self, api: SmartDialog, call: QueuedCall) -> str:
        return api.create_contact(**answers.where(call), contact=answers.fields(call))

    def done(self, call: QueuedCall, result: str) -> None:
        super().done(call, result)
        if call.payload.get("looked"):
            looking_first.see_repeated(call)

    def refused(self, call: QueuedCall, error: GatewayError) -> None:
        if error.status not in looking_first.REFUSED_AS_THERE:
            _fail(call, error.reason)
        elif _is_given_up(call):
            outbox.close(call, error.reason)
        else:
            outbox.follow_up(call, pushing.LOOKUP, refusal=error.reason.to_json(), creation=call.id)


@handles(pushing.LOOKUP)
class LookUpContact(answers.ContactReader):
    """Is the contact there? After a creation that was refused, or before one that may find somebody."""

    def done(self, call: QueuedCall, result: RemoteContact) -> None:
        """What a change since then has queued goes on from here, too."""
        if not answers.is_about_it(call, result):
            answers.say_failed(call, answers.OTHER_NUMBER)
            return
        contact = _present(call)
        if contact is None:
            return
        if not remote_merge.take_spelling(contact, answers.spelling_asked(call)):
            answers.say_failed(call, HERE_TWICE)
            return
        if not contact.known_remotely and not answers.is_ours(call, result):
            remote_merge.meet(contact, result, by=call.created_by)
        Contact.objects.filter(pk=contact.pk).update(known_remotely=True, **remote_merge.seen(result))
        if contact.undecided:
            pushing.withdraw(contact)
        elif contact.backlog_id is None and not outbox.is_underway(subject=contact):
            outbox.follow_up(call, pushing.UPDATE, **pushing.payload_of(contact))

    def refused(self, call: QueuedCall, error: GatewayError) -> None:
        """Not there: the creation is what failed, and what a person may try again; or it is made now."""
        if error.status == 404 and _goes_on(_present(call)) and answers.ask_next_spelling(call):
            return
        if "refusal" not in call.payload:
            self._create(call, error)
            return
        reason = Reason.from_json(call.payload["refusal"])
        outbox.close(call, Reason("absent"))
        outbox.fail(call.payload["creation"], reason)
        _fail(call, reason)

    def _create(self, call: QueuedCall, error: GatewayError) -> None:
        """Unless a later change of the contact is on its way, which goes on from here."""
        contact = _present(call)
        if error.status != 404:
            _fail(call, error.reason)
        elif contact and _goes_on(contact):
            outbox.follow_up(call, pushing.CREATE, **pushing.payload_of(contact), looked=True, spelling="")
        else:
            outbox.close(call, Reason("absent"))


@handles(pushing.UPDATE)
class UpdateContact(answers.ContactHandler):
    endpoint = "UpdateGroupContact"
    silent_result = True

    def call(self, api: SmartDialog, call: QueuedCall) -> bool:
        return api.update_contact(
            **answers.where(call), phone=call.payload["phone"], contact=answers.fields(call)
        )

    def done(self, call: QueuedCall, result: bool) -> None:
        """False may mean that nobody has the number: then it is created."""
        if result:
            super().done(call, result)
            emptying.see_taken(call)
        else:
            self._create(call, Reason("not_found"))

    def refused(self, call: QueuedCall, error: GatewayError) -> None:
        if error.status == 404:
            self._create(call, error.reason)
        elif not emptying.say_less(call, error.status):
            _fail(call, error.reason)

    def _create(self, call: QueuedCall, reason: Reason) -> None:
        """Once: an update that follows a refused creation has been that way already."""
        if call.payload.get("refusal"):
            _fail(call, reason)
        else:
            answers.by_this_number(call).update(known_remotely=False)
            outbox.follow_up(call, pushing.CREATE, refusal=reason.to_json())


def _present(call: QueuedCall) -> Contact | None:
    """Ours until the commit, so that no edit is lost."""
    found = answers.by_this_number(call).present().select_related("group__customer")
    return found.select_for_update(of=("self",)).first()


def _goes_on(contact: Contact | None) -> bool:
    """Whether this call says the last of it: no later change is on its way."""
    return contact is not None and not outbox.is_underway(subject=contact)


def _is_given_up(call: QueuedCall) -> bool:
    """An undone import has no use for who was there before it: they stay there, and leave our list."""
    if outbox.was_in_doubt(subject=call.subject, kinds=[pushing.CREATE]):
        return False
    given_up = outbox.cancel_waiting(subject=call.subject, kinds=[pushing.DELETE_OURS])
    if given_up:
        answers.contacts_of(call).filter(sync_state=SyncState.DELETING).delete()
    return bool(given_up)


def _keep_former(call: QueuedCall, reason: Reason) -> bool:
    """SmartDialog does not take the new number: the former one stays, and the contact says so."""
    former = call.payload.get("former")
    renumbered = answers.unchanged(call).filter(former_phone=former, known_remotely=False)
    contact = renumbered.select_related("group__customer").first()
    if not former or contact is None or Contact.objects.filter(group=contact.group, phone=former).exists():
        return False
    refused, contact.phone, contact.former_phone = contact.phone, former, ""
    contact.known_remotely = True
    contact.index()
    contact.touch()
    contact.sync_state = SyncState.FAILED
    words = f"SmartDialog did not take {refused}, so the number stays {former}. {reason.text}"
    contact.sync_error = words[:500]
    contact.save()
    audit.record(
        actor=None,
        customer=contact.group.customer,
        verb="contact.number_kept",
        subject=contact,
        before={"phone": refused},
        after={"phone": former, "why": reason.text},
    )
    outbox.close(call, reason)
    return True


def _fail(call: QueuedCall, reason: Reason) -> None:
    if not _keep_former(call, reason):
        answers.say_failed(call, reason.text)
