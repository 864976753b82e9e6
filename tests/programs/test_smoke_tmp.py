from tests.programs.cast import filed, quantity, typed_form
from programs.models import Activity

def test_flow(cast, signed_in):
    c = signed_in(cast.officer)
    r = c.get("/activities/new/")
    assert r.status_code == 200
    r = c.post("/activities/new/", typed_form(cast))
    if r.status_code == 200:
        import re
        print(re.findall(r'field-error">(.*?)<', r.content.decode()))
    assert r.status_code == 302
    a = Activity.objects.unscoped("t").get()
    r = c.get(f"/activities/{a.pk}/"); assert r.status_code == 200
    print(r.content.decode()[-6000:])
    r = c.get(f"/activities/{a.pk}/edit/"); assert r.status_code == 200
    r = c.get("/activities/"); assert r.status_code == 200
    r = c.get("/activities/export.xlsx"); assert r.status_code == 200
    for s in "date title kind agency area".split():
        assert c.get(f"/activities/?sort=-{s}").status_code == 200
    assert 0
