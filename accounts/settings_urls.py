from django.urls import path

from accounts.views import audit_trail, people, person

app_name = "settings"

urlpatterns = [
    path("", people.people, name="people"),
    path("people/<int:pk>/", person.person, name="person"),
    path("people/<int:pk>/approval/", people.approval, name="approval"),
    path("people/<int:pk>/refusal/", people.refusal, name="refusal"),
    path("people/<int:pk>/role/", people.role, name="role"),
    path("people/<int:pk>/activity/", person.activity, name="activity"),
    path("people/<int:pk>/sign-outs/", person.sign_outs, name="sign_outs"),
    path("people/<int:pk>/second-factor/", person.second_factor_reset, name="second_factor_reset"),
    path("people/<int:pk>/unfinished/", person.work, name="work"),
    path("audit/", audit_trail.audit_trail, name="audit"),
]
