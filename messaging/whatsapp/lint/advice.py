"""What reviewers dislike and what people should be told: mostly warnings, which never stop anybody."""

import re
from collections.abc import Iterator

from messaging.whatsapp.authoring.variables import VARIABLE
from messaging.whatsapp.lint.body import EMOJI
from messaging.whatsapp.lint.draft import EditorField, Finding, LintedDraft, LintRule, error, warning
from messaging.whatsapp.lint.languages import guess_language, language_label, languages_in

# Beginnings of words, in the languages that our customers write. A percentage alone may be a tax.
PROMOTIONS = re.compile(
    r"\b(?:(?<!point of )sales?\b|discount|coupon|voucher|promo\b|promotion"
    r"|special offer|offers? (?:ends?|valid|of the)"
    r"|cashback|refer a friend|in your cart|up to \d{1,2}\s?%|\d\s?% cheaper|new collection"
    r"|free gift|half price|buy one|limited time|tarjou|alennu|alekoodi|kuponk|kampanj|kesäale|ale\b"
    r"|ilmai(?:nen|se)"
    r"|kylkiäi|puoleen hintaan|rabatt|erbjudande|\brea\b|realisation|halva priset"
    r"|(?:få|får|helt|en) gratis|tilbud|udsalg|salg\b"
    r"|offert[ae]\b|promozion|scont[oiae]|saldi\b|omaggio|angebot|gutschein|ermäßig|schlussverkauf"
    r"|descuento|oferta|rebaja|promoción|réduction|soldes\b|code promo|korting|aanbieding|soodus)\w*"
    r"|(?<![\w.,])[-−–]\s?\d{1,2}\s?%|\d\s?%\s*(?:off|discount|ale|alennu|rabatt|rea|scont|rabais|descuento)\w*",
    re.IGNORECASE,
)
SECRETS = re.compile(
    r"\b(?:passwords?|passcode|pin (?:code|number)|(?<=your )pin\b|cvv|cvc\b"
    r"|card number|credit card|bank account|social security"
    r"|passport number|national id|iban\b|salasana|luottokort|korttinumero|kortin numero|henkilötunnu|hetu\b"
    r"|pankkitunnu|tilinumero|lösenord|kortnummer|kreditkort|personnummer|bankid\b|passord|adgangskode"
    r"|numero (?:di|della) carta|codice fiscale|kreditkartennummer|numéro de carte|número de tarjeta)\w*",
    re.IGNORECASE,
)
# In the sentence of a secret: then nobody asks for it.
_NEVER = re.compile(
    r"\b(?:never|don['’]?t|do not|not ask|älä|emme|koskaan|aldrig|aldri|inte|ikke|mai|non|nie|niemals|jamais"
    r"|nunca|last (?:4|four)|ending|loppuu|reset|changed|expires?"
    r"|vaihdettiin|vaihdettu|ändrades|ändrats|bytt|endret|ændret|cambiata|cambiato|geändert|modifié)\b",
    re.IGNORECASE,
)
_SENTENCE = re.compile(r"[^.!?\n]+")
THREATS = re.compile(
    r"\b(?:legal action|take you to court|sue you|lawsuit|arrest|police will|face consequences|last warning"
    r"|shame|publish your (?:name|photo)|oikeustoim|viedään oikeuteen|ulosottoon"
    r"|rättsliga åtgärder|kronofogden"
    r"|azioni legali|rechtliche schritte)\w*",
    re.IGNORECASE,
)
FORBIDDEN_GOODS = re.compile(
    r"\b(?:tobacco|cigarettes?|vapes?\b|whisk(?:e)?y|vodka|casino|betting|gambling|firearms?|ammunition|cannabis"
    r"|cbd\b|tupakk|savuk|viski|nuuska|kasino|vedonlyön|cigarett|snus|whisky|tabacco|sigarett|scommess)\w*",
    re.IGNORECASE,
)
SHORTENERS = re.compile(
    r"\b(?:wa\.me|wa\.link|api\.whatsapp\.com|chat\.whatsapp\.com|bit\.ly|tinyurl\.com|t\.co|goo\.gl|is\.gd|ow\.ly"
    r"|buff\.ly|rebrand\.ly|rb\.gy|lnkd\.in|tiny\.cc|cutt\.ly|t\.ly|shorturl\.at|v\.gd|s\.id)(?=[/\s?]|$)",
    re.IGNORECASE,
)
OPT_OUT_PHRASES = re.compile(
    r"\b(?:stop\w*|opt.?out|unsubscribe|lopeta\w*|peru|peruuta\w*|poistu|seis|kiellä|avsluta|avregistrera\w*"
    r"|cancella\w*|disiscri\w*|annulla\w*|basta|ferma|abmelden|désabonne\w*|arret|arrêt|baja|afmeld\w*"
    r"|meld av|avmeld\w*|(?-i:EI))\b",
    re.IGNORECASE,
)
_PAIRED = {"*": "bold", "_": "italic", "~": "struck out", "```": "in fixed width"}
_LOUD_WORD = re.compile(r"\b[^\W\d_]{4,}\b")
_LINK = re.compile(r"https?://|\bwww\.", re.IGNORECASE)
MAX_ADVISED = 10_000  # characters
MAX_AUTHENTICATION = 80  # characters besides the code that WhatsApp's own texts have at most


