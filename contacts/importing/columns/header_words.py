"""Whose number a header says that a column holds: the person's own, where every word of it is known.

A word that is not known may name somebody else ("Sales rep mobile") or a number that is no more ("Old
mobile"): such a column is asked about, never taken in silence.
"""

import re

from contacts.text.regions import region_of_country

# What a word of a header may be made of, as "Matkapuhelinnumero1" and "customerPhone" are.
_PIECES = """
    phone phones telephone tel mobile mobil cell cellphone cellular gsm msisdn handy whatsapp sms
    number numbers num numb
    puhelin puhelimen puhelimet puhelimeen puhelimitse puh matka känny kännykkä kännykän mobiili mobiiliin
    numero numeron numerot numeroni numerosi nro nrot
    telefon telefonen mobilen nummer nr telefono cellulare cellulari numeri celular teléfono móvil
    telefoon telefoni mobiil telefons mobilais tālrunis tālr komórka komorka komórkowy telefonu numer
    tlf tfn мобильный сотовый телефон телефона номер téléphone portable numéro telemóvel telefone mobiel
    home work business office land line fixed company private personal primary secondary main default
    billing mailing contact address value customer customers client clients subscriber participant
    attendee member members guest person user lead
    koti työ lanka yritys yrityksen yksityinen oma asiakas asiakkaan asiakkaiden jäsen jäsenen
    osallistuja osallistujan ilmoittautuja ilmoittautujan
    hem arbete arbets jobb fast firma företag privat kund kunden kundens medlem medlemmens
    deltagare deltagarens
    casa ufficio lavoro fisso fissa cliente partecipante iscritto persona
"""
# What they are next to, as words of their own.
_WORDS = """
    a an the of to for in at by with and or is what s my your no n direct switchboard callback car radio
    first second third another other additional alternative preferred current new text message messages
    incl including country area code international format e164 example eg optional required please enter mob
    mikä on sinun minun oman nykyinen uusi ensisijainen toissijainen lisä muu toinen suora vaihde ja tai
    sis mukaan maakoodi maakoodilla maatunnus suuntanumero muodossa esim pakollinen vapaaehtoinen
    kansainvälinen viesti viestit tekstiviesti tekstiviestit henkilön yhteys yhteystieto yhteystiedot
    din ditt min mitt ny nytt annat första primär primärt och eller med för landskod riktnummer växel
    obligatorisk valfri nuvarande personens
    il lo la tuo tua mio mia del della dei di e o con prefisso principale altro secondario nuovo attuale
    personale obbligatorio facoltativo es recapito contatto utente socio centralino
"""
_PIECE = re.compile("|".join(sorted(map(re.escape, _PIECES.split()), key=len, reverse=True)) + r"|\d+")
_KNOWN = set(_WORDS.split())


def names_the_person(words: str) -> bool:
    """`words`: of a header that says "phone" in some way, folded and parted by spaces."""
    return all(map(_is_known, words.split()))


def _is_known(word: str) -> bool:
    return word in _KNOWN or not _PIECE.sub("", word) or bool(region_of_country(word))
