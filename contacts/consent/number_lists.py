"""Numbers that staff opt out by a list, and take back again: just what the list said, and nothing else."""

from dataclasses import dataclass

from django.db import transaction
from django.db.models import Exists, OuterRef

from accounts.models import Customer, User
from accounts.trail import audit
from contacts.consent import opt_outs, propagation
from contacts.consent.forms import ListForm
from contacts.consent.numbers import Judged
from contacts.consent.opt_outs import AT_ONCE, Evidence
from contacts.models import ConsentSource, Contact, NumberList, Suppression
from contacts.models.contact import BeforeOptOut
from gateway import clock
from gateway.live_updates import live
from gateway.workers.wake_up import wake_on_commit


@dataclass(frozen=True)
class ListUndoPrice:
    """What taking a list back does: of how many numbers, whom others stop still, and to how many contacts."""

    numbers: int
    stopped: int
    active: int
    undecided: int


@transaction.atomic
def take(customer: Customer, judged: Judged, form: ListForm, *, by: User) -> bool:
    """Those that are opted out already, too: the list says so as well. False for a form that came before."""
    said = form.cleaned_data
    number_list, is_new = NumberList.objects.get_or_create(
        customer=customer,
        token=said["token"],
        defaults={
            "name": said["name"],
            "words": said["words"],
            "numbers": len(judged.new) + len(judged.known),
            "created_by": by,
        },
    )
    if is_new:
        evidence = Evidence(ConsentSource.STAFF, words=_words(number_list), place=said["name"], by=by)
        opt_outs.opt_out_many(customer, judged.new + judged.known, evidence, number_list)
    return is_new


@transaction.atomic
def undo(number_list: NumberList, *, by: User) -> bool:
    """False when somebody just did."""
    left = NumberList.objects.filter(pk=number_list.pk, undone_at=None)
    if not left.update(undone_at=clock.now(), undone_by=by, settled=False):
        return False
    customer = number_list.customer
    evidence = Evidence(ConsentSource.STAFF, words=f"{number_list} undone", by=by)
    phones = opt_outs.lift_list(number_list, evidence)
    if len(phones) <= AT_ONCE:
        propagation.release(customer, phones, by=by)
        NumberList.objects.filter(pk=number_list.pk).update(settled=True)
    else:
        wake_on_commit("contacts.tasks.sweep_opt_outs")
    audit.record(
        actor=by,
        customer=customer,
        verb="opt_outs.list_undone",
        subject=number_list,
        after={"numbers": len(phones)},
    )
    live.announce(customer, "contacts")
    return True


def price(number_list: NumberList) -> ListUndoPrice:
    """Four queries."""
    own = Suppression.objects.in_force().filter(number_list=number_list)
    others = Suppression.objects.stopping(number_list.customer, OuterRef("phone")).exclude(
        number_list=number_list.pk
    )
    freed = own.filter(~Exists(others)).values("phone")
    here = Contact.objects.present().filter(
        group__customer=number_list.customer, phone__in=freed, active=False
    )
    return ListUndoPrice(
        numbers=own.as_said().count(),
        stopped=own.as_said().filter(Exists(others)).count(),
        active=here.filter(before_opt_out=BeforeOptOut.ACTIVE).count(),
        undecided=here.filter(before_opt_out=BeforeOptOut.UNDECIDED).count(),
    )


def _words(number_list: NumberList) -> str:
    words, name = number_list.words or "On a list", number_list.name
    return f"{words} ({name})" if name else words
