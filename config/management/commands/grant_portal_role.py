"""Make the portal's role and give it its rights on every table."""

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import connection, transaction

from config.roles import RoleMissing, grant, make_role


class Command(BaseCommand):
    help = "Makes the role as which web and workers connect, and gives it its rights. `migrate` does it too."

    def handle(self, *args: Any, **options: Any) -> None:
        with transaction.atomic(), connection.cursor() as cursor:
            try:
                make_role(cursor, settings.PORTAL_ROLE)
            except RoleMissing as missing:
                raise CommandError(str(missing)) from missing
            grant(cursor, settings.PORTAL_ROLE)
