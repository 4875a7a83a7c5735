"""A file or pasted text becomes the list of a campaign: kept, and read once its columns are known."""

import uuid
from collections.abc import Sequence
from pathlib import Path

from django.db import transaction

from accounts.db.state_moves import move
from accounts.models import User
from contacts.consent.numbers import regions_of
from contacts.importing import sniffing
from contacts.importing.columns import column_presets
from contacts.importing.files import stored_files
from contacts.importing.files.reading import CHOICES, NO_HEADER
from contacts.importing.files.stored_files import Upload
from gateway.workers.wake_up import wake_on_commit
from messaging.campaigns import lifecycle
from messaging.campaigns.models import Campaign, PeopleList
from messaging.campaigns.models.people_list import PeopleListQuerySet, PeopleListState
from messaging.campaigns.people_lists import retention

READ_TASK = "messaging.campaigns.tasks.read_people_list"


def upload(file: Upload, campaign: Campaign, *, by: User) -> PeopleList:
    """In place of the list that the campaign has. What is certain of its columns is not asked.

    Raises FileRefused, and then nothing is kept; CampaignChanged.
    """
    people_list = PeopleList(
        customer=campaign.customer,
        created_by=by,
        original_name=stored_files.shown_name(file.name),
        stored_name=f"{uuid.uuid4().hex}.upload",
        regions=regions_of(campaign.customer),
    )
    with stored_files.arrived(file.blocks) as (path, found):
        people_list.size, people_list.digest = found.size, found.digest
        _look_at(people_list, path)
        people_list.rows_expected = found.lines if people_list.encoding else 0
        with stored_files.kept(path, people_list.stored_name):
            _take_in(people_list, campaign, by=by)
    return people_list


@transaction.atomic
def _take_in(people_list: PeopleList, campaign: Campaign, *, by: User) -> None:
    """Its file is kept before: nobody waits for what a slow store holds up."""
    sniffing.leave_out_erased(people_list)
    people_list.save()
    choose(campaign, people_list, by=by)
    if not asks(people_list):
        start_reading(people_list, mapping=people_list.mapping, regions=people_list.regions)


def _look_at(people_list: PeopleList, path: Path) -> None:
    """The only column there is holds the numbers."""
    sniffing.sniff(people_list, path)
    if len(people_list.header) == 1:
        people_list.mapping = ["phone"]


def asks(people_list: PeopleList) -> bool:
    """Whether a person has to say, or to look, before its rows are read."""
    asked = {question["about"] for question in people_list.questions}
    if people_list.mapping == ["phone"]:  # numbers alone
        asked -= {"phone_column"} | ({"header_row"} if people_list.header_row == NO_HEADER else set())
    return bool(asked) or "phone" not in people_list.mapping


@transaction.atomic
def choose(campaign: Campaign, people_list: PeopleList | None, *, by: User) -> None:
    """The campaign becomes a draft by it. Raises CampaignChanged."""
    former, fields = campaign.people_list, {"people_list": people_list}
    lifecycle.edit(campaign, revision=campaign.revision, fields=fields, by=by)
    if former and not former.campaigns.exists():
        retention.drop(former)


def reread(people_list: PeopleList, **choices: str | int) -> None:
    """Look at the file another way, by fields of Reading. Raises FileRefused: it stays as it was."""
    for name, choice in choices.items():
        setattr(people_list, name, choice)
    kept = set(people_list.answered) & set(CHOICES) - ({"header_row"} if "sheet" in choices else set())
    people_list.answered = sorted(kept | set(choices))
    with stored_files.copy_for_a_person(people_list.stored_name, digest=people_list.digest) as path:
        _look_at(people_list, path)
    with transaction.atomic():
        sniffing.leave_out_erased(people_list)
        if waiting(people_list).select_for_update().exists():
            people_list.save()


@transaction.atomic
def start_reading(people_list: PeopleList, *, mapping: Sequence[str], regions: Sequence[str]) -> bool:
    """False when somebody else has let it begin."""
    begun = move(
        waiting(people_list),
        PeopleListState.UPLOADED,
        to=PeopleListState.READING,
        mapping=list(mapping),
        regions=list(regions),
        samples=[],
        questions=[],
        answered=column_presets.answered_of(people_list),
    )
    if begun:
        wake_on_commit(READ_TASK, people_list.pk)
    return bool(begun)


def waiting(people_list: PeopleList) -> PeopleListQuerySet:
    """It, while nobody has let it be read."""
    return PeopleList.objects.filter(pk=people_list.pk, state=PeopleListState.UPLOADED)
