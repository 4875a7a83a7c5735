"""Contacts that leave SmartDialog: deleted, under a former number, or given back as they were before us."""

from contacts.models import SyncState
from contacts.models.erasure import ERASURE_BATCH_PREFIX
from contacts.sync import answers, emptying, pushing
from gateway import outbox
from gateway.outbox import Handler, QueuedCall, Reason, handles
from gateway.smartdialog.api import SmartDialog
from gateway.smartdialog.errors import GatewayError
from gateway.smartdialog.types import RemoteContact


@handles(pushing.DELETE)
class DeleteContact(answers.ContactHandler):
    endpoint = "DeleteGroupContact"

    def call(self, api: SmartDialog, call: QueuedCall) -> bool:
        return api.delete_contact(**answers.where(call), phone=call.payload["phone"])

    def done(self, call: QueuedCall, result: bool) -> None:
        """The row goes, unless the person was changed or added again since; FAILED, if tried once more."""
        answers.leave_former(call)
        answers.by_this_number(call).update(known_remotely=False)
        answers.leave_list(call)

    def refused(self, call: QueuedCall, error: GatewayError) -> None:
        if error.status == 404:
            outbox.close(call, Reason("gone_already"))
            self.done(call, True)
        elif not call.batch.startswith(ERASURE_BATCH_PREFIX):  # whom we erased stays out of the lists
            answers.say_failed(call, error.text)


@handles(pushing.DELETE_OURS)
class DeleteOurs(answers.ContactReader):
    """An undone import may have created them or not: deleted only where what is there came from it."""

    def done(self, call: QueuedCall, result: RemoteContact) -> None:
        if not answers.is_about_it(call, result):
            answers.say_failed(call, answers.OTHER_NUMBER)
        elif answers.by_this_number(call).filter(known_remotely=True).exists() or answers.is_ours(
            call, result
        ):
            outbox.follow_up(call, pushing.DELETE)
        else:
            answers.leave_list(call)

    def refused(self, call: QueuedCall, error: GatewayError) -> None:
        if error.status == 404:
            outbox.close(call, Reason("absent"))
            answers.leave_list(call)
        else:
            answers.say_failed(call, error.text)


@handles(pushing.GIVE_BACK)
class GiveBack(answers.ContactHandler):
    """An undone import gives back what was there before it; they leave our list."""

    endpoint = "UpdateGroupContact"

    def call(self, api: SmartDialog, call: QueuedCall) -> bool:
        return api.update_contact(
            **answers.where(call), phone=call.payload["phone"], contact=answers.fields(call)
        )

    def done(self, call: QueuedCall, result: bool) -> None:
        """False may mean that nobody has the number any more."""
        answers.leave_list(call)
        emptying.see_taken(call)

    def refused(self, call: QueuedCall, error: GatewayError) -> None:
        if error.status == 404:
            outbox.close(call, Reason("gone_already"))
            answers.leave_list(call)
        elif not emptying.say_less(call, error.status):
            answers.say_failed(call, error.text)


@handles(pushing.DELETE_FORMER)
class DeleteFormerNumber(Handler):
    """The last step of a change of number, when SmartDialog has the new one."""

    endpoint = "DeleteGroupContact"

    def call(self, api: SmartDialog, call: QueuedCall) -> bool:
        return api.delete_contact(**answers.where(call), phone=call.payload["former"])

    def done(self, call: QueuedCall, result: bool) -> None:
        """Whoever was given that number meanwhile, and has been sent by it, is created by it once more."""
        answers.contacts_of(call).filter(former_phone=call.payload["former"]).update(former_phone="")
        for holder in answers.holders_of_former(call).present().select_related("group__customer"):
            holder.known_remotely, holder.sync_state = False, SyncState.WAITING
            holder.save(update_fields=["known_remotely", "sync_state"])
            pushing.push(holder, connection=call.connection, by=call.created_by)

    def refused(self, call: QueuedCall, error: GatewayError) -> None:
        if error.status == 404:
            outbox.close(call, Reason("gone_already"))
            self.done(call, True)
        else:
            former = call.payload["former"]
            answers.say_failed(call, f"SmartDialog has the new number, and kept {former}, too: {error.text}")
