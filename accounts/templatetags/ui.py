"""The small words of every page: icons, badges, numbers, phone numbers and times as people read them."""

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from functools import lru_cache
from typing import Any
from zoneinfo import ZoneInfo

from django import template
from django.conf import settings
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.html import escape, format_html
from django.utils.safestring import SafeString
from lucide.templatetags.lucide import lucide

from accounts.wording import quantities
from accounts.wording.phone_numbers import format_phone

register = template.Library()
register.filter("duration", quantities.duration)
register.filter("span", quantities.span)

STROKE_PIXELS = 1.5
DRAWN_SIZE = 24  # the grid that the icon set is drawn on

TONE_ICONS = {
    "neutral": "circle-dashed",
    "info": "clock",
    "positive": "check",
    "warning": "triangle-alert",
    "negative": "circle-x",
}
NOTICE_ICONS = {
    "info": "info",
    "positive": "circle-check",
    "warning": "triangle-alert",
    "negative": "circle-alert",
}
NOTICE_TONES = {tone: tone for tone in NOTICE_ICONS} | {
    "success": "positive",
    "error": "negative",
}
TONES_OF_STATES = {
    "positive": "active approved connected delivered done imported read ready sent synced verified",
    "info": "accepted checking importing listed pending queued running saving scheduled sending submitted "
    "submitting syncing waiting",
    "warning": "conflict duplicate expiring held paused reconnect retry retrying uncertain unknown unlisted "
    "unsent",
    "negative": "blocked disabled error expired failed invalid refused rejected undelivered",
}
_TONE_OF = {state: tone for tone, states in TONES_OF_STATES.items() for state in states.split()}


@register.simple_tag
@lru_cache(maxsize=512)
def icon(name: str, size: int = 16) -> str:
    """A decoration beside words; alone in a button it needs hidden text beside it. Safe markup."""
    attributes = {
        "class": "icon",
        "aria-hidden": "true",
        "focusable": "false",
        "stroke-width": f"{STROKE_PIXELS * DRAWN_SIZE / size:g}",
    }
    return lucide(name, size=size, **attributes)


@register.simple_tag
def lasting(template_name: str, **words: object) -> SafeString:
    """A piece that is the same on many pages, such as the links to style sheets: made once in a process.

    Where it says some `words`, once for each of them, of those asked for lately.
    """
    return render_to_string(template_name, words) if settings.DEBUG else _made(template_name, *words.items())


@lru_cache(maxsize=256)
def _made(template_name: str, *words: tuple[str, object]) -> SafeString:
    return render_to_string(template_name, dict(words))


@register.simple_tag
def badge(label: str, tone: str = "neutral", icon_name: str = "") -> SafeString:
    """A state in a word and a sign, so that colour only repeats what both say."""
    sign = icon(icon_name or TONE_ICONS[tone])
    return format_html('<span class="badge badge--{}">{}{}</span>', tone, sign, label)


@register.simple_tag
def status(state: str, label: str = "") -> SafeString:
    """The badge of a stored state: `{% status template.state template.get_state_display %}`."""
    return badge(label or state.replace("_", " ").capitalize(), tone(state))


@register.simple_block_tag
def notice(content: str, tone: str, title: str = "", **words: object) -> SafeString:
    """A notice in the page, with its text between the tags: `{% notice "info" "Saved" %}…{% endnotice %}`."""
    text = SafeString(content.strip())
    return render_to_string("includes/_notice.html", {"tone": tone, "title": title, "text": text, **words})


@register.simple_block_tag
def empty_state(content: str, icon_name: str, title: str, **words: object) -> SafeString:
    """What stands where nothing is yet, with its text between the tags."""
    text = SafeString(content.strip())
    return render_to_string(
        "includes/_empty.html", {"icon_name": icon_name, "title": title, "text": text, **words}
    )


@register.inclusion_tag("includes/_progress.html")
def progress(label: str, done: int, total: int | None, **words: object) -> dict[str, object]:
    """How far something is: `{% progress "Saved here" done total note=… %}`."""
    return {"label": label, "done": done, "total": total, **words}


@register.inclusion_tag("includes/_search_field.html")
def search_field(html_id: str, words: str, value: str, label: str = "") -> dict[str, object]:
    """`{% search_field "people-search" "Name or number" asked.text %}`; label: for those who hear it."""
    return {"id": html_id, "words": words, "value": value, "label": label or words}


@register.inclusion_tag("includes/_table_head.html")
def table_head(*labels: str, numbers: str = "", hidden: str = "") -> dict[str, object]:
    """`{% table_head "Group" "People" numbers="People" hidden="Actions" %}`; hidden: a last one, unseen.

    An empty label is of no column.
    """
    columns = [(label, label in numbers.split(",")) for label in labels if label]
    return {"columns": columns, "hidden": hidden}


@register.simple_block_tag
def table(
    content: str, name: str, *labels: str, look: str = "", is_list: bool = False, **words: Any
) -> SafeString:
    """Rows between the tags, in a frame that scrolls: `{% table "Imports" "File" "By" numbers="New" %}…`.

    name: what the region is called, or "#id" of its heading. look: variants, beside that of cards on phones.
    is_list: keys move through it. The rest: as `table_head` has it.
    """
    head = table_head(*labels, **words)
    about = {"name": name.removeprefix("#"), "has_heading": name.startswith("#"), "is_list": is_list}
    variants = ["stack", *look.split()]
    return render_to_string(
        "includes/_table.html", {**head, **about, "variants": variants, "rows": SafeString(content)}
    )


