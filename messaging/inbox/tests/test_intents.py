import pytest

from messaging.inbox.opt_outs.intents import Intent, intent_of
from messaging.inbox.opt_outs.stop_words import default_vocabulary

NAMES = ["Anna Virtanen", "Kahvila Aalto"]


def judged(text: str, names: list[str] = NAMES) -> Intent | None:
    return intent_of(text, default_vocabulary(), names=names)


@pytest.mark.parametrize(
    "text",
    [
        "STOP", "stop", " Stop. ", "stop!!!", "\u201cSTOP\u201d", "ＳＴＯＰ", "Stop \U0001f621", "opt-out",
        "Opt-Out.", "Lopeta", "KIELLÄ", "kiella\u0308", "kiella", "seis", "Avregistrera", "STOPP", "basta",
        "Disiscrivimi", "arrêt", "stop\n", "STOP STOP STOP", "STOP " * 100,
        # with courtesy
        "Stop, kiitos", "STOP please", "stop pls!", "Stop thank you", "Hei, stop kiitos", "stopp tack",
        "stop grazie mille",
        # of everything
        "Stop viestit", "Lopettakaa", "stop all", "opt out", "unsubscribe me", "poista minut listalta",
        "Lopettakaa viestit kiitos", "keine SMS mehr bitte",
        # with a name, a number
        "STOP Anna Virtanen", "stop / Anna", "STOP Kahvila Aalto", "Kahvila Aalto STOP", "STOP 17163",
        "17163 STOP",
        "stop +358 40 123 4567",
        # with a signature
        "STOP\nSent from my iPhone", "STOP Sent from my iPhone", "Stop\n\nLähetetty iPhonesta",
        "STOP\n-- \nMatti, Oy Ab",
        "Stop\nTerveisin\nMatti Meikäläinen", "stop t. Matti", "STOP\nMatti Meikäläinen", "stop\nmvh Lars",
        "STOP\r\n\r\nGet Outlook for Android", "Stop\nInviato da iPhone",
    ],
)  # fmt: skip
def test_a_message_that_says_only_stop_asks_for_it(text):
    assert judged(text) == Intent.STOP


@pytest.mark.parametrize(
    "text",
    [
        "please stop", "do not stop", "please unsubscribe", "Stop it",
        "Stop Pekka",
        # what means something else to a booking business
        "peru", "Peruuta, kiitos", "cancel", "end", "quit", "poista", "annulla", "avsluta", "CANCEL please",
        # said in other words
        "en halua enää viestejä", "En halua näitä", "Ei enää mainoksia", "Älkää lähettäkö enää mitään!",
        "älä lähetä", "Poistakaa minut listaltanne", "poistakaa numeroni", "please don't text me again",
        "Don’t send me these", "Do not contact me", "no more messages please", "remove me",
        "take me off this",
        "I want to unsubscribe from this", "jag vill inte ha fler sms", "sluta skicka", "fel nummer",
        "non voglio più ricevere messaggi", "Non mandatemi più niente",
        "je ne veux plus recevoir de sms", "no me envíen más", "väärä numero", "wrong number", "stpo",
        "I have told you three times now and nobody seems to listen: STOP sending these to me, will you",
    ],
)  # fmt: skip
def test_what_comes_close_is_for_a_person(text):
    assert judged(text) == Intent.MAY_STOP


@pytest.mark.parametrize(
    "text",
    [
        "", " ", "!", "älkää lopettako", "ei", "no", "yes", "-", "peruna", "OK", "Kiitos!",
        "Haluan perua aikani huomiselta", "Voiko varauksen peruuttaa?",
        "Can I cancel my booking for Friday?",
        "Where does the tour end?",
        "Can we come by tomorrow at around five with the kids, or does the shop stop selling then?",
        "Terveisin Anna", "Anna", "17163", "Milloin avaatte?", "Ei käy, tulen myöhemmin",
        "Jag kommer inte ha tid",
        "Non posso venire domani", "Sent from my iPhone", "👍", "*", "Oliko viesti minulle? En saanut aikaa",
        "I did not get your message", "Ich komme nicht",
    ],
)  # fmt: skip
def test_other_messages_ask_for_nothing(text):
    assert judged(text) is None


