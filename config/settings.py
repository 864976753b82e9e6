"""Settings of the portal. Everything that differs between installations comes from the environment.

Without ``DATABASE_URL`` the portal runs on its embedded PostgreSQL; without ``REDIS_URL`` on a file broker.
``config/checks.py`` looks at the result when the process starts and names the variable that is wrong.
"""

import os
import sys
from pathlib import Path
from typing import Any

import environ
import pghistory
from csp.constants import NONE, SELF
from django.utils.translation import gettext_lazy as _

from config.processes import PORTAL_ROLE, is_owner_process, is_test_process
from config.rates import BY_KIND_OF_PAGE
from config.schedule import SCHEDULE

BASE_DIR = Path(__file__).resolve().parent.parent
VAR_DIR = BASE_DIR / "var"

env = environ.Env()
environ.Env.read_env(VAR_DIR / "dev.env")  # made by scripts/setup; values already in the environment win

DEBUG = env.bool("DEBUG", default=False)
SECRET_KEY = env.str("SECRET_KEY", default="")
SECRET_KEY_FALLBACKS = env.list("SECRET_KEY_FALLBACKS", default=[])
FIELD_KEYS = env.str("FIELD_KEYS", default="")  # "k2:base64,k1:base64": the first seals, all open
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", default=["127.0.0.1", "localhost", "[::1]"])
CSRF_TRUSTED_ORIGINS = env.list("CSRF_TRUSTED_ORIGINS", default=[])
HTTPS_ONLY = env.bool("HTTPS_ONLY", default=False)
TRUSTED_PROXIES = env.int("TRUSTED_PROXIES", default=0)

INSTALLED_APPS = [
    "config",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.postgres",
    "django.contrib.staticfiles",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.usersessions",
    "csp",
    "django_filters",
    "django_htmx",
    "django_tables2",
    "drf_spectacular",
    "pghistory",
    "pgtrigger",
    "rest_framework",
    "territory",
    "accounts",
    "programs",
    "incidents",
    "victims",
    "reporting",
]

MIDDLEWARE = [
    "config.log_lines.RequestIdMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "config.compressing.PageCompressionMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "csp.middleware.CSPMiddleware",
    "django_permissions_policy.PermissionsPolicyMiddleware",
    "accounts.middleware.ResourcePolicyMiddleware",
    # It answers for static files by itself, so only what stands above adds headers to them.
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "accounts.middleware.OriginMiddleware",
    "accounts.middleware.CookieMiddleware",
    "accounts.middleware.ReadingMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "accounts.middleware.ChosenLanguageMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "accounts.middleware.PersonalPagesMiddleware",
    "accounts.middleware.RefusalMiddleware",
    "accounts.middleware.SessionLimitsMiddleware",
    "django.contrib.auth.middleware.LoginRequiredMiddleware",
    "accounts.middleware.SecondFactorMiddleware",
    "accounts.middleware.RateMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "pghistory.middleware.HistoryMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
]

ROOT_URLCONF = "config.urls"
WSGI_APPLICATION = "config.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "config.shell.shell",
            ],
        },
    }
]
FORM_RENDERER = "django.forms.renderers.TemplatesSetting"
INSTALLED_APPS.insert(0, "django.forms")

# --- database -------------------------------------------------------------------------------------------------
DATABASE_IS_EMBEDDED = "DATABASE_URL" not in env.ENVIRON
# Two roles: the owner of the tables, and the portal's own, which owns nothing. config/roles.py says who is which.
if DATABASE_IS_EMBEDDED:
    OWNER_DATABASE = {
        "ENGINE": "config.postgres",
        "NAME": env.str("PCMBN_DATABASE_NAME", default="portal"),
        "USER": "postgres",
        "EMBEDDED_DATA_DIR": str(VAR_DIR / "pgdata"),
    }
    PORTAL_DATABASE = OWNER_DATABASE | {"USER": PORTAL_ROLE}
else:
    PORTAL_DATABASE = env.db_url("DATABASE_URL", engine="config.postgres")
    OWNER_DATABASE = env.db_url("DATABASE_OWNER_URL", env.str("DATABASE_URL"), engine="config.postgres")
