"""What is told about a victim in words of a list: HTCDS 2.0 of the IOM, and what it lacks for Viet Nam.

Added to HTCDS: forced criminality such as online scams, and the trade in unborn children.
"""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Circle(models.TextChoices):
    """Why a person is protected by Law 53/2024. Who is being identified is told by the status."""

    VICTIM = "victim", _("victim, or person being identified")
    CHILD = "child", _("person under 18 with them")
    RELATIVE = "relative", _("close relative")


class Status(models.TextChoices):
    """Confirmed and suspected are never added."""

    CONFIRMED = "confirmed", _("confirmed victim")
    BEING_IDENTIFIED = "being_identified", _("being identified")
    SUSPECTED = "suspected", _("suspected victim")
    NOT_A_VICTIM = "not_a_victim", _("not a victim")


class Arrival(models.TextChoices):
    RECEIVED = "received", _("received")
    RESCUED = "rescued", _("rescued")
    SELF_RETURNED = "self_returned", _("returned by themself")
    HANDED_OVER = "handed_over", _("handed over by another country")


class Sex(models.TextChoices):
    FEMALE = "female", _("female")
    MALE = "male", _("male")
    OTHER = "other", _("other")
    UNKNOWN = "unknown", _("not known")


class AgeBand(models.TextChoices):
    """The limits of the law: 10, 16 (Article 151 of the criminal code) and 18 (Law 53/2024)."""

    UNDER_10 = "under_10", _("under 10")
    UNDER_16 = "under_16", _("10 to under 16")
    UNDER_18 = "under_18", _("16 to under 18")
    ADULT = "adult", _("18 and over")
    UNKNOWN = "unknown", _("age not known")


class Answer(models.TextChoices):
    YES = "yes", _("yes")
    NO = "no", _("no")
    UNKNOWN = "unknown", _("not known")


class Education(models.TextChoices):
    NONE = "none", _("no schooling")
    PRIMARY = "primary", _("primary school")
    LOWER_SECONDARY = "lower_secondary", _("lower secondary school")
    UPPER_SECONDARY = "upper_secondary", _("upper secondary school")
    VOCATIONAL = "vocational", _("vocational training")
    HIGHER = "higher", _("college or university")
    UNKNOWN = "unknown", _("not known")


class Occupation(models.TextChoices):
    PUPIL = "pupil", _("pupil or student")
    FARMING = "farming", _("farming, forestry, fishing")
    WORKER = "worker", _("worker")
    TRADE = "trade", _("trade and services")
    AT_HOME = "at_home", _("work at home")
    NONE = "none", _("no work")
    OTHER = "other", _("other")
    UNKNOWN = "unknown", _("not known")


class Act(models.TextChoices):
    RECRUITED = "recruited", _("recruited")
    TRANSPORTED = "transported", _("transported")
    HARBOURED = "harboured", _("harboured")
    HANDED_ON = "handed_on", _("handed on")
    TAKEN_IN = "taken_in", _("taken in")


class Means(models.TextChoices):
    """Not needed for a person under 18 (Law 53/2024)."""

    FORCE = "force", _("force or threat of force")
    DECEIT = "deceit", _("deceit")
    OTHER_TRICK = "other_trick", _("another trick")
    VULNERABILITY = "vulnerability", _("use of a position of weakness")
    PAYMENT = "payment", _("payment to who controls the person")


class Purpose(models.TextChoices):
    FORCED_LABOUR = "forced_labour", _("forced labour")
    SEXUAL = "sexual", _("sexual exploitation")
    CHILD_LABOUR = "child_labour", _("child labour")
    FORCED_MARRIAGE = "forced_marriage", _("forced marriage")
    SERVITUDE = "servitude", _("servitude or slavery")
    FORCED_MILITARY = "forced_military", _("forced military service")
    ORGAN_REMOVAL = "organ_removal", _("removal of organs")
    FORCED_BEGGING = "forced_begging", _("forced begging")
    FORCED_ADOPTION = "forced_adoption", _("forced adoption")
    SURROGACY = "surrogacy", _("forced childbearing or surrogacy")
    FORCED_CRIMINALITY = "forced_criminality", _("forced criminality (online scams and other)")
    UNBORN_CHILD = "unborn_child", _("trade in an unborn child")
    OTHER = "other", _("other inhuman purpose")
    UNKNOWN = "unknown", _("not known yet")


class RecruiterRelation(models.TextChoices):
    FAMILY = "family", _("family")
    ACQUAINTED = "acquainted", _("acquainted")
    UNACQUAINTED = "unacquainted", _("not acquainted")
    UNKNOWN = "unknown", _("not known")


