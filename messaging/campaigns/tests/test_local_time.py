from datetime import UTC, datetime

import pytest

from messaging.campaigns.composing import local_time
from messaging.campaigns.composing.local_time import AmbiguousTime, DistantTime, NonexistentTime, PastTime

NOW = datetime(2026, 12, 1, tzinfo=UTC)
HELSINKI = "Europe/Helsinki"


def test_a_time_is_kept_in_utc():
    assert local_time.resolve(datetime(2026, 12, 24, 14), HELSINKI, now=NOW) == datetime(
        2026, 12, 24, 12, tzinfo=UTC
    )


def test_a_time_that_the_clocks_jump_over_is_asked_about():
    with pytest.raises(NonexistentTime) as caught:
        local_time.resolve(datetime(2027, 3, 28, 3, 30), HELSINKI, now=NOW)

    assert "Choose 02:30 or 04:30" in caught.value.text


def test_a_time_that_happens_twice_is_asked_about_and_either_can_be_meant():
    twice = datetime(2027, 10, 31, 3, 30)
    with pytest.raises(AmbiguousTime):
        local_time.resolve(twice, HELSINKI, now=NOW)

    assert [words for _, words in local_time.fold_choices(twice, HELSINKI)] == [
        "The first 03:30 (UTC+3)",
        "The second 03:30 (UTC+2)",
    ]
    assert local_time.resolve(twice, HELSINKI, fold=0, now=NOW) == datetime(2027, 10, 31, 0, 30, tzinfo=UTC)
    assert local_time.resolve(twice, HELSINKI, fold=1, now=NOW) == datetime(2027, 10, 31, 1, 30, tzinfo=UTC)


def test_only_a_time_that_happens_twice_has_a_choice():
    assert local_time.fold_choices(datetime(2027, 3, 28, 3, 30), HELSINKI) == []
    assert local_time.fold_choices(datetime(2027, 6, 1, 3, 30), HELSINKI) == []


def test_the_edges_of_a_change_and_a_leap_day_are_ordinary_times():
    for wall in [
        (2027, 3, 28, 2, 59, 59),
        (2027, 3, 28, 4, 0),
        (2027, 10, 31, 4, 0),
        (2028, 2, 29, 23, 59, 59),
    ]:
        assert local_time.resolve(datetime(*wall), HELSINKI, now=NOW)


def test_a_time_gone_by_is_refused():
    with pytest.raises(PastTime):
        local_time.resolve(datetime(2026, 11, 30, 12), HELSINKI, now=NOW)


@pytest.mark.parametrize("zone", [HELSINKI, "America/New_York", "Pacific/Kiritimati"])
def test_the_first_and_the_last_of_all_times_are_refused_in_every_zone(zone):
    with pytest.raises(PastTime):
        local_time.resolve(datetime.min, zone, now=NOW)
    for distant in (datetime.max, datetime(2032, 1, 1)):
        with pytest.raises(DistantTime, match="within the next 5 years"):
            local_time.resolve(distant, zone, now=NOW)
    assert local_time.resolve(datetime(2031, 12, 31), zone, now=NOW)