@register.filter
def tone(state: str) -> str:
    """How a state should feel; a state that no list knows is neutral."""
    return _TONE_OF.get(str(state).lower(), "neutral")


@register.filter
def tone_icon(tone: str) -> str:
    return icon(TONE_ICONS[tone])


@register.filter
def notice_tone(level: str) -> str:
    """A tone, or the level of a Django message, as a tone."""
    return NOTICE_TONES.get(level, "info")


@register.filter
def notice_icon(tone: str) -> str:
    return icon(NOTICE_ICONS[tone], 20)


@register.filter
def count(number: int | None) -> str:
    """1204 -> 1,204; None, which means not known yet, -> a dash."""
    return "–" if number is None else f"{number:,}"


@register.filter
def spelled(name: str) -> str:
    """person.role_changed -> Person: role changed; the names by which acts and calls are kept."""
    thing, _, act = name.replace("_", " ").partition(".")
    return f"{thing.capitalize()}: {act}" if act else thing.capitalize()


@register.filter
def phone(number: str) -> str:
    """+358451234567 -> +358 45 1234567; what is no phone number stays as it was typed."""
    return format_phone(number)


@register.simple_tag
def zone_name() -> str:
    """The city by which people know the zone of the times they see: "Helsinki"."""
    return timezone.get_current_timezone_name().rpartition("/")[2].replace("_", " ")


@register.filter
def exact(moment: datetime | None) -> str:
    """Tue 1 Dec 2026 14:00 Helsinki: the person's own zone, named."""
    if moment is None:
        return ""
    local = timezone.localtime(moment)
    return f"{local:%a} {local.day} {local:%b %Y %H:%M} {zone_name()}"


@register.filter
def counted(number: int, words: str) -> str:
    """ "1 contact", "1,204 contacts"; of "person waits,people wait" the one or the other."""
    return quantities.counted(number, *words.split(","))


@register.filter
def plural(number: int, words: str) -> str:
    """The words alone: "contact", "contacts"; of "is,are" the one or the other."""
    return quantities.plural(number, *words.split(","))


@register.filter
def time_left(until: datetime) -> str:
    """How long until then: "45 s", "12 min", "1 h 5 min"."""
    return quantities.span(max(0, round((until - timezone.now()).total_seconds())))


@register.filter
def exact_in(moment: datetime | None, zone: str) -> str:
    """Tue 1 Dec 2026 14:00 Tokyo (07:00 Helsinki): as chosen, and the person’s own if another."""
    if moment is None or not clock_in(moment, zone):
        return exact(moment)
    own, name = timezone.localtime(moment), zone_name()
    with timezone.override(ZoneInfo(zone)):
        chosen, is_other_day = exact(moment), timezone.localtime(moment).date() != own.date()
    return f"{chosen} ({f'{own:%a} ' if is_other_day else ''}{own:%H:%M} {name})"


@register.filter
def clock_in(moment: datetime, zone: str) -> str:
    """14:00 Tokyo; "" where the person's own clock shows the same, or no zone was chosen."""
    own = timezone.localtime(moment)
    with timezone.override(ZoneInfo(zone) if zone else None):
        there = timezone.localtime(moment)
        return f"{there:%H:%M} {zone_name()}" if zone and there.utcoffset() != own.utcoffset() else ""


@register.filter
def when(moment: datetime | None) -> SafeString | str:
    """Near now as distance, today and tomorrow by the clock, others by date; the exact time on hover."""
    if moment is None:
        return "–"
    at, title = moment.isoformat(), escape(exact(moment))
    return SafeString(f'<time datetime="{at}" title="{title}">{_near(moment)}</time>')


def dated(moment: datetime | None) -> str:
    """Markup, by date and clock, for tables: distances are not to be compared from row to row."""
    if moment is None:
        return ""
    local = timezone.localtime(moment)
    return f'<time datetime="{moment.isoformat()}">{local.day} {local:%b %Y %H:%M}</time>'


@register.inclusion_tag("includes/_receipt.html")
def receipt(label: str, counts: Mapping[str, int]) -> dict[str, object]:
    """What became of every message: counts by state, in the order given, drawn as one bar that adds up."""
    total = sum(counts.values())
    return {
        "label": label,
        "total": total,
        "parts": list(_receipt_parts(counts, total)),
    }


def _receipt_parts(counts: Mapping[str, int], total: int) -> Iterable[dict[str, object]]:
    start = 0
    for state, number in counts.items():
        share = 100 * number / total if total else 0
        yield {
            "state": state,
            "label": state.replace("_", " ").capitalize(),
            "number": number,
            "start": f"{100 * start / total if total else 0:.3f}",
            "share": f"{share:.3f}",
        }
        start += number


def _near(moment: datetime) -> str:
    now = timezone.now()
    ahead, distance = moment > now, abs(moment - now)
    if distance < timedelta(minutes=1):
        return "in a moment" if ahead else "just now"
    if distance >= timedelta(hours=6):
        return _by_the_clock(timezone.localtime(moment), timezone.localtime(now))
    unit = timedelta(minutes=1) if distance < timedelta(hours=1) else timedelta(hours=1)
    span = quantities.span(int((distance // unit * unit).total_seconds()))
    return f"in {span}" if ahead else f"{span} ago"


def _by_the_clock(local: datetime, now: datetime) -> str:
    days = (local.date() - now.date()).days
    names = {-1: "yesterday", 0: "today", 1: "tomorrow"}
    if days in names:
        return f"{names[days]} {local:%H:%M}"
    date = f"{local:%a} {local.day} {local:%b}"
    return f"{date} {local:%H:%M}" if local.year == now.year else f"{date} {local.year}"
