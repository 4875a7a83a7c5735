"""Who in an audience shows what may go wrong: the longest text, no value, characters that cost."""

from collections.abc import Callable, Iterator
from itertools import islice

from messaging.campaigns.audiences import audience
from messaging.campaigns.audiences.reach import Reach
from messaging.campaigns.wording import sms
from messaging.campaigns.wording.personalization import GapValues, Wording

CASES = {"longest": "Longest text", "no_value": "No value", "foreign": "Costly characters"}


def find(reach: Reach, wording: Wording, case: str) -> int | None:
    """The place in the preview of the first such person, from 0; None where nobody is."""
    people = enumerate(islice(_values(reach, wording), audience.STEPPED_THROUGH))
    if case == "longest":
        return max(people, key=lambda each: _length(wording.render(each[1])), default=(None, ()))[0]
    is_it = _TESTS[case]
    return next((index for index, values in people if is_it(values, wording)), None)


def _values(reach: Reach, wording: Wording) -> Iterator[GapValues]:
    return (wording.values(contact) for contact in audience.previewed(reach, wording))


def _length(text: str) -> tuple[int, int]:
    size = sms.measure(text)
    return size.parts, size.units


def _has_no_value(values: GapValues, wording: Wording) -> bool:
    return wording.missing(values) is not None


def _is_foreign(values: GapValues, wording: Wording) -> bool:
    return bool(sms.non_gsm("".join(values)))


_TESTS: dict[str, Callable[[GapValues, Wording], bool]] = {"no_value": _has_no_value, "foreign": _is_foreign}