for _database in (OWNER_DATABASE, PORTAL_DATABASE):
    _database |= {"CONN_MAX_AGE": 60, "CONN_HEALTH_CHECKS": True}
IS_OWNER_PROCESS = is_owner_process(sys.argv) or is_test_process()
DATABASES = {"default": OWNER_DATABASE if IS_OWNER_PROCESS else PORTAL_DATABASE}
# A server that follows the primary: the pages of config/replica.py are read from it. Empty: there is none.
DATABASE_REPLICA_URL = env.str("DATABASE_REPLICA_URL", default="")
# A replica that is further behind is not read from.
REPLICA_MAX_LAG_SECONDS = env.float("REPLICA_MAX_LAG_SECONDS", default=5.0)
if DATABASE_REPLICA_URL and not IS_OWNER_PROCESS:
    DATABASES["replica"] = env.db_url("DATABASE_REPLICA_URL", engine="config.postgres") | {
        "CONN_MAX_AGE": 60,
        "CONN_HEALTH_CHECKS": True,
        "OPTIONS": {"connect_timeout": 2, "options": "-c default_transaction_read_only=on"},
    }
    DATABASE_ROUTERS = ["territory.replica.ReplicaRouter"]
    MIDDLEWARE.append("config.replica.ReplicaMiddleware")
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
PGHISTORY_APPEND_ONLY = True
PGHISTORY_DEFAULT_TRACKERS = (pghistory.InsertEvent(), pghistory.UpdateEvent(), pghistory.DeleteEvent())
PGHISTORY_MIDDLEWARE_METHODS = ("POST", "PUT", "PATCH", "DELETE")

# --- cache, sessions, messages --------------------------------------------------------------------------------
REDIS_URL = env.str("REDIS_URL", default="")
CACHES: dict[str, dict[str, Any]] = {
    # What all processes count together: tries at passwords and codes, questions of the public. Not in Redis, so that
    # people sign in while it is away; not thrown out before its time, so that nobody gets new tries by filling it.
    "default": {
        "BACKEND": "django.core.cache.backends.db.DatabaseCache",
        "LOCATION": "config_cache",
        "OPTIONS": {"MAX_ENTRIES": 200_000},
    },
    # What each web process counts for itself: a limit per process costs no query.
    "counts": {
        "BACKEND": "django.core.cache.backends.locmem.LocMemCache",
        "LOCATION": "counts",
        "OPTIONS": {"MAX_ENTRIES": 100_000},
    },
}
SESSION_ENGINE = "accounts.session_store"
SESSION_COOKIE_AGE = 7 * 24 * 3600  # the longest of any; accounts.sessions ends them by role
DEVICE_COOKIE_NAME = "__Host-device" if HTTPS_ONLY else "device"
READING_COOKIE_NAME = "__Host-reading" if HTTPS_ONLY else "reading"
SESSION_COOKIE_NAME = "__Host-session" if HTTPS_ONLY else "session"
SESSION_COOKIE_SECURE = HTTPS_ONLY
SESSION_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_NAME = "__Host-csrf" if HTTPS_ONLY else "csrf"
CSRF_COOKIE_SECURE = HTTPS_ONLY
CSRF_COOKIE_HTTPONLY = True
CSRF_FAILURE_VIEW = "config.errors.csrf_failed"
LANGUAGE_COOKIE_NAME = "__Host-language" if HTTPS_ONLY else "django_language"
LANGUAGE_COOKIE_SECURE = HTTPS_ONLY
LANGUAGE_COOKIE_HTTPONLY = True
LANGUAGE_COOKIE_SAMESITE = "Lax"
MESSAGE_STORAGE = "django.contrib.messages.storage.session.SessionStorage"

