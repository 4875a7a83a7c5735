"""Which columns of a file tell who gets messages: by the words of their headers, and by their cells.

A permission and a prohibition are told apart, and what is about SMS from what is about another channel.
What looks like consent and is not surely understood is asked about.
"""

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from enum import IntEnum

from contacts.fields import ACTIVE, CONSENT_TARGETS, PROHIBITION, PROPERTY_PREFIX, parser_of
from contacts.importing.files.reading import MOST_LOOKED_AT, Question
from contacts.text.consent_notes import forbids
from contacts.text.consent_words import normalize, says_state
from contacts.text.values import InvalidValue, clean_text

MAX_HEADER = 200  # characters that are looked at: what is longer names no column
SENTENCE = 3  # words
MOST = 0.9  # of the cells of a question: all, but for a slip
CHOICES = ["yes", "no", "ignore"]
_SEEN = "consent:"  # before the number of a column
_QUESTION = (
    "“{name}” may say who gets messages. Choose whether it is a permission, a prohibition, or neither."
)

# Of headers without case, accents and punctuation.
_PROHIBITION = re.compile(
    r"kielto|kielt[ay]|kiellet|kiellot|\bopt(ed)? ?outs?\b|unsub|\bclean(ed)? (time|date)\b|\bdo not\b|"
    r"\bdon ?t\b|\bdnc\b|\bno (sms|text|message|market|contact|mail)|"
    r"\bnot (sms|text|message|market|contact)|block|black ?list|suppress|sparr|avregistr|avanmal|avboj|"
    r"avsag|tackat nej|\bnix(ad|at)?\b|\bnon (contatt|invia|disturb|chiam|scriv|vuole|desidera|messagg|sms)|"
    r"\b(nessun\w?|niente|no) (pubblicit|sms|messagg|marketing|contatt|newsletter)|\bno molest|gesperrt|"
    r"\bkeine? (sms|werbung|newsletter|nachricht)|reservert|rifiut|diviet|"
    r"disiscri|cancellazion|opposizion|revoca|"
    r"\bei (saa|viest|markkin|sms|tekst|yhteyd|mainoks)|\ben halua\b|\b(far|vill|onskar) (ej|inte)\b|"
    r"\b(ej|inga|inte|ingen) (sms|med|utskick|reklam|marknad|kontakt)|reklamfri|estolista|"
    r"\besto(t|pvm|paiva\w*)?\b|\besta\b|\bestet(ty|yt)\b|"
    r"^stop\b|\brefus|\bdeclin|\bwithdr|\b(not|never|cannot|can ?t) (be )?contact|\buncontact|"
    r"\bnever (sms|text|call)|\bavsta(r|tt)\b|\b(nej tack|ei kiitos)\b|"
    r"\b(kontaktas?|skickas?|ring|messa|smsa|stor) (\w+ )?(ej|inte)\b|"
    r"\bala(ko|kaa)? (ota|lahet|kontakt|viest|markkin|sms|teksti|soi|mainost|hairit)|"
    r"\bei (tiedot|ilmoit|kontakt)|\bnon (va )?(mand|ricev|spedi|telefon)|"
    r"abgemeldet|abmeld|widersp|widerruf|\bnicht (kontakt|anschr|anruf)|desabonn|desinscri|\bne pas\b|"
    r"frameld|\bafmeld|\bikke (kontakt|send|sms)|\bno (envi|llam)|dado de baja|"
    r"\bdnd\b|deny ?list|\bstopped\b|\bobject(ion|s|ed)\b|(viesti|markkinointi|puhelin|mainos|otto) ?esto|"
    r"peruuttan|\btorju|\bhylan(nyt|neet)|pois listalta|robinson|lista nera|\bvietat|\boppost|reserverad|"
    r"\bcomplain|\b(ilman|ei) lupaa\b"
)
_PERMISSION = re.compile(
    r"lupa\b|luvat?\b|suostum|consen[ts]|permi(ssion|tted)|\bopt(ed)? ?ins?\b|\bsubscribe(d|r)\b|"
    r"samtyck|medgiv|godkan|tillst|autorizz|accetta\w* (sms|market|messag)|"
    r"accepts? (\w+ )?(marketing|sms|text|messages)|"
    r"\b(saa|voi)(ko|mme|mmeko)? (lahett|viest|markkin|sms|tekst|laittaa|kontakt|(\w+ )?(ottaa|olla) yht)|"
    r"\b(far|kan) (vi |man |ni )?(med|sms|skick|kontakt|marknad|utskick)|"
    r"\bprenumerer|iscritt[oa]|riceve (messaggi|sms)|\bgets? (messages|sms)|\bcontact ok\b|"
    r"\b(can|may|could) (we |i )?(be )?(sms|text|message|contact)|\bcontactable|sallii|sallittu|"
    r"\b(wants?|happy|likes?|agrees?) (to )?be (contacted|texted)|kontakt ok\b|"
    r"\bok (to|for) (sms|text|message|contact|market)|\bhaluat?(ko|n|a)? (viest|markkin|sms|teksti|mainoks)|"
    r"\b(vill ha|onskar) (sms|med|utskick|reklam)|\bvuole (ricevere )?(sms|messagg|comunic)|"
    r"\b(wants?|allows?|receives?) (to )?(receive )?(sms|texts?\b|messages|marketing)|"
    r"contattabil|\b(possiamo|puo|posso) (contatt|invi|mand|scriv)|\bessere contatt|"
    r"einwilligung|samtykke|nousolek|consentement|\bacepta (sms|mensaj|public)"
)
# Beside a permission: that there is none, or no more; unless it is also named as given.
_WITHDRAWN = re.compile(
    r"\bperu(ttu|utettu|t)|\bevatty|\bpoistettu|\bhylatty|\bpaattyn|\bvanhent|\bpuuttu|aterkall|\bnek(at|ad)|"
    r"avslag|saknas|utgang|\butan\b|\bnegat|ritirat|scadut|mancant|\bsenza\b|\bilman\b|revoked|denied|missing|"
    r"expired|lapsed|\bwithout\b"
)
_GIVEN = re.compile(r"annettu|\bgiven\b|granted|lamnat|concess")
# Of a permission turned round ("SMS consent (no)"), unless both answers are named ("yes/no").
_NEGATION = re.compile(r"\b(no|not|none|non|nessun\w?|ei|en|ej|inte|inga|nej|nein|kein\w?)\b")
_AFFIRMATION = re.compile(r"\b(yes|y|kylla|k|ja|j|si|s)\b")
_WHOLE = {"active", "is active", "aktiivinen", "aktiv", "attivo", "attiva", "gets messages"}
_STATUS = re.compile(r"\b(status|state|tila|stato|lage)\b|tilaus|subscription|prenumeration|iscrizione")
_HINT = re.compile(
    r"gdpr|privacy|tietosuoj|markkinoi|marketing|marknads|newsletter|uutiskir|nyhetsbrev|\bopt\b|\bsms\b|\btext"
    r"|\bviesti|viestej|tekstiviest|teksta|mainos|mainon|reklam|utskick|pubblicit|promozion|comunicazion|werbung|mailing|agreed?\b|terms|accett|accept"
    r"|haluat?|onskar|\bvuole|\bwants?\b|allow|sperr|acepta|\bbaja\b|\bpromo|\bad(vert\w*|s)?\b|reachab"
    r"|suostun|\bluvan\b|hyvaksy|postituslist|\binfo|kuulumis|hairi|suoramark|\bvoimassa\b|\baktiivi\b|\bskickas\b"
    r"|\bnews\b|nyhet|\bmkt|campaign|\bposted\b|in touch|\bok2"
    r"|messag|meddel|notis(er)?\b|avisering|notif|\bcommunic|contact(s|ed)?\b|kontakt(as|a)?\b|contatt|viestinta"
    r"|yhteyden|yhteytta|ilmoitu|tiedot(e|us|teet)\b|\boffers?\b|tarjouks|erbjudand|offert[ae]\b|nachricht|kampan"
)
# That somebody is no longer there, which a date tells, too.
_GONE = re.compile(
    r"\bbounced?\b|\binactive\b|\bexclu|\beronnut\b|\bpoistunut\b|\bevat(ty|yt)\b|\besclus|\binattiv"
    r"|\bpassiivi|\binaktiv|\bdeactivat|\buteslut|\bstudsa|\bbloccat|\bcancellat|\bbarred\b"
    r"|\bbanned\b|\binvalid|\bei aktiiv|\brejected|\bavsluta[dt]|peruttu|perunut|lopet(t|us)|poist(a|ettu)\b"
    r"|\bleft\b|\bquit\b|\brevoked\b|\barchived\b|\bspam\b|\bperuutus|\bero(paiva|pvm)|\buttrad"
    r"|\bceased\b|\bchurn|\blost\b|no longer|\bex (customer|member|client)|irtisan|paattymis|poistum|passivoi"
    r"|utskriv|utgatt|\bslutat|uppsag[dt]|tacka nej|\bnegat[oa]\b|recesso|disdetta|cessat|\buscit|disattiv"
    r"|removed?\b|deleted?\b|raderad|borttagen|rimoss|kuollut|deceased|avliden|decedut"
)
# The same, and permissions, in other languages: known well enough to ask.
_ELSEWHERE = re.compile(
    r"zustimm|erlaub|einverst|\bdarf\b|abbestell|erwunscht|\bnous\b|\bkeel(d|at|du)|loobu|luba\b|\bsoovi"
    r"|соглас|отпис|отказ|\bне (бесп|звон|пис|отпр|прис|контакт)|рассыл|подпис|разреш|запре|suscri|autori[sz]"
    r"|abonn[ei]|\brefus|\baccord\b|souhait|\boppos|demarch|keeld\b|\bwerbe|zgod|wypis|kontaktow|rezygn|zezwol|sprzeciw|\btoestemm"
    r"|uitgeschr|afgemeld|tilmeld|piekri[st]|sutikim|atsisak|souhlas|odhlas|hozzajar|leiratk"
)
# What decides by more words than Yes and No.
_CHOICE = re.compile(
    r"\blegal basis\b|marketing contact|\b(contact|channel|communication|marketing|messaging) "
    r"preferences?\b"
    r"|\bpreferred (contact|channel|communication)|yhteydenottotapa|kontaktsatt"
    r"|\bcomms? pref"
)
_WAY = re.compile(r"\bchannels?\b|\bkanava|\bkanal|\bcanale\b")
_WAYS = {"sms", "email", "e mail", "mail", "sahkoposti", "epost", "e post", "puhelin", "telefon", "whatsapp"}
_SMS = re.compile(r"\bsms\b|teksti|\btext\b|viest|meddel|messag|mobil|matkapuh|cellular")
_OTHER = re.compile(
    r"e ?mail|\bmail|s posti|sahkoposti|e post\b|epost|posta\b|newsletter|uutiskirj|nyhetsbrev|puhelu|"
    r"soitto|\bcall|samtal|chiam|\bfax|\bpost|cookie|evast|whats|profil|kolmans|third|tredje|terz[ei]|"
    r"privacy|trattament|tietosuoj|henkilotie|personuppg|data protection|\bterms|\behdo|villkor|"
    r"kuva|photo|foto|immagin"
)
# Of when and how a permission was given: no permission by itself.
_EVIDENCE = re.compile(
    r"\b(time|date|ip|at|source|method|text|pvm|paivays|aika|datum|tid|kalla|data|ora|fonte)\b"
)
# Mailchimp's, which tell of everybody on its list.
_NO_QUESTION = {"optin time", "optin ip", "confirm time", "confirm ip"}


