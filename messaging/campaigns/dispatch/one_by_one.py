"""A step for each of many: one that breaks keeps no other waiting."""

import logging
from collections.abc import Callable, Iterable
from typing import TypeVar

from django.db.models import Model

M = TypeVar("M", bound=Model)

log = logging.getLogger(__name__)


def each_by_itself(found: Iterable[M], step: Callable[[M], object]) -> None:
    """What breaks is logged, and met again by the next look."""
    for each in found:
        try:
            step(each)
        except Exception:
            log.exception("%s of %s %s broke", step.__name__, each._meta.model_name, each.pk)
