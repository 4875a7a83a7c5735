from django.urls import path

from accounts.views import people
from accounts.views.styleguide import styleguide

app_name = "settings"

urlpatterns = [
    path("", people.people, name="people"),
    path("people/<int:pk>/approval/", people.approval, name="approval"),
    path("people/<int:pk>/role/", people.role, name="role"),
    path("people/<int:pk>/activity/", people.activity, name="activity"),
    path("people/<int:pk>/sign-outs/", people.sign_outs, name="sign_outs"),
    path("styleguide/", styleguide, name="styleguide"),
    path("audit/", people.audit_trail, name="audit"),
]
