"""What WhatsApp and SmartDialog would say of a template, said before it is submitted.

Each rule is a small function from a draft to findings. Errors stop a submission, warnings do not.
"""

from messaging.whatsapp.lint import advice, body, buttons, metadata, variables
from messaging.whatsapp.lint.draft import (
    CATEGORIES,
    Button,
    ButtonType,
    Draft,
    EditorField,
    ExistingTemplate,
    Finding,
    Level,
    Rule,
)

__all__ = [
    "CATEGORIES",
    "Button",
    "ButtonType",
    "Draft",
    "EditorField",
    "ExistingTemplate",
    "Finding",
    "Level",
    "lint",
]

RULES: list[Rule] = [*metadata.RULES, *body.RULES, *variables.RULES, *buttons.RULES, *advice.RULES]


def lint(draft: Draft) -> list[Finding]:
    """Errors first, each group in the order of the editor's fields."""
    findings = [finding for rule in RULES for finding in rule(draft)]
    return sorted(findings, key=lambda finding: not finding.is_error)
