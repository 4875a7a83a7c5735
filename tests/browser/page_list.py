"""Every page of the dashboard, furnished; a page that is missing here fails the suite."""

from tests.faults.stack import Stack, wait_until

KAHVILA = "aaaaaaaa-0000-4000-8000-000000000001"
TRATTORIA = "aaaaaaaa-0000-4000-8000-000000000002"

WITHOUT_ROWS = {
    "overview": "/",
    "contacts:segments": "/contacts/segments/",
    "contacts:segment_new": "/contacts/segments/new/",
    "accounts:connect": "/connection/",
    "accounts:preferences": "/preferences/",
    "accounts:security": "/preferences/security/",
    "accounts:password": "/preferences/password/",
    "accounts:second_factor": "/preferences/second-factor/",
    "accounts:second_factor_removal": "/preferences/second-factor/removal/",
    "accounts:recovery_codes": "/preferences/recovery-codes/",
    "accounts:waiting": "/waiting/",
    "settings:people": "/settings/",
    "settings:audit": "/settings/audit/",
    "settings:styleguide": "/settings/styleguide/",
    "gateway:usage": "/settings/usage/",
    "gateway:operations": "/settings/operations/",
    "gateway:services": "/settings/services/",
    "gateway:system": "/settings/system/",
    "gateway:quirks": "/settings/smartdialog/",
    "sending_hours:list": "/settings/campaigns/hours/",
    "sending_hours:edit": "/settings/campaigns/hours/edit/",
    "campaign_rules:rules": "/settings/campaigns/",
    "opt_out_words:words": "/settings/opt-out-words/",
    "inbox:first_message": "/inbox/new/",
    "inbox:reply_settings": "/inbox/settings/",
    "result_settings:results": "/settings/campaigns/results/",
    "inbox:opt_out_requests": "/inbox/opt-out-requests/",
    "opt_outs:list": "/settings/opt-outs/",
    "opt_outs:new": "/settings/opt-outs/new/",
    "opt_outs:import": "/settings/opt-outs/import/",
}
SIGNED_OUT = {"accounts:sign_in": "/sign-in/", "gateway:callback": "/oauth/callback/"}
# Answers to programs, pieces of pages, and what one can only post to.
NOT_PAGES = {
    "accounts:sign_out",
    "accounts:switch_customer",
    "accounts:typed",
    "accounts:code",
    "accounts:sessions",
    "accounts:security_txt",
    "settings:approval",
    "settings:role",
    "settings:sign_outs",
    "settings:second_factor_reset",
    "settings:work",
    "gateway:sign_in",
    "gateway:inbound",
    "gateway:delivery",
    "gateway:healthz",
    "gateway:live",
    "contacts:count",
    "contacts:standing",
    "contacts:segment_people",
    "gateway:meter",
    "gateway:pausing",
    "gateway:retry_failed",
    "gateway:moving",
    "gateway:retry",
    "gateway:report_names",
    "gateway:report_words",
    "gateway:read_services",
    "gateway:subscribing",
    "gateway:renewing",
    "contacts:columns",
    "contacts:filters",
    "contacts:filter_removal",
    "contacts:pushes",
    "contacts:adoption",
    "contacts:decision",
    "contacts:lookups",
    "contacts:lookup_adoption",
    "contacts:bulk",
    "contacts:undoing",
    "contacts:holding",
    "contacts:pausing_bulk",
    "contacts:opting_out",
    "contacts:letting_back",
    "opt_outs:count",
    "opt_outs:export",
    "opt_outs:removal",
    "opt_outs:renewal",
    "erasure:copies",
    "erasure:lifting",
    "contacts:import_reading",
    "contacts:import_check",
    "contacts:import_saving",
    "contacts:import_mending",
    "contacts:import_unclear",
    "contacts:import_pausing",
    "contacts:import_rejects",
    "links:link",
    "campaigns:report",
    "campaigns:export",
    "campaigns:pausing",
    "campaigns:left_out_export",
    "sending_hours:removal",
    "campaigns:autosave",
    "campaigns:snippet_removal",
    "campaigns:second_thoughts",
    "campaign_rules:senders",
    "campaign_rules:sender_removal",
    "campaigns:retries",
    "inbox:subscriptions",
    "inbox:replies",
    "inbox:read_marker",
    "inbox:state",
    "inbox:tries",
    "inbox:draft",
    "inbox:takeover",
    "inbox:attachment",
    "inbox:cancellation",
    "inbox:dismissal",
    "inbox:opting_out",
    "inbox:letting_back",
    "inbox:opt_out_decision",
    "whatsapp:lookups",
    "whatsapp:lookup",
    "whatsapp:submissions",
    "whatsapp:withdrawal",
    "whatsapp:confirmation",
}


def create_sample_pages(stack: Stack, customer: str, words: list[str], text: str) -> dict[str, str]:
    """Pages by name, for somebody of that customer; mikko has signed in before."""
    wait_until(lambda: _is_known(stack, customer), "the customer's services to be read", pause=1)
    call = f"create_sample_data({customer!r}, {words!r}, {text!r})"
    made = stack.ask(f"from tests.browser.sample_data import create_sample_data\nanswer = {call}")
    return WITHOUT_ROWS | made


def _is_known(stack: Stack, customer: str) -> bool:
    return stack.ask(
        "from gateway.models import Service\n"
        f"answer = Service.objects.filter(customer__remote_id={customer!r}).count() >= 4"
    )
