"""The invented people of the demonstration, the agencies they work in, and their passwords."""

import datetime as dt
import secrets
from collections.abc import Iterable
from dataclasses import dataclass
from typing import TypedDict

from allauth.mfa.totp.internal.auth import generate_totp_secret

from accounts.factors.needed import needs_factor
from accounts.factors.sealed import give_app
from accounts.models import Membership, Role, User
from territory.models import Agency, AgencyDuty, AgencyKind, Area, Duty, Level

SINCE = dt.date(2004, 1, 1)
OLD_MAP_ENDS = dt.date(2025, 6, 30)
EARLY_2025 = dt.date(2025, 2, 28)

#: First day of the provinces and communes of today.
TWO_LEVELS_SINCE = dt.date(2025, 7, 1)

#: The provinces of the demonstration: Kon Tum, Bắc Kạn, Lào Cai, Hà Tĩnh, and Điện Biên with invented figures only.
PROVINCES = ("62", "06", "10", "42", "11")

#: Any day on which these provinces had their districts.
DAY = dt.date(2020, 6, 14)


class Account(TypedDict):
    """One line of the credentials file."""

    email: str
    password: str
    totp: str  # the seed of the app for codes; empty for who needs none
    role: str
    agency: str
    area_code: str


@dataclass(frozen=True)
class Person:
    email: str
    full_name: str
    role: Role
    agency: str
    area: str
    since: dt.date = SINCE


#: Provincial agencies: kind, name with a place for the province, symbol, last day if before the map's.
PROVINCIAL = [
    ("provincial_police", "Công an tỉnh {name}", "CAT", None),
    ("border_guard", "Bộ Chỉ huy Bộ đội Biên phòng tỉnh {name}", "BCH", None),
    ("labour", "Sở Lao động - Thương binh và Xã hội tỉnh {name}", "SLĐTBXH", EARLY_2025),
    ("education", "Sở Giáo dục và Đào tạo tỉnh {name}", "SGDĐT", None),
    ("womens_union", "Hội Liên hiệp Phụ nữ tỉnh {name}", "BTV", None),
    ("procuracy", "Viện kiểm sát nhân dân tỉnh {name}", "VKS", None),
    ("court", "Tòa án nhân dân tỉnh {name}", "TA", None),
    ("provincial_committee", "Ủy ban nhân dân tỉnh {name}", "UBND", None),
    ("steering_committee", "Ban Chỉ đạo 138 tỉnh {name}", "BCĐ", None),
]

#: Agencies of today's Lào Cai: kind, name, symbol, duty.
PROVINCIAL_TODAY = [
    ("provincial_police", "Công an tỉnh Lào Cai", "CAT", Duty.STANDING),
    ("border_guard", "Bộ Chỉ huy Bộ đội Biên phòng tỉnh Lào Cai", "BCH", Duty.BORDER),
    ("health", "Sở Y tế tỉnh Lào Cai", "SYT", Duty.VICTIM_SUPPORT),
    ("womens_union", "Hội Liên hiệp Phụ nữ tỉnh Lào Cai", "BTV", None),
]

#: Communes of today's Lào Cai whose police is in the demonstration.
COMMUNES_TODAY = ("02683", "02686", "02788", "02869", "02890", "02905", "02947", "03046")

