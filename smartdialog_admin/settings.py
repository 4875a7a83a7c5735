"""Every setting, read once from the environment. docs: the table in README.md."""

from pathlib import Path
from urllib.parse import urlsplit

import dj_database_url

from smartdialog_admin import environment

VERSION = "1.0.0"  # raised with each release: of two that run side by side, the earlier one does not start
COMPARES_AT_START = True  # see gateway.installation_checks.installation
BASE_DIR = Path(__file__).resolve().parent.parent
DATA_DIR = Path(environment.text("DATA_DIR", str(BASE_DIR / "var")))
UPLOADS_DIR = DATA_DIR / "uploads"  # copies of files, for as long as this machine reads them
# Days that things are kept once they are done: see gateway.workers.retention.
RETENTION_DAYS = {
    "payloads": environment.number("RETENTION_PAYLOADS_DAYS", 30),
    "events": environment.number("RETENTION_EVENTS_DAYS", 30),
    "calls": environment.number("RETENTION_CALLS_DAYS", 30),
    "lookups": environment.number("RETENTION_LOOKUPS_DAYS", 7),
    "uploads": environment.number("RETENTION_UPLOADS_DAYS", 14),
    "people_lists": environment.number("RETENTION_PEOPLE_LISTS_DAYS", 90),
    "rows": environment.number("RETENTION_ROWS_DAYS", 365),
    "changes": environment.number("RETENTION_CHANGES_DAYS", 365),
    "searches": environment.number("RETENTION_SEARCHES_DAYS", 1),
}

# Where we are
HOST = environment.text("HOST", "127.0.0.1")  # the address that the web process listens at
PORT = environment.number("PORT", 8000)
PUBLIC_URL = environment.text("PUBLIC_URL", f"http://127.0.0.1:{PORT}").rstrip("/")
HTTPS = PUBLIC_URL.startswith("https://")
DEBUG = environment.flag("DEBUG", False)
ALLOWED_HOSTS = environment.words("ALLOWED_HOSTS", "127.0.0.1,localhost")
SECRET_KEY = environment.text("SECRET_KEY")
# Fernet keys: the first encrypts, all decrypt. Apart from SECRET_KEY, so that either can rotate alone.
TOKEN_ENCRYPTION_KEYS = environment.text("TOKEN_ENCRYPTION_KEYS").split(",")
# By which erased people are recognised: changed, those erased before are no longer kept out.
ERASURE_KEY = environment.text("ERASURE_KEY", SECRET_KEY)

