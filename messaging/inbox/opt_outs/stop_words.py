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
ELSEWHERE = ("стоп", "στοπ", "توقف", "停止", "退订")  # the same in other scripts
# What comes close for every customer: as people talk, and in languages that have no list in the settings.
ASK_ALWAYS = """
    poist* mut, poist* meidät, vastustan markkin*, kiellän tieto*, ei viestei, en haluu viest*, en haluu
    näit*, en halua saada viest*, en halua saada teiltä, en halua teiltä, älkää laittako mulle enää,
    älkää laittako minulle enää, älkää laittako mulle viest*, älä laita mulle enää, älä laita mulle
    viest*, älä laita minulle viest*, älkää viesti*, älä viesti*, älkää vieste*, en jaksa viest*, en
    jaksa näit*, ei tarvi* lähet*, ei tarvi* viest*, riittää viest*, numeroni pois, numero pois, haluan
    pois, en ole asiakas, turha lähet*, turha laittaa, numero ei kuulu, väärä ihminen, spammi,
    roskapost*, kielto, unohtakaa numero*, gdpr poisto, estän numero*, blokkaan, no more msg*, no msg*,
    dont msg*, stop msg*, dont txt*, no txt*, stop txt*, no consent, dont have consent, never agreed, im
    not customer, block me, gdpr delete, forget my number, dont bother, get lost, go to hell, piss off,
    cut it out, knock it off, not for marketing, inga fler utskick*, slippa, slippa sms*, vill slippa,
    slipper detta, ta bort numret, ta bort mej, stryk mig, sluta spam*, är spam, inte kund, lämna mig i
    fred, lägg av, hör inte av er, skicka ej, ej tack, säger upp, raderas, radera mina, non disturb*,
    lasciate perdere, non sono cliente, non autorizzo, nego consenso, disdico, disiscrivo, mi disiscrivo,
    annull* iscrizione, vi denuncio, отпис*, отпиш*, отпиш* меня, не пиш*, не присыл*, не отправл*, не
    шл*, не звон*, хватит, отстан*, удалит* номер, ei soovi, ei soovi sõnum*, lõpetage, ärge saat*, ärge
    kirjuta*, peata, peatage, loobun, eemalda*, rezygn*, wypis*, wypis* mnie, nie wysył*, nie pis*,
    proszę nie pis*, nie chcę, usuń mnie, afmeld*, avmeld*, frameld*, meld af, meld mig af, meld meg av,
    slutt, ikke send*, ikke kontakt*, uitschrijven, afmelden, geen sms*, geen bericht*
"""


def _phrases(words: str) -> tuple[str, ...]:
    """Of a list with commas."""
    return tuple(" ".join(each.split()) for each in words.split(","))


@dataclass(frozen=True)
class Words:
    """`stop` and `start` count as the whole message; `ask`, too, or anywhere in it if of several words."""

    stop: tuple[str, ...] = ()
    ask: tuple[str, ...] = ()  # may mean it: a person decides
    start: tuple[str, ...] = ()

    @classmethod
    def of(cls, stop: str, ask: str, start: str) -> Self:
        """From lists with commas."""
        return cls(*map(_phrases, (stop, ask, start)))

    @classmethod
    def from_json(cls, kept: Mapping[str, Sequence[str]]) -> Self:
        return cls(**{name: tuple(words) for name, words in kept.items()})

    def to_json(self) -> dict[str, list[str]]:
        return {name: list(words) for name, words in asdict(self).items()}


