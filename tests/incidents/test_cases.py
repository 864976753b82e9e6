"""Cases: offences by the day of the act, stages in order, persons, verdicts, warrants, groups, campaigns."""

from __future__ import annotations

import datetime as dt
import uuid

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.urls import reverse

from accounts.changing import ChangedMeanwhile
from accounts.models import ReadEvent
from incidents.models import Campaign, Case, PersonInCase, Stage, StageKind, Standing, Verdict, WantedPerson
from incidents.selectors.pipeline import campaign_results, carried_over, pipeline, tip_counts
from incidents.services.campaign import open_campaign
from incidents.services.case import add_place, change_case, reach_stage
from incidents.services.person import add_person, change_standing, end_search, give_verdict, want_person
from incidents.services.tip import open_case
from tests.cast import Cast
from tests.conftest import SignedIn
from tests.incidents.records import DAY, Investigators, article, case, suspect, tip

pytestmark = pytest.mark.django_db


def _own(cast: Cast, who: Investigators, **more: object) -> Case:
    return case(who.own, cast.agencies.lao_cai_police, cast.map.bat_xat, **more)


def _reach(one: Case, who: Investigators, kind: StageKind, on: str, **more: object) -> Stage:
    return reach_stage(
        case=one, actor=who.own, kind=kind, reached_on=dt.date.fromisoformat(on), agency=one.agency, **more
    )


def test_only_an_investigator_of_the_agency_opens_a_case(cast: Cast, who: Investigators) -> None:
    for actor in (who.head, who.bat_xat, who.far, cast.people.coordinator, cast.people.administrator):
        with pytest.raises(PermissionDenied):
            case(actor, cast.agencies.lao_cai_police, cast.map.lao_cai)


def test_acts_before_2018_fall_under_the_old_code(cast: Cast, who: Investigators) -> None:
    then = dt.date(2016, 5, 4)
    with pytest.raises(ValidationError, match="did not apply"):
        _own(cast, who, acts_since=then)
    made = _own(cast, who, acts_since=then, offences=[article("119"), article("120")])

    assert sorted(offence.article for offence in made.offences.all()) == ["119", "120"]


def test_stages_come_in_their_order(cast: Cast, who: Investigators) -> None:
    one = _own(cast, who)
    with pytest.raises(ValidationError, match="comes"):
        _reach(one, who, StageKind.TRIED, "2020-09-01")
    with pytest.raises(ValidationError, match="comes"):
        _reach(one, who, StageKind.INVESTIGATION_CONCLUDED, "2020-03-01")
    _reach(one, who, StageKind.INVESTIGATION_CONCLUDED, "2020-06-01", persons=2, victims=1)
    with pytest.raises(ValidationError, match="already"):
        _reach(one, who, StageKind.INVESTIGATION_CONCLUDED, "2020-07-01")
    for kind, day in (("indicted", "2020-07-01"), ("tried", "2020-09-01"), ("appeal", "2020-12-01")):
        _reach(one, who, StageKind(kind), day)

    one = Case.objects.unscoped("read again").get(pk=one.pk)
    assert one.due_on is None
    assert [stage.kind for stage in one.stages.all()] == [
        *("detected", "prosecuted", "investigation_concluded", "indicted", "tried", "appeal")
    ]


def test_a_case_with_nobody_accused_is_a_normal_case(
    cast: Cast, who: Investigators, signed_in: SignedIn
) -> None:
    one = _own(cast, who)
    page = signed_in(who.head).get(reverse("case_detail", args=[one.pk])).content.decode()

    assert "Nobody is suspected or accused yet" in page


def test_persons_get_labels_and_move_forward_through_the_standings(cast: Cast, who: Investigators) -> None:
    one = _own(cast, who)
    first, second = suspect(one, who.own), suspect(one, who.own)
    assert (first.label, second.label) == ("Đ1", "Đ2")
    change_standing(person=first, actor=who.own, standing=Standing.ACCUSED, since=dt.date(2020, 4, 1))

    with pytest.raises(ValidationError, match="already is"):
        change_standing(person=first, actor=who.own, standing=Standing.SUSPECT, since=dt.date(2020, 5, 1))
    with pytest.raises(ValidationError, match="before the standing"):
        change_standing(person=first, actor=who.own, standing=Standing.DEFENDANT, since=dt.date(2020, 3, 20))
    assert [standing.standing for standing in first.standings.all()] == ["suspect", "accused"]