# SmartDialog: the sandbox unless told otherwise
SANDBOX_PORT = environment.number("SANDBOX_PORT", 8800)
SANDBOX_URL = f"http://127.0.0.1:{SANDBOX_PORT}"
_POLICY = f"{SANDBOX_URL}/arenafi.onmicrosoft.com/B2C_1A_SmartDialog_Integrations/oauth2/v2.0"
_API_SCOPES = "https://arenafi.onmicrosoft.com/smartdialog-integrations-api/"
SMARTDIALOG_API_URL = environment.text("SMARTDIALOG_API_URL", f"{SANDBOX_URL}/api-integrations/v1").rstrip(
    "/"
)
SMARTDIALOG_AUTHORIZE_URL = environment.text("SMARTDIALOG_AUTHORIZE_URL", f"{_POLICY}/authorize")
SMARTDIALOG_TOKEN_URL = environment.text("SMARTDIALOG_TOKEN_URL", f"{_POLICY}/token")
SMARTDIALOG_CLIENT_ID = environment.text("SMARTDIALOG_CLIENT_ID", "smartdialog-admin")
SMARTDIALOG_CLIENT_SECRET = environment.text("SMARTDIALOG_CLIENT_SECRET", "sandbox-secret")
SMARTDIALOG_SCOPES = environment.text(
    "SMARTDIALOG_SCOPES",
    "openid offline_access "
    + " ".join(
        _API_SCOPES + scope
        for scope in (
            "Gateway.Send",
            "Customer.Services",
            "User.Customers",
            "TwoWay.Management",
            "WhatsApp",
            "Discussion.Reply",
            "Group.Management",
        )
    ),
).split()
# Only where tokens do not say who signed in, or who gave them.
SMARTDIALOG_USERINFO_URL = environment.text("SMARTDIALOG_USERINFO_URL", "")
SMARTDIALOG_ISSUER = environment.text("SMARTDIALOG_ISSUER", "")
# What a delivery report calls its parameters, beside the names in gateway.hooks.events.
SMARTDIALOG_REPORT_NAMES = environment.aliases(
    "SMARTDIALOG_REPORT_NAMES",
    ("recipientId", "messageId", "address", "status", "errorCode", "timestamp"),
)
SMARTDIALOG_CALLS_PER_MINUTE = environment.number("SMARTDIALOG_CALLS_PER_MINUTE", 100)
# Whose calls are counted together, beside each connection's own.
SMARTDIALOG_LIMIT_COUNTS = environment.choice(
    "SMARTDIALOG_LIMIT_COUNTS", "connection", ("connection", "customer", "client")
)
# Seconds in which a bulk action can be undone, before anything is changed or called.
BULK_GRACE = environment.number("BULK_GRACE", 10, lowest=0)
# Seconds in which a campaign that is sent at once can be taken back.
CAMPAIGN_GRACE = environment.number("CAMPAIGN_GRACE", 10, lowest=0)
# Minutes by which a campaign may be late before a person decides whether it still goes out.
CAMPAIGN_LATE_MINUTES = environment.number("CAMPAIGN_LATE_MINUTES", 15)
# Hours after a campaign was sent until it counts as unknown what has no delivery report.
CAMPAIGN_UNKNOWN_HOURS = environment.number("CAMPAIGN_UNKNOWN_HOURS", 72)
SMARTDIALOG_BATCH_SIZE = environment.number("SMARTDIALOG_BATCH_SIZE", 500)
# Seconds: to connect, and for one whole call until its answer is read.
SMARTDIALOG_CONNECT_TIMEOUT = 5
SMARTDIALOG_CALL_TIMEOUT = environment.number("SMARTDIALOG_CALL_TIMEOUT", 30)
# Seconds that a worker's claim on a connection outlives its longest call.
SMARTDIALOG_LEASE_MARGIN = environment.number("SMARTDIALOG_LEASE_MARGIN", 10)
# The most calls of one connection that are under way at the same time.
SMARTDIALOG_CALLS_IN_FLIGHT = environment.number("SMARTDIALOG_CALLS_IN_FLIGHT", 32)
# How much of its pace a paced lane may make up for after it was held up, in seconds: a minute later no slot
# is freed for as long, and a reply may have to wait for one.
SMARTDIALOG_MAX_BURST = 1.0
# Seconds after a call without an answer before it may be tried again: the old request must be dead.
SMARTDIALOG_UNKNOWN_GRACE = environment.number("SMARTDIALOG_UNKNOWN_GRACE", 60, lowest=0)
USES_SANDBOX = urlsplit(SMARTDIALOG_API_URL).port == SANDBOX_PORT and urlsplit(
    SMARTDIALOG_API_URL
).hostname in {"127.0.0.1", "localhost"}

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django_htmx",
    "lucide",
    "accounts",
    "gateway",
    "contacts",
    "messaging.whatsapp",
    "messaging.campaigns",
    "messaging.inbox",
    "messaging.overview",
]

MIDDLEWARE = [
    # What every answer carries, whoever below gives it
    "accounts.web.middleware.NoStoreMiddleware",
    "accounts.web.middleware.ContentSecurityPolicyMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "gateway.middleware.HealthMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.middleware.common.CommonMiddleware",
    # SmartDialog's own calls turn round here
    "gateway.middleware.HookMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "accounts.web.uploads.UploadGuardMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "accounts.web.middleware.SessionLifetimeMiddleware",
    "accounts.web.middleware.SignInMiddleware",
    "accounts.web.middleware.CustomerMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "gateway.middleware.NotConnectedMiddleware",
]

ROOT_URLCONF = "smartdialog_admin.urls"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "accounts.web.context_processors.frame",
                "gateway.context_processors.meter",
                "messaging.inbox.context_processors.inbox",
            ],
            "builtins": [
                "django.templatetags.static",
                "accounts.templatetags.buttons",
                "accounts.templatetags.ui",
            ],
        },
    }
]

