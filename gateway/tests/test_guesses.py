import pytest

from gateway.hooks.guesses import FORGOTTEN, LEAST, MOST, REMEMBERED, GuessLimiter
from gateway.hooks.known_secrets import KNOWN_FOR, KnownSecrets
from gateway.hooks.subscriptions import digest_of, subscribe
from gateway.models import HookKind, HookSubscription, ServiceKind, SubscriptionState
from tests.factories import make_connection, make_service


class Clock:
    now = 1000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def hook(mikko, kahvila) -> HookSubscription:
    make_connection(mikko)
    return subscribe(make_service(kahvila, kind=ServiceKind.TWO_WAY), by=mikko)


def test_each_guess_waits_longer_up_to_a_limit_and_another_caller_does_not(clock):
    limiter = GuessLimiter(clock)

    waits = [limiter.delay("192.0.2.1") for _ in range(100)]

    assert waits[:3] == pytest.approx([LEAST, 2 * LEAST, 3 * LEAST])
    assert waits[-1] == MOST
    assert limiter.delay("192.0.2.2") == LEAST


def test_a_guess_is_forgotten_in_time(clock):
    limiter = GuessLimiter(clock)
    limiter.delay("192.0.2.1")
    clock.now += FORGOTTEN + 1

    assert limiter.delay("192.0.2.1") == LEAST


def test_of_ipv6_one_callers_addresses_count_as_one(clock):
    limiter = GuessLimiter(clock)
    limiter.delay("2001:db8:1:2::5")

    assert limiter.delay("2001:db8:1:2:ffff::6") == 2 * LEAST
    assert limiter.delay("2001:db8:1:3::5") == LEAST


def test_no_more_callers_are_remembered_than_there_is_room_for(clock):
    limiter = GuessLimiter(clock)
    for number in range(REMEMBERED + 10):
        limiter.delay(f"caller {number}")

    assert len(limiter._guesses) == REMEMBERED


@pytest.mark.django_db
def test_a_good_secret_is_known_for_a_while_and_a_guess_never(hook, clock, django_assert_num_queries):
    secrets, good = KnownSecrets(clock), (hook.digest, HookKind.INBOUND)
    wrong = {(digest_of("wrong"), HookKind.INBOUND), (hook.digest, HookKind.DELIVERY)}
    assert not secrets.has(good)

    with django_assert_num_queries(1):
        assert secrets.look_up({good, *wrong}) == {good}
    assert [each for each in (good, *wrong) if secrets.has(each)] == [good]

    clock.now += KNOWN_FOR
    assert not secrets.has(good)


@pytest.mark.django_db
def test_a_revoked_secret_is_not_found(hook, clock):
    HookSubscription.objects.update(state=SubscriptionState.REVOKED)

    assert not KnownSecrets(clock).look_up({(hook.digest, HookKind.INBOUND)})
