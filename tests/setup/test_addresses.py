"""The list of addresses says what the portal does."""

from __future__ import annotations

import json

import pytest
from django.core.management import call_command

from config.addresses import Address, all_addresses

BY_NAME = {address.name: address for address in all_addresses()}


def test_every_address_has_a_name_of_its_own() -> None:
    assert len(BY_NAME) == len(all_addresses())


@pytest.mark.parametrize(
    ("name", "methods", "kind", "access"),
    [
        ("activity_detail", ("GET", "HEAD"), "programs.activity", "signed_in"),
        ("activity_edit", ("GET", "HEAD", "POST"), "programs.activity", "signed_in"),
        ("preferences", ("GET", "HEAD", "POST"), None, "public"),
        ("healthz", ("GET", "HEAD"), None, "public"),
        ("report_detail", ("GET", "HEAD"), "reporting.report", "signed_in"),
    ],
)
def test_an_address_tells_methods_kind_and_access(
    name: str, methods: tuple[str, ...], kind: str | None, access: str
) -> None:
    address: Address = BY_NAME[name]

    assert (address.methods, address.kind, address.access) == (methods, kind, access)


def test_a_page_of_the_portal_declares_its_methods() -> None:
    own = [a for a in all_addresses() if not a.name.startswith(("account_", "set_language", "api-"))]

    assert [a.name for a in own if "DELETE" in a.methods] == []


def test_the_command_writes_them_as_json(capsys: pytest.CaptureFixture[str]) -> None:
    call_command("dump_urls")

    written = json.loads(capsys.readouterr().out)
    assert {each["name"] for each in written} == set(BY_NAME)
    assert set(written[0]) == {"name", "path", "methods", "parameters", "kind", "access"}
