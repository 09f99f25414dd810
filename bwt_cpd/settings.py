"""Settings, in the order of Django's documentation. All variation comes from the environment.

Without ``DATABASE_URL`` the embedded servers of ``./portal run`` are used and demo mode is on;
with it the same code uses outside servers and every secret has to be given.
"""

import os
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import environ
from csp.constants import NONCE, NONE, SELF
from django.core.exceptions import ImproperlyConfigured
from django.templatetags.static import static
from django.urls import reverse_lazy

from bwt_cpd.embedded import data_directory, secret_key, socket_directory

BASE_DIR = Path(__file__).resolve().parent.parent
env = environ.Env()

DEMO = "DATABASE_URL" not in os.environ
DATA_DIR = data_directory()
SOCKETS = socket_directory(DATA_DIR) if DEMO else None

# Core -------------------------------------------------------------------------------------
DEBUG = env.bool("DEBUG", default=False)
SECRET_KEY = env("SECRET_KEY", default="") or secret_key(DATA_DIR) if DEMO else env("SECRET_KEY")
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", default=["127.0.0.1", "localhost"] if DEMO else [])
CSRF_TRUSTED_ORIGINS = env.list("CSRF_TRUSTED_ORIGINS", default=[])
# What links in mails and calendars start with: there is no request when they are written.
PUBLIC_URL = env("PUBLIC_URL", default="http://127.0.0.1:8000" if DEMO else "https://localhost").rstrip("/")

INSTALLED_APPS = [
    "unfold",
    "unfold.contrib.filters",
    "unfold.contrib.import_export",
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.humanize",
    "django.contrib.staticfiles",
    "django.contrib.postgres",
    "django.forms",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.socialaccount",
    "allauth.socialaccount.providers.openid_connect",
    "crispy_forms",
    "crispy_bootstrap5",
    "django_filters",
    "django_htmx",
    "import_export",
    "csp",
    "pghistory",
    "pgtrigger",
    "template_partials",
    "bwt_cpd",
    "pathways",
    "courses",
    "entitlements",
    "staff",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "bwt_cpd.middleware.PolicyByAreaMiddleware",  # under it: it chooses before the header is written
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "staff.middleware.SignInRequiredMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "staff.middleware.SecondFactorMiddleware",
    "pghistory.middleware.HistoryMiddleware",
]

ROOT_URLCONF = "bwt_cpd.urls"
WSGI_APPLICATION = "bwt_cpd.wsgi.application"
APPEND_SLASH = True

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
                "bwt_cpd.context_processors.frame",
            ],
            "builtins": ["template_partials.templatetags.partials", "bwt_cpd.templatetags.look"],
        },
    },
]
FORM_RENDERER = "bwt_cpd.form_rendering.LookRenderer"

# Databases: the run-time role owns no table, so that the ledger's triggers are out of its reach.
_as_owner = os.environ.get("PORTAL_DATABASE_ROLE") == "owner"
DATABASES: dict[str, dict[str, Any]]  # as Django reads them: each setting has a type of its own
if DEMO:
    DATABASES = {
        "default": {
            "ENGINE": "django.db.backends.postgresql",
            "NAME": os.environ.get("PORTAL_DATABASE_NAME", "bwt_cpd"),
            "USER": "bwt_owner" if _as_owner else "bwt_app",
            "HOST": str(SOCKETS),
        },
    }
else:
    DATABASES = {
        "default": env.db("DATABASE_OWNER_URL", default=env("DATABASE_URL"))
        if _as_owner
        else env.db("DATABASE_URL"),
    }
DATABASES["default"]["CONN_MAX_AGE"] = env.int("CONN_MAX_AGE", default=60)
DATABASES["default"]["CONN_HEALTH_CHECKS"] = True
DATABASES["default"].setdefault("OPTIONS", {})["options"] = (
    "-c lock_timeout=10s -c idle_in_transaction_session_timeout=60s"
    # What was prepared is planned once (staff/queries/kept_plans.py).
    " -c plan_cache_mode=force_generic_plan"
    # How near a spelling has to come in the catalogue (courses/queries/searching.py): fonics, phonics.
    " -c pg_trgm.word_similarity_threshold=0.4"
)
if "PORTAL_DAYS_AHEAD" in os.environ:
    DATABASES["default"]["OPTIONS"]["options"] += f" -c portal.days_ahead={env.int('PORTAL_DAYS_AHEAD')}"

DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# Two numbered databases of the embedded Valkey: broker and cache. Parallel tests have their own.
_valkey = env.int("PORTAL_VALKEY_DATABASE", default=0)

# Caches -----------------------------------------------------------------------------------
REDIS_URL = "" if DEMO else env("REDIS_URL")
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.redis.RedisCache",
        "LOCATION": f"unix://{SOCKETS}/valkey.sock?db={_valkey + 1}"
        if DEMO
        else env("CACHE_URL", default=REDIS_URL),
    },
}

# Mail: in demo mode nothing leaves the machine, the outbox shows it as it would arrive.
EMAIL_CONFIG = env.email_url("EMAIL_URL", default="consolemail://" if not DEMO else "dummymail://")
vars().update(EMAIL_CONFIG)
SENDS_MAIL = env.bool("SENDS_MAIL", default=not DEMO)
DEFAULT_FROM_EMAIL = env("DEFAULT_FROM_EMAIL", default="BWT CPD <cpd@localhost>")
SERVER_EMAIL = DEFAULT_FROM_EMAIL
EMAIL_TIMEOUT = 20

# Files ------------------------------------------------------------------------------------
STATIC_URL = "static/"
STATICFILES_DIRS = [BASE_DIR / "static"]
STATICFILES_FINDERS = [
    "django.contrib.staticfiles.finders.FileSystemFinder",
    "django.contrib.staticfiles.finders.AppDirectoriesFinder",
    "bwt_cpd.icons.UsedIconsFinder",
]
STATIC_ROOT = Path(env("STATIC_ROOT", default=str(DATA_DIR / "static")))
MEDIA_ROOT = Path(env("MEDIA_ROOT", default=str(DATA_DIR / "media")))
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": env(
            "STATICFILES_STORAGE",
            default="whitenoise.storage.CompressedManifestStaticFilesStorage",
        ),
    },
}
DATA_UPLOAD_MAX_MEMORY_SIZE = 12 * 1024 * 1024
FILE_UPLOAD_MAX_MEMORY_SIZE = 5 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 5000  # a register of a whole trust day is one form

# Language and time ------------------------------------------------------------------------
LANGUAGE_CODE = "en-gb"
TIME_ZONE = "Europe/London"
USE_I18N = True
USE_TZ = True
# The tests can run as on a later day (staff/clock.py, portal_now()); their servers inherit it.
DAYS_AHEAD = env.int("PORTAL_DAYS_AHEAD", default=0)
if DAYS_AHEAD and "PORTAL_UNDER_TEST" not in os.environ:
    raise ImproperlyConfigured("PORTAL_DAYS_AHEAD is for the tests alone: ./portal test --days-ahead N")
FORMAT_MODULE_PATH = ["bwt_cpd.formats"]

# Security ---------------------------------------------------------------------------------
_tls = not DEMO
SECURE_SSL_REDIRECT = env.bool("SECURE_SSL_REDIRECT", default=_tls)
SECURE_REDIRECT_EXEMPT = [r"^health/"]
SECURE_PROXY_SSL_HEADER = (
    ("HTTP_X_FORWARDED_PROTO", "https") if env.bool("BEHIND_PROXY", default=_tls) else None
)
SECURE_HSTS_SECONDS = env.int("SECURE_HSTS_SECONDS", default=31_536_000 if _tls else 0)
SECURE_HSTS_INCLUDE_SUBDOMAINS = _tls
SECURE_HSTS_PRELOAD = _tls
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
SESSION_COOKIE_SECURE = _tls
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_AGE = 60 * 60 * 12
CSRF_COOKIE_SECURE = _tls
CSRF_COOKIE_HTTPONLY = True
CSRF_FAILURE_VIEW = "bwt_cpd.views.errors.csrf_failure"

# The portal's policy is strict; /admin/ has one of its own, for Unfold's Alpine (middleware).
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
        "base-uri": [NONE],
        "manifest-src": [SELF],
    },
}
ADMIN_CONTENT_SECURITY_POLICY = {
    "default-src": [NONE],
    "script-src": [SELF, "'unsafe-eval'", NONCE],
    "style-src": [SELF, "'unsafe-inline'"],
    "img-src": [SELF, "data:"],
    "font-src": [SELF, "data:"],
    "connect-src": [SELF],
    "frame-src": [SELF],  # a mail as it arrives, sandboxed
    "form-action": [SELF],
    "frame-ancestors": [NONE],
    "base-uri": [NONE],
}