# --- sign-in --------------------------------------------------------------------------------------------------
AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = ["accounts.backends.PortalBackend"]
PASSWORD_HASHERS = ["accounts.hashers.PortalArgon2"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "accounts.passwords.GuessablePasswordValidator"},
    {"NAME": "accounts.passwords.BreachedPasswordValidator"},
]
# The file of breached passwords by SHA-1, ordered by hash, that haveibeenpwned.com gives away. Empty: not looked up.
BREACHED_PASSWORDS_FILE = env.str("BREACHED_PASSWORDS_FILE", default="")
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "home"
ACCOUNT_ADAPTER = "accounts.adapter.PortalAccountAdapter"
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*", "password2*"]
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_LOGOUT_REDIRECT_URL = "account_login"
ACCOUNT_LOGOUT_ON_GET = False
ACCOUNT_SESSION_REMEMBER = False
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
# Many officers share one address, so sign-ins are limited only loosely by it. Failures of passwords are counted in
# accounts.throttling; "login_failed" is what a person may fail at codes, whose password was right.
ACCOUNT_RATE_LIMITS = {"login": "600/m/ip", "login_failed": "5/5m/key"}
ACCOUNT_REAUTHENTICATION_TIMEOUT = 15 * 60
MFA_ADAPTER = "accounts.factors.adapter.PortalFactorAdapter"
MFA_FORMS = {
    "authenticate": "accounts.factors.forms.SignInCodeForm",
    "reauthenticate": "accounts.factors.forms.ConfirmCodeForm",
    "activate_totp": "accounts.factors.forms.SetUpAppForm",
}
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_RECOVERY_CODES_SHOW_ONCE = True
MFA_ALLOW_UNVERIFIED_EMAIL = True  # accounts are opened by administrators, with the address of the office
MFA_RATE_LIMITS = {"webauthn_login": "600/m/ip"}
# A code is taken half a minute early or late: clocks of phones differ, and under load the code step comes late.
MFA_TOTP_TOLERANCE = 1
ALLAUTH_TRUSTED_PROXY_COUNT = TRUSTED_PROXIES
#: How many refusals of one person a minute are noted in the trail by each web process.
REFUSALS_NOTED = 120
PAGE_RATES = BY_KIND_OF_PAGE

#: Of half-filled forms that nobody touches; of notices from when one was read, and twice that where nobody did;
#: of reports that were made and never signed.
DRAFT_KEEP_DAYS = env.int("DRAFT_KEEP_DAYS", default=90)
NOTICE_KEEP_DAYS = env.int("NOTICE_KEEP_DAYS", default=365)
REPORT_KEEP_DAYS = env.int("REPORT_KEEP_DAYS", default=730)
#: Where the last seal of each log is kept outside the database (accounts/kept_heads.py). Empty: in the log alone.
SEALS_FILE = env.str("SEALS_FILE", default="")

# --- language, time -------------------------------------------------------------------------------------------
LANGUAGE_CODE = "vi"
LANGUAGES = [("vi", _("Vietnamese")), ("en", _("English"))]
LOCALE_PATHS = [BASE_DIR / "locale"]
TIME_ZONE = "Asia/Ho_Chi_Minh"
USE_TZ = True
USE_I18N = True

# --- files ----------------------------------------------------------------------------------------------------
STATIC_URL = "static/"
STATIC_ROOT = VAR_DIR / "static"
STATICFILES_DIRS = [BASE_DIR / "static"]
MEDIA_ROOT = Path(env.str("FILES_DIR", default=str(VAR_DIR / "files")))
MEDIA_URL = ""
STORAGES = {
    "default": {"BACKEND": "accounts.files.whole.WholeFileStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}
if DEBUG:
    STORAGES["staticfiles"] = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
FILE_UPLOAD_MAX_MEMORY_SIZE = 1024 * 1024
FILE_UPLOAD_PERMISSIONS = 0o600
FILE_UPLOAD_DIRECTORY_PERMISSIONS = 0o700
ATTACHMENT_MAX_BYTES = 5 * 1024 * 1024
# Where ClamAV's daemon listens (host:port, or the path of its socket). Empty: uploads are not scanned.
CLAMD_ADDRESS = env.str("CLAMD_ADDRESS", default="")
CLAMD_TIMEOUT = env.float("CLAMD_TIMEOUT", default=15.0)
# The key that signs issued reports: a PKCS#12 file, and a file with its password. Empty: reports are not signed.
SIGNING_PKCS12_FILE = env.str("SIGNING_PKCS12_FILE", default="")
SIGNING_PASSWORD_FILE = env.str("SIGNING_PASSWORD_FILE", default="")
UPLOAD_MAX_BYTES = 10 * 1024 * 1024
UPLOAD_MAX_ROWS = 20_000
UPLOAD_KEEP_DAYS = 30
# Each person of a workbook is sent a link by e-mail, so fewer rows of people and agencies are taken at once.
DIRECTORY_MAX_ROWS = 1_000
DATA_UPLOAD_MAX_MEMORY_SIZE = 4 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 3000
DATA_UPLOAD_MAX_NUMBER_FILES = 30

# --- headers --------------------------------------------------------------------------------------------------
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF],
        "font-src": [SELF],
        "connect-src": [SELF],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
        "base-uri": [NONE],
        "object-src": [NONE],
        "manifest-src": [SELF],
        "worker-src": [SELF],
    }
}
PERMISSIONS_POLICY: dict[str, list[str]] = {
    feature: []
    for feature in (
        *("accelerometer", "camera", "display-capture", "geolocation", "gyroscope", "interest-cohort"),
        *("magnetometer", "microphone", "midi", "payment", "serial", "usb"),
    )
}
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
SECURE_SSL_REDIRECT = HTTPS_ONLY
SECURE_REDIRECT_EXEMPT = [r"^healthz$", r"^readyz$"]
SECURE_HSTS_SECONDS = 63072000 if HTTPS_ONLY else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = HTTPS_ONLY
SECURE_HSTS_PRELOAD = HTTPS_ONLY
if TRUSTED_PROXIES:
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")

