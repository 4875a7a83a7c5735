"""What the compose page says of a campaign as it is written: people, parts, calls, time, one view of it."""

from collections.abc import Sequence
from datetime import datetime
from functools import cached_property
from zlib import crc32

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from accounts.wording.quantities import counted
from contacts.segments.syntax import SegmentError
from gateway import outbox
from gateway.models import Connection
from messaging.campaigns.audiences import audience, sampling, several_texts
from messaging.campaigns.audiences.audience import Audience, PreviewRecipient
from messaging.campaigns.audiences.reach import Reach
from messaging.campaigns.audiences.several_texts import SeveralAudiences
from messaging.campaigns.audiences.spread import ZoneOfPeople, estimated_spread, passed_in, spread
from messaging.campaigns.composing import local_time, rest_words, stage_calls
from messaging.campaigns.composing.text_summary import TextSummary
from messaging.campaigns.dispatch import course, schedule
from messaging.campaigns.dispatch.course import Course
from messaging.campaigns.dispatch.planner import Submission
from messaging.campaigns.dispatch.schedule import Plan, ZonePlan
from messaging.campaigns.models import Campaign, CampaignRules
from messaging.campaigns.rules import approved_senders, sending_hours
from messaging.campaigns.rules.own_times import OwnTimes
from messaging.campaigns.rules.sending_hours import Closed
from messaging.campaigns.wording import contact_fields, senders, sms
from messaging.campaigns.wording.misspelling import Misspelt
from messaging.campaigns.wording.part_totals import PartTotals
from messaging.campaigns.wording.personalization import LINK
from messaging.campaigns.wording.sms import Size
from messaging.whatsapp.models import Template

MANY = 0.2  # of an audience: the share that is left out with a question
MAX_NAMED_CHARACTERS = 6  # characters named; the rest say the same


