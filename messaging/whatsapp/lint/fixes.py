"""One-click fixes: for some rules, what a person would do to the draft. Pure: a draft to a draft."""

import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from itertools import count

from messaging.whatsapp.authoring.variables import NAME, VARIABLE, occurrences
from messaging.whatsapp.lint.body import EMOJI, NEWLINES, SPACES, STRAY_BRACES, UNSEEN
from messaging.whatsapp.lint.buttons import NOT_IN_LABEL
from messaging.whatsapp.lint.draft import Button, LintedDraft, TemplateButtonType
from messaging.whatsapp.lint.languages import guess_language

GREETINGS = {
    "fi": "Hei", "sv": "Hej", "en": "Hello", "it": "Ciao", "de": "Hallo", "fr": "Bonjour", "es": "Hola",
    "nb": "Hei", "da": "Hej", "et": "Tere", "nl": "Hallo", "pl": "Witaj",
}  # fmt: skip
THANKS = {
    "fi": "Kiitos!", "sv": "Tack!", "en": "Thank you!", "it": "Grazie!", "de": "Danke!", "fr": "Merci !",
    "es": "¡Gracias!", "nb": "Takk!", "da": "Tak!", "et": "Aitäh!", "nl": "Bedankt!", "pl": "Dziękujemy!",
}  # fmt: skip
WAYS_OUT = {
    "fi": "Lopeta viestit: vastaa STOP",
    "sv": "Avsluta: svara STOP",
    "en": "To stop these messages, answer STOP",
    "it": "Per non ricevere altri messaggi rispondi STOP",
    "de": "Keine Nachrichten mehr: mit STOP antworten",
    "fr": "Pour ne plus recevoir de messages, répondez STOP",
    "es": "Para no recibir más mensajes, responda STOP",
    "nb": "Svar STOP for å slippe flere meldinger",
    "da": "Svar STOP for at afmelde beskeder",
    "et": "Sõnumitest loobumiseks vasta STOP",
    "nl": "Geen berichten meer? Antwoord STOP",
    "pl": "Aby zrezygnować, odpowiedz STOP",
}


@dataclass(frozen=True)
class Fix:
    """`label` is the words on the button that does it. `hidden`: rules that could not see what it mends."""

    label: str
    apply: Callable[[LintedDraft], LintedDraft]
    hidden: str = ""

    def reveals(self, code: str) -> bool:
        return bool(self.hidden) and code.startswith(self.hidden)


def _renumber(draft: LintedDraft) -> LintedDraft:
    """From 1, in the order in which they stand."""
    numbers = dict(zip(dict.fromkeys(occurrences(draft.body)), count(1), strict=False))
    return replace(
        draft,
        body=VARIABLE.sub(lambda found: f"{{{{{numbers[int(found[1])]}}}}}", draft.body),
        names={numbers[old]: name for old, name in draft.names.items() if old in numbers},
        samples={numbers[old]: sample for old, sample in draft.samples.items() if old in numbers},
    )


def _braces(draft: LintedDraft) -> LintedDraft:
    """Numbers keep their number, names get the next ones and stay; braces with nothing in them go."""
    free = count(max(map(int, _NUMBER.findall(draft.body)), default=0) + 1)
    names = {name: number for number, name in draft.names.items()}

    def mended(found: re.Match[str]) -> str:
        inside = found[0].strip("${} \n#.")
        if VARIABLE.fullmatch(found[0]) or not ("{{" in found[0] or "}}" in found[0] or inside.isdigit()):
            return found[0]
        if inside.isascii() and inside.isdigit() and 0 < int(inside) < 1000:
            return f"{{{{{int(inside)}}}}}"
        if not inside:
            return ""
        name = re.sub(r"\W+", "_", inside)
        number = names[name] if name in names else names.setdefault(name, next(free))
        return f"{{{{{number}}}}}"

    body = STRAY_BRACES.sub(mended, draft.body)
    called = {number: name for name, number in names.items() if NAME.fullmatch(f"{{{{{name}}}}}")}
    after = replace(draft, body=body, names=called)
    return _renumber(after) if draft.names else after


def _greet(draft: LintedDraft) -> LintedDraft:
    greeting = GREETINGS.get(_language(draft))
    return replace(draft, body=f"{greeting} {draft.body.lstrip()}") if greeting else draft


