"""One of a campaign's texts as the compose page tells of it."""

from dataclasses import dataclass
from functools import cached_property

from messaging.campaigns.audiences import audience
from messaging.campaigns.audiences.audience import Audience, PreviewRecipient
from messaging.campaigns.audiences.reach import Reach
from messaging.campaigns.models import Campaign
from messaging.campaigns.outcome.text_trial import letter
from messaging.campaigns.wording import contact_fields, misspelling, sms
from messaging.campaigns.wording.misspelling import Misspelt
from messaging.campaigns.wording.part_totals import PartTotals
from messaging.campaigns.wording.sms import Size


@dataclass(frozen=True)
class MergeFieldInput:
    """A merge field of the text as the page asks for it."""

    key: str
    field: str
    fallback: str
    label: str
    name: str = ""  # of a template's variable, where its writer named it


@dataclass
class TextSummary:
    """`campaign`: saying the text. `audience`: if all got it. `index`: whose view is shown."""

    number: int
    campaign: Campaign
    reach: Reach | None
    audience: Audience | None
    index: int
    insertable: list[tuple[str, str]]

    def __post_init__(self) -> None:
        self.wording = self.campaign.wording

    @property
    def letter(self) -> str:
        return letter(self.number)

    @property
    def suffix(self) -> str:
        """Of the names of its inputs: none for the campaign's own."""
        return str(self.number + 1) if self.number else ""

    @property
    def merge_fields(self) -> list[MergeFieldInput]:
        return [
            MergeFieldInput(
                each.key,
                each.field,
                each.fallback,
                contact_fields.label(each.field),
                self._name_of(each.key),
            )
            for each in self.wording.merge_fields
            if each.field or self.wording.is_template  # a link is nobody's field
        ]

    def _name_of(self, key: str) -> str:
        template = self.campaign.template
        return template.name_of(int(key)) if self.wording.is_template and template else ""

    @property
    def of_other_channel(self) -> list[tuple[str, str]]:
        """Inputs that only the other channel shows, with what they say: people change their minds."""
        campaign, suffix = self.campaign, self.suffix
        if not campaign.is_sms:
            return [(f"fallback{suffix}-{name}", words) for name, words in campaign.fallbacks.items()]
        numbers = campaign.template.variables if campaign.template else []
        return [
            (f"{name}{suffix}-{number}", one[kept])
            for number, one in zip(numbers, campaign.parameters, strict=False)
            for name, kept in (("field", "field"), ("words", "fallback"))
        ]

    @property
    def sets(self) -> int:
        """How many different words people get, at most; of an SMS all share each call."""
        return 1 if self.campaign.is_sms or self.audience is None else self.audience.sets

    @cached_property
    def person(self) -> PreviewRecipient | None:
        if self.reach is None or self.reach.is_nobody:
            return None
        return audience.preview_recipient(self.reach, self.wording, self.index)

    @cached_property
    def parts(self) -> PartTotals | None:
        return PartTotals.of(self.audience, self.wording) if self.audience and self.campaign.is_sms else None

    @cached_property
    def size(self) -> Size:
        """Of the text as written, its placeholders still in it."""
        return sms.measure(self.campaign.content)

    @property
    def foreign(self) -> list[str]:
        """The characters that make it dearer."""
        return sms.non_gsm(self.campaign.content)

    @property
    def left_out(self) -> list[tuple[str, int]]:
        """Why some cannot get this one, the most common first; without those who get none of any."""
        found = self.audience.left_out.most_common() if self.audience else []
        return [(reason, number) for reason, number in found if reason not in audience.NEVER]

    @cached_property
    def misspelt(self) -> list[Misspelt]:
        """Names that nobody has are known once there is a group, or a list."""
        if not self.campaign.is_sms:
            return []
        has_names = self.campaign.group_id or self.campaign.people_list_id
        found = misspelling.find(self.campaign.content, self.insertable)
        return [each for each in found if each.is_literal or has_names]
