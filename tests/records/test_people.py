"""Accounts, sign-in, sessions, tokens: what is refused, when it ends, and that nothing secret lies in the database."""

from __future__ import annotations

import threading
from datetime import UTC, datetime

import pytest

from kido.errors import KidoError
from kido.records import people as room
from kido.records.book import Book
from kido.records.people import MOST_DAYS, ROLES, TOKEN, People
from tests.records.given import Clock, codes, refused

PASSWORD = "correct horse battery"
ADDRESS = "192.0.2.7"


@pytest.fixture
def clock(monkeypatch):
    return Clock(monkeypatch, datetime(2026, 11, 29, 3, tzinfo=UTC))


@pytest.fixture
def people(book, clock):
    """An admin, an approver, a clerk."""
    found = People(book)
    for name, role in (("suzuki", "admin"), ("tanaka", "approver"), ("sato", "clerk")):
        found.add(name, PASSWORD, role, "root")
    return found


def signed_in(people: People, name: str = "sato", password: str = PASSWORD, address: str = ADDRESS, old: str = "") -> str:
    return people.sign_in(name, password, address, old)


def failed(people: People, times: int, name: str = "sato", address: str = ADDRESS) -> None:
    for _ in range(times):
        refused("sign-in-refused", people.sign_in, name, "wrong " * 3, address)


# -- accounts and passwords ----------------------------------------------------------------------


def test_a_hash_never_equals_another_and_is_argon2id(book, real_hashes):
    people = People(book)
    people.add("a", PASSWORD, "admin", "root")
    people.add("b", PASSWORD, "clerk", "root")
    with book.engine.connect() as connection:
        first, second = connection.exec_driver_sql("SELECT password FROM account ORDER BY name").scalars()
    assert first != second and first.startswith("$argon2id$v=19$m=65536,t=3,p=4$") and PASSWORD not in first
    cookie = people.sign_in("a", PASSWORD, ADDRESS)
    assert people.of_session(cookie).name == "a"
    refused("sign-in-refused", people.sign_in, "a", first, ADDRESS)  # the hash itself opens nothing


@pytest.mark.parametrize(
    "password",
    ["", "short", "x" * 11, "x" * 201, "suzuki.ichiro", "ＳＵＺＵＫＩ.ichiro", " Suzuki.Ichiro "],
    ids=lambda text: text[:14] or "none",
)
def test_weak_passwords_are_refused(people, password):
    refused("password-weak", people.add, "suzuki.ichiro", password, "clerk", "root")
    assert len(people.list()) == 3


@pytest.mark.parametrize(
    "password", ["x" * 12, "x" * 200, "パスワード 漢字 🧲 十二文字", " leading and trailing ", "\ud800 half a letter", "nul \0 inside it"]
)
def test_passwords_of_all_letters_work(people, password):
    people.add("neu", password, "clerk", "root")
    assert people.of_session(people.sign_in("neu", password, ADDRESS)).name == "neu"
    refused("sign-in-refused", people.sign_in, "neu", password + " ", ADDRESS)


def test_names_are_one_whatever_their_width_and_case(people):
    for name in ("ＳＡＴＯ", "Sato", " sato\t", "ｓａｔｏ"):
        refused("account-there", people.add, name, PASSWORD, "clerk", "root")
        assert people.of_session(signed_in(people, name)).name == "sato"
    people.add("Ｙａｍａｄａ", PASSWORD, "reader", "root")
    assert [one.name for one in people.list()] == ["sato", "suzuki", "tanaka", "yamada"]
    people.set_role("ＹＡＭＡＤＡ", "clerk")
    assert {one.name: one.role for one in people.list()}["yamada"] == "clerk"


@pytest.mark.parametrize("name", ["", " ", "a b", "a\tb", "a\0b", "x" * 81, "\u200b", "\ud800", "a\u2028b"])
def test_names_that_are_refused(people, name):
    refused("account-name", people.add, name, PASSWORD, "clerk", "root")
    refused("sign-in-refused", people.sign_in, name, PASSWORD, ADDRESS)
    assert len(people.list()) == 3


@pytest.mark.parametrize("role", ["", "root", "Admin", "admin ", "admin;--"])
def test_roles_that_there_are_not(people, role):
    refused("not-one-of", people.add, "neu", PASSWORD, role, "root")
    refused("not-one-of", people.set_role, "sato", role)


