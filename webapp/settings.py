"""Every knob of Handbill, from the environment, through the strict readers of `webapp.conf.env`.

With nothing set, all it needs (PostgreSQL, broker, mail, media) lives in one data folder.
"""

from datetime import timedelta
from pathlib import Path

from webapp.conf import broker, database, env, mail
from webapp.postgres import data_folder

BASE_DIR = Path(__file__).resolve().parent.parent

# The machine

DATA_DIR = env.path(
    "HANDBILL_DATA", BASE_DIR / "data", "Everything Handbill keeps: database, pictures, models, logs."
)
data_folder.refuse_strangers(DATA_DIR)
MEDIA_DIR = DATA_DIR / "media"
MODELS_DIR = DATA_DIR / "models"
MARKS_DIR = env.path(
    "HANDBILL_MARKS",
    DATA_DIR / "marks",
    "The keys that files are marked as made with AI with, made at the first start.",
)
data_folder.refuse_root_of_others(MARKS_DIR)
DEBUG = env.boolean("HANDBILL_DEBUG", False, "Show errors in full. Never where others can reach the site.")
SECRET_KEY = env.secret(
    "HANDBILL_SECRET_KEY",
    DATA_DIR / "secret_key",
    "Signs sessions and links. Machines that serve one site share it.",
)
ALLOWED_HOSTS = env.words(
    "HANDBILL_ALLOWED_HOSTS",
    ["127.0.0.1", "localhost", "[::1]"],
    "Names the site answers to; anything else gets 400.",
)
CSRF_TRUSTED_ORIGINS = env.words(
    "HANDBILL_TRUSTED_ORIGINS", [], "Origins from which forms are accepted when a proxy changes the host."
)
HTTPS = env.boolean(
    "HANDBILL_HTTPS", False, "The site is reached by HTTPS alone: secure cookies, HSTS, redirects"
)
LANGUAGE_CODE = "en-gb"
TIME_ZONE = env.text("HANDBILL_TIME_ZONE", "UTC", "Where a day begins in allowances, tables and charts.")
USE_TZ = True

# The studio

DAILY_PICTURES = env.integer("HANDBILL_DAILY_PICTURES", 200, "Pictures a new business may make a day.", low=1)
OPEN_SIGN_UP = env.boolean("HANDBILL_OPEN_SIGN_UP", True, "Anybody may sign up and open a business.")
LEASE = timedelta(
    seconds=env.integer(
        "HANDBILL_LEASE_SECONDS",
        30,
        "Silence after which a job's worker is taken for dead and the job begins again elsewhere.",
        low=2,
    )
)
JOBS_IN_FLIGHT = env.integer(
    "HANDBILL_JOBS_IN_FLIGHT",
    4,
    "Jobs one worker makes at the same time; they share denoiser calls.",
    low=1,
    high=64,
)
ENGINE_ROWS = env.integer("HANDBILL_ENGINE_ROWS", 16, "Rows one denoiser call may have.", low=1, high=256)
MODEL_MEMORY = env.size(
    "HANDBILL_MODEL_MEMORY", None, "Memory that loaded models may take before the least used is let go."
)

# What people see

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.humanize",
    "django.forms",
    "allauth",
    "allauth.account",
    "django_htmx",
    "template_partials",
    "csp",
    "accounts",
    "generation",
    "webapp",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "servestatic.middleware.ServeStaticMiddleware",
    "csp.middleware.CSPMiddleware",
    "webapp.http.headers.PrivateByDefault",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "webapp.http.refusals.Refusals",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "webapp.http.login_required.SignInFirst",
    "webapp.http.nearest_page.NearestPage",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "accounts.unsent_letters.TellOfUnsentLetters",
]

ROOT_URLCONF = "webapp.urls"
ASGI_APPLICATION = "webapp.asgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.debug",
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "webapp.http.context.shell",
            ],
            "builtins": ["webapp.http.post_button", "webapp.reports.menu"],
        },
    }
]
FORM_RENDERER = "django.forms.renderers.TemplatesSetting"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

STATIC_URL = "/static/"
STATIC_ROOT = DATA_DIR / "static"
STATICFILES_DIRS = [BASE_DIR / "static"]
SERVESTATIC_USE_FINDERS = True
SERVESTATIC_AUTOREFRESH = DEBUG

# Who may come in

AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "home"