# --- e-mail ---------------------------------------------------------------------------------------------------
vars().update(env.email_url("EMAIL_URL", default="consolemail://"))
DEFAULT_FROM_EMAIL = env.str("DEFAULT_FROM_EMAIL", default="portal@localhost")
SERVER_EMAIL = DEFAULT_FROM_EMAIL
EMAIL_TIMEOUT = 10
#: Who is mailed what failed and where in the code, without what was typed (config/error_reports.py). Empty: nobody.
ADMINS = [("", address) for address in env.list("ERROR_REPORTS_TO", default=[])]

# --- jobs -----------------------------------------------------------------------------------------------------
BROKER_DIR = Path(env.str("BROKER_DIR", default=str(VAR_DIR / "broker")))
CELERY_BROKER_URL = REDIS_URL or "filesystem://localhost//"
CELERY_BROKER_TRANSPORT_OPTIONS: dict[str, object] = (
    {"visibility_timeout": 120, "socket_connect_timeout": 2, "socket_timeout": 5}
    if REDIS_URL
    else {
        "data_folder_in": str(BROKER_DIR / "queue"),
        "data_folder_out": str(BROKER_DIR / "queue"),
        "control_folder": str(BROKER_DIR / "control"),
        "store_processed": False,
    }
)
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_BROKER_CONNECTION_MAX_RETRIES = None
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_TASK_PUBLISH_RETRY = False
CELERY_TASK_ROUTES = {
    "reporting.tasks.make_report": {"queue": "reports"},
    "config.tasks.look_after": {"queue": "reports"},
    "programs.tasks.work_on_upload": {"queue": "reports"},
    "programs.tasks.work_on_directory_upload": {"queue": "reports"},
    "reporting.tasks.work_on_past_upload": {"queue": "reports"},
    "victims.tasks.make_export": {"queue": "reports"},
}
CELERY_TASK_DEFAULT_QUEUE = "default"
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_WORKER_ENABLE_REMOTE_CONTROL = bool(REDIS_URL)
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_WORKER_MAX_MEMORY_PER_CHILD = 600_000
CELERY_TASK_TIME_LIMIT = 900
CELERY_TIMEZONE = TIME_ZONE
CELERY_BEAT_SCHEDULE = SCHEDULE
CELERY_BEAT_SCHEDULER = "config.beat.SteadyScheduler"
REPORT_LEASE_SECONDS = env.int("REPORT_LEASE_SECONDS", default=20)
REPORT_MAX_ATTEMPTS = 4
REPORT_TIME_LIMIT_SECONDS = env.int("REPORT_TIME_LIMIT_SECONDS", default=300)
REPORT_MEMORY_LIMIT_MB = env.int("REPORT_MEMORY_LIMIT_MB", default=700)
#: The address at which the public reaches the portal: in the QR code of a report and in e-mails.
PUBLIC_URL = env.str("PUBLIC_URL", default=f"http://127.0.0.1:{env.str('PORT', default='8000')}").rstrip("/")
#: Hosts of webhooks that may lie in a private network, by name; all others must be public.
WEBHOOK_PRIVATE_HOSTS = env.list("WEBHOOK_PRIVATE_HOSTS", default=[])
#: Whether a webhook may be http://localhost: for trying one out on the own machine.
WEBHOOK_PLAIN_LOCALHOST = DEBUG
UPLOAD_LEASE_SECONDS = env.int("UPLOAD_LEASE_SECONDS", default=20)
UPLOAD_MAX_ATTEMPTS = 4
#: Whom the contact page names where an area has named nobody, and to who is not signed in.
CONTACT_OFFICE = env.str("CONTACT_OFFICE", default="")
CONTACT_PHONE = env.str("CONTACT_PHONE", default="")
CONTACT_EMAIL = env.str("CONTACT_EMAIL", default="")
#: Under which the open-data page gives its figures away.
OPEN_DATA_LICENCE = env.str("OPEN_DATA_LICENCE", default="CC BY 4.0")
OPEN_DATA_LICENCE_URL = env.str(
    "OPEN_DATA_LICENCE_URL", default="https://creativecommons.org/licenses/by/4.0/"
)
#: Where web processes count their requests for Prometheus (`serve_metrics`). Empty: they count nothing.
METRICS_DIR = env.str("METRICS_DIR", default="")
if METRICS_DIR:
    os.environ["PROMETHEUS_MULTIPROC_DIR"] = METRICS_DIR
    MIDDLEWARE.insert(0, "django_prometheus.middleware.PrometheusBeforeMiddleware")
    MIDDLEWARE.append("django_prometheus.middleware.PrometheusAfterMiddleware")
