"""Assumptions about the platform, where its documents say nothing, as switches: a question and our answer."""

from dataclasses import dataclass
from typing import Any

from django.conf import settings


@dataclass(frozen=True, kw_only=True)
class Switch:
    name: str
    default: Any
    about: str
    choices: tuple[str, ...] = ()

    @property
    def is_text(self) -> bool:
        return isinstance(self.default, str) and not self.choices

    def read(self, value: object) -> Any:
        """Turn a form's text or a JSON value into this switch's kind; ValueError when it cannot be."""
        if isinstance(self.default, bool):
            if str(value).lower() not in ("true", "false", "on", ""):
                raise ValueError(f"{self.name} is true or false, not {value!r}")
            return str(value).lower() in ("true", "on")
        if self.choices and value not in self.choices:
            raise ValueError(f"{self.name} is one of {', '.join(self.choices)}, not {value!r}")
        return type(self.default)(str(value))


SENDING = (
    Switch(name="delivery_seconds", default=1.0, about="How long a message travels to a phone."),
    Switch(
        name="duplicate_request_id",
        default="refuse",
        choices=("refuse", "empty_success"),
        about="A RequestId met before: 400, or 200 with no recipients.",
    ),
    Switch(name="recipients_limit", default=0, about="Most recipients a call may have; 0 for no limit."),
    Switch(
        name="bad_recipient",
        default="refuse",
        choices=("refuse", "skip"),
        about="One invalid address: refuse the call, or leave that address out.",
    ),
    Switch(
        name="answered_addresses",
        default="plus",
        choices=("plus", "digits", "zeros", "spaces", "national"),
        about="How an answer spells a number: +358…, 358…, 00358…, +358 40 … or 040…",
    ),
    Switch(name="content_limit", default=1000, about="Longest Content taken; 0 for no limit."),
    Switch(name="sender_limit", default=20, about="Longest Sender taken; 0 for no limit."),
    Switch(
        name="send_lead_seconds",
        default=0,
        about="By how much a SendDateTime has to be ahead, or it is a 400.",
    ),
    Switch(name="refuse_past_send_time", default=True, about="A SendDateTime in the past is a 400."),
    Switch(
        name="unknown_placeholder",
        default="keep",
        choices=("keep", "empty", "refuse"),
        about="$(name) without a value: left as it is, left out, or a 400.",
    ),
    Switch(
        name="reply_recipients",
        default="body",
        choices=("body", "parent"),
        about="A reply goes to the body's Recipients, or to who wrote the parent.",
    ),
    Switch(
        name="whatsapp_replies",
        default="SMS",
        choices=("SMS", "WhatsApp", "refuse"),
        about="How a reply to a WhatsApp message goes out, or that it is a 400.",
    ),
    Switch(
        name="sms_fallback",
        default="rendered",
        choices=("rendered", "never"),
        about="UseSmsFallback: the filled template goes as SMS, or nothing does.",
    ),
)
CONTACTS = (
    Switch(
        name="duplicate_contact",
        default="refuse",
        choices=("refuse", "upsert"),
        about="Creating a phone that is there: 400, or update it.",
    ),
    Switch(
        name="unknown_contact",
        default="not_found",
        choices=("not_found", "false"),
        about="Updating or deleting an unknown phone: 404, or 200 false.",
    ),
    Switch(
        name="unknown_contact_read",
        default="not_found",
        choices=("not_found", "empty"),
        about="Reading an unknown phone: 404, or 200 with an empty object.",
    ),
    Switch(
        name="invalid_contact_phone",
        default="refuse",
        choices=("refuse", "keep"),
        about="A contact whose phone is no number: 400, or kept as written.",
    ),
    Switch(name="refuse_empty_texts", default=False, about="An empty text in a contact is a 400."),
    Switch(name="read_says_active", default=False, about="Reading a contact tells whether it gets messages."),
    Switch(name="replace_on_update", default=True, about="A PUT clears fields it leaves out."),
)
TEMPLATES = (
    Switch(
        name="template_review_seconds", default=0.0, about="Review templates after this; 0 waits for you."
    ),
    Switch(
        name="template_review_verdict",
        default="approved",
        choices=("approved", "rejected"),
        about="What a review by itself decides.",
    ),
    Switch(name="list_all_templates", default=False, about="List templates that are not approved too."),
    Switch(
        name="meta_rules",
        default=False,
        about="Refuse templates and sends that WhatsApp refuses, with its codes: 2388…, 132…",
    ),
    Switch(
        name="template_rejection_reason",
        default="INVALID_FORMAT",
        about="The reason of a review by itself that rejects.",
    ),
    Switch(
        name="template_ids",
        default="slug",
        choices=("slug", "guid"),
        about="A template's id: from its DisplayName, or made up.",
    ),
    Switch(
        name="template_categories",
        default="Marketing,Utility,Authentication",
        about="The categories, with commas between.",
    ),
)
CALLBACKS = (
    Switch(name="callback_tries", default=3, about="How often a report or notification is tried."),
    Switch(
        name="callbacks_arrive",
        default=True,
        about="Reports and notifications get to where they are sent; else a firewall takes them.",
    ),
    Switch(
        name="report_on_the_way",
        default=False,
        about="A message still travelling is reported as Buffered first; the two may come in any order.",
    ),
    Switch(name="report_copies", default=1, about="How many times each delivery report is sent."),
    Switch(
        name="report_names",
        default="recipientId messageId address status errorCode timestamp",
        about="What a delivery report calls these six; - leaves one out.",
    ),
    Switch(
        name="report_words",
        default="Delivered Failed",
        about="A delivery report's words for delivered and failed.",
    ),
    Switch(
        name="times_without_zone",
        default="",
        about="The zone in which reports and notifications give times, without naming it; empty: UTC, named.",
    ),
    Switch(
        name="notification_ids",
        default="message",
        choices=("message", "other", "none"),
        about="The messageId of a notification: what a reply names as its parent, another, or none.",
    ),
    Switch(name="trigger_location", default=True, about="Send Location when a trigger is created."),
)
API = (
    Switch(
        name="id_form",
        default="guid",
        choices=("guid", "odd"),
        about="Ids are GUIDs, or text with signs that have to be escaped.",
    ),
    Switch(
        name="calls_per_minute", default=settings.CALLS_PER_MINUTE, about="Calls a sign-in may make in 60 s."
    ),
    Switch(
        name="limit_counts",
        default="sign_in",
        choices=("sign_in", "customer", "client"),
        about="Whose calls the limit counts together: a sign-in's, a customer's, or all of the application.",
    ),
    Switch(name="limit_says_when", default=True, about="A call over the limit is told Retry-After."),
    Switch(
        name="error_body",
        default="errorMessage",
        choices=("errorMessage", "problem", "html", "empty"),
        about="How a refusal is worded: JSON, problem details, a page, not at all.",
    ),
    Switch(
        name="success_status",
        default="declared",
        choices=("declared", "200", "202", "204"),
        about="The status of a success, where the contract declares another; 204 has no body.",
    ),
    Switch(
        name="missing_scope", default="403", choices=("403", "401"), about="The status without the scope."
    ),
    Switch(
        name="other_customer",
        default="403",
        choices=("403", "404"),
        about="The status for a customer that is not the caller's.",
    ),
    Switch(name="refuse_unknown_fields", default=True, about="A field the contract does not name is a 400."),
    Switch(name="clock_offset_seconds", default=0.0, about="How far the platform's clock is moved ahead."),
)
SERVICES = (
    Switch(
        name="services_listed",
        default="all",
        choices=("all", "first", "none"),
        about="Which services of a kind are there: the others are gone, and refused when they are named.",
    ),
    Switch(
        name="services_in_two_kinds",
        default=False,
        about="A service that sends or receives is listed as OneWay and as TwoWay, and serves as both.",
    ),
)
SIGN_IN = (
    Switch(name="require_pkce", default=False, about="A sign-in without code_challenge is refused."),
    Switch(name="access_token_seconds", default=3600, about="Life of an access token."),
    Switch(name="refresh_token_days", default=14, about="Life of a refresh token."),
    Switch(
        name="refresh_rotation",
        default="new",
        choices=("new", "same", "absent"),
        about="What a refresh returns: a new refresh token, the same one, or none.",
    ),
    Switch(name="reuse_revokes_family", default=False, about="A refresh token used twice ends its sign-in."),
    Switch(
        name="token_scope_reply",
        default="without_offline_access",
        choices=("without_offline_access", "full", "empty", "missing"),
        about="The scope a token reply names.",
    ),
    Switch(name="token_numbers_as_text", default=False, about="Numbers in token replies are strings."),
    Switch(
        name="grants_offline_access", default=True, about="Who asks for offline_access gets a refresh token."
    ),
    Switch(name="client_secret_expired", default=False, about="The client's secret is refused as wrong."),
    Switch(
        name="access_token_form",
        default="jwt",
        choices=("jwt", "opaque"),
        about="An access token is a JWT with claims, or says nothing to the client.",
    ),
    Switch(
        name="token_sub",
        default="person",
        choices=("person", "literal", "missing"),
        about="The claim sub: the person's own, “Not supported currently. Use oid claim.”, or none.",
    ),
    Switch(name="token_oid", default=True, about="Tokens carry the claim oid."),
    Switch(name="nonce_needs_openid", default=False, about="A nonce without the scope openid is refused."),
    Switch(
        name="token_expires_in",
        default="",
        about='What a token reply says of its life, as JSON (null, -1, "3600.0"); empty for the truth.',
    ),
    Switch(
        name="token_reply_shape",
        default="object",
        choices=("object", "list", "text"),
        about="A token reply is a JSON object, or something else.",
    ),
    Switch(
        name="cancel_means",
        default="cancelled",
        choices=("cancelled", "forgot_password"),
        about="What the Cancel button stands for: leaving, or “Forgot your password?”.",
    ),
)
