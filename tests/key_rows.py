"""The rows of the permission matrix for keys of the API and their webhooks; see ``tests/permission_rows.py``.

The administrator makes keys and ends them; the secret of one that acts by a membership is its holder's. Webhooks are
the administrator's alone, also those of another person's key.
"""

import datetime as dt
import uuid
from typing import Any

from accounts.keys import make_key
from accounts.models import ApiKey, Delivery, Happening, KeyScope, OutboxEvent, Webhook
from accounts.webhooks.signing import new_secret
from tests.cast import Cast

KEYS = """
                                                      anon file head case inve coor stee admi stra
GET  api_keys                       -                 in   200  403  403  403  403  403  200  403
POST api_keys                       -                 in   405  405  405  405  405  405  405  405
GET  api_key_new                    -                 in   403  403  403  403  403  403  200  403
POST api_key_new                    -                 in   403  403  403  403  403  403  422  403
GET  api_key                        area_key          in   404  404  404  404  404  404  200  404
GET  api_key                        officers_key      in   200  404  404  404  404  404  200  404
GET  api_key                        no_key            in   404  404  404  404  404  404  404  404
POST api_key                        area_key          in   405  405  405  405  405  405  405  405
GET  api_key_secret                 area_key          in   405  405  405  405  405  405  405  405
POST api_key_secret                 area_key          in   404  404  404  404  404  404  200  404
POST api_key_secret                 officers_key      in   200  404  404  404  404  404  403  404
POST api_key_secret                 no_key            in   404  404  404  404  404  404  404  404
GET  api_key_revoke                 area_key          in   405  405  405  405  405  405  405  405
POST api_key_revoke                 area_key          in   404  404  404  404  404  404  302  404
POST api_key_revoke                 officers_key      in   302  404  404  404  404  404  302  404
GET  webhook_new                    area_key          in   404  404  404  404  404  404  200  404
GET  webhook_new                    officers_key      in   404  404  404  404  404  404  200  404
POST webhook_new                    officers_key      in   404  404  404  404  404  404  422  404
POST webhook_new                    no_key            in   404  404  404  404  404  404  404  404
GET  webhook                        a_webhook         in   404  404  404  404  404  404  200  404
GET  webhook                        no_webhook        in   404  404  404  404  404  404  404  404
POST webhook                        a_webhook         in   405  405  405  405  405  405  405  405
GET  webhook_secret                 a_webhook         in   405  405  405  405  405  405  405  405
POST webhook_secret                 a_webhook         in   404  404  404  404  404  404  200  404
POST webhook_secret                 no_webhook        in   404  404  404  404  404  404  404  404
GET  webhook_pause                  a_webhook         in   405  405  405  405  405  405  405  405
POST webhook_pause                  a_webhook         in   404  404  404  404  404  404  302  404
GET  webhook_resume                 a_webhook         in   405  405  405  405  405  405  405  405
POST webhook_resume                 a_webhook         in   404  404  404  404  404  404  302  404
GET  webhook_again                  a_message         in   405  405  405  405  405  405  405  405
POST webhook_again                  a_message         in   404  404  404  404  404  404  302  404
POST webhook_again                  no_message        in   404  404  404  404  404  404  404  404
"""


def make_webhooks(keys: dict[str, ApiKey]) -> dict[str, dict[str, Any]]:
    """A webhook of the key of the filing officer with a message that was not taken: what their addresses need."""
    hook = Webhook(
        api_key=keys["officers_key"],
        url="https://example.vn/hook",
        told_of=[Happening.SUBMITTED],
        made_by=keys["officers_key"].made_by,
    )
    hook.put({"secret": new_secret()})
    hook.save()
    membership = keys["officers_key"].membership
    assert membership is not None
    event = OutboxEvent.objects.create(
        kind=Happening.SUBMITTED, name="matrix", area=membership.area, agency=membership.agency
    )
    message = Delivery.objects.create(webhook=hook, event=event, state=Delivery.State.FAILED)
    return {
        "a_webhook": {"pk": hook.pk},
        "no_webhook": {"pk": uuid.UUID(int=7)},
        "a_message": {"pk": hook.pk, "delivery": message.pk},
        "no_message": {"pk": hook.pk, "delivery": 10**9},
    }


def make_keys(cast: Cast) -> dict[str, ApiKey]:
    """A key for the figures of the province, and one that acts by the membership of the filing officer."""
    until = dt.date.today() + dt.timedelta(days=30)
    held = cast.people.filing_officer.memberships.get()
    return {
        "area_key": make_key(
            actor=cast.people.administrator,
            consumer="Cổng dữ liệu của tỉnh",
            scopes=[KeyScope.STATISTICS, KeyScope.REPORTS],
            area=cast.map.lao_cai,
            expires_on=until,
        ),
        "officers_key": make_key(
            actor=cast.people.administrator,
            consumer="Phần mềm của huyện",
            scopes=[KeyScope.RECORDS_READ, KeyScope.RECORDS_WRITE],
            membership=held,
            expires_on=until,
        ),
    }
