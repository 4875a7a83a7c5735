"""A browser that takes in what it is told too slowly loses nothing: its stream ends, and it catches up."""

from gateway.live_updates.sse import Subscriber


def drained(listener: Subscriber) -> list[str | None]:
    return [listener.queue.get_nowait() for _ in range(listener.queue.qsize())]


def test_a_stream_that_can_take_no_more_ends_in_place_of_losing_what_it_is_told():
    listener = Subscriber(1, "", {"inbox"}, {7})
    for number in range(listener.queue.maxsize):
        listener.say(f"id: {number}\n\n")

    listener.hear({(7, "inbox"): "id: 1000\n\n"})

    assert drained(listener) == [None]
    listener.hear({(7, "inbox"): "id: 1001\n\n"})
    assert drained(listener) == [], "its browser comes again, and says how far it has heard"
