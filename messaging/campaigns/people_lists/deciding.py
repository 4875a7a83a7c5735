"""Unclear rows of a list, decided by a person: one of them, or all alike. The others stay left out."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import replace

from django.db import transaction

from accounts.models import User
from accounts.trail import audit
from contacts.fields import CONSENT_TARGETS
from contacts.importing.columns.consent_columns import unseen_columns
from contacts.importing.files.file_reader import FileRow
from contacts.importing.row_encoder import RowEncoder
from contacts.importing.value_decisions import decisions_of
from contacts.models.import_rows import RowKind
from contacts.text.phones import region_of
from contacts.text.regions import region_names
from messaging.campaigns import lifecycle
from messaging.campaigns.models import EDITABLE, ListedPerson, PeopleList
from messaging.campaigns.models.people_list import ListedPersonQuerySet, PeopleListState
from messaging.campaigns.people_lists import reading

LOOKED_AT = 1000  # unclear rows, of which regions are offered


def ways(people_list: PeopleList) -> list[tuple[str, str, int]]:
    """Code and name of each region that unclear rows may be of, and how many: of the first of them."""
    regions: Counter[str] = Counter()
    for row in people_list.rows.filter(kind=RowKind.UNCLEAR)[:LOOKED_AT]:
        regions.update({region_of(phone) for _, phone in row.choices if phone.startswith("+")})
    names = region_names()
    return [(each, names[each], number) for each, number in regions.most_common() if each in names]


def lacks_consent(people_list: PeopleList) -> bool:
    """Whether some of the first unclear rows do not say who gets messages."""
    unclear = people_list.rows.filter(kind=RowKind.UNCLEAR)[:LOOKED_AT]
    return any(each["target"] in CONSENT_TARGETS for row in unclear for each in row.problems)


@transaction.atomic
def decide_all(people_list: PeopleList, *, by: User, **decided: str) -> int:
    """Read all unclear rows as the Decisions say; how many became clear. Raises CampaignChanged."""
    unclear = _unclear_of(people_list)
    decisions = replace(decisions_of(people_list), **decided)
    people_list.unclear_region, people_list.blank_consent = decisions.region, decisions.blank_consent
    people_list.save(update_fields=["unclear_region", "blank_consent"])
    return _judge_anew(people_list, unclear, {}, by=by)


@transaction.atomic
def decide_one(people_list: PeopleList, line: int, choice: str, *, by: User) -> bool:
    """The row says what was chosen of its own choices; False where it is not unclear, or has no such one."""
    rows = _unclear_of(people_list).filter(line=line)
    row = rows.first()
    column = next((column for column, each in row.choices if each == choice), None) if row else None
    if column is None:
        return False
    return bool(_judge_anew(people_list, rows, {line: (column, choice)}, by=by))


def _unclear_of(people_list: PeopleList) -> ListedPersonQuerySet:
    """As they are now; until the commit nobody else decides."""
    held = PeopleList.objects.select_for_update(no_key=True).filter(state=PeopleListState.READ)
    found = held.filter(pk=people_list.pk).first()
    if found is None:
        return ListedPerson.objects.none()
    people_list.counts = found.counts
    return people_list.rows.filter(kind=RowKind.UNCLEAR)


def _judge_anew(
    people_list: PeopleList,
    rows: ListedPersonQuerySet,
    mends: dict[int, tuple[int, str]],
    *,
    by: User,
) -> int:
    decisions = decisions_of(people_list)
    unseen = unseen_columns(people_list.mapping, people_list.answered)
    encoder = RowEncoder(
        people_list.mapping, people_list.regions, decisions, unseen=unseen, blank_clears=False
    )
    before = people_list.unclear
    for some in _in_chunks(rows):
        staged = [encoder.read(FileRow(row.line, _cells(row, mends))) for row in some]
        people_list.rows.filter(line__in=[row.line for row in some]).delete()
        reading.keep(people_list, staged)
    people_list.recount()
    clear = before - people_list.unclear
    if clear:  # others than was agreed get it
        for campaign in people_list.campaigns.filter(state__in=EDITABLE):
            lifecycle.edit(campaign, revision=campaign.revision, fields={}, by=by)
    audit.record(
        actor=by,
        customer=people_list.customer,
        verb="people_list.decided",
        subject=people_list,
        after={"rows": clear},
    )
    reading.announce(people_list)
    return clear


def _in_chunks(rows: ListedPersonQuerySet) -> Iterator[Sequence[ListedPerson]]:
    after = 0
    while some := list(rows.filter(line__gt=after).order_by("line")[: reading.CHUNK]):
        after = some[-1].line
        yield some


def _cells(row: ListedPerson, mends: dict[int, tuple[int, str]]) -> list[str]:
    cells = list(row.raw)
    if mend := mends.get(row.line):
        column, text = mend
        cells += [""] * (column + 1 - len(cells))
        cells[column] = text
    return cells
