from django.urls import path

from accounts.views import auth, profile, second_factor, security

app_name = "accounts"

urlpatterns = [
    path("sign-in/", auth.sign_in, name="sign_in"),
    path("sign-in/code/", auth.code, name="code"),
    path("sign-out/", auth.sign_out, name="sign_out"),
    path("connection/", profile.connect, name="connect"),
    path("typed/", auth.unsent_form, name="typed"),
    path("waiting/", auth.waiting, name="waiting"),
    path("customer/", profile.switch_customer, name="switch_customer"),
    path("preferences/", profile.preferences, name="preferences"),
    path("preferences/security/", security.security, name="security"),
    path("preferences/sessions/", security.end_sessions, name="sessions"),
    path("preferences/password/", security.password, name="password"),
    path("preferences/second-factor/", second_factor.setup, name="second_factor"),
    path("preferences/second-factor/removal/", second_factor.removal, name="second_factor_removal"),
    path("preferences/recovery-codes/", second_factor.recovery_codes, name="recovery_codes"),
    path(".well-known/security.txt", security.security_txt, name="security_txt"),
]
