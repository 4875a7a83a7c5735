"""The world's time zones as forms offer them: by region, each by its place."""

from functools import cache
from zoneinfo import available_timezones

Choices = list[tuple[str, list[tuple[str, str]]]]


@cache
def zone_choices() -> Choices:
    """All that Python knows, so that no zone that somebody has is missing."""
    regions: dict[str, list[tuple[str, str]]] = {}
    for name in sorted(available_timezones()):
        region, _, place = name.partition("/")
        group, words = (region, place) if place else ("Other", region)
        regions.setdefault(group, []).append((name, words.replace("_", " ").replace("/", ", ")))
    return sorted(regions.items(), key=lambda region: (region[0] in ("Etc", "Other"), region[0]))