ACCOUNT_ADAPTER = "accounts.adapter.AccountAdapter"
ACCOUNT_FORMS = {
    "signup": "accounts.sign_up.SignUpForm",
    "add_email": "accounts.account_forms.AddEmailForm",
    "change_password": "accounts.account_forms.ChangePasswordForm",
    "reauthenticate": "accounts.account_forms.ReauthenticateForm",
    "set_password": "accounts.account_forms.SetPasswordForm",
}
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_LOGOUT_ON_GET = False
ACCOUNT_SESSION_REMEMBER = True
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_CHANGE_EMAIL = True
ACCOUNT_EMAIL_NOTIFICATIONS = True
ACCOUNT_REAUTHENTICATION_REQUIRED = True
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
ACCOUNT_RATE_LIMITS = {
    "login": "30/m/ip",
    "login_failed": "10/m/ip,5/5m/key",
    "signup": "10/m/ip,30/h/ip",
    "reset_password": "10/m/ip,3/m/key",
    "reset_password_from_key": "10/m/ip",
    "confirm_email": "1/3m/key",
    "change_password": "5/m/user",
    "manage_email": "10/m/user",
    "reauthenticate": "10/m/user",
    "verify": "20/m/ip",
    "upload": "30/m/ip,30/m/user",
    # What multiplies the daily allowances, or lets others in
    "open_business": "10/d/ip",
    "person_opens": "3/d/user",
    "make_pictures": "300/h/ip",
    "make_files": "300/h/ip",
    "invite": "30/h/user,60/h/ip",
    "report": "20/h/ip",
    "share": "60/h/user,120/h/ip",
}
# Attempts are counted in the database: each web process would count its own in its own memory, which makes
# the limits as many times wider, and a cache server would be one more thing to run.
CACHES = {"default": {"BACKEND": "accounts.shared_cache.SharedCache"}}
# Whose attempts they are: the address that the connection comes from, unless that is a proxy's. What a
# visitor writes into X-Forwarded-For is believed of nobody.
ALLAUTH_TRUSTED_PROXY_COUNT = env.integer(
    "HANDBILL_PROXIES",
    0,
    "Proxies in front of the site, each adding to X-Forwarded-For the address it was called from.",
    low=0,
    high=8,
)

# Mail: with no server named, letters are files in the data folder and an address need not be confirmed,
# since nobody could read the letter.
SMTP_URL = env.secret_url("HANDBILL_SMTP_URL", "The mail server.")
vars().update(mail.settings(SMTP_URL, DATA_DIR / "mail"))
DEFAULT_FROM_EMAIL = env.text("HANDBILL_MAIL_FROM", "Handbill <handbill@localhost>", "Sender of letters.")
ACCOUNT_EMAIL_VERIFICATION = "mandatory" if SMTP_URL else "optional"

# Security

SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = HTTPS
SECURE_SSL_REDIRECT = HTTPS
SECURE_HSTS_SECONDS = 31_536_000 if HTTPS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = HTTPS
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if HTTPS else None
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": ["'none'"],
        "script-src": ["'self'"],
        "style-src": ["'self'"],
        "img-src": ["'self'"],
        "font-src": ["'self'"],
        "connect-src": ["'self'"],
        "manifest-src": ["'self'"],
        "form-action": ["'self'"],
        "base-uri": ["'none'"],
        "frame-ancestors": ["'none'"],
    }
}

# What people hand in stays in memory: nothing touches the disk before it was looked at.
# `webapp.http.body_limit` refuses what is larger.
FILE_UPLOAD_HANDLERS = ["django.core.files.uploadhandler.MemoryFileUploadHandler"]
FILE_UPLOAD_MAX_MEMORY_SIZE = 33 * 1024 * 1024

# The rows and the doorbell

DATABASE_URL = env.secret_url("DATABASE_URL", "A PostgreSQL 15 or newer of your own.")
POSTGRES_BIN = env.path(
    "HANDBILL_POSTGRES_BIN",
    None,
    "Programs (postgres, initdb) of another PostgreSQL 15 or newer for the embedded server.",
)
DATABASES = {"default": database.settings(DATABASE_URL, DATA_DIR, POSTGRES_BIN)}

ALSO_REFUSED = env.words(
    "HANDBILL_ALSO_REFUSED", (), "What may not be asked for on this machine, besides what is made nowhere."
)

CELERY_BROKER_URL = env.secret_url("CELERY_BROKER_URL", "RabbitMQ or Redis, for workers on other machines.")
vars().update(broker.settings(CELERY_BROKER_URL, DATA_DIR / "broker"))
# The row is the truth: acknowledge at once, keep no results, fetch one message at a time, read JSON only.
CELERY_TASK_ACKS_LATE = False
CELERY_TASK_IGNORE_RESULT = True
CELERY_RESULT_BACKEND = None
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_TASK_SERIALIZER = "json"
CELERY_ACCEPT_CONTENT = ["json"]
CELERY_TASK_DEFAULT_QUEUE = "cpu"
CELERY_BEAT_SCHEDULE = {
    "sweep": {"task": "generation.tasks.sweep", "schedule": 15.0},
    "forget_exports": {"task": "webapp.tasks.forget_exports", "schedule": 3600.0},
    "forget_incidents": {"task": "webapp.tasks.forget_incidents", "schedule": 3600.0},
    "remove_orphans": {"task": "generation.tasks.remove_orphans", "schedule": 3600.0},
    "forget_attempts": {"task": "webapp.tasks.forget_attempts", "schedule": 300.0},
    "scrub": {"task": "generation.tasks.scrub", "schedule": 600.0},
}
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
# Who can write to the broker may ring, not command: no shutdown, no pool changes by message.
CELERY_WORKER_ENABLE_REMOTE_CONTROL = False
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "%(asctime)s %(levelname)s %(name)s %(message)s"}},
    "filters": {"no_tokens": {"()": "webapp.http.log_redaction.HideTokens"}},
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "line", "filters": ["no_tokens"]}},
    "root": {"handlers": ["stderr"], "level": "INFO"},
}

env.refuse_unknown()