@pytest.mark.parametrize(
    "text", ["START", "start please", "Aloita!", "Unstop", "subscribe", "starta, tack", "avvia"]
)
def test_a_message_that_says_only_start_asks_for_messages_again(text):
    assert judged(text) == Intent.START


@pytest.mark.parametrize("text", ["START STOP", "stop start", "don't start", "when do you start?"])
def test_start_with_anything_else_is_no_start(text):
    assert judged(text) != Intent.START


def test_a_stranger_s_name_after_it_is_for_a_person():
    assert judged("stop pekka", names=[]) == Intent.MAY_STOP


def test_a_long_text_is_read_in_no_time():
    assert judged("stop send " * 5000 + "x") == Intent.MAY_STOP


@pytest.mark.parametrize(
    "text",
    [
        # as phones and chats write it
        "*STOP*", "_stop_", "```STOP```", "\u200fSTOP\u200e", "ST\u200bOP", "Stop\u00adp", "\ufeffSTOP",
        "S T O P", "ꜱᴛᴏᴘ", "S.T.O.P.", "STOOOOP", "\U0001f182\U0001f183\U0001f17e\U0001f17f", "STOP17163",
        "st\u043ep", "\u0421\u0422\u041e\u041f", "\u505c\u6b62", "#stop", "Re: STOP", "SV: Stopp", "stop :D",
        # below a greeting, which is no signature; above or below what it answers
        "Hei\nStop", "Moi,\nLopeta", "STOP\n> Vastaa STOP, jos et halua viestejä",
        "> Tarjous! Vastaa STOP\nSTOP", "STOP\nOn Mon, 3 Nov 2026 Kahvila wrote:\nTarjous",
        "STOP\nVon meinem iPhone gesendet", "STOP\nInviato dal mio iPhone",
        # with more courtesy, in more languages
        "Stop, thank you very much", "Stop tack så mycket", "Hyvää päivää, stop", "Buonasera stop",
        "stop s'il vous plaît", "Stop vielen Dank", "Stop already",
        # of what they get
        "Stop viesteille", "Lopettakaa mainokset", "stop marketing", "Stoppa utskicken", "Stopp Werbung",
        "STOP PUB", "Basta pubblicità", "BAJA SMS", "STOP KahvilaAalto",
    ],
)  # fmt: skip
def test_stop_is_read_however_it_is_written(text):
    assert judged(text) == Intent.STOP


@pytest.mark.parametrize(
    "text",
    [
        "stopstop", "Kiitos stop", "Stop saatana", "Vittu lopettakaa", "Jättäkää rauhaan", "Älkää häiritkö",
        "En ole asiakkaanne", "Kiellän", "ei viestejä", "Pois", "Håll käften", "Avanmäl mig", "smettetela",
        "lasciatemi in pace", "Vorrei disiscrivermi", "Lass mich in Ruhe", "Austragen", "Désinscription",
        "retirez-moi de votre liste", "dejen de enviarme mensajes", "no más", "fuck off", "lose my number",
        "Who gave you my number", "Not interested", "This is spam", "stop ffs",
        "Radera mitt nummer", "Perun suostumukseni", "Elimina il mio numero", "Revoco il consenso",
        "EN HALUA",
        "Cancel messages", "Quit texting me", "Get me off your list", "I withdraw my consent", "Ei enää",
        "Ne m'envoyez plus rien", "No me escriban más", "Ich möchte mich abmelden", "Nej stopp", "Ej reklam",
        "Ottakaa mut pois listalta", "This is not Anna's number anymore", "Toglimi dalla lista",
        # however much else it says
        "Cancel my booking, and do not send me any more messages",
        "STOP, en ole varannut mitään aikaa teiltä enkä varaa",
        "Olen nyt kolme kertaa pyytänyt että ette enää kirjoita minulle mitään joten STOP ja heti paikalla",
        "Hei te siellä. Olen asiakas jo vuodesta 1998 ja nyt riitti tämä. Lopettakaa. Terveisin eräs",
    ],
)  # fmt: skip
def test_ruder_and_longer_words_are_for_a_person_too(text):
    assert judged(text) == Intent.MAY_STOP


