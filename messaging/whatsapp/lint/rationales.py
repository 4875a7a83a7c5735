"""Every rule in one table: why it is there, who says so, and whether it may be overruled.

`why` is for the person who asks. A rule that is only a habit of a provider, or that nobody has proved, may be
overruled by a person, whose name is kept.
"""

from dataclasses import dataclass

COMPONENTS = "Meta: template components"
REVIEW = "Meta: template review"
MANAGEMENT = "Meta: template management"
CATEGORIES = "Meta: template categories"
POLICY = "WhatsApp Business Messaging Policy and Commerce Policy"
SMARTDIALOG = "SmartDialog: Create WhatsApp template"
PROVIDERS = "what other providers publish"
PEOPLE = "what people like"


@dataclass(frozen=True)
class Rationale:
    why: str
    source: str
    may_be_overruled: bool = False


RATIONALES = {
    "name.empty": Rationale("A template is found again by its name.", SMARTDIALOG),
    "name.long": Rationale("SmartDialog takes 100 characters.", SMARTDIALOG),
    "name.letters": Rationale("WhatsApp’s own names have letters, digits and underscores only.", MANAGEMENT),
    "name.similar": Rationale("Names that differ by signs become one and the same id.", MANAGEMENT),
    "identity.empty": Rationale("A template belongs to one WhatsApp number.", SMARTDIALOG),
    "category.unknown": Rationale("SmartDialog takes the categories that it lists.", SMARTDIALOG),
    "language.code": Rationale("SmartDialog takes two letters.", SMARTDIALOG),
    "language.unknown": Rationale(
        "WhatsApp has a list of languages; some have codes with a region only.", MANAGEMENT, True
    ),
    "attachment.address": Rationale("The reviewers fetch it from there.", SMARTDIALOG),
    "attachment.ending": Rationale("WhatsApp takes jpg, png, mp4, 3gp and pdf.", COMPONENTS),
    "attachment.kind": Rationale(
        "A header is of one kind, and each message has to bring that kind.", COMPONENTS
    ),
    "body.empty": Rationale("A template needs a text.", COMPONENTS),
    "body.long": Rationale("WhatsApp takes 1,024 characters (2388040, 2388072).", COMPONENTS),
    "body.braces": Rationale("Variables are numbers in double braces: {{1}} (2388072).", COMPONENTS),
    "body.newlines": Rationale("More than two line ends in a row are refused.", REVIEW),
    "body.spaces": Rationale("More than four spaces in a row are refused.", REVIEW),
    "body.unseen": Rationale("Signs that nobody sees hide what a text says.", REVIEW),
    "body.filled_long": Rationale("The limit holds for the text with its values (132005).", COMPONENTS),
    "body.emoji": Rationale("More than ten emoji are refused.", REVIEW, True),
    "body.tabs": Rationale("Tabs are refused.", REVIEW),
    "body.repeated": Rationale("The same text as of another template is refused.", REVIEW, True),
    "variables.gap": Rationale("Numbers go from 1 without a gap (2388072).", COMPONENTS),
    "variables.order": Rationale("Numbers come in their order.", REVIEW),
    "variables.repeated": Rationale("Each place has its own number in most accepted templates.", PROVIDERS),
    "variables.leading": Rationale("A variable cannot come first (2388299).", COMPONENTS),
    "variables.leading_signs": Rationale("Signs may not count as words (2388299).", PROVIDERS),
    "variables.trailing": Rationale("A variable cannot come last (2388299).", COMPONENTS),
    "variables.trailing_signs": Rationale("Signs may not count as words (2388299).", PROVIDERS),
    "variables.adjacent": Rationale("Two variables without a word between them are refused.", REVIEW),
    "variables.adjacent_signs": Rationale("Signs may not count as words.", PROVIDERS),
    "variables.only": Rationale("A text of variables only says nothing to a reviewer.", REVIEW),
    "variables.line": Rationale("A line of variables only says nothing to a reviewer.", PROVIDERS),
    "variables.ratio": Rationale("Too many variables for the length are refused (2388293).", PROVIDERS),
    "buttons.mixed": Rationale("SmartDialog takes one type of button in a template.", SMARTDIALOG),
    "buttons.type": Rationale("There are quick replies, links and calls.", SMARTDIALOG),
    "buttons.count": Rationale("Ten quick replies, two links or one call.", COMPONENTS),
    "buttons.collapsed": Rationale("WhatsApp shows three buttons at most.", COMPONENTS),
    "buttons.label_empty": Rationale("A button needs words.", COMPONENTS),
    "buttons.label_long": Rationale("25 characters fit.", COMPONENTS),
    "buttons.label_plain": Rationale("Variables, emoji, line ends and formatting are refused.", COMPONENTS),
    "buttons.label_repeated": Rationale("Two buttons with one label are refused.", COMPONENTS),
    "buttons.reply_long": Rationale("SmartDialog takes 20 characters.", SMARTDIALOG),
    "buttons.reply_empty": Rationale("SmartDialog wants the reply’s text.", SMARTDIALOG),
    "buttons.address": Rationale("A whole https address that can be opened.", COMPONENTS),
    "buttons.address_long": Rationale("2,000 characters is the most.", COMPONENTS),
    "buttons.link_variable": Rationale("One variable, at the end of the address.", COMPONENTS),
    "buttons.link_example": Rationale("A link’s variable needs an example.", COMPONENTS, True),
    "buttons.variable": Rationale("Only links have variables.", COMPONENTS),
    "buttons.number": Rationale("A number in international form, 20 characters at most.", COMPONENTS),
    "advice.promotion": Rationale("Utility is about an order or an account, without any offer.", CATEGORIES),
    "authentication.extras": Rationale("Links, emoji and media are refused there.", CATEGORIES),
    "authentication.text": Rationale("WhatsApp writes the texts of that category.", CATEGORIES),
    "advice.secrets": Rationale("Asking for whole identifiers is refused.", POLICY),
    "advice.threat": Rationale("ABUSIVE_CONTENT is a reason of refusal.", POLICY),
    "advice.goods": Rationale("Some goods may not be traded.", POLICY),
    "advice.short_link": Rationale("A short link hides where it leads.", REVIEW),
    "advice.language": Rationale(
        "A text in another language than told is refused (TAG_CONTENT_MISMATCH).", REVIEW
    ),
    "advice.mixed": Rationale("One template, one language.", REVIEW),
    "advice.formatting": Rationale("A sign without its other half is shown as it stands.", PEOPLE),
    "advice.capitals": Rationale("Capital letters look like spam.", REVIEW),
    "advice.opt_out": Rationale("People who cannot stop messages block the number.", POLICY),
}