class Channel(models.TextChoices):
    WORKPLACE = "workplace", _("workplace")
    SCHOOL = "school", _("school")
    SOCIAL_NETWORK = "social_network", _("online social network")
    MESSENGER = "messenger", _("messenger (Zalo, WeChat, Telegram …)")
    ONLINE_AD = "online_ad", _("online advertisement")
    BROKER = "broker", _("labour or marriage broker")
    MEDIA = "media", _("television or newspaper")
    FAMILY = "family", _("family")
    FRIENDS = "friends", _("friends")
    OTHER = "other", _("other")
    UNKNOWN = "unknown", _("not known")


class Control(models.TextChoices):
    THREATS = "threats", _("threats")
    THREAT_TO_FAMILY = "threat_to_family", _("threats against the family")
    THREAT_OF_POLICE = "threat_of_police", _("threats with the authorities")
    DEBT_BONDAGE = "debt_bondage", _("debt bondage")
    FALSE_PROMISES = "false_promises", _("false promises")
    PHYSICAL_ABUSE = "physical_abuse", _("physical abuse")
    SEXUAL_ABUSE = "sexual_abuse", _("sexual abuse")
    PSYCHOLOGICAL_ABUSE = "psychological_abuse", _("psychological abuse")
    TAKES_EARNINGS = "takes_earnings", _("takes the earnings")
    WITHHOLDS_PAPERS = "withholds_papers", _("withholds papers")
    WITHHOLDS_NECESSITIES = "withholds_necessities", _("withholds food, sleep or medicine")
    RESTRICTS_MOVEMENT = "restricts_movement", _("restricts movement")
    USES_CHILDREN = "uses_children", _("uses the children")
    DRUGS = "drugs", _("drugs or alcohol")
    EXCESSIVE_HOURS = "excessive_hours", _("excessive working hours")
    OTHER = "other", _("other")


class RouteKind(models.TextChoices):
    ORIGIN = "origin", _("origin")
    TRANSIT = "transit", _("transit")
    DESTINATION = "destination", _("destination")


class Country(models.TextChoices):
    """Countries that routes touch; ISO 3166 letters."""

    VN = "VN", _("Viet Nam")
    CN = "CN", _("China")
    KH = "KH", _("Cambodia")
    LA = "LA", _("Laos")
    MM = "MM", _("Myanmar")
    TH = "TH", _("Thailand")
    MY = "MY", _("Malaysia")
    PH = "PH", _("Philippines")
    SG = "SG", _("Singapore")
    TW = "TW", _("Taiwan")
    KR = "KR", _("South Korea")
    JP = "JP", _("Japan")
    RU = "RU", _("Russia")
    GB = "GB", _("United Kingdom")
    SA = "SA", _("Saudi Arabia")
    XX = "XX", _("other country")


class ServiceKind(models.TextChoices):
    """The kinds of support of Law 53/2024 and Decree 162/2025."""

    ESSENTIAL_NEEDS = "essential_needs", _("essential needs")
    TRAVEL = "travel", _("travel home")
    ACCOMMODATION = "accommodation", _("safe accommodation")
    MEDICAL = "medical", _("medical support")
    HEALTH_INSURANCE = "health_insurance", _("health insurance of the first year")
    PSYCHOLOGICAL = "psychological", _("psychological support")
    LEGAL_AID = "legal_aid", _("legal aid")
    INTERPRETATION = "interpretation", _("interpretation")
    SCHOOLING = "schooling", _("schooling")
    VOCATIONAL = "vocational", _("vocational training")
    HARDSHIP_ALLOWANCE = "hardship_allowance", _("initial hardship allowance")
    LOAN = "loan", _("loan")
    PAPERS = "papers", _("papers and civil status")
    PROTECTION = "protection", _("protection")


class Funding(models.TextChoices):
    CENTRAL = "central", _("central budget")
    LOCAL = "local", _("local budget")
    PROJECT = "project", _("international project")
    SOCIAL = "social", _("donations")
    OTHER = "other", _("other")


class PaperKind(models.TextChoices):
    IDENTITY_CARD = "identity_card", _("identity card")
    PASSPORT = "passport", _("passport")
    BIRTH_CERTIFICATE = "birth_certificate", _("birth certificate")
    BORDER_PASS = "border_pass", _("border pass")
    INSURANCE_CARD = "insurance_card", _("health insurance card")
    OTHER = "other", _("other paper")