def test_each_role_may_what_those_before_it_may(people):
    for name, allowed in (("sato", 2), ("tanaka", 3), ("suzuki", 4)):
        person = people.of_session(signed_in(people, name))
        assert [person.may(role) for role in ROLES] == [True] * allowed + [False] * (4 - allowed)


def test_an_account_that_there_is_not(people):
    for call in (people.set_password, people.set_role):
        refused("no-such-account", call, "nobody", "clerk" if call == people.set_role else PASSWORD)
    refused("no-such-account", people.set_active, "nobody", False)
    refused("no-such-account", people.make_token, "nobody", "", 1)


def test_the_last_admin_stays_one(people):
    refused("last-admin", people.set_role, "suzuki", "approver")
    refused("last-admin", people.set_active, "suzuki", False)
    people.set_password("suzuki", PASSWORD + "2")
    people.set_role("tanaka", "admin")
    people.set_role("suzuki", "reader")
    refused("last-admin", people.set_active, "tanaka", False)
    people.set_role("suzuki", "admin")
    people.set_active("tanaka", False)
    refused("last-admin", people.set_role, "suzuki", "clerk")  # an admin who is switched off looks after nobody
    assert people.admins() == ["suzuki"]


def test_without_any_admin_others_can_still_be_changed(book):
    people = People(book)
    people.add("sato", PASSWORD, "clerk", "root")
    people.set_password("sato", PASSWORD + "2")
    people.set_role("sato", "admin")
    assert people.admins() == ["sato"]


def test_two_admins_cannot_lower_each_other_at_once(people):
    people.set_role("tanaka", "admin")
    for _ in range(5):
        ready, outcomes = threading.Barrier(2), []

        def lower(name: str) -> None:
            ready.wait()  # noqa: B023
            try:
                people.set_role(name, "reader")
                outcomes.append("lowered")  # noqa: B023
            except KidoError as error:
                outcomes.append(error.problems[0].code)  # noqa: B023

        threads = [threading.Thread(target=lower, args=(name,)) for name in ("suzuki", "tanaka")]
        for one in threads:
            one.start()
        for one in threads:
            one.join()
        assert sorted(outcomes) == ["last-admin", "lowered"] and len(people.admins()) == 1
        for name in ("suzuki", "tanaka"):
            people.set_role(name, "admin")


# -- sign-in -------------------------------------------------------------------------------------


def test_every_refusal_says_the_same(people):
    people.add("off", PASSWORD, "clerk", "root")
    people.set_active("off", False)
    told = []
    for name, password in (("sato", "wrong password!"), ("nobody", PASSWORD), ("off", PASSWORD), ("", ""), ("' OR 1=1 --", PASSWORD)):
        error = refused("sign-in-refused", people.sign_in, name, password, ADDRESS)
        told.append([(one.code, one.place, one.wrong("ja"), one.wrong("en"), one.do("ja"), one.do("en")) for one in error.problems])
    assert all(one == told[0] for one in told)


def test_an_unknown_name_costs_as_much_as_a_known_one(people, monkeypatch):
    """The password is compared with a hash in any case: time tells nobody which names there are."""
    compared = []
    right = room._right
    monkeypatch.setattr(room, "_right", lambda hashed, password: compared.append(hashed[:10]) or right(hashed, password))
    for name in ("sato", "nobody"):
        refused("sign-in-refused", people.sign_in, name, "wrong password!", ADDRESS)
    assert compared == ["$argon2id$"] * 2


def test_five_failures_lock_a_name_and_no_other(people, clock):
    failed(people, 4)
    assert signed_in(people), "the fifth time it is right"
    failed(people, 5)
    refused("sign-in-locked", signed_in, people)  # the right password does not help
    refused("sign-in-locked", people.sign_in, "ＳＡＴＯ", PASSWORD, "198.51.100.1")  # nor other letters, nor another address
    assert signed_in(people, "tanaka", address="198.51.100.1")
    clock.later(minutes=15, seconds=-1)
    refused("sign-in-locked", signed_in, people)
    clock.later(seconds=2)
    assert signed_in(people)


