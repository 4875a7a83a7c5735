"""What a page of contacts costs without us: a bare Django page of the same rows, and Django's admin.

To be imported, as the addresses of a benchmark, only while the admin is installed for it.
"""

from django.contrib.admin import AdminSite, ModelAdmin
from django.http import HttpRequest, HttpResponse
from django.template import Context, Engine
from django.urls import include, path

from contacts.models import Contact

ROW = """
<tr><td><input type="checkbox" name="contact" value="{{ row.pk }}"></td>
<td><a href="{% url "contacts:contact" row.pk %}">{{ row.first_name }} {{ row.last_name }}</a></td>
<td>{{ row.phone }}</td><td>{{ row.email }}</td><td>{{ row.city }}</td>
<td>{% if row.active %}Yes{% else %}Opted out{% endif %}</td><td>{{ row.verified_at|date:"j M Y H:i" }}</td>
<td>{{ row.get_sync_state_display }} {{ row.sync_error }}</td></tr>
"""
PLAIN = Engine().from_string(
    f"<!doctype html><title>Contacts</title><table>{{% for row in rows %}}{ROW}{{% endfor %}}</table>"
)


def bare_page(request: HttpRequest) -> HttpResponse:
    """The rows with these keys, and of each what our table shows, by a template of one loop."""
    keys = [int(key) for key in request.GET["keys"].split(",")]
    return HttpResponse(PLAIN.render(Context({"rows": Contact.objects.filter(pk__in=keys).order_by("-pk")})))


class ContactAdmin(ModelAdmin):
    list_display = ["__str__", "phone", "email", "city", "active", "verified_at", "sync_state"]
    list_filter = ["active", "sync_state"]
    search_fields = ["first_name", "last_name", "email", "phone"]


def admin_site() -> AdminSite:
    site = AdminSite()
    site.register(Contact, ContactAdmin)
    return site


urlpatterns = [
    path("bare/", bare_page),
    path("admin/", admin_site().urls),
    path("", include("smartdialog_admin.urls")),
]
