"""A browser and its system in words, from what it says of itself."""

UNKNOWN = "Unknown browser"
LONGEST = 500  # characters of it that are looked at
# What each says, the most telling first: most browsers name others, too.
_BROWSERS = {
    "Edg": "Edge",
    "OPR/": "Opera",
    "SamsungBrowser": "Samsung Internet",
    "Firefox/": "Firefox",
    "FxiOS": "Firefox",
    "CriOS": "Chrome",
    "Chrome/": "Chrome",
    "Safari/": "Safari",
}
_SYSTEMS = {
    "iPhone": "iPhone",
    "iPad": "iPad",
    "Android": "Android",
    "Windows": "Windows",
    "CrOS": "ChromeOS",
    "Mac OS X": "Mac",
    "Linux": "Linux",
}


def describe(user_agent: str) -> str:
    """ "Firefox on Windows"."""
    said = user_agent[:LONGEST]
    browser = next((name for mark, name in _BROWSERS.items() if mark in said), "")
    system = next((name for mark, name in _SYSTEMS.items() if mark in said), "")
    return " on ".join(filter(None, [browser or (UNKNOWN if system else ""), system])) or UNKNOWN
