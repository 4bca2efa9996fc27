"""kido accounts on the terminal."""

from kido import desk

PASSWORD = "correct horse battery"


def test_accounts(small, kido):
    assert kido("accounts", "list").out.startswith("□")
    assert kido("accounts", "add", "ＳＵＺＵＫＩ", "--role", "admin", text=PASSWORD + "\n").code == 0
    assert kido("accounts", "add", "sato", text=PASSWORD + "\n").code == 0
    assert {one["name"]: (one["role"], one["active"]) for one in kido("accounts", "list", "--json").json["accounts"]} == {
        "suzuki": ("admin", True),
        "sato": ("clerk", True),
    }
    assert kido("accounts", "role", "sato", "approver").code == 0 and kido("accounts", "off", "sato").code == 0
    listed = kido("accounts", "list", "--lang", "ja").out
    assert "suzuki" in listed and "□ sato" in listed
    assert kido("accounts", "on", "sato").code == 0 and kido("accounts", "password", "sato", text="another password\n").code == 0
    token = kido("accounts", "token", "sato", "--label", "x", "--days", "10").out.strip()
    assert desk.people().of_token(token).role == "approver" and desk.people().sign_in("sato", "another password", "")
    for arguments, text, code in (
        (("add", "sato"), PASSWORD, "account-there"), (("add", "neu"), "pq9-zz", "password-weak"), (("add", "a b"), PASSWORD, "account-name"),
        (("add", "neu", "--role", "root"), PASSWORD, "not-one-of"), (("role", "suzuki", "clerk"), "", "last-admin"), (("off", "suzuki"), "", "last-admin"),
        (("off", "nobody"), "", "no-such-account"), (("token", "sato", "--days", "1000"), "", "token-days"), (("password", "sato"), "", "password-weak"),
    ):  # fmt: skip
        done = kido("accounts", *arguments, text=text + "\n" if text else "")
        assert done.code in (1, 2) and code in done.err and (not text or text not in done.err + done.out), arguments
