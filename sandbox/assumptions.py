"""Assumptions about the platform, where its documents say nothing, as switches: a question and our answer."""

from dataclasses import dataclass
from typing import Any

from django.conf import settings


@dataclass(frozen=True)
class Switch:
    """`answers`: the default; of one that has choices, all of them, the default first."""

    name: str
    answers: Any
    about: str

    @property
    def choices(self) -> tuple[str, ...]:
        return self.answers if isinstance(self.answers, tuple) else ()

    @property
    def default(self) -> Any:
        return self.choices[0] if self.choices else self.answers

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


SWITCHES = (
    # Sending
    Switch("delivery_seconds", 1.0, "How long a message travels to a phone."),
    Switch(
        "duplicate_request_id",
        ("refuse", "empty_success"),
        "A RequestId met before: 400, or 200 with no recipients.",
    ),
    Switch("recipients_limit", 0, "Most recipients a call may have; 0 for no limit."),
    Switch(
        "bad_recipient",
        ("refuse", "skip"),
        "One invalid address: refuse the call, or leave that address out.",
    ),
    Switch(
        "answered_addresses",
        ("plus", "digits", "zeros", "spaces", "national"),
        "How an answer spells a number: +358…, 358…, 00358…, +358 40 … or 040…",
    ),
    Switch(
        "recipient_ids",
        ("own", "message"),
        "A recipient's Id in answers and reports: one of its own, or that of the message, which all share.",
    ),
    Switch("content_limit", 1000, "Longest Content taken; 0 for no limit."),
    Switch("sender_limit", 20, "Longest Sender taken; 0 for no limit."),
    Switch("send_lead_seconds", 0, "By how much a SendDateTime has to be ahead, or it is a 400."),
    Switch("refuse_past_send_time", True, "A SendDateTime in the past is a 400."),
    Switch(
        "unknown_placeholder",
        ("keep", "empty", "refuse"),
        "$(name) without a value: left as it is, left out, or a 400.",
    ),
    Switch(
        "reply_recipients",
        ("body", "parent"),
        "A reply goes to the body's Recipients, or to who wrote the parent.",
    ),
    Switch(
        "whatsapp_replies",
        ("SMS", "WhatsApp", "refuse"),
        "How a reply to a WhatsApp message goes out, or that it is a 400.",
    ),
    Switch(
        "sms_attachments",
        ("keep", "drop", "refuse"),
        "An AttachmentUri of what goes out as SMS: it goes along, is left out, or is a 400.",
    ),
    Switch(
        "sms_fallback",
        ("rendered", "never"),
        "UseSmsFallback: the filled template goes as SMS, or nothing does.",
    ),
    # Contacts
    Switch("duplicate_contact", ("refuse", "upsert"), "Creating a phone that is there: 400, or update it."),
    Switch(
        "unknown_contact", ("not_found", "false"), "Updating or deleting an unknown phone: 404, or 200 false."
    ),
    Switch(
        "unknown_contact_read",
        ("not_found", "empty"),
        "Reading an unknown phone: 404, or 200 with an empty object.",
    ),
    Switch(
        "invalid_contact_phone",
        ("refuse", "keep"),
        "A contact whose phone is no number: 400, or kept as written.",
    ),
    Switch("refuse_empty_texts", False, "An empty text in a contact is a 400."),
    Switch("read_says_active", False, "Reading a contact tells whether it gets messages."),
    Switch("replace_on_update", True, "A PUT clears fields it leaves out."),
    Switch(
        "done_answers",
        ("bare", "object"),
        'What an update or a deletion that was done answers: true, or {"success": true}.',
    ),
    # Templates
    Switch("template_review_seconds", 0.0, "Review templates after this; 0 waits for you."),
    Switch("template_review_verdict", ("approved", "rejected"), "What a review by itself decides."),
    Switch("list_all_templates", False, "List templates that are not approved too."),
    Switch(
        "meta_rules", False, "Refuse templates and sends that WhatsApp refuses, with its codes: 2388…, 132…"
    ),
    Switch("template_rejection_reason", "INVALID_FORMAT", "The reason of a review by itself that rejects."),
    Switch("template_ids", ("slug", "guid"), "A template's id: from its DisplayName, or made up."),
    Switch("template_categories", "Marketing,Utility,Authentication", "The categories, with commas between."),
    Switch("whatsapp_opt_ins", ("kept", "gone"), "The deprecated opt-in calls: kept, or a 404."),
    # Callbacks
    Switch("callback_tries", 3, "How often a report or notification is tried."),
    Switch(
        "callbacks_arrive",
        True,
        "Reports and notifications get to where they are sent; else a firewall takes them.",
    ),
    Switch(
        "report_on_the_way",
        False,
        "A message still travelling is reported as Buffered first; the two may come in any order.",
    ),
    Switch("report_copies", 1, "How many times each delivery report is sent."),
    Switch(
        "report_names",
        "recipientId messageId address status errorCode timestamp",
        "What a delivery report calls these six; - leaves one out.",
    ),
    Switch("report_words", "Delivered Failed", "A delivery report's words for delivered and failed."),
    Switch(
        "times_without_zone",
        "",
        "The zone in which reports and notifications give times, without naming it; empty: UTC, named.",
    ),
    Switch(
        "notification_names",
        ("declared", "pascal", "upper"),
        "How a notification spells its names: messageId, MessageId or MESSAGEID.",
    ),
    Switch(
        "notification_body",
        ("json", "form", "gzip", "deflate", "xml"),
        "A notification's body: JSON, a form, JSON packed by gzip or as a bare deflate stream, or XML.",
    ),
    Switch(
        "notification_ids",
        ("message", "other", "none", "discussion", "zeros"),
        "The messageId of a notification: what a reply names as its parent, another, none, the ThreadId, 0s.",
    ),
    Switch(
        "thread_ids",
        ("discussion", "replies", "everywhere"),
        "What names the ThreadId: answers to discussion replies, to all replies, or notifications as well.",
    ),
    Switch("trigger_location", True, "Send Location when a trigger is created."),
    # The API itself
    Switch(
        "id_form",
        ("guid", "odd", "number"),
        "Ids are GUIDs, text with signs that have to be escaped, or numbers.",
    ),
    Switch("calls_per_minute", settings.CALLS_PER_MINUTE, "Calls a sign-in may make in 60 s."),
    Switch(
        "limit_counts",
        ("sign_in", "customer", "client"),
        "Whose calls the limit counts together: a sign-in's, a customer's, or all of the application.",
    ),
    Switch("limit_says_when", True, "A call over the limit is told Retry-After."),
    Switch(
        "error_body",
        ("errorMessage", "problem", "html", "empty", "success"),
        "How a refusal is worded: JSON, problem details, a page, not at all, or JSON as a success.",
    ),
    Switch(
        "success_status",
        ("declared", "200", "202", "204"),
        "The status of a success, where the contract declares another; 204 has no body.",
    ),
    Switch("missing_scope", ("403", "401"), "The status without the scope."),
    Switch("other_customer", ("403", "404"), "The status for a customer that is not the caller's."),
    Switch("refuse_unknown_fields", True, "A field the contract does not name is a 400."),
    Switch("clock_offset_seconds", 0.0, "How far the platform's clock is moved ahead."),
    # Services
    Switch(
        "services_listed",
        ("all", "first", "none"),
        "Which services of a kind are there: the others are gone, and refused when they are named.",
    ),
    Switch(
        "services_in_two_kinds",
        False,
        "A service that sends or receives is listed as OneWay and as TwoWay, and serves as both.",
    ),
    # Signing in
    Switch("require_pkce", False, "A sign-in without code_challenge is refused."),
    Switch("access_token_seconds", 3600, "Life of an access token."),
    Switch("refresh_token_days", 14, "Life of a refresh token."),
    Switch(
        "refresh_rotation",
        ("new", "same", "absent"),
        "What a refresh returns: a new refresh token, the same one, or none.",
    ),
    Switch("reuse_revokes_family", False, "A refresh token used twice ends its sign-in."),
    Switch(
        "token_scope_reply",
        ("without_offline_access", "full", "empty", "missing"),
        "The scope a token reply names.",
    ),
    Switch("token_numbers_as_text", False, "Numbers in token replies are strings."),
    Switch("grants_offline_access", True, "Who asks for offline_access gets a refresh token."),
    Switch("client_secret_expired", False, "The client's secret is refused as wrong."),
    Switch(
        "access_token_form",
        ("jwt", "opaque"),
        "An access token is a JWT with claims, or says nothing to the client.",
    ),
    Switch(
        "token_sub",
        ("person", "literal", "missing"),
        "The claim sub: the person's own, “Not supported currently. Use oid claim.”, or none.",
    ),
    Switch("token_oid", True, "Tokens carry the claim oid."),
    Switch("nonce_needs_openid", False, "A nonce without the scope openid is refused."),
    Switch(
        "token_expires_in",
        "",
        'What a token reply says of its life, as JSON (null, -1, "3600.0"); empty for the truth.',
    ),
    Switch(
        "token_reply_shape", ("object", "list", "text"), "A token reply is a JSON object, or something else."
    ),
    Switch(
        "cancel_means",
        ("cancelled", "forgot_password"),
        "What the Cancel button stands for: leaving, or “Forgot your password?”.",
    ),
)