def promotion_in_utility(draft: LintedDraft) -> Iterator[Finding]:
    found = PROMOTIONS.search(_text(draft)) if draft.is_of("Utility") else None
    if found:
        words = f"“{found[0]}” sounds like an offer: WhatsApp moves such a template to Marketing."
        yield warning("advice.promotion", EditorField.CATEGORY, words, found.span())


def free_authentication(draft: LintedDraft) -> Iterator[Finding]:
    """WhatsApp writes these itself: a code, a warning, how long it holds."""
    if not draft.is_of("Authentication"):
        return
    where = [_text(draft), *(button.data for button in draft.buttons)]
    if any(map(_LINK.search, where)) or EMOJI.search(_text(draft)) or draft.attachment_url:
        words = "A template for codes has no links, emoji or attachments."
        yield error("authentication.extras", EditorField.CATEGORY, words)
    if len(VARIABLE.sub("", _text(draft))) > MAX_AUTHENTICATION:
        words = "A template for codes says the code and how long it holds, nothing else: choose Utility."
        yield error("authentication.text", EditorField.CATEGORY, words)


def asks_for_secrets(draft: LintedDraft) -> Iterator[Finding]:
    for sentence in _SENTENCE.finditer(_text(draft)):
        found = SECRETS.search(sentence[0])
        if found and not _NEVER.search(sentence[0]):
            words = f"“{found[0]}”: never ask for passwords, card or identity numbers in a message."
            start = sentence.start() + found.start()
            yield warning("advice.secrets", EditorField.BODY, words, (start, start + len(found[0])))
            return


def threats(draft: LintedDraft) -> Iterator[Finding]:
    if found := THREATS.search(_text(draft)):
        words = f"“{found[0]}”: WhatsApp refuses what may be read as a threat."
        yield warning("advice.threat", EditorField.BODY, words, found.span())


def forbidden_goods(draft: LintedDraft) -> Iterator[Finding]:
    if found := FORBIDDEN_GOODS.search(_text(draft)):
        words = f"“{found[0]}”: WhatsApp’s policy forbids trading in some goods, this may be one of them."
        yield warning("advice.goods", EditorField.BODY, words, found.span())


def short_links(draft: LintedDraft) -> Iterator[Finding]:
    where = [
        (EditorField.BODY, _text(draft)),
        *((EditorField.BUTTONS, button.data) for button in draft.buttons),
    ]
    for place, text in where:
        found = SHORTENERS.search(text)
        if found:
            words = f"Reviewers refuse {found[0]} links. Use an address that says where it leads."
            yield warning("advice.short_link", place, words)
            return


def other_language(draft: LintedDraft) -> Iterator[Finding]:
    seen = guess_language(VARIABLE.sub(" ", _text(draft)), draft.language)
    if draft.language and seen and seen != draft.language:
        chosen = language_label(draft.language)
        words = f"The text looks {language_label(seen)}, but the language chosen is {chosen}."
        yield warning("advice.language", EditorField.LANGUAGE, words)


def mixed_languages(draft: LintedDraft) -> Iterator[Finding]:
    seen = sorted(map(language_label, languages_in(VARIABLE.sub(" ", _text(draft)))))
    if len(seen) > 1:
        words = f"The text is in {' and '.join(seen)}: a template is in one language."
        yield warning("advice.mixed", EditorField.BODY, words)


def unbalanced_markup(draft: LintedDraft) -> Iterator[Finding]:
    for sign, effect in _PAIRED.items():
        if sign == "```":
            count = _text(draft).count(sign)
        else:
            mark = re.escape(sign)
            opens = len(re.findall(rf"(?<![\w{mark}]){mark}(?=[^\s{mark}])", _text(draft)))
            closes = len(re.findall(rf"(?<=[^\s{mark}]){mark}(?![\w{mark}])", _text(draft)))
            is_after_digit = re.search(rf"\d{mark}(?!\w)", _text(draft))
            count = 0 if is_after_digit else opens + closes
        if count % 2:
            words = f"A {sign} stands alone: put one on each side of what is to be {effect}."
            yield warning("advice.formatting", EditorField.BODY, words)


def shouting(draft: LintedDraft) -> Iterator[Finding]:
    found = _LOUD_WORD.findall(VARIABLE.sub(" ", _text(draft)))
    loud = [word for word in found if word.isupper()]
    if len(loud) > 2 and len(loud) * 2 > len(found):
        words = "Most of it is in capital letters. People and reviewers take that for shouting."
        yield warning("advice.capitals", EditorField.BODY, words)


def missing_opt_out(draft: LintedDraft) -> Iterator[Finding]:
    everything = [_text(draft), *(button.label for button in draft.buttons)]
    if draft.is_of("Marketing") and _text(draft).strip() and not any(map(OPT_OUT_PHRASES.search, everything)):
        words = "Say how to stop these messages, such as “Answer STOP”. Marketing needs an easy way out."
        yield warning("advice.opt_out", EditorField.BODY, words)


def _text(draft: LintedDraft) -> str:
    """As much of it as is worth advice: a longer one is refused anyway."""
    return draft.body[:MAX_ADVISED]


RULES: list[LintRule] = [
    promotion_in_utility,
    free_authentication,
    asks_for_secrets,
    threats,
    forbidden_goods,
    short_links,
    other_language,
    mixed_languages,
    unbalanced_markup,
    shouting,
    missing_opt_out,
]
