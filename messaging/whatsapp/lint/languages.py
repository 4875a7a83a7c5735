"""Languages that a template may be in, and a rough guess at what a text is written in."""

import re
from collections import Counter

LANGUAGES = {
    "fi": "Finnish",
    "sv": "Swedish",
    "en": "English",
    "it": "Italian",
    "da": "Danish",
    "de": "German",
    "es": "Spanish",
    "et": "Estonian",
    "fr": "French",
    "lt": "Lithuanian",
    "lv": "Latvian",
    "nb": "Norwegian",
    "nl": "Dutch",
    "pl": "Polish",
    "pt": "Portuguese",
    "ru": "Russian",
    "uk": "Ukrainian",
}
MIN_INDICATOR_WORDS = 3  # telling words before a guess is worth saying

# Small words that one of these languages has and the others do not.
_INDICATOR_WORDS = {
    "fi": "ja on hei moi sinulle sinun olet että meillä teidän tervetuloa kiitos nyt vain myös tai kun mutta",
    "sv": "och är hej du ditt din välkommen tack vi på till med för som inte eller från nu",
    "en": "and the is you your hello hi welcome thanks thank we our with for from this that are of to",
    "it": "e il la ciao sei ti tuo tua benvenuto benvenuta grazie con per di che del della una noi non",
    "de": "und der die das ist sie ihr ihre hallo willkommen danke wir mit für von nicht ein eine",
    "fr": "et le les est vous votre bonjour bienvenue merci nous avec pour des une pas du",
    "es": "y el los es tu hola bienvenido bienvenida gracias nosotros con para una del que su",
}
_LANGUAGES_OF = {
    word: [code for code, words in _INDICATOR_WORDS.items() if word in words.split()]
    for words in _INDICATOR_WORDS.values()
    for word in words.split()
}


def language_label(code: str) -> str:
    return LANGUAGES.get(code, code)


def guess_language(text: str) -> str:
    """A code, or nothing where too few words tell or two languages are as likely."""
    words = re.findall(r"[^\W\d_]+", text.casefold())
    counts = Counter(code for word in words for code in _LANGUAGES_OF.get(word, []))
    ranked = counts.most_common(2)
    if not ranked or ranked[0][1] < MIN_INDICATOR_WORDS:
        return ""
    return "" if len(ranked) > 1 and ranked[1][1] * 2 > ranked[0][1] else ranked[0][0]
