"""What WhatsApp and SmartDialog would say of a template, said before it is submitted.

Each rule is a small function from a draft to findings; `table` says why it is there, `fixes`
mends what can be mended by itself. Errors stop a submission, warnings do not.
"""

from dataclasses import replace

from messaging.whatsapp.authoring import variables
from messaging.whatsapp.lint import advice, body, buttons, metadata, variable_rules
from messaging.whatsapp.lint.draft import (
    CATEGORIES,
    Button,
    EditorField,
    ExistingTemplate,
    Finding,
    Level,
    LintedDraft,
    LintRule,
    TemplateButtonType,
)
from messaging.whatsapp.lint.fixes import FIXES
from messaging.whatsapp.lint.rationales import RATIONALES

RULES: list[LintRule] = [*metadata.RULES, *body.RULES, *variable_rules.RULES, *buttons.RULES, *advice.RULES]
MAX_MENDED = 10_000  # characters: each offer is tried out, so a longer text gets none


def lint(draft: LintedDraft) -> list[Finding]:
    """Errors first, each group in the order of the editor's fields."""
    findings = [_in_own_words(finding, draft) for rule in RULES for finding in rule(draft)]
    return sorted(findings, key=lambda finding: not finding.is_error)


def fix(draft: LintedDraft, code: str) -> LintedDraft:
    """The draft with that rule's fix, or as it is where there is none that helps and does no harm."""
    if code not in FIXES or len(draft.body) > MAX_MENDED:
        return draft
    before, mended = lint(draft), FIXES[code].apply(draft)
    after = lint(mended)
    is_gone = code not in {finding.code for finding in after}
    new = {each for each in _errors(after) - _errors(before) if not FIXES[code].reveals(each)}
    return mended if is_gone and not new else draft


def mendable(draft: LintedDraft, findings: list[Finding]) -> set[str]:
    """The codes of findings that a fix would mend."""
    codes = {finding.code for finding in findings} & FIXES.keys()
    return {code for code in codes if fix(draft, code) != draft}


def _in_own_words(finding: Finding, draft: LintedDraft) -> Finding:
    """Variables are called as the writer calls them."""
    if finding.where is not EditorField.BODY or not draft.names:
        return finding
    return replace(finding, words=variables.named(finding.words, draft.names))


def _errors(findings: list[Finding]) -> set[str]:
    return {finding.code for finding in findings if finding.is_error}
