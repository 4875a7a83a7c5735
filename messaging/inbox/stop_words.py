"""Words by which people ask for no more messages, or for messages again; a customer may set their own.

No authority lists them for Finnish, Swedish or Italian. STOP is what senders write; the others are the plain
words for it. Case, accents and marks make no difference. A `*` stands for any ending.
"""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from functools import cache
from typing import Self

LANGUAGES = {
    "en": "English",
    "fi": "Finnish",
    "sv": "Swedish",
    "it": "Italian",
    "de": "German",
    "fr": "French",
    "es": "Spanish",
}
ALWAYS = "stop"  # what every phone network and law knows


@dataclass(frozen=True)
class Words:
    """`stop` and `start` count as the whole message; `ask`, too, or anywhere in it if of several words."""

    stop: tuple[str, ...] = ()
    ask: tuple[str, ...] = ()  # may mean it: a person decides
    start: tuple[str, ...] = ()

    @classmethod
    def of(cls, stop: str, ask: str, start: str) -> Self:
        """From lists with commas."""
        return cls(
            *(tuple(" ".join(each.split()) for each in words.split(",")) for words in (stop, ask, start))
        )

    @classmethod
    def from_json(cls, kept: Mapping[str, Sequence[str]]) -> Self:
        return cls(**{name: tuple(words) for name, words in kept.items()})

    def to_json(self) -> dict[str, list[str]]:
        return {name: list(words) for name, words in asdict(self).items()}


# "Cancel", "end", "peru" and their like mean something else to whoever takes bookings: they are asked about.
DEFAULT_WORDS = {
    "en": Words.of(
        stop="""
            stop, stopall, stop all, unsubscribe, unsubscribe me, optout, opt out, opt me out, stop
            messages, stop sms, stop texts, stop texting, stop texting me, stop messaging me, remove me
            from your list, remove me from the list, take me off your list
        """,
        ask="""
            cancel, end, quit, remove, revoke, unsub, enough, stpo, sotp, stp, stip, syop, no more, no
            more messag*, no more text*, no more sms, stop send*, stop text*, stop messag*, stop
            contact*, stop spam*, dont text, dont messag*, dont send, dont contact, do not text, do not
            messag*, do not send, do not contact, never text, never contact, remove me, remove my, take
            me off, want to unsubscribe, how unsubscribe, opt* out, leave me alone, not want messag*,
            not want text*, dont want messag*, dont want text*, dont want these, wrong number, wrong
            person
        """,
        start="start, unstop, subscribe, resume, opt in, optin",
    ),
    "fi": Words.of(
        stop="""
            seis, lopeta, lopettakaa, kiellä, stop viestit, lopeta viestit, lopettakaa viestit, stop
            mainokset, poista minut listalta, poistakaa minut listalta, poista minut postituslistalta,
            poistakaa minut postituslistalta, ei enää viestejä
        """,
        ask="""
            peru, peruuta, perukaa, poista, poistakaa, riittää, en halua viest*, en halua teksti*, en
            halua mainoks*, en halua näit*, en tahdo viest*, en tilaa, en ole tilannut, ei enää viest*,
            ei enää teksti*, ei enää mainoks*, ei mainoksia, älkää lähet*, älkää lähett*, älä lähet*,
            älä lähett*, älkää laita*, älä laita*, poist* minut, poist* numero*, poist* tieto*, pois
            listalta, lopet* viest*, lopet* lähett*, lopet* mainoks*, lopet* mainost*, lopet* spämm*,
            lopet* nämä, peru* viest*, väärä numero, väärään numeroon, väärä henkilö
        """,
        start="aloita, jatka, haluan viestejä, tilaan viestit",
    ),
    "sv": Words.of(
        stop="""
            stopp, stoppa, avregistrera, avregistrera mig, avprenumerera, stoppa sms, stoppa utskick, ta
            bort mig, ta bort mig från listan, inga fler sms, inga fler meddelanden
        """,
        ask="""
            avsluta, avboka, sluta, nog, sluta skick*, sluta sms*, skicka inte, inga fler, inga sms,
            inga meddelanden, vill inte ha, vill ej ha, vill inte få, ta bort mig, ta bort mitt, fel
            nummer, fel person
        """,
        start="starta, börja, prenumerera",
    ),
    "it": Words.of(
        stop="""
            basta, ferma, fermate, disiscrivi, disiscrivimi, disiscrivetemi, stop messaggi, basta
            messaggi, stop sms, basta sms, cancellami dalla lista, cancellatemi dalla lista
        """,
        ask="""
            cancella, cancellami, cancellatemi, annulla, rimuovimi, rimuovetemi, toglietemi, non voglio
            messagg*, non voglio sms, non voglio ricevere, non inviat*, non mandat*, non scriv*, non
            contatt*, non desidero, niente messagg*, niente sms, basta messagg*, cancell* numero,
            toglie* lista, numero sbagliato, persona sbagliata
        """,
        start="avvia, inizia, riprendi, iscrivimi",
    ),
    "de": Words.of(
        stop="stopp, abmelden, abbestellen, keine nachrichten mehr, keine sms mehr",
        ask="""
            kündigen, aufhören, löschen, keine nachricht*, keine sms, keine weiteren, nicht mehr
            schreib*, nicht mehr anschreib*, nicht mehr kontaktier*, meine nummer lösch*, falsche nummer
        """,
        start="starten, anmelden",
    ),
    "fr": Words.of(
        stop="""
            arrêt, arrêtez, désabonner, désabonnez moi, désinscrire, plus de sms, plus de messages
        """,
        ask="""
            annuler, fin, ne plus recevoir, ne pas recevoir, ne plus envoy*, plus de messag*, plus de
            sms, supprim* numéro, mauvais numéro, faux numéro
        """,
        start="démarrer, reprendre, abonner",
    ),
    "es": Words.of(
        stop="baja, darme de baja, dar de baja, parar, no más mensajes, no más sms",
        ask="""
            cancelar, alto, quitar, no quiero mensaj*, no quiero recib*, no quiero sms, no me envi*, no
            me mand*, no más mensaj*, no más sms, borr* número, número equivocado
        """,
        start="alta, reanudar",
    ),
}


@dataclass(frozen=True)
class Vocabulary:
    """The words of all languages, as `intents` compares them."""

    stop: tuple[str, ...]
    ask: tuple[str, ...]
    start: tuple[str, ...]

    @classmethod
    def of(cls, by_language: dict[str, Words]) -> Self:
        words = by_language.values()
        return cls(
            stop=(ALWAYS, *(each for one in words for each in one.stop)),
            ask=tuple(each for one in words for each in one.ask),
            start=tuple(each for one in words for each in one.start),
        )


@cache
def default_vocabulary() -> Vocabulary:
    return Vocabulary.of(DEFAULT_WORDS)