class CampaignSummary:
    """A campaign as written, saved or not. Each part is counted when it is first asked for.

    `index`: whose view is shown, from 0.
    """

    def __init__(self, campaign: Campaign, *, connection: Connection | None, index: int = 0) -> None:
        self.campaign = campaign
        self.connection = connection
        self.wording = campaign.wording
        self.index = max(0, index)

    @cached_property
    def several(self) -> SeveralAudiences | None:
        """Where several texts are tried."""
        reach = self.reach
        if not self.campaign.tries_texts or reach is None or reach.is_nobody:
            return None
        return several_texts.count(reach, [text.wording for text in self.campaign.texts])

    @cached_property
    def texts(self) -> list[TextSummary]:
        """Each of its texts; one where none is tried beside it."""
        each = self.several.each if self.several else [self.audience] * (1 + len(self.campaign.more_texts))
        index, reach = (self.index if self.person else 0), self.reach
        return [
            TextSummary(number, text, reach, found, index, self.insertable)
            for number, (text, found) in enumerate(zip(self.campaign.texts, each, strict=True))
        ]

    @property
    def first(self) -> int:
        """How many get it first."""
        drawable = (self.several.drawable if self.several else self.people) - passed_in(self.zones)
        return max(0, min(self.campaign.number_of_first(self.people), drawable))

    @property
    def rest(self) -> int:
        return self.people - self.first

    @property
    def rest_follows(self) -> str:
        """When, in words."""
        return rest_words.follows(self.campaign)

    @cached_property
    def audience(self) -> Audience | None:
        if self.campaign.tries_texts:
            return self.several.together if self.several else None
        reach = self.reach
        return sampling.audience_of(reach, self.wording) if reach and not reach.is_nobody else None

    @cached_property
    def _reach(self) -> tuple[Reach | None, str]:
        try:
            found = Reach.of(self.campaign)
            _ = found.contacts
        except SegmentError as error:
            return None, error.text
        return found, ""

    @property
    def reach(self) -> Reach | None:
        """None where a segment cannot be read: `reach_problem` says why."""
        return self._reach[0]

    @property
    def reach_problem(self) -> str:
        return self._reach[1]

    @property
    def leaves_many(self) -> bool:
        """Whether so many would get nothing that it is asked about."""
        found = self.audience
        return found is not None and bool(found.number) and found.left_out.total() > found.contacts * MANY

    @property
    def people(self) -> int:
        return self.audience.number if self.audience else 0

    @cached_property
    def calls(self) -> int:
        """Where it is a sample, at most: whom it saw once may each be the only one with their words."""
        found, wording = self.audience, self.wording
        if found is None:
            return 0
        if self.campaign.has_stages:
            sets = [text.sets for text in self.texts]
            calls = stage_calls.at_most(self.campaign, sets, first=self.first, rest=self.rest)
        else:
            alone = found.seen_once if wording.is_template and wording.merge_fields else 0
            calls = min(wording.calls(found.people, self.campaign.batch_size) + alone, found.number)
        return schedule.calls_in(self.campaign, self.zones, calls)

    @property
    def sampled(self) -> int:
        """Of how many people the numbers are an estimate; 0 where all were counted."""
        return self.audience.sampled if self.audience else 0

    @cached_property
    def second_person(self) -> str:
        """Who approves it first, or why nobody does; "" where nobody has to."""
        return self._rules.about_second_person(self.people, self.connection.user) if self.connection else ""

    @property
    def asks_second_person(self) -> bool:
        return bool(self.connection and self._rules.asks_second_person(self.people, self.connection.user))

    @cached_property
    def _rules(self) -> CampaignRules:
        return CampaignRules.of(self.campaign.customer)

    @cached_property
    def parts(self) -> PartTotals | None:
        return self.texts[0].parts

    @property
    def size(self) -> Size:
        return self.texts[0].size

    @cached_property
    def non_gsm(self) -> list[tuple[str, str]]:
        """The characters that make the text dearer, with their names."""
        letters = sms.non_gsm(self.campaign.content)[:MAX_NAMED_CHARACTERS]
        return [(letter, sms.name_of(letter)) for letter in letters]

    @cached_property
    def irreplaceable(self) -> list[str]:
        """Of them those that no standard character is like."""
        return [letter for letter in sms.non_gsm(self.campaign.content) if sms.nearest_gsm(letter) is None]

    @property
    def is_replaceable(self) -> bool:
        return len(sms.non_gsm(self.campaign.content)) > len(self.irreplaceable)

    @property
    def marked(self) -> SafeString:
        """The text with its foreign characters marked."""
        pieces = sms.pieces(self.campaign.content)
        shown = (format_html("<mark>{}</mark>", text) if is_foreign else text for text, is_foreign in pieces)
        return format_html_join("", "{}", ((text,) for text in shown))

    @cached_property
    def person(self) -> PreviewRecipient | None:
        reach = self.reach
        if reach is None or reach.is_nobody:
            return None
        found = audience.preview_recipient(reach, self.wording, self.index)
        if found is None and self.index:
            self.index = 0
            found = audience.preview_recipient(reach, self.wording, 0)
        return found

    @property
    def position(self) -> int:
        """Of the person shown, from 1."""
        return self.index + 1

    @property
    def previous(self) -> int:
        return max(0, self.index - 1)

    @cached_property
    def insertable(self) -> list[tuple[str, str]]:
        own_link = [(LINK, "Link of their own")] if self.campaign.is_sms and self.campaign.link_url else []
        found = own_link + contact_fields.choices(self.campaign.group)
        known = {name for name, _ in found}
        of_list = self.campaign.people_list.own_fields if self.campaign.people_list else []
        return found + [(name, name) for name in of_list if name not in known]

    @cached_property
    def misspelt(self) -> list[Misspelt]:
        """Names that no contact has are known once there is a group."""
        return self.texts[0].misspelt

    @property
    def is_literal(self) -> bool:
        """Whether people would read a placeholder as it is written."""
        return any(each.is_literal for text in self.texts for each in text.misspelt)

    @property
    def left_out(self) -> list[tuple[str, int]]:
        """Reasons with how many people, the most common first."""
        return self.audience.left_out.most_common() if self.audience else []

    @property
    def left_out_count(self) -> int:
        return self.audience.left_out.total() if self.audience else 0

    @property
    def left_out_words(self) -> str:
        of = self.audience.contacts if self.audience else 0
        return f"{self.left_out_count:,} of {counted(of, 'person', 'people')} would not get it"

    @property
    def preview_count(self) -> int:
        """How many people the preview steps through."""
        if self.audience is None:
            return 0
        return self.audience.contacts - sum(self.audience.left_out[reason] for reason in audience.NEVER)

    @property
    def signature(self) -> str:
        """Changes when other words have to be asked for: while it stays, what is being typed stays."""
        group, template = self.campaign.group_id, self.campaign.template_id
        keys = "\x1e".join("\x1f".join(text.wording.keys) for text in self.texts)
        others = [text.campaign.template_id for text in self.texts[1:]]
        people_list = self.campaign.people_list_id or ""
        return f"{self.campaign.channel}:{group}:{people_list}:{template}:{others or ''}{keys}"

    @cached_property
    def plan(self) -> Plan | None:
        if self.connection is None or not self.calls:
            return None
        return schedule.plan(self.campaign, self.connection, calls=self.calls, zones=self.zones)

    @property
    def closed(self) -> list[Closed]:
        """Whose sending hours it is outside of, at the chosen time or now, or as it goes on."""
        if self.audience is None:
            return []
        if self.zones:
            first, rest = self._share_of_first, [each.zone for each in self._rest_zones]
            found = sending_hours.closed_in(self.campaign, self.zones, share=first)
            return found + sending_hours.closed_in(self.campaign, rest, share=1 - first, is_rest=True)
        if self.course is None:
            return course.closed_at_start(self.campaign, self.audience.countries)
        return self.course.closed

    @cached_property
    def course(self) -> Course | None:
        """How it goes on beside the sending hours; None where it is not known, or each has an own time."""
        if self.plan is None or self.audience is None or self.zones:
            return None
        countries, first = self.audience.countries, self._share_of_first
        return course.of_plan(self.campaign, self.plan, countries, first=first)

    @property
    def _share_of_first(self) -> float:
        return self.first / self.people if self.campaign.has_stages and self.people else 1

    @property
    def done_at(self) -> datetime | None:
        """When all, or the first, have it; or all calls are made, where SmartDialog keeps it until then."""
        if self.course:
            return self.course.done_at
        return self.submission.ends_at if self.submission else None

    @cached_property
    def zones(self) -> list[ZoneOfPeople]:
        """Of a campaign that comes at a time of the day where each person is."""
        times = OwnTimes.of(self.campaign)
        if times is None or self.reach is None or self.reach.is_nobody:
            return []
        if self.audience and self.audience.sampled:
            return estimated_spread(self.audience, times)
        return spread(self.reach, times)

    @property
    def late_zones(self) -> list[ZonePlan]:
        zones = (*self.plan.zones, *self._rest_zones) if self.plan else ()
        return [each for each in zones if not each.is_kept]

    @property
    def _rest_zones(self) -> Sequence[ZonePlan]:
        """Where it is known when the rest goes on."""
        return self.plan.rest_zones if self.plan and not self.campaign.is_for_a_person else ()

    @cached_property
    def waiting(self) -> int:
        """How many have to rest first, and get it on a later day."""
        reach = self.reach
        if reach is None or reach.is_nobody or reach.limits is None or not reach.limits.rest:
            return 0
        if self.audience and self.audience.sampled:
            return self.audience.waiting
        return audience.count_waiting(reach, self.wording) if reach.limits.defers else 0

    @property
    def submission(self) -> Submission | None:
        return self.plan.submission if self.plan else None

    @cached_property
    def namesakes(self) -> int:
        """Other templates that SmartDialog lists under the same id: it may send one of them instead."""
        template = None if self.campaign.is_sms else self.campaign.template
        if template is None:
            return 0
        same = Template.objects.filter(customer=template.customer_id).listed()
        return same.filter(remote_id=template.remote_id).exclude(pk=template.pk).count()

    @property
    def seconds(self) -> float:
        return outbox.seconds_for(self.calls, self.connection)

    @property
    def unanswerable(self) -> bool:
        """An SMS from a name cannot be answered, so it has to say how to opt out."""
        sender = self.campaign.sender
        return self.campaign.is_sms and bool(sender) and not senders.takes_replies(sender)

    @cached_property
    def sender_warnings(self) -> list[str]:
        campaign = self.campaign
        if not (self.audience and campaign.is_sms and campaign.sender):
            return []
        return approved_senders.warnings(campaign.customer, campaign.sender, self.audience.countries)

    @property
    def agreed_parts(self) -> int | None:
        """SMS parts, as the person agrees to them: where several texts are tried, of the one with most."""
        if not self.campaign.is_sms:
            return None
        return max(text.parts.total if text.parts else 0 for text in self.texts)

    @property
    def keeps_time(self) -> bool:
        """Whether all, or the first, get it at the time that was chosen."""
        return self.plan is None or self.plan.is_kept

    @property
    def expected(self) -> str:
        """The confirmation token: what the person saw on the button; anything else is shown to them first."""
        at = self.campaign.send_at.isoformat() if self.campaign.send_at else "now"
        own = f":own {self.campaign.zone}" if self.campaign.own_time else ""
        first = f":first {self.first}" if self.campaign.has_stages else ""
        late = "" if self.keeps_time else ":late"
        return f"{self.people}:{self.calls}:{self.agreed_parts}:{at}{own}{first}{late}{self._says}"

    @property
    def _says(self) -> str:
        """What others may change meanwhile: SmartDialog its templates, and colleagues segments."""
        said = [] if self.campaign.is_sms else [text.text for text in self.campaign.texts]
        said += self.reach.texts if self.reach else ()
        return f":says {crc32(repr(said).encode()):x}" if said else ""

    @property
    def button(self) -> str:
        """What the one button will do."""
        messages = counted(self.people, "message")
        if self.campaign.has_stages and self.rest:
            messages = f"{self.first:,} of {messages}"
        if self.sampled:
            return f"Count, then send about {messages}"
        if self.asks_second_person:
            return f"Ask to send {messages} {self._when}"
        return f"{'Schedule' if self.campaign.send_at else 'Send'} {messages} {self._when}"

    @property
    def _when(self) -> str:
        return f"for {self.send_time}" if self.send_time else "now"

    @property
    def send_time(self) -> str:
        """In the zone in which it was chosen, which is said; "" for now."""
        at, zone = self.campaign.send_at, self.campaign.zone
        where = "where they are" if self.campaign.own_time else ""
        return local_time.format_send_time(at, zone, where) if at else ""