class ConsentChannel(IntEnum):
    SMS = 0
    ANY = 1
    OTHER = 2


@dataclass(frozen=True)
class ConsentColumn:
    """`share`: of the filled cells that are looked at, how many are understood."""

    column: int
    target: str
    channel: ConsentChannel
    share: float

    @property
    def is_understood(self) -> bool:
        return self.share >= 0.5


def consent_targets(header: Sequence[str], samples: Sequence[Sequence[str]]) -> dict[int, str]:
    """The columns that are surely about messages. Of permissions one, that for SMS before others."""
    found = _columns(header, samples)
    permissions = [each for each in found if each.target == ACTIVE and each.channel != ConsentChannel.OTHER]
    prohibitions = [
        each for each in found if each.target == PROHIBITION and each.channel != ConsentChannel.OTHER
    ]
    clear = [each for each in prohibitions if each.is_understood] or prohibitions[:1]
    best = sorted(permissions, key=lambda each: (each.channel, not each.is_understood, each.column))[:1]
    if (
        best
        and best[0].channel != ConsentChannel.SMS
        and any(each.channel == ConsentChannel.SMS for each in clear)
    ):
        best = []
    return {each.column: each.target for each in (*best, *clear)}


def consent_questions(
    header: Sequence[str], samples: Sequence[Sequence[str]], mapping: Sequence[str]
) -> list[Question]:
    """Columns that look like consent, for a person to say: yes a permission, no a prohibition, or neither.

    Whose cells cannot be read; what else may tell who gets messages; and where a cell forbids them. Beside
    a column that tells it, only what may say No to what that allows.
    """
    told = [column for column, target in enumerate(mapping) if target in CONSENT_TARGETS]
    by_sms = any(_channel(_header_words(header[column])) == ConsentChannel.SMS for column in told)
    asked = []
    for column, name in enumerate(header):
        if column in told:
            is_asked = _is_unreadable(column, mapping, samples)
        elif told:
            is_asked = _may_say_no(name, column, samples) or (
                not by_sms and _names_ways(name, column, samples)
            )
        else:
            is_asked = _is_suspect(name, column, samples)
        if is_asked:
            asked.append(_question(header, column))
        elif _is_free(mapping[column]) and any(map(forbids, _cells(samples, column))):
            asked.append(Question(**_question(header, column), by_rows=True))
    return asked


