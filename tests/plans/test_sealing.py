"""Sealing: with its code a plan opens, without it nothing can be told of it."""

import secrets

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.plans.sealing import (
    SMALLEST,
    CannotOpen,
    Keys,
    keys_of,
    padded,
    seal,
    unpadded,
    unseal,
)

KEYS = Keys(b"n" * 32, b"k" * 32)
MARKED = "Marigold-7731"


def test_a_code_gives_the_same_keys_with_the_same_salt_alone() -> None:
    salt = secrets.token_bytes(16)

    assert keys_of("some code", salt) == keys_of("some code", salt)
    assert keys_of("some code", salt) != keys_of("some cods", salt)
    assert keys_of("some code", salt) != keys_of("some code", secrets.token_bytes(16))


def test_the_name_tells_nothing_of_the_key() -> None:
    keys = keys_of("some code", secrets.token_bytes(16))

    assert keys.name != keys.key
    assert (len(keys.name), len(keys.key)) == (32, 32)


@given(st.dictionaries(st.text(max_size=20), st.text(max_size=200), max_size=5))
def test_what_is_sealed_opens_with_its_keys(record: dict[str, str]) -> None:
    assert unseal(seal(record, KEYS), KEYS) == record


def test_nothing_of_it_can_be_read_without_the_key() -> None:
    assert MARKED.encode() not in seal({"words": MARKED}, KEYS)


@pytest.mark.parametrize("keys", [Keys(KEYS.name, b"x" * 32), Keys(b"x" * 32, KEYS.key)])
def test_it_opens_neither_with_another_key_nor_under_another_name(keys: Keys) -> None:
    with pytest.raises(CannotOpen):
        unseal(seal({"a": "b"}, KEYS), keys)


def test_what_was_changed_does_not_open() -> None:
    sealed = bytearray(seal({"a": "b"}, KEYS))
    sealed[-1] ^= 1

    with pytest.raises(CannotOpen):
        unseal(bytes(sealed), KEYS)


@given(st.binary(max_size=3 * SMALLEST))
def test_sizes_are_few_so_that_they_tell_little(data: bytes) -> None:
    whole = padded(data)

    assert unpadded(whole) == data
    assert len(whole) in {SMALLEST, 2 * SMALLEST, 4 * SMALLEST}


def test_a_short_and_a_long_plan_look_alike() -> None:
    assert len(seal({}, KEYS)) == len(seal({"words": "x" * 7000}, KEYS))
