"""The regions that a national number can be read in, by ISO alpha-2."""

import re
from collections.abc import Sequence
from functools import cache, lru_cache

import phonenumbers

from contacts.text import countries

# Regions with numbers of their own that the time zone data has no name for.
_WITHOUT_A_ZONE = {"AC": "Ascension Island", "TA": "Tristan da Cunha", "XK": "Kosovo"}
_DIALLING_CODE = re.compile(r"'?(?:\+|00)?([1-9][0-9]{0,2})(?:[.,]0{1,2})?", re.ASCII)
_WITH_CODE = re.compile(
    r"\(?\+?(?P<before>[1-9]\d{0,2})?(?P<name>[^\d+]{2,60})\+?(?P<after>[1-9]\d{0,2})?\)?"
)
# The short picker, in the order it is offered.
COMMON_REGIONS = {
    "FI": "Finland",
    "SE": "Sweden",
    "IT": "Italy",
    "AX": "Åland Islands",
    "NO": "Norway",
    "DK": "Denmark",
    "EE": "Estonia",
    "LV": "Latvia",
    "LT": "Lithuania",
    "DE": "Germany",
    "NL": "Netherlands",
    "FR": "France",
    "SM": "San Marino",
    "VA": "Vatican City",
    "CH": "Switzerland",
    "AT": "Austria",
    "ES": "Spain",
    "PT": "Portugal",
    "GB": "United Kingdom",
    "IE": "Ireland",
    "PL": "Poland",
    "US": "United States",
}


@cache
def region_names() -> dict[str, str]:
    """Every region that numbers can be read in, by code: the common ones first, the others by name."""
    english = countries.english_names() | _WITHOUT_A_ZONE
    others = {code: english.get(code, code) for code in phonenumbers.SUPPORTED_REGIONS}
    return COMMON_REGIONS | dict(sorted(others.items(), key=lambda pair: pair[1]))


def spoken(regions: Sequence[str]) -> str:
    """ "Finland or Sweden"."""
    return " or ".join(region_names().get(region, region) for region in regions) or "any chosen country"


@cache
def _by_alpha3() -> dict[str, str]:
    return {alpha3: alpha2 for alpha2, alpha3 in countries.ALPHA3.items()}


@lru_cache(maxsize=1000)  # most rows of a file say the same few
def region_of_country(text: str) -> str:
    """Of a country as a cell says it, by its dialling code, too; "" where it says none that has numbers."""
    if code := dialling_code(text):
        region = phonenumbers.region_code_for_country_code(int(code))
    else:
        region = _by_alpha3().get(countries.to_alpha3(text), "") or _named_with_code(text)
    return region if region in phonenumbers.SUPPORTED_REGIONS else ""


def _named_with_code(text: str) -> str:
    """Of "Sweden +46" or "46 (Sweden)", where the two agree."""
    found = _WITH_CODE.fullmatch(text.strip())
    if not found:
        return ""
    before, after, name = found["before"], found["after"], found["name"]
    region = _by_alpha3().get(countries.to_alpha3(name.strip(" ()-,")), "")
    code = str(phonenumbers.country_code_for_region(region)) if region else ""
    return region if code and {before or code, after or code} == {code} else ""


def dialling_code(text: str) -> str:
    """358 for 358, +358 or 00358; "" for what is none."""
    found = _DIALLING_CODE.fullmatch(text.strip())
    return found[1] if found else ""