@pytest.mark.parametrize(
    "text",
    [
        "Can I stop by tomorrow?", "I'll stop by at 5", "stop by tomorrow", "bus stop", "Which bus stop?",
        "Stop sign on Main Street, turn left", "non-stop?", "Tram stop Lasipalatsi?", "Pit stop klo 3",
        "We live on Stopgatan 5", "Stoppvägen 3, Helsinki", "Stopover in Rome", "Never stop doing this!",
        "Lopetan työt kello 5", "Milloin lopetatte?", "Seis kello 6", "Peruutan ajan", "Peru aikani",
        "Haluaisin perua varauksen", "Poistakaa minut jonosta", "Poista minut varauslistalta huomiselta",
        "Älkää lähettäkö laskua vielä", "Älä laita sipulia", "En tilaa jälkiruokaa", "En halua näitä aikoja",
        "Ei enää kipuja, kiitos!", "stoppa min bokning", "Stopp i trafiken, blir sen", "Avboka min tid",
        "Ta bort min tid på fredag", "Jag vill inte ha gurka", "Skicka inte faktura", "Det är nog bra",
        "basta un attimo", "Quanto basta?", "Mi basta una persona", "Basta così grazie", "Si ferma qui?",
        "Annulla la prenotazione", "Non desidero il dolce", "Ich muss mich für morgen abmelden",
        "Bitte Termin löschen", "Arrêt de bus Gare?", "arrêt de travail jusqu'à lundi", "fin mars",
        "Annuler mon rendez-vous", "planta baja", "Estoy de baja", "parar en la puerta", "Cancelar mi cita",
        "Remove me from the waiting list", "Please remove the second booking", "no more pain, thanks",
        "Can you get off at stop 5?", "What stop is it?", "We will stop for petrol",
        "Please stop my membership",
        "Ei enää maitoa kiitos", "En halua kakkua", "Olen pois perjantaina", "Loppu viikosta sopii",
        "We are no more than 5", "I don't want them to wait", "Peruutan numeron 5 pöydän", "Hört sich gut an",
        "Ich muss absagen", "Inga fler än 4", "Rimuovimi dalla lista d'attesa", "Non mandate il conto",
        "Not interested in dessert, just coffee", "C'est la fin", "No más sal",
        "älä laita mulle sipulia", "ei soovi magustoitu", "Haluan pois jonosta", "Ei tarvitse pöytää",
        "Ta bort skinkan", "Vi har slipsar",
        "Do not send the invoice by mail", "wrong number of people: we are 5", "Ei kiitos", "No thanks",
    ],
)  # fmt: skip
def test_bookings_streets_and_food_ask_for_nothing(text):
    assert judged(text) is None


@pytest.mark.parametrize(
    "text",
    [
        "*START*", "Haluan taas viestejä", "Haluan viestejä taas, kiitos", "Saatte taas lähettää viestejä",
        "Haluan viestit takaisin", "aloita viestit", "I want messages again", "Opt me in", "resubscribe",
        "Jag vill ha sms igen", "Starta igen", "Voglio di nuovo messaggi", "Ich möchte wieder Nachrichten",
        "Je veux recevoir de nouveau des messages", "Quiero mensajes otra vez", "START\nSent from my iPhone",
    ],
)  # fmt: skip
def test_messages_are_asked_for_again_in_plain_words(text):
    assert judged(text) == Intent.START


def test_a_quoted_stop_asks_for_nothing():
    assert judged("> Vastaa STOP\nKiitos, tulen huomenna kello viisi") is None
    assert judged("Kiitos, tulen!\nOn Mon, 3 Nov 2026 Kahvila wrote:\nTarjous. STOP") is None