#: Where spans of requests and jobs are sent (config/telemetry.py). Empty: nothing is traced.
OTEL_EXPORTER_OTLP_ENDPOINT = env.str("OTEL_EXPORTER_OTLP_ENDPOINT", default="")
if OTEL_EXPORTER_OTLP_ENDPOINT:
    MIDDLEWARE.insert(0, "config.telemetry.TracingMiddleware")
#: For whom backups are encrypted: keys that `manage.py backup --new-key` prints.
BACKUP_RECIPIENTS = env.list("BACKUP_RECIPIENTS", default=[])
IS_DEMO = env.bool("IS_DEMO", default=False)

# --- API ------------------------------------------------------------------------------------------------------
REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": ["accounts.api.sessions.SignedInSession"],
    "DEFAULT_PERMISSION_CLASSES": ["rest_framework.permissions.IsAuthenticated"],
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_PARSER_CLASSES": ["rest_framework.parsers.JSONParser"],
    "DEFAULT_PAGINATION_CLASS": "accounts.api.paging.RecordPages",
    "DEFAULT_THROTTLE_CLASSES": [
        "accounts.api.throttles.ReadThrottle",
        "accounts.api.throttles.WriteThrottle",
        "accounts.api.throttles.KeyThrottle",
    ],
    "DEFAULT_THROTTLE_RATES": {
        "read": env.str("API_READ_RATE", default="600/min"),
        "write": env.str("API_WRITE_RATE", default="120/min"),
    },
    # Without it whoever asks names an address of their own choice in X-Forwarded-For.
    "NUM_PROXIES": TRUSTED_PROXIES,
    "DEFAULT_SCHEMA_CLASS": "drf_spectacular.openapi.AutoSchema",
    "EXCEPTION_HANDLER": "accounts.api.problems.problem_response",
    "UNAUTHENTICATED_USER": "django.contrib.auth.models.AnonymousUser",
    "COERCE_DECIMAL_TO_STRING": False,
}
SPECTACULAR_SETTINGS = {
    "TITLE": "Portal of the anti-trafficking programme",
    "VERSION": "1",
    "OAS_VERSION": "3.1.0",
    "SERVE_INCLUDE_SCHEMA": False,
    "COMPONENT_SPLIT_REQUEST": True,
    "DESCRIPTION": (
        "Figures, reports and records of the programme. Errors are problem+json and come in Vietnamese, or in English"
        " where Accept-Language asks for it. Guide and examples: /api/v1/docs/."
    ),
    "SERVE_PUBLIC": True,
    "POSTPROCESSING_HOOKS": [
        "drf_spectacular.hooks.postprocess_schema_enums",
        "accounts.api.schema.with_problems",
        "config.api_docs.sentences.in_language",
    ],
    "ENUM_NAME_OVERRIDES": {
        "ActivityKindEnum": "programs.models.ActivityKind",
        "ActivityStateEnum": "programs.models.Activity.State",
        "ActivityWriteStateEnum": ["draft", "submitted"],
        "AggregationEnum": "reporting.models.Indicator.Aggregation",
        "AreaLevelEnum": "territory.models.Level",
        "AssignmentStateEnum": "programs.models.Assignment.State",
        "ChannelEnum": "incidents.models.Channel",
        "ComparisonEnum": "programs.models.Comparison",
        "CountryEnum": "incidents.models.lists.Country",
        "DifficultyStateEnum": "programs.models.Difficulty.State",
        "DocumentKindEnum": "programs.models.DocumentKind",
        "DocumentUrgencyEnum": "programs.models.document.Urgency",
        "ObligationStateEnum": "reporting.models.ObligationState",
        "ReportStateEnum": "reporting.models.Report.State",
        "FigureStatusEnum": [
            *("reported", "confirmed_nil", "missing", "not_due", "suppressed", "not_comparable"),
        ],
        "FollowUpKindEnum": "victims.models.FollowUp.Kind",
        "ModelKindEnum": "programs.models.prevention.ModelKind",
        "NationalityEnum": "victims.value_lists.Country",
        "OccasionEnum": "programs.models.Occasion",
        "RecruitmentChannelEnum": "victims.value_lists.Channel",
        "RouteKindEnum": "victims.value_lists.RouteKind",
        "SeizedItemKindEnum": "incidents.models.SeizedItem.Kind",
        "ServiceKindEnum": "victims.value_lists.ServiceKind",
        "SubmissionStateEnum": "reporting.models.SubmissionState",
        "TipKindEnum": "incidents.models.tip.TipKind",
        "TipStateEnum": "incidents.models.tip.TipState",
        "TipUrgencyEnum": "incidents.models.tip.TipUrgency",
        "VictimStatusEnum": "victims.value_lists.Status",
    },
}

