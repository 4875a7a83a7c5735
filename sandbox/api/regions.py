"""Names of the phone number regions, by ISO 3166-1 alpha-2 code."""

from importlib import resources

_ISO_3166 = resources.files("tzdata.zoneinfo").joinpath("iso3166.tab").read_text("utf-8")
# Of which the time zone data has no name, and one that the platform calls otherwise.
_OTHERS = {"AC": "Ascension Island", "GB": "United Kingdom", "TA": "Tristan da Cunha", "XK": "Kosovo"}

REGION_NAMES: dict[str, str] = (
    dict(line.split("\t") for line in _ISO_3166.splitlines() if not line.startswith("#")) | _OTHERS
)
