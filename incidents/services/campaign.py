"""Campaigns: opened and corrected by hand; their results are counted from the cases."""

import uuid
from collections.abc import Sequence
from typing import Any

import pghistory
from django.db import transaction

from accounts.models import User
from incidents.models import Campaign
from incidents.services.changing import locked, refuse_unless_writer
from territory.models import Agency, Area


def open_campaign(
    *,
    actor: User,
    agency: Agency,
    area: Area,
    submission_key: uuid.UUID,
    areas: Sequence[Area] = (),
    **fields: Any,
) -> Campaign:
    """Open a campaign of an agency; the same ``submission_key`` again gives the one that exists.

    Raises PermissionDenied, ValidationError by field.
    """
    refuse_unless_writer(actor, "case.write", agency, area)
    existing: Campaign | None = (
        Campaign.objects.visible_to(actor).filter(submission_key=submission_key, opened_by=actor).first()
    )
    if existing is not None:
        return existing
    with transaction.atomic(), pghistory.context(user=actor.pk):
        campaign = Campaign(
            agency=agency, area=area, submission_key=submission_key, opened_by=actor, **fields
        )
        campaign.full_clean(exclude=["agency", "area", "opened_by"], validate_unique=False)
        campaign.save()
        campaign.areas.set(areas)
    return campaign


def change_campaign(
    *, campaign: Campaign, actor: User, version: int, areas: Sequence[Area] = (), **fields: Any
) -> Campaign:
    """Correct a campaign. Raises PermissionDenied, ChangedMeanwhile, ValidationError by field."""
    with transaction.atomic(), pghistory.context(user=actor.pk):
        held = locked(campaign, actor=actor, verb="case.write", version=version)
        for name, value in fields.items():
            setattr(held, name, value)
        held.version += 1
        held.full_clean(exclude=["agency", "area", "opened_by"], validate_unique=False)
        held.save()
        held.areas.set(areas)
    return held