def questions_anew(
    header: Sequence[str],
    samples: Sequence[Sequence[str]],
    mapping: Sequence[str],
    decided: Collection[int],
) -> list[Question]:
    """What tells consent by now, of a file that is mapped as one like it was, when it was not asked about."""
    told = set(consent_targets(header, samples))
    told |= {each["column"] for each in consent_questions(header, samples, mapping)}
    told -= {column for column in told if column in decided or mapping[column] in CONSENT_TARGETS}
    return [_question(header, column) for column in sorted(told)]


def seen(answered: Sequence[str], columns: Collection[int]) -> list[str]:
    """What is answered, with the columns that a person was asked about."""
    return sorted({*answered, *(f"{_SEEN}{column}" for column in columns)})


def asked_columns(questions: Sequence[Question]) -> list[int]:
    """Of which a person says once what all cells mean: not of notes, where one may say No."""
    return [each["column"] for each in questions if each["about"] == "consent" and "by_rows" not in each]


def unseen_columns(mapping: Sequence[str], answered: Sequence[str]) -> list[int]:
    """Of no field, and nobody was asked about them: further down than was looked, a No may stand in one."""
    return [
        column
        for column, target in enumerate(mapping)
        if _is_free(target) and f"{_SEEN}{column}" not in answered
    ]


