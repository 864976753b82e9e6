"""Load the demonstration: published facts of provinces and a ministry, invented people for every role. Repeatable."""

import json
import os
from pathlib import Path
from typing import Any

import pghistory
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import connection, transaction

from accounts.models import User
from reporting.demo import (
    approval,
    attachments,
    bac_kan,
    cast,
    current,
    exports,
    incidents,
    kon_tum,
    lao_cai,
    ministry,
    statements,
    synthetic,
    thach_ha,
    training,
)
from reporting.rollup import recompute_marked
from territory.models import Area

#: In this order: later ones build on earlier ones.
PARTS = (
    kon_tum,
    incidents,
    bac_kan,
    lao_cai,
    ministry,
    thach_ha,
    training,
    attachments,
    approval,
    statements,
    synthetic,
    current,
    exports,
)


class Command(BaseCommand):
    help = "Load the demonstration data. Running it again doubles nothing."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--credentials-to",
            type=Path,
            metavar="FILE.json",
            help="give the demonstration accounts new random passwords and write them to this file (mode 0600)",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        if not Area.objects.filter(code="62").exists():
            raise CommandError("There are no areas yet. Run: python manage.py load_areas")
        call_command("load_catalogue", stdout=self.stdout)
        call_command("load_programmes", stdout=self.stdout)
        path: Path | None = options["credentials_to"]
        with transaction.atomic():
            for province in cast.PROVINCES:
                cast.load_agencies(province)
            cast.load_agencies_of_today()
            accounts = cast.load_people(with_passwords=path is not None)
            people = {
                user.email: user for user in User.objects.filter(email__in=[p.email for p in cast.PEOPLE])
            }
            for part in PARTS:
                # Else the history of what a part writes would name whoever the part before named last.
                with pghistory.context(command="load_demo"):
                    part.load(people)
        with pghistory.context(command="load_demo"):
            exports.ask_and_make(people)
        _tell_the_planner()
        while recompute_marked().marks:
            pass
        if path is not None:
            _write_private(path, json.dumps(accounts, ensure_ascii=False, indent=1))
        self.stdout.write(
            f"Demonstration loaded: {len(cast.PEOPLE)} people, Kon Tum 2020-H1, Bắc Kạn 2013-2019,"
            " Lào Cai's pilot 2021-2022, the letter of the Ministry of Defence of 2022, Thạch Hà 2016-2020;"
            " invented: Điện Biên 2016-2021, what Lào Cai owes now, and its exports of case data."
        )


def _tell_the_planner() -> None:
    """Plans made for empty tables are far too slow for what is there now, and PostgreSQL looks only after a while."""
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")


def _write_private(path: Path, text: str) -> None:
    """Write a file only its owner can read, whole or not at all."""
    path.parent.mkdir(parents=True, exist_ok=True)
    partial = path.with_name(path.name + ".part")
    partial.unlink(missing_ok=True)
    with os.fdopen(
        os.open(partial, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8"
    ) as file:
        file.write(text)
    partial.replace(path)
