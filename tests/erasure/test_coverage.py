"""Every column that can say who somebody is, is emptied by a holder or declared to be free of people."""

from tests.erasure import columns
from tests.erasure.free_of_people import TOLD

UNDECIDED = """
{names}: may say who a person is, and nobody has decided what an erasure does about it. Either
- a holder empties it: name it in the `covers` of that holder (contacts/erasure, and the erasing.py of
  contacts/importing, contacts/bulk, messaging/inbox and messaging/campaigns), and see to it that
  tests/erasure/person_rows.py makes a row of its model; or
- nobody is ever named there: name it with the reason in tests/erasure/free_of_people.py.
"""


def test_every_column_of_text_is_decided():
    undecided = [name for name in columns.of_text() if name not in columns.covered() | set(columns.free())]

    assert not undecided, UNDECIDED.format(names=", ".join(undecided))


def test_no_column_is_decided_twice_or_is_gone():
    free = columns.free()

    assert [name for name, times in free.items() if times > 1] == []
    assert set(free) & columns.covered() == set()
    assert set(free) - set(columns.of_text()) == set()


def test_what_stays_is_told_of():
    assert set(columns.spelled(TOLD)) <= columns.told()
