"""Counts in sentences."""

from datetime import datetime

from django.utils import timezone

from contacts.importing.comparing import Kind
from contacts.importing.reviewing import Progress
from contacts.importing.text_files import ENCODINGS
from contacts.models import Import


def counted(number: int, one: str, many: str) -> str:
    """ "1 contact" or "1,204 contacts"."""
    return f"{number:,} {one if number == 1 else many}"


def to_save(job: Import) -> str:
    """ "812 new and 97 changed", without what there is none of."""
    parts = [(job.counts.get(Kind.NEW, 0), "new"), (job.counts.get(Kind.CHANGED, 0), "changed")]
    return " and ".join(f"{count:,} {word}" for count, word in parts if count)


def done(job: Import, progress: Progress) -> str:
    people = counted(progress.saved, "contact is", "contacts are")
    return f"{people} saved here, and SmartDialog has answered every call. Ended {_clock(job.finished_at)}."


def time_left(progress: Progress) -> str:
    if not progress.waiting:
        return ""
    if progress.done_at is None:
        return f"{counted(progress.waiting, 'call waits', 'calls wait')} for the connection."
    left = max(1, round((progress.done_at - timezone.now()).total_seconds() / 60))
    return f"About {counted(left, 'minute', 'minutes')} left, done {_clock(progress.done_at)}."


def failed(count: int) -> str:
    return f"SmartDialog did not take {counted(count, 'contact', 'contacts')}"


def being_deleted(count: int) -> str:
    return f"{counted(count, 'contact is', 'contacts are')} being deleted" if count else ""


def encoding_of(job: Import) -> str:
    return ENCODINGS.get(job.encoding, job.encoding)


def _clock(moment: datetime | None) -> str:
    return f"{timezone.localtime(moment):%H:%M}" if moment else ""
