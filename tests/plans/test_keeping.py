"""Keeping by wish: found with its code alone, slowed down for who guesses, gone when deleted."""

import asyncio

import pytest

from bot.keeping import AT_ONCE, MOST_WAITING, Gate, Keeper, ShelfDown, TooManyCodes
from bot.plans.codes import Kind
from bot.plans.slices import sealed_slice
from tests.builders import FakeShelf

RECORD = {"plan": [{"id": "own:1", "words": "Marigold-7731"}]}
LEFT_OUT: dict[str, tuple[str, ...]] = {}


@pytest.fixture
def shelf() -> FakeShelf:
    return FakeShelf()


@pytest.fixture
def keeper(shelf: FakeShelf) -> Keeper:
    return Keeper(shelf, LEFT_OUT)


@pytest.mark.parametrize("kind", Kind)
async def test_a_saved_plan_is_found_with_its_code(keeper: Keeper, kind: Kind) -> None:
    saved = await keeper.save(RECORD, kind, "es", 24)

    assert await keeper.find(saved.code) == RECORD
    assert await keeper.find(saved.code.upper().replace(" ", "-")) == RECORD
    assert saved.until == 24 * 3600


async def test_another_code_finds_nothing(keeper: Keeper) -> None:
    await keeper.save(RECORD, Kind.DIGITS, "en", 24)

    assert await keeper.find("1234 5678 9012 3456") is None
    assert await keeper.find("no code at all") is None


async def test_the_shelf_never_sees_the_code_or_the_plan(keeper: Keeper, shelf: FakeShelf) -> None:
    saved = await keeper.save(RECORD, Kind.WORDS, "en", 24)

    ((name, sealed),) = shelf.rows.items()
    for seen in (name, sealed):
        assert b"Marigold" not in seen
        assert not [word for word in saved.code.split() if len(word) > 3 and word.encode() in seen]


async def test_a_plan_is_saved_again_under_the_same_code(keeper: Keeper, shelf: FakeShelf) -> None:
    saved = await keeper.save(RECORD, Kind.DIGITS, "en", 24)

    again = await keeper.save({"plan": []}, Kind.WORDS, "en", 1, saved.code)

    assert again.code == saved.code
    assert await keeper.find(saved.code) == {"plan": []}
    assert len(shelf.rows) == 1


async def test_deleting_takes_the_code_alone(keeper: Keeper) -> None:
    saved = await keeper.save(RECORD, Kind.WORDS, "en", 24)

    await keeper.delete(saved.code)
    await keeper.delete(saved.code)

    assert await keeper.find(saved.code) is None


async def test_what_was_damaged_is_not_found(keeper: Keeper, shelf: FakeShelf) -> None:
    saved = await keeper.save(RECORD, Kind.DIGITS, "en", 24)
    for name in shelf.rows:
        shelf.rows[name] = b"damaged" * 20

    assert await keeper.find(saved.code) is None


async def test_a_slice_is_kept_as_it_was_sealed(keeper: Keeper) -> None:
    made = sealed_slice({"title": "x"})

    await keeper.put_slice(made, 2)

    assert await keeper.slice(made.name) == made.sealed
    assert await keeper.slice(b"x" * 16) is None


async def test_where_nobody_keeps_anything_it_is_said(keeper: Keeper, shelf: FakeShelf) -> None:
    shelf.down = True

    with pytest.raises(ShelfDown):
        await keeper.save(RECORD, Kind.WORDS, "en", 24)


async def test_a_few_codes_pass_at_once_and_then_one_after_another() -> None:
    gate = Gate(lambda: 0.0)
    for _ in range(AT_ONCE):
        await asyncio.wait_for(gate.through(), 0.05)

    with pytest.raises(TimeoutError):
        await asyncio.wait_for(gate.through(), 0.2)


async def test_who_comes_when_too_many_wait_is_told_so() -> None:
    gate = Gate(lambda: 0.0)
    waiting = [asyncio.create_task(gate.through()) for _ in range(AT_ONCE + MOST_WAITING)]
    await asyncio.sleep(0)

    with pytest.raises(TooManyCodes):
        await gate.through()
    for task in waiting:
        task.cancel()
    await asyncio.gather(*waiting, return_exceptions=True)


async def test_after_a_while_the_gate_is_as_free_as_at_first() -> None:
    now = 0.0
    gate = Gate(lambda: now)
    for _ in range(AT_ONCE):
        await gate.through()

    now = 100.0
    await asyncio.wait_for(gate.through(), 0.05)
