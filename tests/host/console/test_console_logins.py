"""Logins end by themselves, and a password cannot be tried for ever."""

from mesohost.console.logins import (
    IDLE_S,
    TRIES_A_NAME,
    TRIES_ALL,
    WHOLE_S,
    WINDOW_S,
    Logins,
    Tries,
)


class Clock:
    now_s = 1_000.0

    def __call__(self) -> float:
        return self.now_s


def test_a_login_lasts_as_long_as_somebody_touches_the_page():
    clock = Clock()
    logins = Logins(clock)
    token = logins.open(1, "Ana", "operator", "en")
    for _ in range(5):
        clock.now_s += IDLE_S - 1
        assert logins.of(token)
    clock.now_s += IDLE_S + 1
    assert logins.of(token) is None


def test_looking_is_no_touch():
    clock = Clock()
    logins = Logins(clock)
    token = logins.open(1, "Ana", "operator", "en")
    clock.now_s += IDLE_S - 1
    assert logins.of(token, touched=False)
    clock.now_s += 2
    assert logins.of(token) is None


def test_a_page_can_see_that_its_login_is_over():
    clock = Clock()
    logins = Logins(clock)
    token = logins.open(1, "Ana", "operator", "en")
    login = logins.of(token)
    assert logins.stands(login)
    clock.now_s += IDLE_S + 1
    assert not logins.stands(login)
    other = logins.open(2, "Ben", "operator", "en")
    seen = logins.of(other)
    logins.close(other)
    assert not logins.stands(seen)


def test_a_working_day_ends_it_in_any_case():
    clock = Clock()
    logins = Logins(clock)
    token = logins.open(1, "Ana", "operator", "en")
    for _ in range(WHOLE_S // (IDLE_S // 2)):
        clock.now_s += IDLE_S // 2
        logins.of(token)
    clock.now_s += 1
    assert logins.of(token) is None


def test_who_logs_out_is_out_and_no_token_is_guessed():
    logins = Logins()
    token = logins.open(1, "Ana", "operator", "en")
    assert logins.of(token + "x") is None
    assert logins.of("") is None
    logins.close(token)
    assert logins.of(token) is None
    logins.close(token)


def test_after_some_wrong_passwords_a_name_has_to_wait():
    clock = Clock()
    tries = Tries(clock)
    for _ in range(TRIES_A_NAME):
        assert tries.wait_s("ana") == 0
        tries.failed("Ana")
    assert 0 < tries.wait_s("ANA") <= WINDOW_S + 1
    assert tries.wait_s("Ben") == 0
    clock.now_s += WINDOW_S
    assert tries.wait_s("ana") == 0


def test_many_names_together_have_to_wait_too():
    tries = Tries(Clock())
    for number in range(TRIES_ALL):
        tries.failed(f"name {number}")
    assert tries.wait_s("somebody new") > 0


def test_a_right_password_forgets_the_wrong_ones_of_its_name():
    tries = Tries(Clock())
    for _ in range(TRIES_A_NAME - 1):
        tries.failed("Ana")
    tries.passed("Ana")
    tries.failed("Ana")
    assert tries.wait_s("Ana") == 0
