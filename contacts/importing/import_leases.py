"""One worker per import, while it is in one state and nobody pauses it."""

from django.db.models import Q

from contacts.models import Import, ImportState, leases
from contacts.models.leases import LEASE_SECONDS, Lease, LeaseLost

__all__ = ["LEASE_SECONDS", "Lease", "LeaseLost", "take"]


def take(job_id: int, state: ImportState) -> Lease | None:
    """The lease of an import in this state, or None while somebody else has it or it moved on."""
    return leases.take(Import.objects.filter(pk=job_id), while_it=Q(state=state, paused=False))
