import pytest

from messaging.inbox.intents import Intent, intent_of
from messaging.inbox.stop_words import default_vocabulary

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
        "please stop", "do not stop", "stop by tomorrow", "bus stop", "please unsubscribe", "Stop it",
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
        "", " ", "!", "älkää lopettako", "ei", "no", "yes", "stopstop", "-", "peruna", "OK", "Kiitos!",
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