#: The first person of each role is the one `make demo` prints, so one whose lists hold something. All are invented.
PEOPLE = [
    Person(
        "can-bo.kontum@demo.example",
        "Cán bộ Thử Nghiệm Kon Tum",
        Role.FILING_OFFICER,
        "62-provincial_police",
        "62",
    ),
    Person(
        "lanh-dao.kontum@demo.example",
        "Lãnh đạo Thử Nghiệm Kon Tum",
        Role.HEAD_OF_UNIT,
        "62-provincial_police",
        "62",
    ),
    Person("ho-tro.backan@demo.example", "Hỗ trợ Thử Nghiệm Bắc Kạn", Role.CASE_WORKER, "06-labour", "06"),
    Person("ho-tro.kontum@demo.example", "Hỗ trợ Thử Nghiệm Kon Tum", Role.CASE_WORKER, "62-labour", "62"),
    Person(
        "dieu-tra.kontum@demo.example",
        "Điều tra Thử Nghiệm Kon Tum",
        Role.INVESTIGATOR,
        "62-provincial_police",
        "62",
    ),
    Person(
        "dieu-phoi.kontum@demo.example",
        "Điều phối Thử Nghiệm Kon Tum",
        Role.COORDINATOR,
        "62-provincial_police",
        "62",
    ),
    Person(
        "ban-chi-dao.dienbien@demo.example",
        "Ủy viên Thử Nghiệm Điện Biên",
        Role.STEERING_MEMBER,
        "11-steering_committee",
        "11",
    ),
    Person(
        "ban-chi-dao.kontum@demo.example",
        "Ủy viên Thử Nghiệm Kon Tum",
        Role.STEERING_MEMBER,
        "62-steering_committee",
        "62",
    ),
    Person(
        "quan-tri.laocai-moi@demo.example",
        "Quản trị Thử Nghiệm Lào Cai (từ 7/2025)",
        Role.ADMINISTRATOR,
        "15-provincial_police",
        "15",
        TWO_LEVELS_SINCE,
    ),
    Person(
        "quan-tri.kontum@demo.example",
        "Quản trị Thử Nghiệm Kon Tum",
        Role.ADMINISTRATOR,
        "62-provincial_police",
        "62",
    ),
    Person(
        "quan-tri-hai.kontum@demo.example",
        "Quản trị Thử Nghiệm Thứ Hai Kon Tum",
        Role.ADMINISTRATOR,
        "62-provincial_police",
        "62",
    ),
    Person(
        "bien-phong.kontum@demo.example",
        "Biên phòng Thử Nghiệm Kon Tum",
        Role.FILING_OFFICER,
        "62-border_guard",
        "62",
    ),
    Person(
        "dak-ha@demo.example", "Cán bộ Thử Nghiệm Đăk Hà", Role.FILING_OFFICER, "615-district_police", "615"
    ),
    Person("can-bo.backan@demo.example", "Cán bộ Thử Nghiệm Bắc Kạn", Role.FILING_OFFICER, "06-labour", "06"),
    Person(
        "dieu-phoi.backan@demo.example",
        "Điều phối Thử Nghiệm Bắc Kạn",
        Role.COORDINATOR,
        "06-provincial_police",
        "06",
    ),
    Person(
        "bat-xat@demo.example", "Cán bộ Thử Nghiệm Bát Xát", Role.FILING_OFFICER, "082-district_police", "082"
    ),
    Person(
        "lanh-dao.bat-xat@demo.example",
        "Lãnh đạo Thử Nghiệm Bát Xát",
        Role.HEAD_OF_UNIT,
        "082-district_police",
        "082",
    ),
    Person(
        "si-ma-cai@demo.example",
        "Cán bộ Thử Nghiệm Si Ma Cai",
        Role.FILING_OFFICER,
        "084-district_police",
        "084",
    ),
    Person(
        "dieu-phoi.laocai@demo.example",
        "Điều phối Thử Nghiệm Lào Cai",
        Role.COORDINATOR,
        "10-provincial_police",
        "10",
    ),
    Person(
        "thach-ha@demo.example",
        "Cán bộ Thử Nghiệm Thạch Hà",
        Role.FILING_OFFICER,
        "445-district_police",
        "445",
    ),
    Person(
        "dieu-phoi.hatinh@demo.example",
        "Điều phối Thử Nghiệm Hà Tĩnh",
        Role.COORDINATOR,
        "42-provincial_police",
        "42",
    ),
    Person(
        "lanh-dao.backan@demo.example", "Lãnh đạo Thử Nghiệm Bắc Kạn", Role.HEAD_OF_UNIT, "06-labour", "06"
    ),
    Person(
        "dieu-phoi.dienbien@demo.example",
        "Điều phối Thử Nghiệm Điện Biên",
        Role.COORDINATOR,
        "11-provincial_police",
        "11",
    ),
    Person(
        "can-bo.dienbien@demo.example",
        "Cán bộ Thử Nghiệm tỉnh Điện Biên",
        Role.FILING_OFFICER,
        "11-provincial_police",
        "11",
    ),
    Person(
        "muong-nhe@demo.example",
        "Cán bộ Thử Nghiệm Mường Nhé",
        Role.FILING_OFFICER,
        "096-district_police",
        "096",
    ),
    Person(
        "lanh-dao.muong-nhe@demo.example",
        "Lãnh đạo Thử Nghiệm Mường Nhé",
        Role.HEAD_OF_UNIT,
        "096-district_police",
        "096",
    ),
    Person(
        "dieu-phoi.laocai-moi@demo.example",
        "Điều phối Thử Nghiệm Lào Cai (từ 7/2025)",
        Role.COORDINATOR,
        "15-provincial_police",
        "15",
        TWO_LEVELS_SINCE,
    ),
    Person(
        "xa-bat-xat@demo.example",
        "Cán bộ Thử Nghiệm xã Bát Xát",
        Role.FILING_OFFICER,
        "02683-commune_police",
        "02683",
        TWO_LEVELS_SINCE,
    ),
    Person(
        "lanh-dao.xa-bat-xat@demo.example",
        "Lãnh đạo Thử Nghiệm xã Bát Xát",
        Role.HEAD_OF_UNIT,
        "02683-commune_police",
        "02683",
        TWO_LEVELS_SINCE,
    ),
    Person(
        "ho-tro.laocai-moi@demo.example",
        "Hỗ trợ Thử Nghiệm Lào Cai (từ 7/2025)",
        Role.CASE_WORKER,
        "15-health",
        "15",
        TWO_LEVELS_SINCE,
    ),
    Person(
        "lanh-dao.laocai-moi@demo.example",
        "Lãnh đạo Thử Nghiệm Lào Cai (từ 7/2025)",
        Role.HEAD_OF_UNIT,
        "15-provincial_police",
        "15",
        TWO_LEVELS_SINCE,
    ),
]


