"""Which template draws each page. An address that renders one and is not named here fails the suite."""

from tests.access.sample_rows import PK

# By name: of the page, and of the fragment that htmx gets where that is another.
TEMPLATES_OF_PAGES = {
    "overview": ("overview/overview.html", "overview/_overview.html"),
    # People
    "accounts:sign_in": ("accounts/sign_in.html",),
    "accounts:waiting": ("accounts/awaiting_approval.html",),
    "accounts:typed": ("accounts/unsent_form.html",),
    "accounts:connect": ("accounts/connect.html",),
    "accounts:preferences": ("accounts/preferences.html",),
    "settings:people": ("settings/people.html",),
    "settings:audit": ("settings/audit.html",),
    "settings:styleguide": ("styleguide.html",),
    # SmartDialog
    "gateway:callback": ("accounts/sign_in_problem.html",),
    "gateway:meter": ("includes/_meter_refresh.html",),
    "gateway:usage": ("settings/usage.html",),
    "gateway:operations": ("settings/operations.html",),
    "gateway:services": ("settings/services.html",),
    "gateway:system": ("settings/system.html",),
    # Contacts
    "contacts:groups": ("contacts/groups.html",),
    "contacts:search": ("contacts/search.html",),
    "contacts:group": ("contacts/group.html", "contacts/_table.html"),
    "contacts:count": ("contacts/_count.html",),
    "contacts:standing": ("contacts/_status_updates.html",),
    "contacts:regions": ("contacts/regions.html",),
    "contacts:new": ("contacts/contact_form.html",),
    "contacts:export": ("contacts/export.html", "contacts/_export.html"),
    "contacts:bulk_action": ("contacts/bulk.html", "contacts/_bulk.html"),
    "contacts:past_actions": ("contacts/past_actions.html",),
    "contacts:bulk_cancellation": ("contacts/bulk_cancellation.html", "contacts/_bulk_cancellation.html"),
    "contacts:contact": ("contacts/contact.html", "contacts/_contact.html"),
    "contacts:edit": ("contacts/contact_form.html",),
    "contacts:group_adoption": ("contacts/group_adoption.html",),
    "contacts:lookup": ("contacts/lookup.html", "contacts/_lookup.html"),
    "opt_outs:list": ("contacts/opt_outs.html", "contacts/_opt_outs.html"),
    "opt_outs:count": ("contacts/_opt_outs_count.html",),
    "opt_outs:new": ("contacts/opt_out_form.html",),
    "opt_outs:import": ("contacts/opt_out_import.html",),
    "opt_outs:number": ("contacts/opt_out.html",),
    "erasure:people": ("contacts/erasures.html",),
    "erasure:erasure": ("contacts/erasure.html", "contacts/_erasure.html"),
    "contacts:import": ("contacts/import_upload.html",),
    "contacts:imports": ("contacts/imports.html",),
    "contacts:import_page": ("contacts/import.html", "contacts/_import.html"),
    "contacts:import_cancellation": (
        "contacts/import_cancellation.html",
        "contacts/_import_cancellation.html",
    ),
    "contacts:import_met": ("contacts/import_met.html",),
    "contacts:import_undo": ("contacts/import_undo.html", "contacts/_import_undo.html"),
    # WhatsApp templates
    "whatsapp:list": ("whatsapp/list.html", "whatsapp/_list.html"),
    "whatsapp:new": ("whatsapp/editor.html", "whatsapp/_check.html"),
    "whatsapp:edit": ("whatsapp/editor.html", "whatsapp/_check.html"),
    "whatsapp:deletion": ("whatsapp/deletion.html", "whatsapp/_deletion.html"),
    "whatsapp:template": ("whatsapp/template.html", "whatsapp/_template.html"),
    "whatsapp:rejection": ("whatsapp/rejection.html", "whatsapp/_rejection.html"),
    # Campaigns
    "campaigns:list": ("campaigns/list.html", "campaigns/_list.html"),
    "campaigns:month": ("campaigns/month.html",),
    "campaigns:new": ("campaigns/compose.html", "campaigns/_check.html"),
    "campaigns:edit": ("campaigns/compose.html", "campaigns/_check.html"),
    "campaigns:campaign": ("campaigns/detail.html", "campaigns/_result.html"),
    "campaigns:cancellation": ("campaigns/cancellation.html", "includes/_confirm.html"),
    "campaigns:release": ("campaigns/release.html", "campaigns/_release.html"),
    # The inbox
    "inbox:threads": ("inbox/inbox.html", "inbox/_threads.html"),
    "inbox:opt_out_requests": ("inbox/opt_out_requests.html", "inbox/_opt_out_requests.html"),
    "gateway:quirks": ("settings/quirks.html",),
    "opt_out_words:words": ("settings/opt_out_words.html",),
    "inbox:thread": ("inbox/inbox.html", "inbox/_messages.html"),
}

# What only a post draws: the form that is posted, and its template.
TEMPLATES_OF_POSTS = {
    "accounts:sign_out": ({}, "accounts/signed_out.html"),
    "contacts:bulk": ({"verb": "verify", "contact": PK}, "contacts/bulk_confirm.html"),
    "opt_outs:import": ({"cells": '[[1, "040 1234567"]]'}, "contacts/opt_out_review.html"),
}