# Sign-in ----------------------------------------------------------------------------------
AUTH_USER_MODEL = "staff.User"
AUTHENTICATION_BACKENDS = [
    "staff.backends.SignInBackend",
    "staff.backends.ResponsibilityBackend",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}"}
    for name in ("UserAttributeSimilarityValidator", "MinimumLengthValidator", "CommonPasswordValidator")
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "home"
LOGOUT_REDIRECT_URL = "account_login"

ACCOUNT_ADAPTER = "staff.adapters.AccountAdapter"
ACCOUNT_USER_MODEL_USERNAME_FIELD = "staff_number"
ACCOUNT_LOGIN_METHODS = {"email", "username"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_EMAIL_NOTIFICATIONS = True
ACCOUNT_EMAIL_UNKNOWN_ACCOUNTS = False  # no mail to whatever address a visitor types
ACCOUNT_FORMS = {
    "login": "staff.forms.sign_in.SignInForm",
    "reset_password": "staff.forms.sign_in.ResetPasswordForm",
}
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_LOGOUT_ON_PASSWORD_CHANGE = True
ACCOUNT_SESSION_REMEMBER = False
ACCOUNT_REAUTHENTICATION_REQUIRED = True
ACCOUNT_USER_DISPLAY = "staff.queries.people.display_name"
# A whole school signs in from one address: the limit for each account protects, not the address.
ACCOUNT_RATE_LIMITS = {"login": "600/m/ip", "login_failed": "10/m/key,300/m/ip"}
ALLAUTH_TRUSTED_PROXY_COUNT = env.int("TRUSTED_PROXY_COUNT", default=0)
SOCIALACCOUNT_ADAPTER = "staff.adapters.SocialAccountAdapter"
SOCIALACCOUNT_EMAIL_AUTHENTICATION = False
SOCIALACCOUNT_AUTO_SIGNUP = False
SOCIALACCOUNT_STORE_TOKENS = False
SOCIALACCOUNT_LOGIN_ON_GET = False
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_TOTP_ISSUER = "BWT CPD"
MFA_REQUIRED_FOR_PRIVILEGED = env.bool("MFA_REQUIRED", default=not DEMO)

# Entra ID and Google come in through OpenID Connect with a fixed issuer; what is checked beyond
# allauth's own checks, and how an account is linked, is in staff/sso.py and staff/adapters.py.
ENTRA_TENANT = env("ENTRA_TENANT", default="")
GOOGLE_DOMAIN = env("GOOGLE_DOMAIN", default="")
_identity_providers: list[dict[str, Any]] = []  # as allauth reads them
if ENTRA_TENANT:
    _identity_providers.append(
        {
            "provider_id": "entra",
            "name": "Microsoft",
            "client_id": env("ENTRA_CLIENT_ID"),
            "secret": env("ENTRA_CLIENT_SECRET"),
            "settings": {
                "server_url": env(
                    "ENTRA_SERVER_URL", default=f"https://login.microsoftonline.com/{ENTRA_TENANT}/v2.0"
                ),
                "tenant_claim": "tid",
                "tenant": ENTRA_TENANT,
                "fetch_userinfo": False,
            },
        }
    )
if GOOGLE_DOMAIN:
    _identity_providers.append(
        {
            "provider_id": "google",
            "name": "Google",
            "client_id": env("GOOGLE_CLIENT_ID"),
            "secret": env("GOOGLE_CLIENT_SECRET"),
            "settings": {
                "server_url": env("GOOGLE_SERVER_URL", default="https://accounts.google.com"),
                "tenant_claim": "hd",
                "tenant": GOOGLE_DOMAIN,
                "auth_params": {"hd": GOOGLE_DOMAIN, "prompt": "select_account"},
                "fetch_userinfo": False,
            },
        }
    )
SOCIALACCOUNT_PROVIDERS = {"openid_connect": {"OAUTH_PKCE_ENABLED": True, "APPS": _identity_providers}}
# A form that is answered by a redirect to the identity provider is sent there, says the policy.
CONTENT_SECURITY_POLICY["DIRECTIVES"]["form-action"] += [
    f"{address.scheme}://{address.netloc}"
    for address in (urlsplit(provider["settings"]["server_url"]) for provider in _identity_providers)
]

# Celery: a wake-up call and a clock; the database holds what is to be done ----------------
CELERY_BROKER_URL = f"redis+socket://{SOCKETS}/valkey.sock?virtual_host={_valkey}" if DEMO else REDIS_URL
CELERY_TIMEZONE = TIME_ZONE
CELERY_ACCEPT_CONTENT = ["json"]
CELERY_TASK_SERIALIZER = "json"
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_TASK_TIME_LIMIT = 900
CELERY_TASK_SOFT_TIME_LIMIT = 840
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_WORKER_CONCURRENCY = env.int("CELERY_CONCURRENCY", default=2)
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_BROKER_TRANSPORT_OPTIONS = {"socket_timeout": 5, "socket_connect_timeout": 2, "max_retries": 1}
CELERY_WORKER_HIJACK_ROOT_LOGGER = False

# The schedule of DESIGN section 6 is in bwt_cpd/schedule.py, with what each job may be late by.
from bwt_cpd.schedule import BEAT_SCHEDULE  # noqa: E402 (needs nothing above, reads better here)

CELERY_BEAT_SCHEDULE = BEAT_SCHEDULE
# Where the HR system leaves its files for the night (docs/production.md); empty: they come by upload.
STAFF_IMPORT_FOLDER = env("STAFF_IMPORT_FOLDER", default="")
STAFF_IMPORT_FULL = env.bool("STAFF_IMPORT_FULL", default=False)
CELERY_BEAT_SCHEDULE_FILENAME = str(DATA_DIR / "celerybeat-schedule")

# Audit ------------------------------------------------------------------------------------
PGHISTORY_APPEND_ONLY = True
# The trail agrees with the rest about the time. Only pghistory_context, which no page shows, keeps to now().
PGHISTORY_CREATED_AT_FUNCTION = "portal_now()"

# Admin ------------------------------------------------------------------------------------
CRISPY_TEMPLATE_PACK = "bootstrap5"
IMPORT_EXPORT_USE_TRANSACTIONS = True
UNFOLD = {
    "SITE_TITLE": "BWT CPD people team",
    "SITE_HEADER": "BWT CPD",
    "SITE_SUBHEADER": "People team",
    "SITE_URL": "/",
    "SITE_ICON": lambda request: static("img/mark.svg"),
    "SITE_SYMBOL": "school",
    "SITE_FAVICONS": [
        {"rel": "icon", "type": "image/svg+xml", "href": lambda request: static("img/favicon.svg")},
    ],
    "SHOW_HISTORY": True,
    "SHOW_VIEW_ON_SITE": False,
    "DASHBOARD_CALLBACK": "bwt_cpd.admin_dashboard.dashboard",
    "STYLES": [lambda request: static("css/admin.css")],
    "SCRIPTS": [lambda request: static("js/admin.js")],
    "BORDER_RADIUS": "10px",
    "COLORS": {
        "primary": {
            "50": "#eef6f6",
            "100": "#dfeeee",
            "200": "#bfdcde",
            "300": "#98c5c8",
            "400": "#5fa6ad",
            "500": "#2f8a93",
            "600": "#0e5a63",
            "700": "#0b4750",
            "800": "#0b4148",
            "900": "#0b3a41",
            "950": "#072a2f",
        },
        "base": {
            "50": "#f8f7f4",
            "100": "#f1efea",
            "200": "#dedad1",
            "300": "#c9c4b8",
            "400": "#9c9a92",
            "500": "#6d726f",
            "600": "#4c5a5d",
            "700": "#35444a",
            "800": "#2b3a3d",
            "900": "#19262a",
            "950": "#0f181a",
        },
    },
    "SIDEBAR": {
        "show_search": True,
        "show_all_applications": False,
        "navigation": "bwt_cpd.admin_navigation.navigation",
    },
}
ADMIN_HOME = reverse_lazy("admin:index")

# Logging: events with fields, one line each; tokens and names stay out ---------------------
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "plain": {"format": "{asctime} {levelname} {name} {message}", "style": "{"},
    },
    "filters": {"no_tokens": {"()": "bwt_cpd.logging.TokenFilter"}},
    "handlers": {
        "console": {"class": "logging.StreamHandler", "formatter": "plain", "filters": ["no_tokens"]}
    },
    "root": {"handlers": ["console"], "level": env("LOG_LEVEL", default="INFO")},
}

# Silenced because it is meant: two identifiers, both unique where present (staff/models/sign_in.py).
SILENCED_SYSTEM_CHECKS: list[str] = []
