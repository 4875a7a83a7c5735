"""Notes as people write them about somebody: those that may say No are found, all others are left alone."""

import pytest

from contacts.text.consent_notes import forbids, may_forbid

REFUSING = """
    markkinointikielto
    viestintäkielto
    suoramarkkinointikielto 12.3.2024
    opted-out by phone 3/2024
    leave alone
    ha chiesto di essere cancellato
    ei saa soittaa eikä lähettää viestejä
    ei saa laittaa mitään viestiä
    Asiakas pyysi ettei hänelle lähetetä enää mainoksia
    ei markkinointia kiitos
    ei mainontaa
    toivoo että häntä ei häiritä tekstareilla
    älä lähetä mitään
    Älkää olko yhteydessä
    haluaa pois listalta
    poistettava postituslistalta
    pyytänyt poistoa rekisteristä
    kieltänyt suoramarkkinoinnin
    perui uutiskirjeen ja tekstiviestit
    ei halua meidän viestejä
    ei kiinnosta tarjoukset
    viestit kielletty
    tekstiviestit eivät toivottuja
    soitti ja oli vihainen viesteistä, ei enää
    vain puhelu, ei viestejä
    please don't send her anything anymore
    Customer asked us to stop texting
    does not want any more SMS
    no marketing please
    no texts!
    DO NOT TEXT
    don't message
    never contact again
    asked to be removed from all lists
    wants off the list
    unsubscribed from sms
    withdrew consent
    revoked permission to contact
    not to be contacted
    no further communication
    prefers no promotional messages
    refuses marketing
    vill inte ha några sms
    önskar inte bli kontaktad
    skicka inga fler meddelanden
    inga utskick tack
    ej reklam
    har tackat nej till sms
    ska tas bort från listan
    får inte kontaktas
    non vuole ricevere messaggi
    non inviare sms
    non contattare più
    togliere dalla lista
    nessuna pubblicità
    niente pubblicità per favore
    ha revocato il consenso
    no publicidad
    keine Werbung
    bitte keine SMS
    möchte nicht kontaktiert werden
    ne pas contacter
    pas de sms
    mitte saata sõnumeid
    Ei suoramarkkinointia
    kieltäytyi mainosviesteistä 2022
    ei sms:iä kiitos
    EI TEKSTIVIESTEJÄ!!
    asiakas ei enää halua olla listalla
    lopettanut tilauksen ja ei halua kuulla meistä
    Ei saa häiritä markkinoinnilla
    asked not to receive promotions
    told us to take him off the sms list
    says no to marketing
    NO PROMO
    no sms - only email
    only email, no texts
    do not use for campaigns
    stopped subscription to texts
    objected to direct marketing
    Tar inte emot sms
    vill ej ha reklam
    inga fler utskick!
    tackade nej till marknadsföring
    skall ej kontaktas
    non desidera ricevere pubblicità
    no sms, solo mail
    non disturbare
    revocato consenso marketing
    kein Marketing
    will keine Nachrichten
    ei soovi reklaami
    не присылать смс
"""
OTHERS = """
    ei maitotuotteita
    ei saapunut tapaamiseen
    ei vastannut puhelimeen
    Ei lapsia
    allerginen pähkinälle, ei saa syödä
    soittaa takaisin maanantaina
    lähetetty tarjous 3.4.
    viestitty 12.1.
    toivoo viestiä ennen tapahtumaa
    tekstiviesti ok
    ei muita yhteystietoja
    ei sähköpostia
    no email
    not at home on Mondays
    no answer
    don't call before 10
    never been to the shop
    No children
    send invoice to company
    contact by phone
    contacted 3.2.2024
    text received ok
    message left
    likes marketing events
    no allergies
    wants more info
    prefers email
    new number since 2023
    works in marketing
    stop by the office
    bus stop near
    does not eat meat
    inte hemma
    ingen mjölk
    kontakta på kvällen
    skickat offert
    vegetarian
    vuole essere richiamato
    non mangia carne
    nessuna allergia
    ha ricevuto il messaggio
    cliente dal 2019
    kanta-asiakas
    VIP
    puhuu ruotsia
    osti lahjakortin
    muuttanut Tampereelle
    ei postilaatikkoa
    asiakas nro 1234
    ei tietoa
    n/a
    none
    ei
    no
    kyllä
    yhteys Pekan kautta
    sms lähetetty
    käynyt listan läpi
    listalla varasijalla
    poistettu hammas
    poistui aikaisin
    kielitaito: englanti
    kielet fi, sv
    lasku lähetetty, ei maksettu
    tarjous lähetetty, ei kiinnostunut vielä
    viesti lähetetty, ei vastausta
    texted, no reply
    left message, no answer
    message sent, never replied
    sms skickat, inget svar
    ringde, inte hemma
    fakturan skickad men ej betald
    Market Street No 5
    text no 12
    en kontakt på företaget
    skickade en reklamfilm
    ne viestit menivät perille
    no show twice
    inga nötter
    ei osallistunut keväällä
    ei auto
    ei asu Turussa enää
    muutti pois kaupungista
    pois töistä kesäkuun
    poistui yhdistyksestä
    perui varauksen
    peruuttanut ajan
    cancelled appointment
    stopped by on Monday
    10% off voucher given
    member no 345
    invio fattura, non pagata
    contattato il 3 marzo, non risponde
    ha chiesto preventivo
    kielletty pysäköinti
    kieli: suomi
    lähettää kuvia tapahtumasta
    hoitaa viestinnän yhdistyksessä
    sales and marketing director
    text me when ready
"""


def lines(text: str) -> list[str]:
    return [line.strip() for line in text.strip().splitlines()]


@pytest.mark.parametrize("note", lines(REFUSING))
def test_a_no_close_to_a_word_for_messages_is_found(note):
    for cell in (note, f"12.3.2024 / MM: {note.upper()}."):
        assert forbids(cell)
        assert may_forbid(cell)


@pytest.mark.parametrize("note", lines(OTHERS))
def test_what_is_no_wish_about_messages_is_left_alone(note):
    assert not forbids(note)


def test_a_no_far_from_the_word_for_messages_is_about_something_else():
    near, far = "ei " + "sana " * 6 + "viestit", "ei " + "sana " * 7 + "viestit"
    assert forbids(near)
    assert not forbids(far)
