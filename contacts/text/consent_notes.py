"""A No in a cell under any header, such as one for notes, in the languages of lists that come here."""

import re

from contacts.text.consent_words import NO, normalize, says_state

MOST_WORDS = 8  # of a cell that says no more than that

# Words are without case and accents, й is и.
_FORBIDS = re.compile(
    r"kielto\b|\bkiellet"
    r"|\bkiel(si|taa|sivat|tanyt) (\w+ )?(markkin|suoramark|mainon|mainok|viest|tekst|sms|yhteyd)"
    r"|\be[in] (saa |mitaan |enaa |halua |ota )*"
    r"(lahet|viest|markkin|suoramark|sms|tekst|mainos|mainok|yhteyd)"
    r"|\bala(kaa)? (\w+ ){0,2}(viest|tekst|sms|mainos|mainok)|\bpoist\w* (\w+ )?(list|rekister|postituslist)"
    r"|\b(do not|don ?t|never) (contact|text|message|sms|call|send)|\bstop (sending|contact)"
    r"|\bnot (to|be|to be) (contact|text|messag|sms)"
    r"|\b(want|wish|like)\w* no (\w+ )?(sms|text|messag|marketing)"
    r"|\b(no|stop) (more )?(sms|text|messag|marketing)"
    r"|\b(remove|take)d? (\w+ )?(off|from) (\w+ )?(list|database|register)"
    r"|\b(ej|inga|inte) (ha |fa |fler )?(sms|utskick|reklam|kontakt|skick|meddel)|ta bort fran list"
    r"|\bnon (contatt|invi|disturb)|\bnon (vuole|desidera) (\w+ )?(sms|messagg|pubblicit|contatt)"
    r"|\bniente (sms|messagg|pubblicit)|\bunsubscribed\b|\bopted out\b"
    r"|\bkeine? (\w+ )?(sms|werbung|werbe|nachricht|newsletter|mailing)"
    r"|\bnicht (mehr )?(kontaktieren|anschreiben|anrufen)\b"
    r"|\bne (plus|pas|veut|souhaite) (\w+ ){0,3}(contact|envoy|sms|messag|pub|sollicit|demarch)"
    r"|\b(pas|plus) de (sms|pub|messag|demarch|prospect)|\bdesabonne|\bdesinscri"
    r"|\bno (contactar|molestar|enviar|mandar|escribir)"
    r"|\bno (quiere|desea|acepta) (\w+ )?(sms|mensaj|public|promo|contact)"
    r"|\bdad[oa] de baja|\bне (присыла|отправля)(ть|ите)|\bне (беспок|слать|шлите|писать|пишите)|\bбез рассыл"
    r"|\bотписа"
    r"|\b(ei (soovi|taha)|mitte|arge) (\w+ )?(sms|reklaam|sonum|teavit|pakkum|saat)"
    r"|\bnie (wysy[lł]ac|kontaktowac|pisac)\b"
    r"|\bnie (chce|zyczy sobie) (\w+ )?(sms|reklam|wiadomos|market|mail|kontakt)"
    r"|\b([oø]nsker|vil) ikke (\w+ )?(sms|reklame|marked|melding|besked|kontakt)|\bikke (send|kontakt(es)?)\b"
    r"|\b(wil|wenst) geen (\w+ )?(sms|reclame|bericht|marketing|mail)"
    r"|\bgeen (sms|reclame|marketing|berichten)|\bniet (meer )?(contacteren|sms|benaderen)"
)


def _parts(words: str) -> tuple[str, ...]:
    return tuple(word.replace("_", " ") for word in words.split())


# A part of each of them, and of each that says so by itself: where none is, nothing is looked at closely.
_PARTS = _parts(
    """kiel het viest markkin sms tekst mainos mainok mainon suoramark yhteyd list rekister contact text
    messag call send market database register utskick reklam kontakt skick meddel contatt invi disturb
    pubblicit scri opt block supp black dnc stop saa lupa perun peruu eronnut avreg avan sparr spärr får
    far_ nekar cancell vietat clean bounc consent allow permit tilaa tilannut sall suost prenum tillå
    tilla samty a\u0308 werb nachricht newsletter mail anschreib anruf envoy pub march prospect sabonn
    ollicit molest envi mand mensaj promo baja присыла отправля беспок слать шлите писать пиши рассыл
    отпис reklaam sõnum sonum teavit pakkum wysy pisa wiadomo marked melding besked reclame bericht
    benader estet gesperrt bloqu заблок blok abgemeld wypis afgemeld uitgeschr frameld loobu"""
)


def may_forbid(text: str) -> bool:
    """Whether it is worth to look closely at any cell of it."""
    return any(map(text.lower().__contains__, _PARTS))


def forbids(cell: str) -> bool:
    """Whether it says by itself that somebody gets no messages."""
    words = normalize(cell)
    is_short = len(words.split()) <= MOST_WORDS
    return is_short and (says_state(cell) == NO or bool(_FORBIDS.search(words)))
