"""What the lists of offences and time limits begin with. They are data: whoever keeps them goes on from there.

Articles 150-154 and 119, 120 and the limits of Articles 147, 149, 172 are those of the codes; the related
offences, the limits of a resumed tip and of an investigation are to be confirmed by the province's lawyers.
"""

import datetime as dt
from typing import Any

from incidents.models import CountedFrom, DeadlineRule, DeadlineStep, Offence

#: The first days of the criminal code of 2015 and of the criminal procedure code of 2015, and of those before.
SINCE_2018 = dt.date(2018, 1, 1)
CODE_1999 = (dt.date(2000, 7, 1), dt.date(2017, 12, 31))
PROCEDURE_2003 = (dt.date(2004, 7, 1), dt.date(2017, 12, 31))

_RELATED = Offence.Family.RELATED

OFFENCES: list[tuple[int, str, str, str]] = [
    (2015, "150", "Mua bán người", Offence.Family.TRAFFICKING),
    (2015, "151", "Mua bán người dưới 16 tuổi", Offence.Family.TRAFFICKING),
    (2015, "152", "Đánh tráo người dưới 01 tuổi", Offence.Family.TRAFFICKING),
    (2015, "153", "Chiếm đoạt người dưới 16 tuổi", Offence.Family.TRAFFICKING),
    (2015, "154", "Mua bán, chiếm đoạt mô hoặc bộ phận cơ thể người", Offence.Family.TRAFFICKING),
    (2015, "187", "Tổ chức mang thai hộ vì mục đích thương mại", _RELATED),
    (
        2015,
        "348",
        "Tổ chức, môi giới cho người khác xuất cảnh, nhập cảnh hoặc ở lại Việt Nam trái phép",
        _RELATED,
    ),
    (
        2015,
        "349",
        "Tổ chức, môi giới cho người khác trốn đi nước ngoài hoặc ở lại nước ngoài trái phép",
        _RELATED,
    ),
    (1999, "119", "Mua bán người", Offence.Family.TRAFFICKING),
    (1999, "120", "Mua bán, đánh tráo hoặc chiếm đoạt trẻ em", Offence.Family.TRAFFICKING),
]

DEADLINES: list[dict[str, Any]] = [
    {
        "step": DeadlineStep.FIRST,
        "days": 20,
        "counted_from": CountedFrom.RECEIPT,
        "legal_basis": "Điều 147 khoản 1 BLTTHS 2015",
        "valid_from": SINCE_2018,
    },
    {
        "step": DeadlineStep.FIRST_EXTENSION,
        "months": 2,
        "counted_from": CountedFrom.RECEIPT,
        "legal_basis": "Điều 147 khoản 2 BLTTHS 2015",
        "valid_from": SINCE_2018,
    },
    {
        "step": DeadlineStep.SECOND_EXTENSION,
        "months": 2,
        "counted_from": CountedFrom.PREVIOUS_DUE,
        "legal_basis": "Điều 147 khoản 2 BLTTHS 2015",
        "valid_from": SINCE_2018,
    },
    {
        "step": DeadlineStep.RESUMED,
        "months": 1,
        "counted_from": CountedFrom.DECISION,
        "legal_basis": "Điều 149 BLTTHS 2015",
        "valid_from": SINCE_2018,
    },
    {
        "step": DeadlineStep.INVESTIGATION,
        "months": 4,
        "counted_from": CountedFrom.DECISION,
        "legal_basis": "Điều 172 BLTTHS 2015",
        "valid_from": SINCE_2018,
    },
    {
        "step": DeadlineStep.FIRST,
        "days": 20,
        "counted_from": CountedFrom.RECEIPT,
        "legal_basis": "Điều 103 BLTTHS 2003",
        "valid_from": PROCEDURE_2003[0],
        "valid_to": PROCEDURE_2003[1],
    },
    {
        "step": DeadlineStep.FIRST_EXTENSION,
        "months": 2,
        "counted_from": CountedFrom.RECEIPT,
        "legal_basis": "Điều 103 BLTTHS 2003",
        "valid_from": PROCEDURE_2003[0],
        "valid_to": PROCEDURE_2003[1],
    },
]


def load_lists() -> int:
    """Put in what is missing of the first offences and time limits. Returns how many rows were added.

    What is there stays as it is, so a list that was changed is not changed back.
    """
    added = 0
    for code, article, name, family in OFFENCES:
        since, until = (SINCE_2018, None) if code == 2015 else CODE_1999
        added += Offence.objects.get_or_create(
            criminal_code=code,
            article=article,
            defaults={"name": name, "family": family, "valid_from": since, "valid_to": until},
        )[1]
    for rule in DEADLINES:
        key = {"step": rule["step"], "valid_from": rule["valid_from"]}
        added += DeadlineRule.objects.get_or_create(**key, defaults=rule)[1]
    return added
