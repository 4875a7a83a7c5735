"""What a cell says of whether somebody gets messages: of a permission, of a prohibition, or by itself.

Everything is compared without case, accents and punctuation. What cannot be told is not guessed.
"""

import re
import unicodedata
from collections.abc import Sequence

from contacts.text.values import InvalidValue

YES, NO = "yes", "no"  # gets messages; gets none

_UNREADABLE = "This does not say whether the person gets messages. Write Yes or No."
_UNREADABLE_PROHIBITION = "This does not say whether the person has forbidden messages. Write Yes or No."


_NO_WORD = re.compile(r"[\W_]+")


def _words(text: str) -> frozenset[str]:
    return frozenset(normalize(word.replace("_", " ")) for word in text.split())


def normalize(text: str) -> str:
    """Words alone, parted by single spaces."""
    if text.isascii():
        return " ".join(_NO_WORD.sub(" ", text.lower()).split())
    apart = unicodedata.normalize("NFKD", text).casefold()
    kept = "".join(each for each in apart if not unicodedata.combining(each))
    return " ".join(_NO_WORD.sub(" ", kept).split())


# Answers: to whether there is a permission, or whether there is a prohibition.
_YES = _words("""yes y true 1 1_0 on x active ok kyllä k tosi aktiivinen ja j sant aktiv sì s vero attivo
    attiva checked t jah oui joo juu jep tak да taip jā sim""")
_NO = _words("""no n false 0 0_0 off inactive ei e epätosi passiivinen nej falskt inaktiv falso inattivo
    inattiva unchecked f nein nei non ei_ole ei_oo nej_tack har_ej har_inte no_grazie
    en nee nie ne não нет""")
_TICKS, _CROSSES = "✓✔☑✅", "✗✘☒☐❌"
# What was said to being asked for a permission.
_GIVEN = _words("""granted given accepted accept approved agreed myönnetty annettu hyväksytty on_annettu
    voimassa beviljad beviljat godkänt godkänd lämnat lämnad accepterat accepterad ges concesso concessa
    accettato accettata autorizzato autorizzata prestato rilasciato""")
_REFUSED = _words("""denied deny refused declined rejected revoked withdrawn evätty peruttu peruutettu
    hylätty nekad nekat avböjt avslaget avslagen återkallat återkallad negato negata rifiutato rifiutata
    revocato revocata expired vanhentunut""")
# What somebody is, whatever the column is called.
_ALLOWED = _words("""subscribed subscriber opted_in opt_in optin consented consents allowed permitted
    tilaaja tilannut saa_lähettää saa_viestejä sallii sallittu suostunut suostuu prenumererar prenumerant
    tillåten tillåtet samtyckt samtycker får_skickas iscritto iscritta consente consentito consentita""")
_FORBIDDEN = _words("""unsubscribed unsubscribe cleaned bounced opted_out opt_out optout nonsubscribed
    blocked blacklisted suppressed do_not_contact dnc stop stopped kielletty kieltänyt kieltää
    ei_saa_lähettää ei_saa ei_viestejä ei_lupaa perunut peruuttanut eronnut avregistrerad avanmäld
    spärrad får_ej får_inte nekar disiscritto disiscritta cancellato non_contattare vietato
    estetty gesperrt abgemeldet bloqué désabonné désabonnée désinscrit désinscrite bloqueado dado_de_baja
    заблокирован отписан отписана zablokowany wypisany wypisana afgemeld uitgeschreven geblokkeerd
    frameldt loobunud""")
_NEGATIONS = _words("not never non ei ej inte inget no un")
# Behind a No: that nobody knows ("ei tietoa", "no answer").
_UNKNOWN = tuple(
    _words(
        """tietoa tietoja tiedoss tiedeta vastausta vastann kysyt maaritel ilmoitett data info answer
        repl respon asked known specif record decid sure uppgift svar angiv angab rispost dispon"""
    )
)
# Behind a Yes: that it was taken back, or ended.
_TAKEN_BACK = _words("""perut peruu perunut kielt kiell evat poistet poistun hylat hylan lopet eronn
    paatty vanhent aterkall nekat nekad nekar avboj avslag avslut avreg avanm upphor utgang revoc revok
    negat rifiut ritirat disiscr cancell scadut denied declin refus reject withdr unsub optout opted
    stop block expire until till asti saakka fino ended former previous entinen tidigare left remov
    delet old past earlier was aiemm aikais ero vanha slut gammal tolto tolta vecchi prima wider nicht
    fruh""")