def test_trying_on_while_locked_does_not_lock_for_longer(people, clock):
    failed(people, 5)
    for _ in range(10):
        clock.later(minutes=1)
        refused("sign-in-locked", signed_in, people)
    clock.later(minutes=5, seconds=1)
    assert signed_in(people)


def test_twenty_failures_lock_an_address(people, clock):
    for number in range(19):
        failed(people, 1, f"name{number}")
    assert signed_in(people), "nineteen do not"
    failed(people, 1, "name19")
    refused("sign-in-locked", signed_in, people)
    assert signed_in(people, address="198.51.100.1"), "another address goes on"
    clock.later(minutes=15, seconds=-1)
    refused("sign-in-locked", signed_in, people)
    clock.later(seconds=2)
    assert signed_in(people)


def test_a_name_that_nobody_has_is_locked_just_the_same(people):
    failed(people, 5, "nobody")
    refused("sign-in-locked", people.sign_in, "nobody", PASSWORD, "198.51.100.1")


def test_many_guesses_at_once_are_counted(people):
    """All of them look before one is noted, unless each is noted before it is looked at."""
    ready, outcomes = threading.Barrier(12), []

    def guess(number: int) -> None:
        ready.wait()
        try:
            people.sign_in("sato", f"guess number {number}", f"192.0.2.{number}")
        except KidoError as error:
            outcomes.append(error.problems[0].code)

    threads = [threading.Thread(target=guess, args=(number,)) for number in range(12)]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    assert sorted(outcomes) == ["sign-in-locked"] * 7 + ["sign-in-refused"] * 5


def test_the_list_of_sign_ins_tells_everything_and_no_password(people):
    cookie = signed_in(people)
    failed(people, 5, "tanaka")
    refused("sign-in-locked", people.sign_in, "tanaka", "my secret mistyped", ADDRESS)
    people.sign_out(cookie, "sato", ADDRESS)
    found = people.sign_ins()
    assert [(one["name"], one["what"]) for one in found] == [
        ("sato", "signed_out"), ("tanaka", "locked"), *[("tanaka", "refused")] * 5, ("sato", "signed_in"),
    ]  # fmt: skip
    assert all(one["address"] == ADDRESS and one["at"].startswith("2026-11-29T03:00") for one in found)
    assert "secret" not in str(found) and len(people.sign_ins(limit=2)) == 2


@pytest.mark.parametrize("odd", ["a\0b", "\ud800", "x" * 10_000, "<script>", "\n"])
def test_odd_names_and_addresses_are_noted_and_break_nothing(people, odd):
    refused("sign-in-refused", people.sign_in, odd, odd, odd)
    people.note(odd, odd, "signed_out")
    assert len(people.sign_ins()) == 2 and people.of_session(odd) is None and people.of_token(odd) is None
    people.sign_out(odd, "sato", ADDRESS)


# -- sessions ------------------------------------------------------------------------------------


def test_a_cookie_that_was_there_before_ends_when_somebody_signs_in(people):
    """Session fixation: what an attacker put into a browser is worth nothing afterwards."""
    old = signed_in(people, "tanaka")
    new = signed_in(people, "sato", old=old)
    assert new != old and people.of_session(old) is None and people.of_session(new).name == "sato"
    planted = "planted-by-somebody"
    assert signed_in(people, old=planted) != planted and people.of_session(planted) is None


def test_sessions_end_when_idle_and_as_a_whole(people, clock):
    cookie = signed_in(people)
    clock.later(hours=2, seconds=-1)
    assert people.of_session(cookie)
    clock.later(hours=2, seconds=1)
    assert people.of_session(cookie) is None, "idle for two hours"
    cookie = signed_in(people)
    for _ in range(11):
        clock.later(hours=1)
        assert people.of_session(cookie)
    clock.later(minutes=59, seconds=59)
    assert people.of_session(cookie), "used all the time"
    clock.later(seconds=2)
    assert people.of_session(cookie) is None, "twelve hours are over, used or not"


