"""Section 6: law and international cooperation."""

from reporting.catalogue.entries import Entry, entry, sum_of
from reporting.models import Section

COOPERATION: list[Entry] = [
    entry(
        "cooperation_activities",
        Section.COOPERATION,
        "Hoạt động hợp tác quốc tế",
        "International cooperation",
        "hoạt động",
        "activities",
        rule=sum_of("activity.cooperation.count"),
    ),
    entry(
        "cooperation_meetings",
        Section.COOPERATION,
        "Cuộc hội đàm, giao ban với nước ngoài",
        "Talks with other countries",
        "cuộc",
        "meetings",
        rule=sum_of("activity.cooperation.sessions", reported=True),
    ),
    entry(
        "legal_texts_reviewed",
        Section.COOPERATION,
        "Văn bản pháp luật được rà soát, góp ý",
        "Legal texts reviewed",
        "văn bản",
        "texts",
        rule={"reported": True},
    ),
    entry(
        "international_projects",
        Section.COOPERATION,
        "Dự án hợp tác quốc tế đang thực hiện",
        "International projects running",
        "dự án",
        "projects",
        rule={"reported": True},
        over_periods="last",
    ),
    entry(
        "legal_assistance",
        Section.COOPERATION,
        "Yêu cầu tương trợ tư pháp",
        "Requests for legal assistance",
        "yêu cầu",
        "requests",
        rule={"reported": True},
    ),
]