# Behind a Yes: that it is not for everything.
_RESERVATIONS = _words("""but mutta men ma vain only bara endast solo email mail sahkoposti sahkopostilla
    sahkopostitse epost mejl post posta kirje brev call calls puhelu puhelut whatsapp newsletter uutiskirje
    nyhetsbrev letter""")
# The same, and whatever follows: "puhelimitse", "kirjeitse", "telefonisch".
_RESERVED_STEMS = _words("phone telephon telefon puhelim puhelu kirjeits soit ring sahkoposti brev")
# Behind a Yes: to what. Of what is none of these nobody knows whether the Yes still holds.
_AGREED = tuple(
    _words("""
    agree accept consent want like allow permi ok sure course happy subscrib please thank sms text messag
    market offer news contact given grant confirm web online form sign shop store
    hyväks suostu halua saa lähet viest tekst markkin tarjou tieto tiedot anta annan anne sall kiit totta
    mielel lupa voimas yhtey ota verk lomak kaupa
    vill får samty godk meddel erbjud utskick tack gärna skick kontakt beviljad butik blankett
    accett acconsent autorizz desider vogl ricev offert grazie prest concess modul negozio sito
    einverst zustimm nachricht gern bitte acept соглас zgad zgod
    """)
)
_BESIDE = _words("i we you do my to by via at on since from in kl klo am pm utc den il del dal dei")
_TIME = re.compile(r"\d+(t\d+)?z?")
_DATE = re.compile(r"\d{1,4}[-./]\d{1,2}[-./]\d{1,4}(?:[T ,].*)?")


def parse_permission(text: str) -> str:
    """YES or NO, of a cell that tells whether somebody may be sent messages."""
    words = _marked(text)
    for known in (says_state(words), _answer(words), _given(words), _negated(words), _begins(words)):
        if known == NO or (known and "?" not in text):
            return known
    raise InvalidValue(_UNREADABLE)


def parse_prohibition(text: str) -> str:
    """YES or NO, of a cell that tells whether somebody has forbidden messages; a date says when they did."""
    words = _marked(text)
    if state := says_state(words):
        return state
    if answer := _answer(words):
        return NO if answer == YES else YES
    if _DATE.fullmatch(text.strip()):
        return NO
    raise InvalidValue(_UNREADABLE_PROHIBITION)


def says_state(text: str) -> str:
    """YES or NO where the words say it under any header; else empty."""
    words = normalize(text)
    if words in _FORBIDDEN or _after_negation(words) in _ALLOWED:
        return NO
    return YES if words in _ALLOWED else ""


def _marked(text: str) -> str:
    """The words of a cell; a tick or a cross alone is one."""
    mark = text.strip().rstrip("\ufe0f")
    if mark and mark in _TICKS:
        return "yes"
    return "no" if mark and mark in _CROSSES else normalize(text)


def _answer(words: str) -> str:
    if words in _NO:
        return NO
    return YES if words in _YES else ""


def _given(words: str) -> str:
    """ "Revoked", "revoked on 2.3.2024"."""
    first, *rest = words.split() or [""]
    if words in _REFUSED or (first in _REFUSED and all(map(_is_time, rest))):
        return NO
    return YES if words in _GIVEN else ""


def _is_time(word: str) -> bool:
    return word in _BESIDE or bool(_TIME.fullmatch(word))


def _negated(words: str) -> str:
    return NO if _after_negation(words) in _GIVEN | _ALLOWED else ""


def _after_negation(words: str) -> str:
    first, _, rest = words.partition(" ")
    return rest if first in _NEGATIONS else ""


def _begins(words: str) -> str:
    """ "Yes, I agree", "Ei kiitos"; not "Yes, but not by SMS", nor "Yes (revoked)", nor "Yes, earlier"."""
    first, *rest = words.split() or [""]
    answer = _answer(first) if len(first) > 1 else ""
    if answer == NO and any(word.startswith(_UNKNOWN) for word in rest):
        return ""
    return "" if answer == YES and not _still_holds(rest) else answer


def _still_holds(rest: Sequence[str]) -> bool:
    """Whether what stands behind a Yes leaves it one: what was agreed to, or when."""
    contrary = _NEGATIONS | _NO | _RESERVATIONS
    stems = (*_RESERVED_STEMS, *_TAKEN_BACK)
    if contrary & set(rest) or any(word.startswith(stems) for word in rest):
        return False
    said = [word for word in rest if not _is_time(word)]
    return not said or any(word.startswith(_AGREED) for word in said)