# Database: SQLite until outgrown
DATABASE_URL = environment.text("DATABASE_URL", f"sqlite:///{DATA_DIR / 'db.sqlite3'}")
DATABASES = {"default": dj_database_url.parse(DATABASE_URL)}
if DATABASES["default"]["ENGINE"] == "django.db.backends.sqlite3":
    # FULL: a committed RequestId that a power cut rolled back would be a second send.
    # secure_delete: what is erased is gone from the file's free pages, too, and not with some builds only.
    # IMMEDIATE: a read that turns into a write would fail at once with "database is locked".
    DATABASES["default"]["OPTIONS"] = {
        "transaction_mode": "IMMEDIATE",
        "timeout": 20,
        "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA secure_delete=ON;",
    }
else:
    DATABASES["default"]["CONN_HEALTH_CHECKS"] = True
    # A host that vanishes says no goodbye: by these, a connection to it ends within half a minute.
    _ENDS = {
        "connect_timeout": 5,  # seconds
        "keepalives_idle": 10,
        "keepalives_interval": 5,
        "keepalives_count": 3,
        "tcp_user_timeout": 25_000,  # milliseconds
    }
    DATABASES["default"]["OPTIONS"] = _ENDS | DATABASES["default"].get("OPTIONS", {})
DATABASES["default"]["CONN_MAX_AGE"] = 60
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# People and sessions
AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = [
    "accounts.sign_in.backend.PeopleBackend",
    "django.contrib.auth.backends.ModelBackend",  # passwords, and sessions that began by it
]
SESSION_ENGINE = "accounts.sign_in.session_store"
_VALIDATION = "django.contrib.auth.password_validation"
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"{_VALIDATION}.UserAttributeSimilarityValidator"},
    {"NAME": f"{_VALIDATION}.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": f"{_VALIDATION}.CommonPasswordValidator"},
    {"NAME": f"{_VALIDATION}.NumericPasswordValidator"},
]
PASSWORD_SIGN_IN = environment.flag("PASSWORD_SIGN_IN", True)
SECOND_FACTOR_FOR_ADMINS = environment.flag("SECOND_FACTOR_FOR_ADMINS", False)
# Whose word is taken for where a request comes from (X-Forwarded-For): addresses or networks.
TRUSTED_PROXIES = environment.networks("TRUSTED_PROXIES")
LOGIN_URL = "accounts:sign_in"
LOGIN_REDIRECT_URL = "overview"
SESSION_COOKIE_AGE = 4 * 60 * 60  # without use; accounts.sign_in.sessions has the longest a session may last
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"  # Strict would be left out of the sign-in's way back
CSRF_COOKIE_HTTPONLY = True
CSRF_COOKIE_SAMESITE = "Lax"
CSRF_TRUSTED_ORIGINS = [PUBLIC_URL] if HTTPS else []
if HTTPS:
    SESSION_COOKIE_NAME = "__Host-session"
    CSRF_COOKIE_NAME = "__Host-csrf"
PERSON_COOKIE_NAME = "__Host-person" if HTTPS else "person"
CSRF_FAILURE_VIEW = "accounts.views.auth.csrf_failure"
SESSION_COOKIE_SECURE = HTTPS
CSRF_COOKIE_SECURE = HTTPS

# Headers
SECURE_SSL_REDIRECT = HTTPS
SECURE_REDIRECT_EXEMPT = [r"^healthz\Z"]
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if HTTPS else None
SECURE_HSTS_SECONDS = 365 * 24 * 60 * 60 if HTTPS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = HTTPS
SECURE_HSTS_PRELOAD = HTTPS
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
PERMISSIONS_POLICY = (
    "accelerometer=(), camera=(), display-capture=(), geolocation=(), gyroscope=(), magnetometer=(), "
    "microphone=(), midi=(), payment=(), screen-wake-lock=(), usb=(), xr-spatial-tracking=()"
)
# Whom to tell of a weakness, as mailto: or https:; empty: there is no /.well-known/security.txt.
SECURITY_CONTACT = environment.text("SECURITY_CONTACT", "")
_SIGN_IN_HOST = "{0.scheme}://{0.netloc}".format(urlsplit(SMARTDIALOG_AUTHORIZE_URL))
CONTENT_SECURITY_POLICY = {
    "default-src": "'none'",
    "script-src": "'self'",
    "style-src": "'self'",
    "img-src": "'self' data:",
    "font-src": "'self'",
    "connect-src": "'self'",
    "manifest-src": "'self'",
    "form-action": f"'self' {_SIGN_IN_HOST}",
    "frame-ancestors": "'none'",
    "base-uri": "'none'",
    "object-src": "'none'",
}

