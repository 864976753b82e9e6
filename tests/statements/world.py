"""Statements and models for the permission matrix, by the names its rows use."""

from typing import Any

from accounts.models import User
from tests.cast import Cast
from tests.statements.stating import club, recommended, stated


def make_statements(cast: Cast, sister: User) -> dict[str, dict[str, Any]]:
    """What the address of each row needs. ``sister`` is an officer of the police of Si Ma Cai."""
    of, here = cast.agencies, cast.map
    own, model = stated(cast), club(cast)
    asked = recommended(cast, addressed_to=None, addressee="Sở Lao động - Thương binh và Xã hội")
    others = {
        "sister": stated(cast, actor=sister, agency=of.si_ma_cai_police, area=here.si_ma_cai),
        "far": stated(cast, actor=cast.people.stranger, agency=of.dak_ha_police, area=here.dak_ha),
    }
    sister_model = club(cast, actor=sister, agency=of.si_ma_cai_police, area=here.si_ma_cai)
    made: dict[str, dict[str, Any]] = {
        f"{name}_difficulty": {"kind": "difficulty", "pk": one.pk} for name, one in others.items()
    }
    return made | {
        "own_difficulty": {"kind": "difficulty", "pk": own.pk},
        "stated": {"pk": own.pk},
        "sister_stated": {"pk": others["sister"].pk},
        "direction": {"pk": stated(cast, "direction").pk},
        "no_difficulty": {"kind": "difficulty", "pk": 10**9},
        "new_difficulty": {"kind": "difficulty"},
        "draft_difficulty": {"form": "statement:difficulty:new"},
        "draft_own_difficulty": {"form": f"statement:difficulty:{own.pk}"},
        "asked_page": {"kind": "recommendation", "pk": asked.pk},
        "asked": {"pk": asked.pk},
        "asked_receive": {"pk": asked.pk, "step": "receive"},
        "asked_withdraw": {"pk": asked.pk, "step": "withdraw"},
        "own_model": {"pk": model.pk},
        "sister_model": {"pk": sister_model.pk},
        "draft_model": {"form": "model:new"},
        "draft_own_model": {"form": f"model:{model.pk}"},
        "own_model_pause": {"pk": model.pk, "step": "pause"},
    }


def sent_about(cast: Cast, about: str) -> dict[str, str]:
    """What a form of a row sends."""
    if about == "own_unit":
        return {"unit": f"{cast.agencies.bat_xat_police.pk}:{cast.map.bat_xat.pk}", "period": "2020-H2"}
    return {"version": "1"} if about.startswith("draft_own") else {}
