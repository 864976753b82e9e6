"""The portal's settings, with the floors beside its addresses, statements counted on request, and no limit of rate."""

from config.settings import *  # noqa: F403
from config.settings import MIDDLEWARE, REST_FRAMEWORK

ROOT_URLCONF = "benchmarks.urls"
MIDDLEWARE = ["benchmarks.floors.CountStatements", *MIDDLEWARE]
REST_FRAMEWORK = REST_FRAMEWORK | {"DEFAULT_THROTTLE_RATES": {"read": "1000000/min", "write": "1000000/min"}}
ACCOUNT_RATE_LIMITS = False  # type: ignore[assignment]
PAGE_RATES = {}
