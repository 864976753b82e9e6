"""The register of documents as the tests know it: a ministry above, two districts, and the letter 2978/BQP-BĐBP."""

import datetime as dt
import re
from dataclasses import dataclass
from html import unescape
from typing import Any

from django.test import Client

from accounts.models import Role, User
from programs.models import Document, DocumentKind, Relation
from programs.services.document import (
    RestsOn,
    enter_document,
)
from territory.models import Agency
from tests.programs.cast import Cast, make_agency, make_person

LIST, NEW, EXPORT, KEEP = (
    "/documents/",
    "/documents/new/",
    "/documents/export.xlsx",
    "/documents/drafts/document:new/",
)


@dataclass
class Register:
    """The cast of the activities, with a ministry above and a second district beside."""

    cast: Cast
    ministry: Agency
    si_ma_cai_police: Agency
    coordinator: User  # of Lào Cai
    bat_xat_officer: User
    si_ma_cai_officer: User
    steering: User
    administrator: User

    def entered(self, actor: User | None = None, rests_on: Any = (), **changed: Any) -> Document:
        """A document of the police of Bát Xát, or whoever is named."""
        cast = self.cast
        fields: dict[str, Any] = {
            "kind": DocumentKind.PLAN,
            "number": "12/KH-CAH",
            "issued_on": dt.date(2021, 5, 20),
            "issuer": cast.bat_xat_police,
            "area": cast.bat_xat,
            "subject": "Kế hoạch phòng, chống mua bán người",
            **changed,
        }
        return enter_document(actor=actor or self.coordinator, rests_on=rests_on, **fields)

    def from_above(self, number: str, subject: str, **changed: Any) -> Document:
        """A document of the ministry for the whole nation."""
        fields = {"kind": DocumentKind.OFFICIAL_LETTER, "issuer": self.ministry, "area": self.cast.nation}
        return self.entered(number=number, subject=subject, **{**fields, **changed})

    def typed(self, **changed: Any) -> dict[str, Any]:
        """What a browser sends for a complete new document of Bát Xát."""
        return {
            "kind": "plan",
            "number": "15/KH-CAH",
            "issued_on": "20/05/2021",
            "year": "",
            "issuer": str(self.cast.bat_xat_police.pk),
            "area": str(self.cast.bat_xat.pk),
            "subject": "Kế hoạch tuyên truyền ở chợ phiên",
            "signer": "Giàng A Sử",
            "signer_position": "Trưởng Công an huyện",
            "urgency": "urgent",
            "recipients": "- UBND huyện;\r\n- Lưu: VT.\r\n",
            "note": "",
            "relations-TOTAL_FORMS": "1",
            "relations-INITIAL_FORMS": "0",
            "relations-0-kind": "",
            "relations-0-other": "",
            **changed,
        }


def related(number: int, kind: str, other: str, **more: str) -> dict[str, str]:
    row = {"kind": kind, "other": other, **more}
    return {
        "relations-TOTAL_FORMS": str(number + 1),
        **{f"relations-{number}-{name}": value for name, value in row.items()},
    }


def make_register(cast: Cast) -> Register:
    ministry = make_agency("Bộ Quốc phòng", cast.nation, "BQP")
    si_ma_cai_police = make_agency("Công an huyện Si Ma Cai", cast.si_ma_cai, "CAH-087")
    return Register(
        cast,
        ministry,
        si_ma_cai_police,
        coordinator=make_person("Hoa", Role.COORDINATOR, cast.lao_cai_police, cast.lao_cai),
        bat_xat_officer=cast.stranger,
        si_ma_cai_officer=make_person("Sùng", Role.FILING_OFFICER, si_ma_cai_police, cast.si_ma_cai),
        steering=make_person("Bình", Role.STEERING_MEMBER, cast.lao_cai_police, cast.lao_cai),
        administrator=make_person("Tâm", Role.ADMINISTRATOR, cast.lao_cai_police, cast.lao_cai),
    )


@dataclass
class Letter:
    """The ministry's letter 2978/BQP-BĐBP, the five it cites, and what came of it in Lào Cai."""

    letter: Document
    cited: list[Document]
    conclusion: Document
    province: Document
    district: Document
    sister: Document


def make_letter(register: Register) -> Letter:
    conclusion = register.from_above("13-KL/TW", "Kết luận của Ban Bí thư", kind=DocumentKind.CONCLUSION)
    cited = [
        register.from_above(
            "193/QĐ-TTg",
            "Chương trình phòng, chống mua bán người",
            rests_on=[RestsOn(conclusion, Relation.IMPLEMENTS)],
        ),
        *(register.from_above(f"{n}/KH-BCĐ", f"Kế hoạch số {n}") for n in (28, 35, 172, 19)),
    ]
    main = register.from_above(
        "2978/BQP-BĐBP",
        "Triển khai nhiệm vụ phòng, chống mua bán người",
        rests_on=[RestsOn(each, Relation.BASED_ON) for each in cited],
    )
    cast = register.cast
    province = register.entered(
        number="101/KH-CAT",
        issuer=cast.lao_cai_police,
        area=cast.lao_cai,
        subject="Kế hoạch của tỉnh",
        rests_on=[RestsOn(main, Relation.IMPLEMENTS), RestsOn(cited[0], Relation.BASED_ON)],
    )
    district = register.entered(rests_on=[RestsOn(province, Relation.IMPLEMENTS)])
    sister = register.entered(
        number="9/KH-CAH",
        issuer=register.si_ma_cai_police,
        area=cast.si_ma_cai,
        subject="Kế hoạch của Si Ma Cai",
        rests_on=[RestsOn(province, Relation.IMPLEMENTS)],
    )
    return Letter(main, cited, conclusion, province, district, sister)


def everything() -> Any:
    return Document.objects.unscoped("the test looks at the table")


def numbers(page: str) -> list[str]:
    return re.findall(r'<th scope="row" class="nowrap"><a href="/documents/\d+/">(.*?)</a>', page)


def seen(client: Client, **parameters: Any) -> list[str]:
    response = client.get(LIST, parameters)
    assert response.status_code == 200
    return numbers(unescape(response.content.decode()))
