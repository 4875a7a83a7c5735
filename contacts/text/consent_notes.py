"""A No in a cell under any header, such as one for notes, in the languages of lists that come here.

Nobody can list the sentences that people write about each other: a "no" that stands close to a word for
messages may be one. A person is asked about it, so that it is better to find too much than too little.
"""

import re

from contacts.text.consent_words import NO, normalize, says_state

MOST_WORDS = 40  # of a cell, that are looked at
_BEFORE, _AFTER = 6, 3  # words between a "no" and the word for messages that follows it, or comes first

# Words are without case and accents, й is и. A star stands for any ending.
_MESSAGES = """
    viest* tekst* mainos* mainok* mainon* markkin* suoramark* yhteyd* yhteyt* uutiskir* lupa* suostum*
    kontakt* sms* contact* text* messag* market* promo* advert* communicat* consent* permission*
    subscri* newsletter* mailing* utskick* reklam* meddel* marknad* samtyck* contatt* messagg*
    pubblicit* consens* publicid* mensaj* werb* nachricht* publicit* demarch* prospect* sollicit* sonum*
    reklaa* teavit* pakkum* сообщ* рассыл* смс* реклам* wiadomo* marked* melding* besked* reclam*
    bericht*
"""
_WAYS = """
    lahet* postituslist* list* rekister* tarjouk* hairi* send* offers database* skick* erbjud* invi*
    scriver* disturb* campaign* kampan* envoy* envi* mand* molest* escrib* anschreib* anruf* saat* wysy*
    pisa* присыл* отправля* беспок* слать шлите пис* пиш* benader*
"""  # "Invoice sent, not paid": these tell of messages after a "no" alone
_NO = """
    ei eika ettei eiva* ala alka* pois poist* peru* kiel* lopet* no not dont doesn never stop* off
    remov* delet* refus* revok* withdr* declin* object* ej inte inga inget ingen aldrig nej slut* bort
    avsag* aterkall* non niente nessun* togli* cancell* revoc* rifiut* basta nicht kein* pas mitte ara
    arge не нет без отказ* nie ikke geen niet
"""
_NO_OF_TWO_WORDS = r"don t|en (?:halu|tahdo|suostu|toivo|anna)\w*|plus de|ne (?:plus|veut|souhaite)"
_WAYS_OF_TWO_WORDS = r"kuulla meist\w*|hear from"
# That somebody did not answer is no wish of theirs; nor is the number of a house.
_OF_ANSWERS = r"\d|(?:ole )?(?:vasta|tavoit|luett)|(?:been )?(?:answer|repl|respon|read)|svar|rispo"


def _any_of(*words: str) -> str:
    return "|".join(each.replace("*", r"\w*") for each in " ".join(words).split())


_no = rf"(?:{_NO_OF_TWO_WORDS}|{_any_of(_NO)})(?!\w)(?! (?:{_OF_ANSWERS}))"
_messages = rf"(?:{_any_of(_MESSAGES)})"
_ways = rf"(?:{_WAYS_OF_TWO_WORDS}|{_any_of(_MESSAGES, _WAYS)})(?!\w)(?! (?:yet|lens))"
_CLOSE = re.compile(
    rf"(?<!\w){_no}(?: \w+){{0,{_BEFORE}}}? {_ways}|(?<!\w){_messages}(?: \w+){{0,{_AFTER}}}? {_no}"
)
_ALONE = re.compile(
    r"kielto\b|\bunsubscribed\b|\bopted out\b|\bleave (\w+ )?alone\b|\bdesabonne|\bdesinscri|\bavregistr"
    r"|\b(do not|don t|never) call\b(?! (before|after|between|until|on)\b)|\b(pas|plus) de pub\b"
    r"|\bdad[oa] de baja|\bотписа|\b(essere|venire) (cancell|elimin|rimoss)"
)
# A part of each of them, and of each that says so by itself: where none is, nothing is looked at closely.
_PARTS = """
    kiel het viest markkin sms tekst mainos mainok mainon suoramark yhtey list rekister contact text
    messag call send market database register utskick reklam kontakt skick meddel contatt invi disturb
    pubblicit scri opt block supp black dnc stop saa lupa perun peruu eronnut avreg avan sparr spärr får
    far_ nekar cancell vietat clean bounc consen allow permit permis tilaa tilannut sall suost prenum
    tillå tilla samty a\u0308 werb nachricht newsletter mail anschreib anruf envoy pub march prospect
    sabonn ollicit molest envi mand mensaj promo baja присыл отправл беспок слать шлите писать пиши
    сообщ смс реклам рассыл отпис reklaa sõnum sonum teavit pakkum wysy pisa wiadomo marked melding
    besked recla bericht benader estet gesperrt bloqu заблок blok abgemeld wypis afgemeld uitgeschr
    frameld loobu tarjouk advert communicat subscri iri marknad campaign kampan offers erbjud alone
    cancellat kuulla
"""
_NEEDLES = [each.replace("_", " ") for each in _PARTS.split()]


def may_forbid(text: str) -> bool:
    """Whether it is worth to look closely at any cell of it."""
    return any(map(text.lower().__contains__, _NEEDLES))


def forbids(cell: str) -> bool:
    """Whether it may say by itself that somebody gets no messages."""
    if says_state(cell) == NO:
        return True
    words = " ".join(normalize(cell).split()[:MOST_WORDS])
    return bool(_ALONE.search(words) or _CLOSE.search(words))