@pytest.mark.parametrize(
    "text",
    [
        "Markkinointikielto", "Ei markkinointia", "En halua markkinointia", "Kieltäydyn viesteistä", "Eroan",
        "lopetan tilauksen", "Tilauksen peruutus", "peruutan luvan", "Pysäytä", "älkää enää tekstailko",
        "Jag avböjer", "avregistrering", "kontakta mig inte", "stoppa all reklam", "disiscrizione sms",
        "niente pubblicità", "ritiro il consenso", "I no longer want these messages", "do not disturb",
        "un-subscribe", "stopkahvilaa", "St0p", "stop1", "\U0001f6d1", "Älkää enää laittako näitä",
        "En ole antanut lupaa tähän", "perukaa nämä", "riittää jo näitä mainoksia", "I never gave permission",
    ],
)  # fmt: skip
def test_other_words_for_no_more_are_for_a_person(text):
    assert judged(text) == Intent.MAY_STOP


@pytest.mark.parametrize(
    "text",
    [
        # with a slip of the finger, or a gap
        "tsop", "dtop", "srop", "stoip", "sttop", "s top", "st op", "stop]k", "lopetakaa", "lopettakka",
        "lopet", "lopteta kiitos", "unsubscribbe", "unsusbcribe", "avregsitrera", "disiscrivmi",
        # in other words
        "Poista mut", "Vastustan markkinointia", "en haluu näitä", "En halua saada teiltä mitään",
        "älkää laittako mulle enää mitään", "Älkää viestitelkö", "sluta skriva", "Avbryt", "Ej sms",
        "Jag vill inte ha dom här", "Nej tack till sms", "skicka inget mer", "Fermate i messaggi", "quit it",
        "Vorrei non ricevere più sms", "Arrêter les sms", "Je me désabonne",
        # a second list, written without looking at the words above
        "älkää enää viestejä", "numero pois kiitos", "haluan pois", "en ole enää asiakas", "väärä ihminen",
        "en jaksa näitä viestejä", "turha lähettää", "roskapostia", "estän numeronne", "no more msgs",
        "dont txt me", "you don't have my consent", "I never agreed to this", "forget my number",
        "inga fler utskick tack",
        "jag vill slippa sms", "stryk mig från listan", "radera mina uppgifter", "jag är inte kund",
        "skicka ej", "non disturbate", "mi disiscrivo", "nego il consenso", "annullare iscrizione",
        # in other languages
        "отписаться", "отпишите меня", "не пишите мне", "не присылайте больше", "ei soovi", "Palun lõpetage",
        "ärge saatke", "rezygnuję", "wypisz mnie", "nie wysyłać", "proszę nie pisać", "afmeld", "ikke send",
        "stopp venligst",
    ],
)  # fmt: skip
def test_slips_and_other_languages_are_for_a_person(text):
    assert judged(text) in {Intent.STOP, Intent.MAY_STOP}


@pytest.mark.parametrize(
    "text",
    [
        "Top!",
        "step",
        "Shop?",
        "Stor",
        "Stort tack",
        "loppu hyvin",
        "Stockholm",
        "store",
        "Super",
        "stark",
        "Pasta",
    ],
)
def test_words_of_their_own_are_no_slip(text):
    assert judged(text) is None


@pytest.mark.parametrize("text", ["Jatka", "Alta", "start?", "aloita?"])
def test_what_may_mean_something_else_lifts_no_opt_out(text):
    assert judged(text) != Intent.START


@pytest.mark.parametrize(
    "reaction", ["Liked", "Laughed at", "Tykkäsi", "Gillade", "Mi piace", "\U0001f44d to"]
)
def test_a_reaction_to_a_message_that_tells_how_to_stop_asks_for_nothing(reaction):
    assert judged(f"{reaction} “Kesän uutuudet nyt kahvilassa! Lopeta: STOP”") is None
