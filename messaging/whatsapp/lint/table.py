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
class Reason:
    why: str
    source: str
    may_be_overruled: bool = False


REASONS = {
    "name.empty": Reason("A template is found again by its name.", SMARTDIALOG),
    "name.long": Reason("SmartDialog takes 100 characters.", SMARTDIALOG),
    "name.letters": Reason("WhatsApp’s own names have letters, digits and underscores only.", MANAGEMENT),
    "name.similar": Reason("Names that differ by signs become one and the same id.", MANAGEMENT),
    "identity.empty": Reason("A template belongs to one WhatsApp number.", SMARTDIALOG),
    "category.unknown": Reason("SmartDialog takes the categories that it lists.", SMARTDIALOG),
    "language.code": Reason("SmartDialog takes two letters.", SMARTDIALOG),
    "language.unknown": Reason(
        "WhatsApp has a list of languages; some have codes with a region only.", MANAGEMENT, True
    ),
    "attachment.address": Reason("The reviewers fetch it from there.", SMARTDIALOG),
    "attachment.ending": Reason("WhatsApp takes jpg, png, mp4, 3gp and pdf.", COMPONENTS),
    "attachment.kind": Reason(
        "A header is of one kind, and each message has to bring that kind.", COMPONENTS
    ),
    "body.empty": Reason("A template needs a text.", COMPONENTS),
    "body.long": Reason("WhatsApp takes 1,024 characters (2388040, 2388072).", COMPONENTS),
    "body.braces": Reason("Variables are numbers in double braces: {{1}} (2388072).", COMPONENTS),
    "body.newlines": Reason("More than two line ends in a row are refused.", REVIEW),
    "body.spaces": Reason("More than four spaces in a row are refused.", REVIEW),
    "body.unseen": Reason("Signs that nobody sees hide what a text says.", REVIEW),
    "body.filled_long": Reason("The limit holds for the text with its values (132005).", COMPONENTS),
    "body.emoji": Reason("More than ten emoji are refused.", REVIEW, True),
    "body.tabs": Reason("Tabs are refused.", REVIEW),
    "body.repeated": Reason("The same text as of another template is refused.", REVIEW, True),
    "variables.gap": Reason("Numbers go from 1 without a gap (2388072).", COMPONENTS),
    "variables.order": Reason("Numbers come in their order.", REVIEW),
    "variables.repeated": Reason("Each place has its own number in most accepted templates.", PROVIDERS),
    "variables.leading": Reason("A variable cannot come first (2388299).", COMPONENTS),
    "variables.leading_signs": Reason("Signs may not count as words (2388299).", PROVIDERS),
    "variables.trailing": Reason("A variable cannot come last (2388299).", COMPONENTS),
    "variables.trailing_signs": Reason("Signs may not count as words (2388299).", PROVIDERS),
    "variables.adjacent": Reason("Two variables without a word between them are refused.", REVIEW),
    "variables.adjacent_signs": Reason("Signs may not count as words.", PROVIDERS),
    "variables.only": Reason("A text of variables only says nothing to a reviewer.", REVIEW),
    "variables.line": Reason("A line of variables only says nothing to a reviewer.", PROVIDERS),
    "variables.ratio": Reason("Too many variables for the length are refused (2388293).", PROVIDERS),
    "buttons.mixed": Reason("SmartDialog takes one type of button in a template.", SMARTDIALOG),
    "buttons.type": Reason("There are quick replies, links and calls.", SMARTDIALOG),
    "buttons.count": Reason("Ten quick replies, two links or one call.", COMPONENTS),
    "buttons.collapsed": Reason("WhatsApp shows three buttons at most.", COMPONENTS),
    "buttons.label_empty": Reason("A button needs words.", COMPONENTS),
    "buttons.label_long": Reason("25 characters fit.", COMPONENTS),
    "buttons.label_plain": Reason("Variables, emoji, line ends and formatting are refused.", COMPONENTS),
    "buttons.label_repeated": Reason("Two buttons with one label are refused.", COMPONENTS),
    "buttons.reply_long": Reason("SmartDialog takes 20 characters.", SMARTDIALOG),
    "buttons.reply_empty": Reason("SmartDialog wants the reply’s text.", SMARTDIALOG),
    "buttons.address": Reason("A whole https address that can be opened.", COMPONENTS),
    "buttons.address_long": Reason("2,000 characters is the most.", COMPONENTS),
    "buttons.link_variable": Reason("One variable, at the end of the address.", COMPONENTS),
    "buttons.link_example": Reason("A link’s variable needs an example.", COMPONENTS, True),
    "buttons.variable": Reason("Only links have variables.", COMPONENTS),
    "buttons.number": Reason("A number in international form, 20 characters at most.", COMPONENTS),
    "advice.promotion": Reason("Utility is about an order or an account, without any offer.", CATEGORIES),
    "authentication.extras": Reason("Links, emoji and media are refused there.", CATEGORIES),
    "authentication.text": Reason("WhatsApp writes the texts of that category.", CATEGORIES),
    "advice.secrets": Reason("Asking for whole identifiers is refused.", POLICY),
    "advice.threat": Reason("ABUSIVE_CONTENT is a reason of refusal.", POLICY),
    "advice.goods": Reason("Some goods may not be traded.", POLICY),
    "advice.short_link": Reason("A short link hides where it leads.", REVIEW),
    "advice.language": Reason(
        "A text in another language than told is refused (TAG_CONTENT_MISMATCH).", REVIEW
    ),
    "advice.mixed": Reason("One template, one language.", REVIEW),
    "advice.formatting": Reason("A sign without its other half is shown as it stands.", PEOPLE),
    "advice.capitals": Reason("Capital letters look like spam.", REVIEW),
    "advice.opt_out": Reason("People who cannot stop messages block the number.", POLICY),
}
