import uuid

from django.db import models

from sandbox.models.people import Person


class SigningKey(models.Model):
    """The RSA key that signs tokens, made once and kept so that tokens outlive a restart."""

    private_pem = models.TextField()
    created_at = models.DateTimeField(auto_now_add=True)


class AuthorizationCode(models.Model):
    """What a browser carries from the login page to the client: used once, within ten minutes."""

    code = models.CharField(max_length=100, primary_key=True)
    person = models.ForeignKey(Person, models.CASCADE)
    family = models.UUIDField(default=uuid.uuid4, help_text="Shared by every token that stems from it.")
    redirect_uri = models.CharField(max_length=500)
    scope = models.TextField()
    nonce = models.CharField(max_length=500, blank=True)
    code_challenge = models.CharField(max_length=200, blank=True)
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True)


class RefreshToken(models.Model):
    """A grant to renew an access token. Using one does not end it unless a switch says so."""

    token = models.CharField(max_length=100, primary_key=True)
    person = models.ForeignKey(Person, models.CASCADE, related_name="refresh_tokens")
    family = models.UUIDField(db_index=True)
    scope = models.TextField()
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True)
    revoked_at = models.DateTimeField(null=True)
