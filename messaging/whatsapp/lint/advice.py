"""What reviewers dislike and what people should be told: warnings, which never stop anybody."""

import re
from collections.abc import Iterator

from messaging.whatsapp.lint.draft import Draft, EditorField, Finding, Rule, warning
from messaging.whatsapp.lint.languages import guess_language, language_label
from messaging.whatsapp.variables import VARIABLE

# Beginnings of words, in the languages that our customers write.
PROMOTIONS = re.compile(
    r"\b(?:sale\b|discount|coupon|offers?\b|special price|tarjou|alennu|alekoodi|kuponk|rabatt|erbjudande"
    r"|offert[ae]\b|scont[oi]\b|saldi\b)\w*|\d\s?%|%\s?off\b",
    re.IGNORECASE,
)
SECRETS = re.compile(
    r"\b(?:password|passcode|pin code|cvv|card number|credit card|bank account|social security"
    r"|salasana|luottokort|korttinumero|henkilötunnu|pankkitunnu|lösenord|kortnummer|personnummer"
    r"|numero di carta|codice fiscale)\w*",
    re.IGNORECASE,
)
SHORTENERS = re.compile(
    r"\b(?:wa\.me|api\.whatsapp\.com|bit\.ly|tinyurl\.com|t\.co|goo\.gl|is\.gd|ow\.ly|buff\.ly|rebrand\.ly"
    r"|cutt\.ly|t\.ly|shorturl\.at)(?=[/\s]|$)",
    re.IGNORECASE,
)
OPT_OUT_PHRASES = re.compile(
    r"\b(?:stop\w*|opt.?out|unsubscribe|lopeta\w*|peru|peruuta\w*|poistu|avsluta|avregistrera\w*"
    r"|cancella\w*|disiscri\w*|annulla\w*|abmelden|désabonne\w*)\b",
    re.IGNORECASE,
)
_PAIRED = {"*": "bold", "_": "italic", "~": "struck out"}
_LOUD_WORD = re.compile(r"\b[^\W\d_]{4,}\b")


def promotion_in_utility(draft: Draft) -> Iterator[Finding]:
    found = PROMOTIONS.search(draft.body) if draft.category == "Utility" else None
    if found:
        words = f"“{found[0]}” sounds like an offer: WhatsApp moves such a template to Marketing."
        yield warning("advice.promotion", EditorField.CATEGORY, words)


def asks_for_secrets(draft: Draft) -> Iterator[Finding]:
    found = SECRETS.search(draft.body)
    if found:
        words = f"“{found[0]}”: never ask for passwords, card or identity numbers in a message."
        yield warning("advice.secrets", EditorField.BODY, words)


def short_links(draft: Draft) -> Iterator[Finding]:
    where = [
        (EditorField.BODY, draft.body),
        *((EditorField.BUTTONS, button.data) for button in draft.buttons),
    ]
    for place, text in where:
        found = SHORTENERS.search(text)
        if found:
            words = f"Reviewers refuse {found[0]} links. Use an address that says where it leads."
            yield warning("advice.short_link", place, words)
            return


def other_language(draft: Draft) -> Iterator[Finding]:
    seen = guess_language(VARIABLE.sub(" ", draft.body))
    if draft.language and seen and seen != draft.language:
        chosen = language_label(draft.language)
        words = f"The text looks {language_label(seen)}, but the language chosen is {chosen}."
        yield warning("advice.language", EditorField.LANGUAGE, words)


def unbalanced_markup(draft: Draft) -> Iterator[Finding]:
    for sign, effect in _PAIRED.items():
        if len(re.findall(rf"(?<!\w){re.escape(sign)}(?=\S)|(?<=\S){re.escape(sign)}(?!\w)", draft.body)) % 2:
            words = f"A {sign} stands alone: put one on each side of what is to be {effect}."
            yield warning("advice.formatting", EditorField.BODY, words)


def shouting(draft: Draft) -> Iterator[Finding]:
    found = _LOUD_WORD.findall(VARIABLE.sub(" ", draft.body))
    loud = [word for word in found if word.isupper()]
    if len(loud) > 2 and len(loud) * 2 > len(found):
        words = "Most of it is in capital letters. People and reviewers take that for shouting."
        yield warning("advice.capitals", EditorField.BODY, words)


def missing_opt_out(draft: Draft) -> Iterator[Finding]:
    everything = [draft.body, *(button.label for button in draft.buttons)]
    if (
        draft.category == "Marketing"
        and draft.body.strip()
        and not any(map(OPT_OUT_PHRASES.search, everything))
    ):
        words = "Say how to stop these messages, such as “Answer STOP”. Marketing needs an easy way out."
        yield warning("advice.opt_out", EditorField.BODY, words)


RULES: list[Rule] = [
    promotion_in_utility,
    asks_for_secrets,
    short_links,
    other_language,
    unbalanced_markup,
    shouting,
    missing_opt_out,
]