def test_what_ends_the_sessions_and_tokens_of_a_person(people):
    def both() -> list[bool]:
        return [people.of_session(cookie) is not None, people.of_token(token) is not None]

    for end in (lambda: people.set_password("sato", PASSWORD), lambda: people.set_active("sato", False)):
        cookie, token = signed_in(people), people.make_token("sato", "", 30)
        other = signed_in(people, "tanaka")
        assert both() == [True, True]
        end()
        assert both() == [False, False] and people.of_session(other)
    people.set_active("sato", True)
    assert both() == [False, False], "switched on again, each has to sign in anew"
    cookie, token = signed_in(people), people.make_token("sato", "", 30)
    people.set_role("sato", "reader")
    assert both() == [True, True] and people.of_session(cookie).role == people.of_token(token).role == "reader"
    people.sign_out(cookie, "sato", ADDRESS)
    assert both() == [False, True]


def test_a_password_that_changes_while_the_old_one_is_looked_at_opens_nothing(people, monkeypatch):
    right = room._right

    def meanwhile(hashed: str, password: str) -> bool:
        monkeypatch.setattr(room, "_right", right)
        people.set_password("sato", PASSWORD + "2")
        return right(hashed, password)

    monkeypatch.setattr(room, "_right", meanwhile)
    refused("sign-in-refused", signed_in, people)
    assert signed_in(people, password=PASSWORD + "2")


def test_every_session_has_a_form_key_of_its_own(people):
    first, second = (people.of_session(signed_in(people)) for _ in range(2))
    assert len(first.csrf) >= 32 and first.csrf != second.csrf and not first.by_token


# -- tokens --------------------------------------------------------------------------------------


def test_tokens_end_on_their_day_and_when_they_are_revoked(people, clock):
    token, other = people.make_token("sato", " 社内システム\n", 90), people.make_token("sato", "x", 1)
    assert token.startswith(TOKEN) and people.of_token(token).by_token and people.of_token(token).name == "sato"
    listed = people.tokens("ＳＡＴＯ")
    assert [one["label"] for one in listed] == ["社内システム", "x"] and set(listed[0]) == {"id", "label", "made", "until"}
    clock.later(days=1, seconds=-1)
    assert people.of_token(other)
    clock.later(seconds=2)
    assert people.of_token(other) is None and people.of_token(token)
    people.revoke("sato", listed[0]["id"])
    assert people.of_token(token) is None
    refused("no-such-token", people.revoke, "sato", listed[0]["id"])
    third = people.make_token("sato", "", MOST_DAYS)
    clock.later(days=MOST_DAYS, seconds=-1)
    assert people.of_token(third)
    clock.later(seconds=2)
    assert people.of_token(third) is None


def test_nobody_revokes_the_token_of_another(people):
    token = people.make_token("sato", "", 30)
    id = people.tokens("sato")[0]["id"]
    for name, what in (("tanaka", id), ("sato", "0" * 8), ("sato", "a\0"), ("sato", "%")):
        refused("no-such-token", people.revoke, name, what)
    assert people.of_token(token)


@pytest.mark.parametrize("days", [0, -1, MOST_DAYS + 1, 10**9])
def test_days_that_are_none(people, days):
    refused("token-days", people.make_token, "sato", "", days)


def test_a_person_who_is_switched_off_has_no_token(people):
    people.set_active("sato", False)
    refused("no-such-account", people.make_token, "sato", "", 30)


@pytest.mark.parametrize("value", ["", "kido_", "kido_" + "x" * 43, "\0"])
def test_what_is_no_token_or_cookie(people, value):
    assert people.of_token(value) is None and people.of_session(value) is None


# -- what lies in the database -------------------------------------------------------------------


def test_no_password_and_no_secret_of_a_session_or_token_is_in_the_file(tmp_path):
    with Book(tmp_path / "a.sqlite") as book:
        people = People(book)
        people.add("suzuki", PASSWORD, "admin", "root")
        cookie, token = people.sign_in("suzuki", PASSWORD, ADDRESS), people.make_token("suzuki", "label", 30)
        with pytest.raises(KidoError) as raised:
            people.sign_in("suzuki", "a mistyped password", ADDRESS)
        assert codes(raised) == ["sign-in-refused"]
        data = b"".join(path.read_bytes() for path in tmp_path.glob("a.sqlite*"))
    data += b"".join(path.read_bytes() for path in tmp_path.glob("a.sqlite*"))
    assert b"$argon2id$" in data and b"suzuki" in data
    for secret in (PASSWORD, "a mistyped password", cookie, token, token.removeprefix(TOKEN)):
        assert secret.encode() not in data and secret not in str(raised.value)
