"""Fill a database of its own with synthetic records of the whole nation, to measure the portal with."""

import time
from typing import Any

from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import ProgrammingError, connection
from django.db.migrations.executor import MigrationExecutor

from reporting.national import Plan, database, fill

_NOT_ALLOWED = "42501"


class Command(BaseCommand):
    help = (
        "Make synthetic national data in the database <name>_national, which must hold nothing else: at scale 1 two"
        " million activities, 100,000 cases and 40,000 victims in ten years, and what every unit reported."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--years", type=int, default=10, help="years up to 14 June 2026 (10)")
        parser.add_argument("--scale", type=float, default=1.0, help="part of the nation's size (1.0)")
        parser.add_argument("--seed", type=int, default=1, help="the same seed makes the same rows (1)")
        parser.add_argument("--replace", action="store_true", help="drop <name>_national and make it anew")

    def handle(self, *args: Any, **options: Any) -> None:
        plan = Plan(years=options["years"], scale=options["scale"], seed=options["seed"])
        if not (1 <= plan.years <= 20 and 0 < plan.scale <= 2):
            raise CommandError("Give 1 to 20 years, and a scale above 0 and up to 2.")
        name = database.connect_apart()
        if options["replace"]:
            database.drop()
            name = database.connect_apart()
        executor = MigrationExecutor(connection)
        if executor.migration_plan(
            executor.loader.graph.leaf_nodes()
        ):  # looking is far quicker than migrating
            call_command("migrate", verbosity=0)
        try:
            if database.is_filled(plan):
                self.stdout.write(f"{name} holds {plan} already.")
                return
        except database.NotApart as refused:
            raise CommandError(
                f"{name} is left as it is: {refused}. With --replace it is made anew."
            ) from refused
        call_command("createcachetable", verbosity=0)
        call_command("load_areas", verbosity=0, stdout=self.stdout)
        call_command("load_catalogue", verbosity=0, stdout=self.stdout)
        started = time.monotonic()
        try:
            filled = fill(plan)
        except ProgrammingError as error:
            if getattr(error.__cause__, "pgcode", "") != _NOT_ALLOWED:
                raise
            raise CommandError(
                "The owner of the tables may not turn triggers off. As a superuser of the server: "
                "GRANT SET ON PARAMETER session_replication_role TO the owner."
            ) from error
        with connection.cursor() as cursor:
            cursor.execute("VACUUM ANALYZE")
        database.note(plan)
        for table, rows in filled.rows.items():
            self.stdout.write(f"{rows:>10,} {table}")
        self.stdout.write(f"{name}: {plan}; {filled.facts:,} facts; {time.monotonic() - started:.0f} s.")
