"""Migration operations for a schema of many related tables."""

from collections.abc import Sequence
from typing import Any

from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.operations.base import Operation
from django.db.migrations.operations.models import AddConstraint, AddIndex
from django.db.migrations.state import ProjectState
from pgtrigger.migrations import AddTrigger

_ADDED_TO_A_TABLE = (AddIndex, AddConstraint, AddTrigger)


class Together(Operation):
    """Operations whose models Django makes once for all of them, instead of once for each.

    Every new relation makes Django build all related models of that moment anew, and here everything is related to
    areas and people: one operation after another, a new database took minutes. The statements are the same, in the
    same order.

    No operation may need what another of the group did: tables are made in one group and indexed in the next, and
    a column is added or altered once.
    """

    def __init__(self, operations: Sequence[Operation]) -> None:
        self.operations = list(operations)

    def deconstruct(self) -> tuple[str, list[Any], dict[str, Any]]:
        return type(self).__name__, [self.operations], {}

    def state_forwards(self, app_label: str, state: ProjectState) -> None:
        state.clear_delayed_apps_cache()
        state.__dict__.pop("apps", None)  # built again when somebody asks for it, once
        for operation in self.operations:
            operation.state_forwards(app_label, state)

    def database_forwards(
        self,
        app_label: str,
        schema_editor: BaseDatabaseSchemaEditor,
        from_state: ProjectState,
        to_state: ProjectState,
    ) -> None:
        for operation in self.operations:
            operation.database_forwards(app_label, schema_editor, from_state, to_state)

    def database_backwards(
        self,
        app_label: str,
        schema_editor: BaseDatabaseSchemaEditor,
        from_state: ProjectState,
        to_state: ProjectState,
    ) -> None:
        for operation in reversed(self.operations):
            # What is taken off a table is described by the table as it is; it may be one of this group.
            before = from_state if isinstance(operation, _ADDED_TO_A_TABLE) else to_state
            operation.database_backwards(app_label, schema_editor, from_state, before)

    def describe(self) -> str:
        return "; ".join(operation.describe() for operation in self.operations)