def test_a_verdict_has_months_or_is_for_life(cast: Cast, who: Investigators) -> None:
    one = _own(cast, who)
    someone = suspect(one, who.own)
    for kind, day in (("investigation_concluded", "2020-06-01"), ("indicted", "2020-07-01")):
        _reach(one, who, StageKind(kind), day)
    trial = _reach(one, who, StageKind.TRIED, "2020-09-01", persons=1)
    with pytest.raises(ValidationError, match="months"):
        give_verdict(person=someone, actor=who.own, stage=trial, sentence="imprisonment")
    with pytest.raises(ValidationError, match="months"):
        give_verdict(person=someone, actor=who.own, stage=trial, sentence="life", months=240)
    give_verdict(person=someone, actor=who.own, stage=trial, sentence="imprisonment", months=84)
    give_verdict(person=someone, actor=who.own, stage=trial, sentence="imprisonment", months=96)

    assert Verdict.objects.get().months == 96


def test_a_wanted_person_is_wanted_once_until_found(cast: Cast, who: Investigators) -> None:
    someone = suspect(_own(cast, who), who.own)
    wanted = want_person(person=someone, actor=who.own, level="special", since=DAY, document_number="1/LTN")
    with pytest.raises(ValidationError, match="wanted already"):
        want_person(person=someone, actor=who.own, level="special", since=DAY, document_number="2/LTN")
    end_search(wanted=wanted, actor=who.own, until=dt.date(2020, 5, 5), ended_by="arrested")

    assert WantedPerson.objects.visible_to(who.head).get().code == "TN-10-2020-0001"
    assert not WantedPerson.objects.visible_to(who.far).exists()


def test_a_ring_holds_persons_of_several_cases(cast: Cast, who: Investigators, signed_in: SignedIn) -> None:
    first, second = _own(cast, who), _own(cast, who)
    leader = add_person(
        case=first,
        actor=who.own,
        standing=Standing.SUSPECT,
        since=DAY,
        in_new_group=True,
        group_role="leader",
    )
    add_person(
        case=second,
        actor=who.own,
        standing=Standing.SUSPECT,
        since=DAY,
        group=leader.group,
        group_role="recruiter",
    )
    page = signed_in(who.own).get(reverse("group_detail", args=[leader.group.pk])).content.decode()

    assert first.code in page
    assert second.code in page
    assert ReadEvent.objects.filter(user=who.own, record__startswith="incidents.case:").count() == 2


def test_what_a_campaign_found_is_counted_and_never_typed(cast: Cast, who: Investigators) -> None:
    peak: Campaign = open_campaign(
        actor=who.own,
        agency=cast.agencies.lao_cai_police,
        area=cast.map.lao_cai,
        submission_key=uuid.uuid4(),
        name="Cao điểm tấn công tội phạm mua bán người",
        starts_on=dt.date(2020, 7, 1),
        ends_on=dt.date(2020, 9, 30),
    )
    one = _own(cast, who, campaign=peak)
    suspect(one, who.own)
    suspect(one, who.own)
    Stage.objects.filter(case=one, kind=StageKind.DETECTED).update(victims=3)
    _own(cast, who)

    assert campaign_results(who.own, peak) == {"cases": 1, "persons": 2, "victims": 3}


def test_an_area_abroad_is_refused(cast: Cast, who: Investigators) -> None:
    with pytest.raises(ValidationError, match="Viet Nam"):
        add_place(
            case=_own(cast, who), actor=who.own, kind="destination", country="CN", area=cast.map.kon_tum
        )


def test_two_people_change_a_case_and_the_second_is_told(cast: Cast, who: Investigators) -> None:
    one = _own(cast, who)
    change_case(case=one, actor=who.second, version=one.version, offences=[article()], summary="Một")
    with pytest.raises(ChangedMeanwhile):
        change_case(case=one, actor=who.own, version=one.version, offences=[article()], summary="Hai")


# --- what is counted


def test_days_from_step_to_step_have_a_mean_and_a_median(cast: Cast, who: Investigators) -> None:
    of, area = cast.agencies.lao_cai_police, cast.map.lao_cai
    for days in (1, 2, 9):
        one = tip(who.own, of, area)
        on = DAY + dt.timedelta(days=days)
        opened = open_case(tip=one, actor=who.own, on=on, document_number="1/QĐ", offences=[article()])
    tip(who.own, of, area)
    tip(who.far, cast.agencies.kon_tum_police, cast.map.kon_tum)
    _reach(opened, who, StageKind.INVESTIGATION_CONCLUDED, "2020-05-10")

    steps = list(pipeline(who.head, dt.date(2020, 1, 1), dt.date(2020, 12, 31)))
    first, _found, concluded = steps[:3]
    assert (first.count, first.mean_days, first.median_days, first.waiting) == (3, 4.0, 2.0, 1)
    assert (concluded.count, concluded.mean_days, concluded.waiting) == (1, 60.0, 2)
    counts = tip_counts(who.head, dt.date(2020, 1, 1), dt.date(2020, 12, 31))
    assert (counts["received"], counts["case_opened"]) == (4, 3)