def _question(header: Sequence[str], column: int) -> Question:
    words = _QUESTION.format(name=header[column])
    return Question(about="consent", words=words, choices=CHOICES, guess="", column=column)


def _is_unreadable(column: int, mapping: Sequence[str], samples: Sequence[Sequence[str]]) -> bool:
    return _share(samples, column, mapping[column]) < 0.5


def _may_say_no(name: str, column: int, samples: Sequence[Sequence[str]]) -> bool:
    """What is about SMS, or of who is gone. Prohibitions that can be read tell it themselves."""
    words = _header_words(name)
    channel = _channel(words)
    if channel == ConsentChannel.OTHER or not _is_suspect(name, column, samples):
        return False
    return channel == ConsentChannel.SMS or bool(_GONE.search(words) or _CHOICE.search(words))


def _names_ways(name: str, column: int, samples: Sequence[Sequence[str]]) -> bool:
    """What a permission that names none is for: "Channel: email"."""
    cells = map(normalize, _cells(samples, column))
    return bool(_WAY.search(_header_words(name))) and any(cell in _WAYS for cell in cells)


def _is_free(target: str) -> bool:
    """Of no field of a contact."""
    return not target or target.startswith(PROPERTY_PREFIX)


def _is_suspect(name: str, column: int, samples: Sequence[Sequence[str]]) -> bool:
    words = _header_words(name)
    if not words or words in _NO_QUESTION:
        return False
    if not _cells(samples, column):  # of a long file it may be filled further down
        return len(samples) >= MOST_LOOKED_AT and bool(_GONE.search(words))
    if _PROHIBITION.search(words) or _PERMISSION.search(words) or _CHOICE.search(words):
        return True
    answered = _share(samples, column, ACTIVE)
    if _GONE.search(words):
        return max(answered, _share(samples, column, PROHIBITION)) >= 0.5
    if _HINT.search(words) or _STATUS.search(words):
        return answered >= 0.5
    if _ELSEWHERE.search(words):
        return max(answered, _share(samples, column, PROHIBITION)) >= 0.5
    return _is_sentence(name) and answered >= MOST


