"""Languages that a template may be in, and a rough guess at what a text is written in."""

import re
from collections import Counter

from django.conf.locale import LANG_INFO

# Those of WhatsApp's that a code of two letters names; some have names only with a region, such as pt_BR.
_CODES = """
fi sv en it af sq ar az bn bg ca hr cs da nl et fr ka de el gu ha he hi hu id ga ja kn kk ko lo lv lt mk ms ml
mr nb fa pl pa ro ru sr sk sl es sw ta te th tr uk ur uz vi zu
"""
_NOT_DJANGOS = {"gu": "Gujarati", "ha": "Hausa", "lo": "Lao", "nb": "Norwegian", "zu": "Zulu"}
LANGUAGES: dict[str, str] = {
    code: _NOT_DJANGOS.get(code) or LANG_INFO[code]["name"] for code in _CODES.split()
}
MIN_INDICATOR_WORDS = 3  # telling words before a guess is worth saying
MIN_INDICATOR_SIGNS = 10

# Small words that one of these languages has and the others mostly do not.
_INDICATOR_WORDS = {
    "fi": "ja on hei moi sinulle sinun olet että meillä teidän tervetuloa kiitos nyt myös tai kun mutta "
    "tilauksesi vastaa ovat voit meidän sinut",
    "sv": "och är hej du ditt din välkommen tack vi på till med för som inte eller från nu att din oss",
    "da": "og er hej du dit din velkommen tak vi på til med for som ikke eller fra nu at os af jer hos",
    "nb": "og er hei du ditt din velkommen takk vi på til med for som ikke eller fra nå at oss av deg hos",
    "en": "and the is you your hello hi welcome thanks thank we our with for from this that are of to",
    "it": "e il la ciao sei ti tuo tua benvenuto benvenuta grazie con per di che del della una noi non",
    "de": "und der die das ist sie ihr ihre hallo willkommen danke wir mit für von nicht ein eine",
    "fr": "et le les est vous votre bonjour bienvenue merci nous avec pour des une pas du",
    "es": "y el los es tu hola bienvenido bienvenida gracias nosotros con para una del que su",
    "et": "ja on tere teie sinu meie tänan aitäh palun ning või kui teil meil kas et",
    "nl": "en het een is je jouw hallo welkom bedankt wij met voor van niet dat zijn uw",
}
_LANGUAGES_OF = {
    word: [code for code, words in _INDICATOR_WORDS.items() if word in words.split()]
    for words in _INDICATOR_WORDS.values()
    for word in words.split()
}
# Scripts that are written in one language, or in few: the first is said, any of them is believed.
_SCRIPTS = {
    re.compile("[\u0400-\u04ff]"): "ru uk bg mk sr kk",
    re.compile("[\u0600-\u06ff]"): "ar fa ur",
    re.compile("[\u3040-\u30ff]"): "ja",
    re.compile("[\u0370-\u03ff]"): "el",
    re.compile("[\u0590-\u05ff]"): "he",
    re.compile("[\u0e00-\u0e7f]"): "th",
    re.compile("[\uac00-\ud7af]"): "ko",
    re.compile("[\u0900-\u097f]"): "hi mr",
    re.compile("[\u10a0-\u10ff]"): "ka",
}
_WORD = re.compile(r"[^\W\d_]+")


def language_label(code: str) -> str:
    return LANGUAGES.get(code, code)


def guess_language(text: str, chosen: str = "") -> str:
    """A code, or nothing where too few words tell; the chosen one where it is as likely as the likeliest."""
    for signs, codes in _SCRIPTS.items():
        if len(signs.findall(text)) >= MIN_INDICATOR_SIGNS:
            return chosen if chosen in codes.split() else codes.split()[0]
    counts = _counts(text)
    ranked = counts.most_common(2)
    if not ranked or ranked[0][1] < MIN_INDICATOR_WORDS:
        return ""
    if chosen and counts[chosen] * 2 > ranked[0][1]:
        return chosen
    return "" if len(ranked) > 1 and ranked[1][1] * 4 > ranked[0][1] * 3 else ranked[0][0]


def languages_in(text: str) -> set[str]:
    """Languages of which the text has enough words that no likelier one has, too."""
    words = [_LANGUAGES_OF.get(word, []) for word in _WORD.findall(text.casefold())]
    own = Counter(codes[0] for codes in words if len(codes) == 1)
    return {code for code, number in own.items() if number >= MIN_INDICATOR_WORDS}


def _counts(text: str) -> Counter[str]:
    return Counter(code for word in _WORD.findall(text.casefold()) for code in _LANGUAGES_OF.get(word, []))