def _thank(draft: LintedDraft) -> LintedDraft:
    thanks, text = THANKS.get(_language(draft)), draft.body.rstrip()
    if not thanks:
        return draft
    stop = "" if text.endswith((".", "!", "?", "…")) else "."
    return replace(draft, body=f"{text}{stop} {thanks}")


def _way_out(draft: LintedDraft) -> LintedDraft:
    words = WAYS_OUT.get(_language(draft))
    return replace(draft, body=f"{draft.body.rstrip()}\n\n{words}") if words else draft


def _replace_in_body(pattern: re.Pattern[str], by: str) -> Callable[[LintedDraft], LintedDraft]:
    return lambda draft: replace(draft, body=pattern.sub(by, draft.body))


def _of_category(name: str) -> Callable[[LintedDraft], LintedDraft]:
    def apply(draft: LintedDraft) -> LintedDraft:
        spelled = next((each for each in draft.categories if each.casefold() == name.casefold()), None)
        return replace(draft, category=spelled) if spelled else draft

    return apply


def _speak(draft: LintedDraft) -> LintedDraft:
    return replace(draft, language=guess_language(VARIABLE.sub(" ", draft.body)) or draft.language)


def _plain_label(button: Button) -> Button:
    label = NOT_IN_LABEL.sub(" ", EMOJI.sub(" ", VARIABLE.sub(" ", button.label)))
    follows = button.type == TemplateButtonType.QUICK_REPLY and button.data == button.label
    label = " ".join(label.split())
    return replace(button, label=label, data=label if follows else button.data)


def _dialled(button: Button) -> Button:
    """International form of what is written with spaces or with 00; without its country nothing is known."""
    signs = re.sub(r"[\s().\-/\u2010-\u2015]", "", button.data)
    signs = f"+{signs[2:]}" if signs.startswith("00") else signs
    return replace(button, data=signs) if button.type == TemplateButtonType.CALL else button


def _secure(button: Button) -> Button:
    address = "".join(button.data.split())
    bare = re.sub(r"^[hH][tT][tT][pP][sS]?:/*", "", address)
    return (
        replace(button, data=f"https://{bare}") if button.type == TemplateButtonType.URL and bare else button
    )


def _each_button(mend: Callable[[Button], Button]) -> Callable[[LintedDraft], LintedDraft]:
    return lambda draft: replace(draft, buttons=[mend(button) for button in draft.buttons])


def _language(draft: LintedDraft) -> str:
    return draft.language or guess_language(VARIABLE.sub(" ", draft.body))


_NUMBER = re.compile(r"\{\s*([0-9]{1,3})\s*\}")
_END_WITH_WORDS = Fix("End with thanks", _thank)
_BEGIN_WITH_WORDS = Fix("Begin with a greeting", _greet)
_IN_ORDER = Fix("Number them in order", _renumber)
FIXES = {
    "variables.gap": _IN_ORDER,
    "variables.order": _IN_ORDER,
    "variables.leading": _BEGIN_WITH_WORDS,
    "variables.leading_signs": _BEGIN_WITH_WORDS,
    "variables.trailing": _END_WITH_WORDS,
    "variables.trailing_signs": _END_WITH_WORDS,
    "body.braces": Fix("Write them as {{1}}", _braces, hidden="variables."),
    "body.newlines": Fix("Collapse the empty lines", _replace_in_body(NEWLINES, "\n\n")),
    "body.spaces": Fix("Collapse the spaces", _replace_in_body(SPACES, " ")),
    "body.tabs": Fix("Replace the tabs", _replace_in_body(re.compile("\t+"), " ")),
    "body.unseen": Fix("Remove them", _replace_in_body(UNSEEN, "")),
    "advice.promotion": Fix("Move it to Marketing", _of_category("Marketing")),
    "authentication.text": Fix("Move it to Utility", _of_category("Utility")),
    "authentication.extras": Fix("Move it to Utility", _of_category("Utility")),
    "advice.opt_out": Fix("Add a way to stop", _way_out),
    "advice.language": Fix("Choose that language", _speak),
    "buttons.label_plain": Fix("Leave the words only", _each_button(_plain_label)),
    "buttons.number": Fix("Write it in international form", _each_button(_dialled)),
    "buttons.address": Fix("Write it with https://", _each_button(_secure)),
}