# --- lists ----------------------------------------------------------------------------------------------------
PAGE_SIZE = 25
PAGE_SIZE_CHOICES = (25, 50, 100, 200)
EXPORT_MAX_ROWS = 100_000
#: A longer list is cut here, so that a page costs the same however much is stored; filters narrow it down.
LIST_MAX_ROWS = 5_000
#: The totals of a longer list are not on its page; they are asked for apart.
TOTALS_MAX_ROWS = 1_000
DJANGO_TABLES2_PAGE_RANGE = 7

# --- logs: what happened, never what was typed ----------------------------------------------------------------
LOG_LINES = "JsonLines" if env.bool("LOG_AS_JSON", default=False) else "Lines"
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"()": f"config.log_lines.{LOG_LINES}"}},
    "handlers": {
        "console": {"class": "logging.StreamHandler", "formatter": "line"},
        "mail": {"class": "config.error_reports.ErrorMails"},
    },
    "root": {"handlers": ["console"], "level": env.str("LOG_LEVEL", default="INFO")},
    "loggers": {
        "django": {"handlers": [], "level": "INFO"},
        # The request line can hold what a person searched for; failures are told by config.errors instead.
        "django.request": {"handlers": [], "level": "CRITICAL", "propagate": False},
        "django.server": {"handlers": [], "level": "CRITICAL", "propagate": False},
        "portal.errors": {"handlers": ["mail"] if ADMINS else []},
        # It holds the text of exceptions; config.error_reports tells of jobs that failed instead.
        "celery.app.trace": {"handlers": [], "level": "CRITICAL", "propagate": False},
        "celery.beat": {"level": "WARNING"},
        "weasyprint": {"level": "ERROR"},
        "fontTools": {"level": "ERROR"},
    },
}
