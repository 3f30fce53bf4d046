"""Staff pages: everything about who works here: joining, their roles, how they sign in, and what they may."""

from collections.abc import Sequence

from litestar.types import ControllerRouterHandler

from backoffice import (
    browsers,
    inviting,
    joining,
    openid,
    passkeys,
    permissions,
    profile,
    recovery_codes,
    signing_in,
    staff,
)

PAGES: Sequence[ControllerRouterHandler] = (
    signing_in.sign_in,
    signing_in.come_in,
    signing_in.begin_with_passkey,
    signing_in.come_in_with_passkey,
    signing_in.sign_out,
    openid.go_there,
    openid.come_back,
    openid.give_second_factor,
    openid.link_elsewhere,
    openid.unlink_elsewhere,
    joining.join_page,
    joining.join,
    staff.list_staff,
    inviting.invite_form,
    inviting.invite_colleague,
    inviting.change_invitation,
    staff.show_member,
    staff.change_member,
    permissions.show_permissions,
    profile.show_profile,
    profile.change_language,
    profile.change_password,
    browsers.sign_out_browser,
    browsers.sign_out_others,
    recovery_codes.make_recovery_codes,
    passkeys.begin_passkey,
    passkeys.add_passkey,
    passkeys.show_passkey,
    passkeys.change_passkey,
)
"""Every handler of these pages."""