def test_what_a_period_took_over_follows_from_the_stages(cast: Cast, who: Investigators) -> None:
    before, ended, new, nobody = (_own(cast, who, on=day) for day in (DAY, DAY, dt.date(2020, 7, 1), DAY))
    _reach(ended, who, StageKind.INVESTIGATION_CONCLUDED, "2020-06-14")
    _reach(nobody, who, StageKind.SUSPENDED, "2020-06-15")

    taken_over = carried_over(Case.objects.visible_to(who.own), dt.date(2020, 6, 15))
    assert {one.pk for one in taken_over} == {before.pk, nobody.pk}
    assert new.pk not in {one.pk for one in taken_over}


# --- forms


def test_a_case_goes_from_its_form_to_the_verdict(
    cast: Cast, who: Investigators, signed_in: SignedIn
) -> None:
    browser = signed_in(who.own)
    of = cast.agencies.lao_cai_police
    sent = {
        "agency": of.pk,
        "area": cast.map.y_ty.pk,
        "detected_on": "2020-03-02",
        "prosecuted_on": "2020-03-05",
        "document_number": "3/QĐ",
        "offences": [article().pk],
        "force": "police",
        "discovery": "patrol",
        "summary": "Đưa hai phụ nữ qua biên giới.",
        "has_no_secret": "on",
        "submission_key": str(uuid.uuid4()),
    }
    assert browser.post(reverse("case_new"), sent).status_code == 302
    one = Case.objects.visible_to(who.own).get()

    def send(name: str, pk: int, **fields: object) -> None:
        answer = browser.post(reverse(name, args=[pk]), {"has_no_secret": "on", **fields})
        assert answer.status_code == 302, answer.content.decode()

    send(
        "case_person",
        one.pk,
        standing="suspect",
        since="2020-03-05",
        sex="female",
        nationality="VN",
        group="new",
        group_role="leader",
        is_ethnic_minority="yes",
    )
    someone = PersonInCase.objects.get()
    assert (someone.is_ethnic_minority, someone.group.code) == (
        True,
        f"NH-10-{someone.case.created_at.year}-0001",
    )
    send("person_standing", someone.pk, standing="accused", since="2020-03-10", document_number="4/QĐ")
    send("person_edit", someone.pk, version=3, sex="female", birth_year="1979", group=someone.group.pk)
    send("person_wanted", someone.pk, level="dangerous", since="2020-03-11", document_number="5/LTN")
    send(
        "wanted_end",
        WantedPerson.objects.visible_to(who.own).get().pk,
        ended_by="arrested",
        until="2020-04-01",
    )
    send("case_place", one.pk, kind="destination", country="CN")
    send("case_item", one.pk, kind="money", worth="12000000")
    send("case_extend", one.pk, decided_on="2020-07-01", document_number="6/QĐ", due_on="2020-09-05")
    for kind, day in (
        ("investigation_concluded", "2020-08-01"),
        ("indicted", "2020-08-20"),
        ("tried", "2020-10-01"),
    ):
        send("case_stage", one.pk, kind=kind, reached_on=day, agency=of.pk, persons="1", victims="2")
    trial = Stage.objects.get(kind="tried")
    send("person_verdict", someone.pk, stage=trial.pk, sentence="imprisonment", months="84")
    page = browser.get(reverse("case_detail", args=[one.pk])).content.decode()

    for told in ("84 months", "China", "12,000,000", "accused", "tried", "Đ1", "1979"):
        assert told in page, told
    assert browser.get(reverse("wanted_list")).status_code == 200
    assert (
        browser.get(reverse("incident_pipeline"), {"from": "2020-01-01", "to": "2020-12-31"}).status_code
        == 200
    )
    assert "day/month/year" in browser.get(reverse("incident_pipeline"), {"from": "hôm nay"}).content.decode()
    assert one.code in browser.post(reverse("case_list"), {"words": "PHU NU"}).content.decode()
    assert browser.get(reverse("case_export")).status_code == 200
