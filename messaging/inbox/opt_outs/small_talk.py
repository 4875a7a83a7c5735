"""Words around a request to stop, and words of everyday business that only look like one. `*`: any ending."""

GREETINGS = """
    hi, hello, hey, dear, re, fw, fwd, sv, vs, r, good morning, good evening, good afternoon, good day, hei,
    moi, moikka, terve, hyvää päivää, hyvää iltaa, hyvää huomenta, huomenta, päivää, iltaa, hej, hejsan, god
    dag, god morgon, god kväll, ciao, salve, buongiorno, buonasera, hallo, guten tag, guten morgen, guten
    abend, bonjour, bonsoir, salut, hola, buenos días, buenas tardes, buenas
"""
COURTESIES = """
    please, pls, plz, thanks, thank, you, thx, ty, a lot, very much, so much, asap, already, immediately,
    right now, now, kiitos, kiitti, kiitoksia, paljon, jo, nyt, heti, moi, ja hei, hei, vänligen, snälla,
    tack, tackar, så mycket, på förhand, nu, genast, grazie, mille, tante, per, favore, piacere,
    cortesemente, ora, subito, bitte, danke, vielen, dank, schön, sofort, merci, beaucoup, svp, sil vous
    plaît, sil te plaît, gracias, muchas, por, favor, ya, x, xx, d, xd, пожалуйста, спасибо, palun, aitäh,
    proszę, dziękuję, venligst, vennligst, tak, takk
"""
AGAIN = (
    "di nuovo, taas, jälleen, uudelleen, uudestaan, again, igen, wieder, nuovo, de nouveau, nuevo, nuevamente"
)

OF_MESSAGES = """
    sms*, messag*, text*, spam*, ads, adverts, advertis*, marketing, viesti*, vieste*, tekstiv*, tekstar*,
    maino*, markkinoin*, suoramarkkinoin*, spämm*, späm, meddeland*, utskick*, reklam*, messagg*,
    pubblicit*, promozioni, nachricht*, werbung, pub, publicité*, mensaj*, publicid*
"""
# Whoever says these speaks of what they have ordered, unless they speak of messages, too.
OF_BUSINESS = """
    booking*, appointment*, reservation*, invoice*, bill, waiting, waitlist, order, table, dinner, varau*,
    ajan, aika, aikaa, aikani, aikoja, jono*, lasku*, tilaukse*, ruokaa, pöyt*, pöyd*, bokning*, tid, tiden,
    väntelist*, faktura*, beställning*, bord, prenotazion*, appuntament*, fattura, ordine, tavolo, termin,
    termine, rechnung, kurs, tisch, rendez, rdv, réservation*, facture, commande, cita, reserva, factura,
    pedido, mesa, membership*, parcel, delivery, package, taxi, conto, dattesa, attesa
"""
IDIOMS = """
    stop by, stops by, stop in, stop at, stop on, stop over, stop sign, bus stop, tram stop, taxi stop,
    metro stop, train stop, pizza stop, coffee stop, pit stop, non stop, one stop, next stop, last stop,
    full stop, which stop, do i stop, stop light, stop and go, stop go, cant stop, cannot stop, can not
    stop, couldnt stop, could not stop, never stop, doesnt stop, does not stop, wont stop, uno stop, stop
    alle, kaupunkipyörä stop, stop klo, wrong number of, väärä numero ove*, numero sbagliato di, ei
    mainoksia tarra, a stop, what stop, at stop, stop number, stop near, stop for, stop worrying, dont stop
    me, stop merk*, not interested in
"""
# They ask to stop where they are the whole message; elsewhere people say them of anything.
ORDINARY = """
    basta, ferma, fermate, baja, parar, alto, fin, arrêt, arrêtez, arrêter, seis, kiellä, stoppa, stopp,
    abmelden, starten, no more, no más, inga fler, en tilaa, en ole tilannut, ei mainoksia, fel person,
    väärä henkilö, non desidero, vill inte ha, vill ej ha, vill inte få, älä laita, älkää laita, remove my,
    dont want this, dont want them, do not want these, ich möchte mich abmelden, ei enää,
    ei soovi, nie chcę, säg upp, en halua
"""
# A letter away from STOP, and words of their own.
NEAR_STOP = "top, step, steps, shop, slop, stor, stol, stod, stow, sto, stoop, strop, store, story, stood"
YES_OR_NO = "yes, ok, okay, ei, joo, kyllä, ja, nej, sì, nein, oui"
# One of these and one of those in a few words may ask to stop, whatever stands between.
ENDING = """
    poist*, ottakaa, ota, lopet*, loppu, peru*, irtisan*, eroa*, cancel*, end, quit, remove*, delete*,
    erase*, off, withdraw*, revoke*, radera*, ta bort, avsluta*, återkalla*, elimin*, cancell*, togli*,
    tolga*, revoc*, rimuov*, enlev*, supprim*, retir*, borr*, quit*, quít*, lösch*, streich*, widerruf*,
    austragen
"""
OF_CONSENT = """
    number, numero*, numéro, número, nummer, list, lista*, liste, listal*, postituslist*, database, data,
    yhteystie*, tietoni, tietojani, register, registret, rekisteri*, consent, suostumu*, samtycke*,
    consenso, einwilligung, consentement, consentimiento
"""
