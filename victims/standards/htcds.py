"""Victims' cases in the shape of HTCDS 2.0 (Human Trafficking Case Data Standard, IOM, CC BY 4.0).

Fields and values are those of "HTCDS Field Standards 2.0"; what it lacks for Viet Nam begins with "x_". What each field
means here, and what is left out, is told in docs/standards.md.
"""

from django.utils.translation import gettext_noop

from victims.standards.column import Column, Step, by_group
from victims.standards.words import FIVE_YEARS, HOME_OR_OTHER, MAJORITY, ONE_OR_SEVERAL, REGION, TEN_YEARS

_GENDER = {
    "female": "Feminine",
    "male": "Masculine",
    "other": "NonConforming",
    "unknown": "NonSpecifiedUnknown",
}
_EDUCATION = {
    "none": "x_NoSchooling",
    "primary": "PrimaryEducation",
    "lower_secondary": "LowerSecondaryEducation",
    "upper_secondary": "UpperSecondaryEducation",
    "vocational": "PostSecondaryNonTertiaryEducation",
    "higher": "BachelorsOrEquivalentLevel",
}
_SCHOOLING = Step(
    gettext_noop("primary or less, secondary, beyond"),
    by_group(
        {
            "x_NoSchooling": "PrimaryOrLess",
            "PrimaryEducation": "PrimaryOrLess",
            "LowerSecondaryEducation": "Secondary",
            "UpperSecondaryEducation": "Secondary",
            "PostSecondaryNonTertiaryEducation": "PostSecondary",
            "BachelorsOrEquivalentLevel": "PostSecondary",
        }
    ),
)
_STATUS = {
    "confirmed": "ActualVictimOfTrafficking",
    "suspected": "PossibleVictimOfTrafficking",
    "being_identified": "PossibleVictimOfTrafficking",
}
#: "Unaquainted" is how the standard spells it.
_RELATION = {"family": "Familial", "acquainted": "Acquainted", "unacquainted": "Unaquainted"}
_RECRUITMENT = {
    "workplace": "AtWork",
    "school": "AtAnEducationalInstitution",
    "social_network": "ThroughOnlineSocialNetworks",
    "messenger": "ThroughOnlineSocialNetworks",
    "online_ad": "ThroughAnOnlineAdvertisement",
    "broker": "Other",
    "media": "Other",
    "family": "ThroughFamilyOrFamilyEvents",
    "friends": "ThroughFriendsOrSocialEvents",
    "other": "Other",
}
_ONLINE = Step(
    gettext_noop("online, through people, other"),
    by_group(
        {
            "ThroughOnlineSocialNetworks": "Online",
            "ThroughAnOnlineAdvertisement": "Online",
            "ThroughFamilyOrFamilyEvents": "ThroughPeople",
            "ThroughFriendsOrSocialEvents": "ThroughPeople",
        }
    ),
)
_CONTROL = {
    "threats": "PhysicalThreats",
    "threat_to_family": "ThreatensChildrenFamily",
    "uses_children": "ThreatensChildrenFamily",
    "threat_of_police": "ThreatsLawEnforcement",
    "debt_bondage": "DebtBondage",
    "false_promises": "FalsePromises",
    "physical_abuse": "PhysicalAbuse",
    "sexual_abuse": "SexualAbuse",
    "psychological_abuse": "PsychologicalAbuse",
    "takes_earnings": "TakesEarnings",
    "withholds_papers": "WithholdsDocuments",
    "withholds_necessities": "WithholdsNecessities",
    "drugs": "PsychoactiveSubstance",
    "excessive_hours": "ExcessiveWorkingHours",
    "restricts_movement": "Other",
    "other": "Other",
}
_KIND_OF_CONTROL = Step(
    gettext_noop("kind of control"),
    by_group(
        {
            "PhysicalThreats": "Threats",
            "ThreatensChildrenFamily": "Threats",
            "ThreatsLawEnforcement": "Threats",
            "PhysicalAbuse": "Violence",
            "SexualAbuse": "Violence",
            "PsychologicalAbuse": "Violence",
            "DebtBondage": "Economic",
            "TakesEarnings": "Economic",
            "ExcessiveWorkingHours": "Economic",
            "FalsePromises": "Deceit",
            "WithholdsDocuments": "Deprivation",
            "WithholdsNecessities": "Deprivation",
        }
    ),
)
_EXPLOITATION = {
    "forced_labour": "ForcedLabour",
    "sexual": "SexualExploitation",
    "child_labour": "ChildLabour",
    "forced_marriage": "ForcedMarriage",
    "servitude": "Servitude",
    "forced_military": "ForcedMilitaryByNonStateActors",
    "organ_removal": "OrganRemoval",
    "forced_begging": "ForcedBegging",
    "forced_adoption": "ForcedAdoption",
    "surrogacy": "Surrogacy",
    "forced_criminality": "x_ForcedCriminality",
    "unborn_child": "x_TradeInUnbornChild",
    "other": "Other",
}
_KIND_OF_EXPLOITATION = Step(
    gettext_noop("labour, sexual, marriage and children, other"),
    by_group(
        {
            **dict.fromkeys(
                ("ForcedLabour", "ChildLabour", "Servitude", "ForcedBegging", "x_ForcedCriminality"), "Labour"
            ),
            "SexualExploitation": "Sexual",
            **dict.fromkeys(
                ("ForcedMarriage", "ForcedAdoption", "Surrogacy", "x_TradeInUnbornChild"),
                "MarriageAndChildren",
            ),
        }
    ),
)
_SUPPORT = {
    "schooling": "Education",
    "vocational": "Livelihood",
    "loan": "Livelihood",
    "hardship_allowance": "Financial",
    "medical": "Health",
    "health_insurance": "Health",
    "psychological": "Health",
    "legal_aid": "Legal",
    "papers": "Legal",
    "interpretation": "SocialCare",
    "essential_needs": "SocialCare",
    "travel": "SocialCare",
    "accommodation": "SocialCare",
    "protection": "SocialCare",
}
_CASE = {
    "open": "Active",
    "closure_asked": "Active",
    "closed": "Closed",
    "closed_referred": "ClosedReferred",
}

#: The columns of the file, in its order.
COLUMNS = (
    Column("prs_Gender", "sex", _GENDER),
    Column("x_AgeBandOnArrival", "age_band", steps=(MAJORITY,)),
    Column("prs_Citizenship", "nationality", steps=(HOME_OR_OTHER,)),
    Column("x_EthnicMinority", "minority", {"yes": "Yes", "no": "No"}),
    Column("prs_HighestLevelOfEducation", "education", _EDUCATION, (_SCHOOLING,)),
    Column("org_ShippingState", "province", steps=(REGION,)),
    Column("x_YearOfRegistration", "year", steps=(FIVE_YEARS, TEN_YEARS)),
    Column("vic_TraffickingStatus", "status", _STATUS),
    Column("cas_Status", "case_state", _CASE),
    Column("vic_TypeOfExploitation", "purposes", _EXPLOITATION, (_KIND_OF_EXPLOITATION,), is_sensitive=True),
    Column("vic_MethodsOfControl", "controls", _CONTROL, (_KIND_OF_CONTROL,), is_sensitive=True),
    Column("vic_MethodOfRecruitment", "channel", _RECRUITMENT, (_ONLINE,), is_sensitive=True),
    Column("vic_RelationshipToTrafficker", "relation", _RELATION, is_sensitive=True),
    Column("hte_Country", "destination", steps=(HOME_OR_OTHER,), is_sensitive=True),
    Column("spl_Type", "services", _SUPPORT, (ONE_OR_SEVERAL,), is_sensitive=True),
)
