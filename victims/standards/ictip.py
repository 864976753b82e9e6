"""Statistics of victims in the shape of the IC-TIP.

International Classification for Administrative Data on Trafficking in Persons (IOM, UNODC; endorsed by the UN
Statistical Commission in 2025). Its objects are the event, the victim, the perpetrator and the reporting entity. Its
code lists were not to be had, so attributes and values have the words of the UN protocol; docs/standards.md tells more.
"""

from django.utils.translation import gettext_noop

from victims.standards.column import Column, Step, by_group
from victims.standards.words import FIVE_YEARS, HOME_OR_OTHER, MAJORITY, REGION, TEN_YEARS

_ACT = {
    "recruited": "Recruitment",
    "transported": "Transportation",
    "handed_on": "Transfer",
    "harboured": "Harbouring",
    "taken_in": "Receipt",
}
_MEANS = {
    "force": "ThreatOrUseOfForce",
    "deceit": "FraudOrDeception",
    "other_trick": "FraudOrDeception",
    "vulnerability": "AbuseOfPositionOfVulnerability",
    "payment": "GivingOrReceivingOfPayments",
}
_PURPOSE = {
    "sexual": "SexualExploitation",
    "forced_labour": "ForcedLabourOrServices",
    "child_labour": "ForcedLabourOrServices",
    "servitude": "SlaveryOrServitude",
    "forced_marriage": "ForcedMarriage",
    "organ_removal": "RemovalOfOrgans",
    "forced_begging": "ForcedBegging",
    "forced_criminality": "ForcedCriminality",
    "forced_military": "ForcedMilitaryService",
    "forced_adoption": "IllegalAdoption",
    "surrogacy": "ExploitativeSurrogacy",
    "unborn_child": "SaleOfChildren",
    "other": "Other",
}
_KIND_OF_PURPOSE = Step(
    gettext_noop("sexual, labour, other"),
    by_group(
        {
            "SexualExploitation": "SexualExploitation",
            **dict.fromkeys(
                ("ForcedLabourOrServices", "SlaveryOrServitude", "ForcedBegging", "ForcedCriminality"),
                "ForcedLabourOrServices",
            ),
        }
    ),
)
_ENTITY = {
    **dict.fromkeys(
        ("public_security", "provincial_police", "district_police", "commune_police"), "LawEnforcement"
    ),
    **dict.fromkeys(("defence", "border_guard"), "BorderAuthority"),
    **dict.fromkeys(("procuracy", "court", "justice"), "Justice"),
    **dict.fromkeys(
        ("labour_ministry", "labour", "home_affairs_ministry", "home_affairs", "health_ministry", "health"),
        "SocialAndHealthServices",
    ),
    **dict.fromkeys(
        ("provincial_committee", "district_committee", "commune_committee", "steering_committee"),
        "LocalGovernment",
    ),
    "womens_union": "MassOrganisation",
}

#: The columns of the table, in its order; the number of victims stands behind them.
COLUMNS = (
    Column("event.year", "year", steps=(FIVE_YEARS, TEN_YEARS)),
    Column("event.act", "acts", _ACT, is_sensitive=True),
    Column("event.means", "means", _MEANS, is_sensitive=True),
    Column("event.purpose", "purposes", _PURPOSE, (_KIND_OF_PURPOSE,), is_sensitive=True),
    Column("event.country_of_exploitation", "destination", steps=(HOME_OR_OTHER,), is_sensitive=True),
    Column(
        "victim.identification",
        "status",
        {"confirmed": "Identified", "suspected": "Presumed", "being_identified": "Presumed"},
    ),
    Column("victim.sex", "sex", {"female": "Female", "male": "Male", "other": "Other"}),
    Column("victim.age_group", "age_band", steps=(MAJORITY,)),
    Column("victim.citizenship", "nationality", steps=(HOME_OR_OTHER,)),
    Column(
        "victim.relation_to_perpetrator",
        "relation",
        {"family": "Family", "acquainted": "KnownPerson", "unacquainted": "Stranger"},
        is_sensitive=True,
    ),
    Column("reporting_entity.type", "agency_kind", _ENTITY),
    Column("reporting_entity.area", "province", steps=(REGION,)),
)
