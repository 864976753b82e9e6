"""The rows of the permission matrix for own accounts and second factors; see ``tests/permission_rows.py``.

Nobody of the cast has a factor. Two administrators of Lào Cai and one who lost a phone are made for these rows.
"""

from accounts.factors.resets import ask_for_reset
from accounts.factors.sealed import give_app
from accounts.models import Role
from tests.cast import Cast, person

FACTORS = """
                                                      anon file head case inve coor stee admi stra
GET  account                        -                 in   200  200  200  200  200  200  200  200
POST account                        -                 in   405  405  405  405  405  405  405  405
GET  sessions_end                   -                 in   405  405  405  405  405  405  405  405
POST sessions_end                   -                 in   302  302  302  302  302  302  302  302
GET  session_end                    nothing           in   405  405  405  405  405  405  405  405
POST session_end                    nothing           in   404  404  404  404  404  404  404  404
GET  audit_list                     -                 in   403  403  403  403  403  403  200  403
POST audit_list                     -                 in   405  405  405  405  405  405  405  405
GET  audit_export                   -                 in   403  403  403  403  403  403  200  403
POST audit_export                   -                 in   405  405  405  405  405  405  405  405
GET  factor_list                    -                 in   403  403  403  403  403  403  200  403
POST factor_list                    -                 in   405  405  405  405  405  405  405  405
GET  factor_reset                   lost_phone        in   403  403  403  403  403  403  200  403
POST factor_reset                   lost_phone        in   403  403  403  403  403  403  422  403
GET  factor_reset                   far_person        in   403  403  403  403  403  403  404  403
POST factor_reset                   far_person        in   403  403  403  403  403  403  404  403
GET  person_sign_out                lost_phone        in   405  405  405  405  405  405  405  405
POST person_sign_out                lost_phone        in   403  403  403  403  403  403  302  403
POST person_sign_out                far_person        in   403  403  403  403  403  403  404  403
GET  factor_reset_decide            asked_reset       in   405  405  405  405  405  405  405  405
POST factor_reset_decide            asked_reset       in   403  403  403  403  403  403  302  403
POST factor_reset_decide            nothing           in   403  403  403  403  403  403  404  403

GET  mfa_index                      -                 in   200  200  200  200  200  200  200  200
POST mfa_index                      -                 in   405  405  405  405  405  405  405  405
GET  mfa_authenticate               -                 in   302  302  302  302  302  302  302  302
POST mfa_authenticate               -                 in   302  302  302  302  302  302  302  302
GET  mfa_reauthenticate             -                 in   302  302  302  302  302  302  302  302
POST mfa_reauthenticate             -                 in   302  302  302  302  302  302  302  302
GET  mfa_activate_totp              -                 in   200  200  200  200  200  200  200  200
POST mfa_activate_totp              -                 in   200  200  200  200  200  200  200  200
GET  mfa_deactivate_totp            -                 in   404  404  404  404  404  404  404  404
POST mfa_deactivate_totp            -                 in   404  404  404  404  404  404  404  404
GET  mfa_view_recovery_codes        -                 in   404  404  404  404  404  404  404  404
POST mfa_view_recovery_codes        -                 in   405  405  405  405  405  405  405  405
GET  mfa_generate_recovery_codes    -                 in   200  200  200  200  200  200  200  200
POST mfa_generate_recovery_codes    -                 in   200  200  200  200  200  200  200  200
GET  mfa_download_recovery_codes    -                 in   404  404  404  404  404  404  404  404
POST mfa_download_recovery_codes    -                 in   404  404  404  404  404  404  404  404
GET  mfa_list_webauthn              -                 in   302  302  302  302  302  302  302  302
POST mfa_list_webauthn              -                 in   405  405  405  405  405  405  405  405
GET  mfa_add_webauthn               -                 in   200  200  200  200  200  200  200  200
POST mfa_add_webauthn               -                 in   200  200  200  200  200  200  200  200
GET  mfa_reauthenticate_webauthn    -                 in   302  302  302  302  302  302  302  302
POST mfa_reauthenticate_webauthn    -                 in   302  302  302  302  302  302  302  302
GET  mfa_remove_webauthn            nothing           in   404  404  404  404  404  404  404  404
POST mfa_remove_webauthn            nothing           in   404  404  404  404  404  404  404  404
GET  mfa_edit_webauthn              nothing           in   404  404  404  404  404  404  404  404
POST mfa_edit_webauthn              nothing           in   404  404  404  404  404  404  404  404
GET  mfa_login_webauthn             -                 in   302  302  302  302  302  302  302  302
POST mfa_login_webauthn             -                 in   302  302  302  302  302  302  302  302
"""


def make_resets(cast: Cast) -> dict[str, int]:
    """Keys: somebody who lost a phone, a reset another administrator asked for, and a person of another province."""
    of = cast.agencies
    lost = person("mat.dien.thoai@example.vn", (Role.INVESTIGATOR, of.lao_cai_police))
    also = person("quen.ma@example.vn", (Role.INVESTIGATOR, of.lao_cai_police))
    second = person("quan.tri.hai@example.vn", (Role.ADMINISTRATOR, of.lao_cai_police))
    for user in (lost, also):
        give_app(user=user, seed="JBSWY3DPEHPK3PXP")
    reset = ask_for_reset(actor=second, person=also, reason="Gặp trực tiếp tại cơ quan.")
    return {"lost_phone": lost.pk, "asked_reset": reset.pk, "far_person": cast.people.stranger.pk}