# "Cancel", "end", "peru" and their like mean something else to whoever takes bookings: they are asked about.
DEFAULT_WORDS = {
    "en": Words.of(
        stop="""
            stop, stopall, stop all, unsubscribe, unsubscribe me, optout, opt out, opt me out,
            stop messages, stop sms, stop texts, stop texting, stop texting me, stop messaging
            me, remove me from your list, remove me from the list, take me off your list,
            unsubscribed, unsuscribe, unsubcribe, stop all messages, stop sending me messages
        """,
        ask="""
            cancel, end, quit, remove, revoke, unsub, enough, stpo, sotp, stp, stip, syop, no
            more, no more messag*, no more sms, stop send*, stop text*, stop messag*, stop
            contact*, stop spam*, dont text, dont messag*, dont send, dont contact, do not text,
            do not messag*, do not send, do not contact, never text, never contact, remove me,
            remove my, take me off, want to unsubscribe, how unsubscribe, opt* out, leave me
            alone, not want messag*, dont want messag*, dont want these, wrong number, wrong
            person, stoo, stpp, stopo, stoop, sstop, stopstop, no more texts, no more texting,
            not want texts, dont want texts, dont want this, dont want them, do not want these,
            not interested, go away, fuck off, fuck you, lose my number, delete my number, delete
            my data, delete me, spam, this is spam, reported as spam, report* spam, report you,
            harass*, stop harass*, who gave my number, how get my number, cancel subscription,
            reply stop, no more of this, i want out, didnt sign up, never signed up, do not
            consent, block, blocked, not number anymore, i dont want this, i dont want these,
            stop*, st0p, un subscribe, no longer want, not disturb, quit it,
            never gave permission
        """,
        start="""
            start, unstop, subscribe, resume, opt in, optin, resubscribe, opt me in, start
            messages, start sms, resume messages, i want messages, i want to get messages, send
            me messages, please send me messages, sign me up, join
        """,
    ),
    "fi": Words.of(
        stop="""
            seis, lopeta, lopettakaa, kiellä, stop viestit, lopeta viestit, lopettakaa viestit,
            stop mainokset, poista minut listalta, poistakaa minut listalta, poista minut
            postituslistalta, poistakaa minut postituslistalta, ei enää viestejä, lopeta
            viesteily, lopeta viestien lähettäminen, kiellän markkinoinnin,
            kiellän suoramarkkinoinnin
        """,
        ask="""
            peru, peruuta, perukaa, poista, poistakaa, riittää, en halua, en halua viest*, en halua näit*,
            en tahdo viest*, en tilaa, en ole tilannut, ei enää viest*, ei enää mainoks*, ei
            mainoksia, älkää lähet*, älkää lähett*, älä lähet*, älä lähett*, poist* minut, poist*
            numero*, poist* tieto*, pois listalta, lopet* viest*, lopet* lähett*, lopet*
            mainoks*, lopet* mainost*, lopet* spämm*, lopet* nämä, peru* viest*, väärä numero,
            väärään numeroon, väärä henkilö, en halua tekstiv*, en halua tekstar*, en halua
            mainok*, en tahdo näit*, en tahdo mainok*, ei enää tekstiv*, ei enää tekstar*, ei
            enää mainok*, ei viestejä, ei tekstiviest*, ei mainosviest*, kiellän, kiellän viest*,
            kiellän markkin*, kiellän suoramarkkin*, älä laita, älkää laita, älä laita viest*,
            älkää laittako viest*, pois, poist* listalta, jättä* rauhaan, jätä rauhaan, älä
            häiritse, älkää häiritkö, en ole asiakkaanne, ei kiinnosta, haista vittu, haistakaa
            vittu, haista paska, painu* helvettiin, painu* vittuun, mistä saitte numeroni, peru*
            tilau*, lopettamaan viest*, en ole tilannut viest*, en ole tilannut näit*, en ole
            tilannut mitään, ei enää, ei enempää viest*, loppu, haluan erota, irtisanon, ei ole
            numero*, irtisanon tilauksen, markkinointikielto, suoramarkkinointikielto,
            ei markkinoin*, ei suoramarkkinoin*, en halua markkinoin*, en halua suoramarkk*,
            kieltäydyn, kieltäydyn viest*, kieltäydyn markk*, lopetan tilau*, tilau* peruut*,
            peruutan luva*, perun luva*, peruutan suostum*, perun suostum*, eroan, pysäytä,
            älkää enää tekst*, älkää tekst*, älä tekst*, älkää enää lait*, peru* nämä, riittää jo,
            riittää nämä, riittää näitä, en ole antanut lupaa, en antanut lupaa, ei ole lupaa
        """,
        start="""
            aloita, haluan viestejä, tilaan viestit, aloittakaa, aloita viestit, haluan
            viestit, haluan viestit takaisin, haluan saada viestejä, haluan saada viestit, saa
            lähettää viestejä, saatte lähettää viestejä, voitte lähettää viestejä, jatka
            viestejä, jatkakaa viestejä, palauta viestit, tilaa viestit, liity
        """,
    ),
    "sv": Words.of(
        stop="""
            stopp, stoppa, avregistrera, avregistrera mig, avprenumerera, stoppa sms, stoppa
            utskick, ta bort mig, ta bort mig från listan, inga fler sms, inga fler meddelanden
        """,
        ask="""
            avsluta, avboka, sluta, nog, sluta skick*, sluta sms*, skicka inte, inga fler, inga
            sms, inga meddelanden, vill inte ha, vill ej ha, vill inte få, ta bort mig, ta bort
            mitt, fel nummer, fel person, avanmäl*, avanmäl* mig, avbeställ*, avsluta prenum*,
            vill avsluta, lämna mig ifred, håll käften, inte er kund, inte intresserad,
            ointresserad, dra åt helvete, sluta störa, vill inte ha sms*, vill inte ha fler, vill
            inte ha era, vill inte ha reklam*, vill inte ha meddel*, vill inte ha dessa, vill
            inte ha detta, vill ej ha sms*, vill ej ha fler, vill inte få sms*, vill inte få
            fler, vill inte få meddel*, skicka inte sms*, skicka inte fler, skicka inte mer, inga
            fler sms*, inga fler meddel*, önskar inte, önskar ej, ingen reklam, ej reklam, radera
            mig, avregistrering, kontakta inte, kontakta mig inte, avböjer, jag avböjer,
            stoppa all reklam, stoppa reklam*, sluta skriv*, vill inte ha dom, vill inte ha dem, avbryt,
            avbryt prenum*, avsäg*, säg upp, ej sms, ej fler, nej tack till sms, skicka inget, skicka inga
        """,
        start="""
            starta, börja, prenumerera, starta sms, jag vill ha sms, jag vill ha meddelanden, jag
            vill få sms, jag vill få meddelanden, börja skicka, anmäl mig
        """,
    ),
    "it": Words.of(
        stop="""
            basta, ferma, fermate, disiscrivi, disiscrivimi, disiscrivetemi, stop messaggi, basta
            messaggi, stop sms, basta sms, cancellami dalla lista, cancellatemi dalla lista
        """,
        ask="""
            cancella, cancellami, cancellatemi, annulla, rimuovimi, rimuovetemi, toglietemi, non
            voglio messagg*, non voglio sms, non voglio ricevere, non inviat*, non mandat*, non
            scriv*, non contatt*, non desidero, niente messagg*, niente sms, basta messagg*,
            cancell* numero, toglie* lista, numero sbagliato, persona sbagliata, disiscri*,
            vorrei disiscri*, voglio disiscri*, cancella* iscrizione, cancella* lista, rimuov*
            lista, smettete, smettetela, smettila, disattiva, lasciatemi in pace, lasciami in
            pace, lascia stare, vaffanculo, non mi interessa, basta scriver*, smett* mandar*,
            smett* scriver*, smett* inviar*, non desidero messagg*, non desidero ricevere, non
            desidero più, eliminami, eliminatemi, toglimi, non interessat*, non sono interessat*,
            non mandar*, non inviar*, disiscrizione sms, niente pubblicit*, ritiro consenso,
            revoco consenso, ferma* messagg*, mi cancelli, vorrei non ricevere
        """,
        start="""
            avvia, inizia, riprendi, iscrivimi, riprendi messaggi, voglio messaggi, voglio
            ricevere messaggi, voglio i messaggi, iscriviti
        """,
    ),
    "de": Words.of(
        stop="stopp, abmelden, abbestellen, keine nachrichten mehr, keine sms mehr",
        ask="""
            kündigen, aufhören, löschen, keine nachricht*, keine sms, keine weiteren, nicht mehr
            schreib*, nicht mehr anschreib*, nicht mehr kontaktier*, meine nummer lösch*, falsche
            nummer, austragen, keine werbung, lass* ruhe, hör* auf, lösch* nummer, mich von
            liste, kein interesse, nicht interessiert, von liste streich*, möchte abmelden sms,
            verpiss dich, stoppen, widerruf, ich widerrufe, melden mich ab,
            ich möchte mich abmelden
        """,
        start="starten, anmelden, ich möchte nachrichten, nachrichten bitte, ich will nachrichten",
    ),
    "fr": Words.of(
        stop="""
            arrêt, arrêtez, désabonner, désabonnez moi, désinscrire, plus de sms, plus de
            messages
        """,
        ask="""
            annuler, fin, ne plus recevoir, ne pas recevoir, ne plus envoy*, plus de messag*,
            plus de sms, supprim* numéro, mauvais numéro, faux numéro, désinscription,
            désabonnement, désabonn*, arrêter, veuillez arrêter, arrête* envoy*, arrêtez de,
            retire* liste, retirez moi, laisse* tranquille, pas intéressé*, plus de pub*, fous le
            camp, menvoy* plus, contactez plus, nenvoy* plus, arrêter sms, arrêter messag*, désabonne,
            me désabonne
        """,
        start="""
            démarrer, reprendre, abonner, je veux recevoir des messages, je veux des messages,
            sabonner
        """,
    ),
    "es": Words.of(
        stop="baja, darme de baja, dar de baja, parar, no más mensajes, no más sms",
        ask="""
            cancelar, alto, quitar, no quiero mensaj*, no quiero recib*, no quiero sms, no me
            envi*, no me mand*, no más mensaj*, no más sms, borr* número, número equivocado, no
            enviar más, no más, cancelar suscripción, dejen de envi*, dejen de mand*, dejad de
            mand*, dejad de envi*, deje* de escrib*, dej* en paz, quít* lista, elimín* lista,
            elimin* lista, no me interesa, no molest*, darse de baja, no me escrib*, no me llam*,
            desuscrib*, eliminar, dadme de baja
        """,
        start="reanudar, quiero recibir mensajes, quiero mensajes, quiero mensajes otra vez",
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
            stop=(ALWAYS, *ELSEWHERE, *(each for one in words for each in one.stop)),
            ask=(*_phrases(ASK_ALWAYS), *(each for one in words for each in one.ask)),
            start=tuple(each for one in words for each in one.start),
        )


@cache
def default_vocabulary() -> Vocabulary:
    return Vocabulary.of(DEFAULT_WORDS)
