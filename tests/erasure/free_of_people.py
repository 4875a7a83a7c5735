"""Columns of text that never say who a person is to whom messages are sent, with the reason why not.

A new column of text belongs here, or to the `covers` of the holder that erases it: see test_coverage.py.
Columns with choices, and those of Django's own tables but sessions, need no word.
"""

FREE_OF_PEOPLE = {
    "who works here, not whom they message": {
        "accounts.User": (
            "password username first_name last_name email name name_key subject object_id time_zone"
        ),
        "accounts.AuditEvent": "actor_name",
        "inbox.NotificationSettings": "address",
        "gateway.Connection": "subject state_reason wrong_setting wrong_setting_said",
    },
    "what the customer or SmartDialog calls its own things": {
        "accounts.Customer": "remote_id name services_refusal",
        "gateway.Service": "remote_id name regions",
        "gateway.WhatsappIdentity": "address",
        "gateway.HookSubscription": "action_id pipeline_id",
        "gateway.Quirks": "report_names report_words zone",
        "whatsapp.Template": "category language identity remote_id",
        "whatsapp.TemplateList": "categories",
        "whatsapp.RegisteredOptIn": "identity",
        "campaigns.Campaign": "sender zone more_groups minus_groups segments date_property",
        "campaigns.Recurrence": "zone date_property",
        "campaigns.SendingHours": "country zone days closed_dates",
        "campaigns.CampaignRules": "customer_data",
        "campaigns.AudienceCount": "left_out",
        "campaigns.ApprovedSender": "sender countries",
        "inbox.Thread": "our_address",
        "inbox.Message": "protocol our_address",
        "inbox.OptOutSettings": "words confirmation",
        "inbox.OfficeHours": "zone days closed_dates",
        "inbox.SavedInboxView": "query",
    },
    "keys, hashes, secrets and names of steps, which the program makes": {
        "sessions.Session": "session_key",
        "accounts.AuditEvent": "verb",
        "accounts.SignInCount": "key",
        "accounts.SecondFactor": "secret",
        "accounts.RecoveryCode": "digest",
        "gateway.Connection": "access_token refresh_token scopes",
        "gateway.Operation": "kind subject batch request_id reason",
        "gateway.Backlog": "kind batch",
        "gateway.ClockAgreed": "boot",
        "gateway.HookSubscription": "secret digest",
        "gateway.Call": "name",
        "gateway.LiveUpdate": "topic",
        "gateway.Heartbeat": "name",
        "gateway.InstallationFact": "name value",
        "contacts.BulkAction": "fingerprint ids",
        "contacts.Import": "stored_name digest refusal_code",
        "campaigns.PeopleList": "stored_name digest",
        "campaigns.Campaign": "pause_reason",
        "campaigns.Link": "token",
        "campaigns.ResendRequest": "whom",
        "contacts.StoredFile": "name",
        "contacts.FileShape": "signature",
        "inbox.Thread": "last_direction last_channel",
        "inbox.MailedNotice": "about",
    },
    "how a file is read, and counts": {
        "contacts.Import": ("encoding delimiter quotes hidden answered regions unclear_region counts undone"),
        "contacts.FileShape": "regions answers",
        "campaigns.PeopleList": "encoding delimiter quotes hidden answered regions unclear_region counts",
    },
    "words of SmartDialog about what is nobody’s: a sign-in, a hook, a template": {
        "gateway.Connection": "last_failure_text",
        "gateway.HookSubscription": "error_text",
        "whatsapp.Template": "error_text approval_reason",
    },
    "what is kept of an erasure itself: a hash, two digits, counts; number and subjects until it is done": {
        "contacts.Erasure": "digest ending held phone subjects opted_out",
    },
    "files as they came, of imports that are not finished: told of in the report, and gone when those end": {
        "contacts.StoredChunk": "data",
    },
    # A ToldHolder counts these in the report; a test here sees to it.
    "told of and not emptied, as others get or have it, too": {
        "campaigns.Campaign": (
            "content link_url fallbacks parameters attachment_url customer_data header_parameters "
            "button_data more_texts agreed_templates"
        ),
        "whatsapp.Template": (
            "display_name body variable_names samples buttons attachment_url header_text footer"
        ),
        "whatsapp.TemplateVersion": "fields",
        "campaigns.Snippet": "name text",
    },
}
TOLD = FREE_OF_PEOPLE["told of and not emptied, as others get or have it, too"]
