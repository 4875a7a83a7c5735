"""Remember what people chose for the columns of a file, and begin with it when such a file comes again."""

import hashlib
from collections.abc import Sequence

from django.utils import timezone

from contacts.fields import PROPERTY_PREFIX
from contacts.importing.columns.column_mapping import guess_mapping, header_key
from contacts.importing.files.reading import NO_HEADER
from contacts.models import FileShape, Import
from contacts.text.normalization import nfc


def preset_for(job: Import) -> FileShape | None:
    """How a file with this header was read last, by anybody of the customer; without one none is like it."""
    if job.header_row == NO_HEADER:
        return None
    shapes = FileShape.objects.filter(customer=job.group.customer_id, signature=header_signature(job.header))
    shape = shapes.first()
    return shape if shape and len(shape.mapping) == len(job.header) else None


def save_preset(job: Import, *, mapping: Sequence[str], regions: Sequence[str]) -> None:
    """None of a file without a header.

    The regions only where they are not the group's: those may change, and other groups have others.
    """
    if job.header_row == NO_HEADER:
        return
    chosen = [] if list(regions) == job.group.regions else list(regions)
    FileShape.objects.update_or_create(
        customer_id=job.group.customer_id,
        signature=header_signature(job.header),
        defaults={"mapping": list(mapping), "regions": chosen, "used_at": timezone.now()},
    )


def header_signature(header: Sequence[str]) -> str:
    """The same for fields in any spelling. A property has one spelling: "Paid €" is not "Paid $".

    A property may be called as a field is: every such column but the first.
    """
    columns = zip(header, guess_mapping(header), strict=True)
    names = [
        nfc(name) if target.startswith(PROPERTY_PREFIX) else header_key(name) for name, target in columns
    ]
    return hashlib.sha256("\0".join(names).encode()).hexdigest()