def _is_sentence(name: str) -> bool:
    """A question of a form ("Would you like to hear from us?"): what it asks is not known by stems."""
    return "?" in name and len(_header_words(name).split()) >= SENTENCE


def _columns(header: Sequence[str], samples: Sequence[Sequence[str]]) -> list[ConsentColumn]:
    found = []
    for column, name in enumerate(header):
        if target := _target(_header_words(name), _cells(samples, column)):
            channel = _channel(_header_words(name))
            found.append(ConsentColumn(column, target, channel, _share(samples, column, target)))
    return found


def _target(words: str, cells: Sequence[str]) -> str:
    """Of a prohibition first, as "opt-out permission" is one, and so is "permission withdrawn"."""
    is_withdrawn = _PERMISSION.search(words) and _WITHDRAWN.search(words) and not _GIVEN.search(words)
    if _PROHIBITION.search(words) or is_withdrawn:
        return PROHIBITION
    if words in _WHOLE or (_PERMISSION.search(words) and not _is_evidence_or_turned(words)):
        return ACTIVE
    return ACTIVE if cells and all(map(says_state, cells)) else ""


def _is_evidence_or_turned(words: str) -> bool:
    is_turned = bool(_NEGATION.search(words) and not _AFFIRMATION.search(words))
    return is_turned or any(each.search(words) for each in (_EVIDENCE, _WITHDRAWN))


def _channel(words: str) -> ConsentChannel:
    if _SMS.search(words):
        return ConsentChannel.SMS
    return ConsentChannel.OTHER if _OTHER.search(words) else ConsentChannel.ANY


def _header_words(name: str) -> str:
    """ "AcceptsMarketing" is two words."""
    return normalize(re.sub(r"(?<=[a-zåäö])(?=[A-ZÅÄÖ])", " ", name[:MAX_HEADER]))


def _cells(samples: Sequence[Sequence[str]], column: int) -> list[str]:
    cells = (clean_text(row[column]) for row in samples if column < len(row))
    return [cell for cell in cells if cell]


def _share(samples: Sequence[Sequence[str]], column: int, target: str) -> float:
    """1 where no cell is filled."""
    cells = _cells(samples, column)
    understood = [cell for cell in cells if _is_understood(cell, target)]
    return len(understood) / len(cells) if cells else 1.0


def _is_understood(cell: str, target: str) -> bool:
    try:
        parser_of(target)(cell)
    except InvalidValue:
        return False
    return True