# Files
STATIC_URL = "static/"
STATIC_ROOT = DATA_DIR / "static"
STATICFILES_DIRS = [BASE_DIR / "static"]
WHITENOISE_USE_FINDERS = True
WHITENOISE_ALLOW_ALL_ORIGINS = False
# Where every process on every host reaches what people upload: the database, or a store like Amazon's S3.
UPLOADS_S3_BUCKET = environment.text("UPLOADS_S3_BUCKET", "")
UPLOADS_S3_ENDPOINT = environment.text("UPLOADS_S3_ENDPOINT", "")
_IN_S3 = {
    "BACKEND": "contacts.importing.files.s3_storage.S3Uploads",
    "OPTIONS": {
        "bucket_name": UPLOADS_S3_BUCKET,
        "endpoint_url": UPLOADS_S3_ENDPOINT or None,
        "access_key": environment.text("UPLOADS_S3_ACCESS_KEY", "") or None,
        "secret_key": environment.text("UPLOADS_S3_SECRET_KEY", "") or None,
        "region_name": environment.text("UPLOADS_S3_REGION", "") or None,
        "location": "uploads",
    },
}
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.InMemoryStorage"},  # nothing is kept there
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
    "uploads": _IN_S3
    if UPLOADS_S3_BUCKET
    else {"BACKEND": "contacts.importing.files.database_storage.DatabaseStorage"},
}
DATA_UPLOAD_MAX_MEMORY_SIZE = 5 * 1024 * 1024
FILE_UPLOAD_HANDLERS = [
    "contacts.importing.files.upload_handlers.SizeLimitHandler",
    "django.core.files.uploadhandler.MemoryFileUploadHandler",
    "contacts.importing.files.upload_handlers.DiskFullAwareHandler",
]

# Time and words
LANGUAGE_CODE = "en"
TIME_ZONE = "Europe/Helsinki"
USE_I18N = False

# Mail to people who wish for it; without a server they are offered none.
EMAIL_BACKEND = "messaging.inbox.notifications.mail_server.MailServer"
EMAIL_HOST = environment.text("SMTP_HOST", "")
EMAIL_PORT = environment.number("SMTP_PORT", 587)
EMAIL_HOST_USER = environment.text("SMTP_USER", "")
EMAIL_HOST_PASSWORD = environment.text("SMTP_PASSWORD", "")
_SMTP_SECURITY = environment.choice("SMTP_SECURITY", "starttls", ("starttls", "tls", "none"))
EMAIL_USE_TLS, EMAIL_USE_SSL = _SMTP_SECURITY == "starttls", _SMTP_SECURITY == "tls"
EMAIL_TIMEOUT = 10  # seconds
DEFAULT_FROM_EMAIL = environment.text("MAIL_FROM", f"noreply@{urlsplit(PUBLIC_URL).hostname}")

CELERY_BROKER_URL = environment.text("CELERY_BROKER_URL", "filesystem://")

_LOG_LEVEL = environment.text("LOG_LEVEL", "INFO")
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "line": {
            "()": "smartdialog_admin.quiet_logs.ShortLines",
            "format": "%(asctime)s %(levelname)s %(name)s %(message)s",
        }
    },
    "filters": {"outages": {"()": "accounts.web.outages.WithoutTraceback"}},
    "handlers": {
        "console": {
            "class": "smartdialog_admin.quiet_logs.WithoutRepeats",
            "formatter": "line",
            "filters": ["outages"],
        }
    },
    "root": {"handlers": ["console"], "level": _LOG_LEVEL},
    "loggers": {
        # These log tokens, codes or whole URLs below WARNING.
        "requests_oauthlib": {"level": "WARNING"},
        "oauthlib": {"level": "WARNING"},
        "urllib3": {"level": "WARNING"},
        "django.db.backends": {"level": "WARNING"},
        # Each task that began and ended: sweeps alone would be 20 MB a day.
        "celery.worker.strategy": {"level": "DEBUG" if _LOG_LEVEL == "DEBUG" else "WARNING"},
        "celery.app.trace": {"level": "DEBUG" if _LOG_LEVEL == "DEBUG" else "WARNING"},
    },
}
