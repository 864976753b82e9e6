"""The WSGI application served by gunicorn."""

import os

from django.core.wsgi import get_wsgi_application

from config.starting import refuse_unfit_role

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
application = get_wsgi_application()
refuse_unfit_role()
