"""Words by which people ask for no more messages.

No authority lists them for Finnish, Swedish or Italian. STOP is what senders write; the others are
the plain words for it. Only a message that says nothing else counts: "do not stop" stops nothing.
"""

import unicodedata

STOP_WORDS = {
    "en": "stop stopall unsubscribe cancel end quit remove optout opt-out revoke",
    "fi": "seis lopeta peru peruuta poista kiellä",
    "sv": "stopp avsluta avregistrera",
    "it": "basta cancella annulla disiscrivi disiscrivimi ferma",
    "de": "stopp abmelden",
    "fr": "arret arrêt",
    "es": "baja",
}
_ALL_STOP_WORDS = {word for words in STOP_WORDS.values() for word in words.split()}


def asks_to_stop(text: str) -> bool:
    """Whether the whole message is one of the words, in whatever case, with whatever marks around it."""
    return _normalize(text) in _ALL_STOP_WORDS


def _normalize(text: str) -> str:
    folded = unicodedata.normalize("NFKC", text[:200]).casefold()
    kept = "".join(each for each in folded if each.isalnum() or each in "- " or each.isspace())
    return " ".join(kept.split()).strip("- ")
