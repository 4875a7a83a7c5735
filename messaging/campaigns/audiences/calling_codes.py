"""The country of a number, by its calling code alone: fast enough for each of a million."""

from messaging.campaigns.rules.own_times import countries_of_code

BEGINNING = 5  # characters of a number, with the +, that tell where it is: an area code of North America


def country_of(phone: str) -> str:
    """Alpha-2, of the largest country with the code; "" where none has it."""
    return next(iter(countries_of_code(phone[1:4])), "")
