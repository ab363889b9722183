"""A helper slice holds the chosen parts alone, and its key stands in the link alone."""

import json

from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from bot.content import Content
from bot.content.hotlines import Hotlines
from bot.content.planned import WordedPlan, worded_plan
from bot.content.wording import Wording
from bot.plans.sealing import unpadded
from bot.plans.slices import NONCE_BYTES, from_link, qr_code, sealed_slice, slice_of
from bot.safety.own_plan import OwnPlan, ready
from bot.safety.plan import Situation

PLAN = (
    OwnPlan()
    .with_items("contacts", ["contacts_hotline"])
    .with_items("code_word", ["code_word_visual"])
    .with_own("code_word", "tulips", "code_word")
    .with_own("finances", "an account at another bank")
)


def worded(content: Content, hotlines: Hotlines) -> WordedPlan:
    made = ready(content.outline.catalogue, Situation(frozenset({"children"})), PLAN)
    return worded_plan(Wording(content, hotlines, "en", "US"), made)


def test_only_the_chosen_parts_are_in_it(content: Content, hotlines: Hotlines) -> None:
    slice_ = slice_of(worded(content, hotlines), frozenset({"code_word"}))

    told = json.dumps(slice_)
    assert "tulips" in told
    assert "another bank" not in told
    assert "children" not in told
    assert [part["title"] for part in slice_["sections"]] == ["Agreed signals"]


def test_what_the_link_says_opens_it(content: Content, hotlines: Hotlines) -> None:
    slice_ = slice_of(worded(content, hotlines), frozenset({"code_word"}))

    made = sealed_slice(slice_)

    name, key = map(from_link, made.fragment.split("."))
    nonce, sealed = made.sealed[:NONCE_BYTES], made.sealed[NONCE_BYTES:]
    assert name == made.name
    assert json.loads(unpadded(AESGCM(key).decrypt(nonce, sealed, name))) == slice_
    assert key not in made.sealed
    assert b"tulips" not in made.sealed


def test_each_slice_has_a_key_of_its_own() -> None:
    assert sealed_slice({}).fragment != sealed_slice({}).fragment


def test_the_picture_is_drawn_here_and_loads_nothing() -> None:
    picture = qr_code("https://chat.example.org/#" + sealed_slice({}).fragment)

    assert picture.startswith("<svg")
    assert "href" not in picture
    assert "style=" not in picture
