"""Rules about the text as a whole."""

import re
from collections.abc import Iterator

from accounts.wording.quantities import counted
from messaging.whatsapp.authoring.variables import VARIABLE, occurrences
from messaging.whatsapp.lint.draft import EditorField, Finding, LintedDraft, LintRule, error, warning

MAX_LENGTH = 1024  # characters
MAX_EMOJI = 10

MAX_SPACES = 4  # in a row
VALUE_LENGTH = 20  # characters that a value is reckoned with, before it is known

# Emoji by themselves; the signs of the second line are text unless U+FE0F follows, the third are keycaps.
_EMOJI_BASE = (
    "\U0001f004\U0001f0cf\U0001f18e\U0001f191-\U0001f19a\U0001f201-\U0001f251\U0001f300-\U0001f320"
    "\U0001f32d-\U0001f335\U0001f337-\U0001f37c\U0001f37e-\U0001f393\U0001f3a0-\U0001f3ca\U0001f3cf-\U0001f3d3"
    "\U0001f3e0-\U0001f3f0\U0001f3f4\U0001f3f8-\U0001f3fa\U0001f400-\U0001f43e\U0001f440\U0001f442-\U0001f4fc"
    "\U0001f4ff-\U0001f53d\U0001f54b-\U0001f567\U0001f57a\U0001f595\U0001f596\U0001f5a4\U0001f5fb-\U0001f64f"
    "\U0001f680-\U0001f6ff\U0001f7e0-\U0001f7eb\U0001f90c-\U0001faff"
    "\u231a\u231b\u23e9-\u23ec\u23f0\u23f3\u25fd\u25fe\u2614\u2615\u2648-\u2653\u267f\u2693\u26a1\u26aa"
    "\u26ab\u26bd\u26be\u26c4\u26c5\u26ce\u26d4\u26ea\u26f2\u26f3\u26f5\u26fa\u26fd\u2705\u270a\u270b\u2728"
    "\u274c\u274e\u2753-\u2755\u2757\u2795-\u2797\u27b0\u27bf\u2b1b\u2b1c\u2b50\u2b55"
)
_TEXT_BASE = (
    "\u00a9\u00ae\u203c\u2049\u2122\u2139\u2194-\u21aa\u2328-\u25fc\u2600-\u27bf\u2934-\u2b07"
    "\U0001f300-\U0001f6ff"
)
_ONE = f"(?:[{_EMOJI_BASE}][\ufe0f\U0001f3fb-\U0001f3ff]*|[{_TEXT_BASE}]\ufe0f)"
# One emoji as people count: a flag is two letters, and parts joined by U+200D are one.
EMOJI = re.compile(f"(?:[\U0001f1e6-\U0001f1ff]{{2}}|[0-9#*]\ufe0f?\u20e3|{_ONE}(?:\u200d{_ONE})*)")
STRAY_BRACES = re.compile(
    r"\$?\{{1,4}\s{0,9}[A-Za-z0-9_#.]{1,40}\s{0,9}\}{1,4}|\{\{[^{}]{0,40}\}?\}?|\{[^{}\n]{0,40}\}\}|\}\}|\{\{"
)
NEWLINES = re.compile(r"\n[^\S\n]*\n(?:[^\S\n]*\n)+")
SPACES = re.compile(f"[ \u00a0]{{{MAX_SPACES + 1},}}")
# What turns the writing direction round or is no sign at all; what Arabic and Hebrew need is left.
UNSEEN = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ufff9-\ufffb]")


def empty(draft: LintedDraft) -> Iterator[Finding]:
    if not draft.body.strip():
        yield error("body.empty", EditorField.BODY, "Write the message.")


def too_long(draft: LintedDraft) -> Iterator[Finding]:
    used = len(draft.body)
    if used > MAX_LENGTH:
        excess = counted(used - MAX_LENGTH, "character")
        words = f"Shorten the message by {excess}: {MAX_LENGTH:,} is the most."
        yield error("body.long", EditorField.BODY, words)


def stray_braces(draft: LintedDraft) -> Iterator[Finding]:
    for stray in STRAY_BRACES.finditer(draft.body):
        if not VARIABLE.fullmatch(stray[0]) and (
            "{{" in stray[0] or "}}" in stray[0] or any(map(str.isdigit, stray[0]))
        ):
            words = f"Write variables as {{{{1}}}}, {{{{2}}}} and so on: “{stray[0]}” is none."
            yield error("body.braces", EditorField.BODY, words, stray.span())
            return


def too_many_line_ends(draft: LintedDraft) -> Iterator[Finding]:
    if found := NEWLINES.search(draft.body):
        words = "Leave at most one empty line between paragraphs."
        yield error("body.newlines", EditorField.BODY, words, found.span())


def too_many_spaces(draft: LintedDraft) -> Iterator[Finding]:
    if found := SPACES.search(draft.body):
        words = f"Leave at most {MAX_SPACES} spaces in a row."
        yield error("body.spaces", EditorField.BODY, words, found.span())


def unseen(draft: LintedDraft) -> Iterator[Finding]:
    if found := UNSEEN.search(draft.body):
        words = f"Remove U+{ord(found[0]):04X}: nobody sees it, and it may turn the text round."
        yield error("body.unseen", EditorField.BODY, words, found.span())


def long_when_filled(draft: LintedDraft) -> Iterator[Finding]:
    gaps, used = occurrences(draft.body), len(draft.body)
    values = sum(len(draft.samples.get(number, "")) or VALUE_LENGTH for number in gaps)
    if gaps and used <= MAX_LENGTH < len(VARIABLE.sub("", draft.body)) + values:
        words = (
            f"With values of {VALUE_LENGTH} characters it is longer than {MAX_LENGTH:,}: then nobody gets it."
        )
        yield warning("body.filled_long", EditorField.BODY, words)


def too_many_emoji(draft: LintedDraft) -> Iterator[Finding]:
    count = len(EMOJI.findall(draft.body))
    if count > MAX_EMOJI:
        words = f"Use at most {MAX_EMOJI} emoji: there are {count}."
        yield error("body.emoji", EditorField.BODY, words)


def tabs(draft: LintedDraft) -> Iterator[Finding]:
    if "\t" in draft.body:
        at = draft.body.index("\t")
        words = "Replace tabs by spaces: WhatsApp takes none."
        yield error("body.tabs", EditorField.BODY, words, (at, at + 1))


def repeated_body(draft: LintedDraft) -> Iterator[Finding]:
    text = draft.body.strip()
    same = next((other for other in draft.others if text and other.body.strip() == text), None)
    if same:
        words = f"“{same.name}” says exactly the same. WhatsApp refuses a second one."
        yield error("body.repeated", EditorField.BODY, words)


RULES: list[LintRule] = [
    empty,
    too_long,
    stray_braces,
    too_many_line_ends,
    too_many_spaces,
    unseen,
    long_when_filled,
    too_many_emoji,
    tabs,
    repeated_body,
]