def agency(code: str, since: dt.date = SINCE) -> Agency:
    """The demonstration agency with this code, made by `load_agencies` or `load_agencies_of_today`."""
    found: Agency = Agency.objects.get(code=code, valid_from=since)
    return found


def load_agencies(province_code: str) -> None:
    """The agencies of a province and the police of its districts, with their duties."""
    province = Area.objects.find(province_code, DAY, Level.PROVINCE)
    kinds = {kind.code: kind for kind in AgencyKind.objects.all()}
    for kind, name, symbol, ends in PROVINCIAL:
        made = _agency(
            f"{province_code}-{kind}",
            kinds[kind],
            province,
            name.format(name=province.short_name),
            symbol,
            ends,
        )
        duty = {
            "provincial_police": Duty.STANDING,
            "labour": Duty.VICTIM_SUPPORT,
            "border_guard": Duty.BORDER,
        }.get(kind)
        if duty:
            AgencyDuty.objects.get_or_create(
                agency=made, duty=duty, valid_from=SINCE, defaults={"valid_to": made.valid_to}
            )
    for district in Area.objects.valid_on(DAY).within(province).level(Level.DISTRICT):
        name = f"Công an {district.name[:1].lower()}{district.name[1:]}"
        _agency(
            f"{district.code}-district_police", kinds["district_police"], district, name, "CAH", EARLY_2025
        )


def load_agencies_of_today() -> None:
    """Some agencies of today's Lào Cai, so that what is owed now can be shown."""
    province = Area.objects.find("15", TWO_LEVELS_SINCE, Level.PROVINCE)
    kinds = {kind.code: kind for kind in AgencyKind.objects.all()}
    since = TWO_LEVELS_SINCE
    for kind, name, symbol, duty in PROVINCIAL_TODAY:
        values = {"kind": kinds[kind], "area": province, "name": name, "symbol": symbol}
        made, _ = Agency.objects.get_or_create(code=f"15-{kind}", valid_from=since, defaults=values)
        if duty:
            AgencyDuty.objects.get_or_create(agency=made, duty=duty, valid_from=since)
    for commune in Area.objects.filter(code__in=COMMUNES_TODAY, level=Level.COMMUNE, valid_from=since):
        name = f"Công an {commune.name[:1].lower()}{commune.name[1:]}"
        values = {"kind": kinds["commune_police"], "area": commune, "name": name, "symbol": "CAX"}
        Agency.objects.get_or_create(code=f"{commune.code}-commune_police", valid_from=since, defaults=values)


def load_committees(districts: Iterable[Area]) -> list[Agency]:
    """The people's committees of these districts, in the order given."""
    kind = AgencyKind.objects.get(code="district_committee")
    return [
        _agency(
            f"{district.code}-district_committee",
            kind,
            district,
            f"Ủy ban nhân dân {district.name[:1].lower()}{district.name[1:]}",
            "UBND",
            None,
        )
        for district in districts
    ]


def _agency(code: str, kind: AgencyKind, area: Area, name: str, symbol: str, ends: dt.date | None) -> Agency:
    values = {"kind": kind, "area": area, "name": name, "symbol": symbol, "valid_to": ends or OLD_MAP_ENDS}
    made, _ = Agency.objects.get_or_create(code=code, valid_from=SINCE, defaults=values)
    found: Agency = made
    return found


def load_people(*, with_passwords: bool) -> list[Account]:
    """The people and their memberships. With passwords, each gets a new random one, returned for the file.

    Who needs a second factor gets an app for codes, with a new random seed in the file. In a demonstration the page
    that asks for the code shows it.
    """
    accounts: list[Account] = []
    for person in PEOPLE:
        user = User.objects.filter(email=person.email).first()
        if user is None:
            user = User.objects.create_user(person.email, full_name=person.full_name)
        of = agency(person.agency, person.since)
        Membership.objects.get_or_create(
            user=user,
            agency=of,
            role=person.role,
            area=Area.objects.get(code=person.area, valid_from=person.since),
            defaults={"valid_from": person.since},
        )
        if with_passwords:
            password = f"demo-{secrets.token_urlsafe(12)}"
            user.set_password(password)
            user.save()
            seed = generate_totp_secret() if needs_factor(user) else ""
            if seed:
                give_app(user=user, seed=seed)
            accounts.append(
                {
                    "email": person.email,
                    "password": password,
                    "totp": seed,
                    "role": person.role.value,
                    "agency": of.name,
                    "area_code": person.area,
                }
            )
    return accounts
