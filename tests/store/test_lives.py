"""Everything that is kept has a stated life; what is promised is what is set."""

import importlib.util
import sqlite3
from contextlib import closing
from pathlib import PurePosixPath

import pytest

from bot.channels import CHANNELS, Channel
from bot.content import Content
from bot.content.promised import promised_words
from bot.rasa_server.sealed_rows import FILE
from bot.settings import ChatSettings
from bot.store.lives import KEPT, STORES, Store, promises, store_of_file, store_of_table
from tests.stack import Stack
from tests.visitor import Visitor

# What only the tests put beside the data of a Foothold.
OF_THE_TESTS = {"supervisor.log"}


@pytest.mark.rasa
def test_r1_every_file_and_table_of_a_running_foothold_has_a_life(stack: Stack) -> None:
    Visitor(stack.http).says("yes").says("no").leaves()

    files = [path.relative_to(stack.data) for path in stack.data.rglob("*") if path.is_file()]
    with closing(sqlite3.connect(stack.data / FILE)) as database:
        tables = [row[0] for row in database.execute("SELECT name FROM sqlite_master")]

    homeless = [path for path in files if not store_of_file(PurePosixPath(path))]
    assert {str(path) for path in homeless} <= OF_THE_TESTS
    assert {"conversations", "erased"} <= set(tables)
    assert [table for table in tables if not store_of_table(table)] == []


def test_a_file_or_table_without_a_life_is_noticed() -> None:
    assert store_of_file(PurePosixPath("transcripts.txt")) is None
    assert store_of_file(PurePosixPath("log/rasa.log")) is not None
    assert store_of_table("visitors") is None


@pytest.mark.parametrize("store", STORES, ids=lambda store: store.id)
def test_every_store_names_what_ends_it(store: Store) -> None:
    assert all(importlib.util.find_spec(each) for each in store.ended_by)
    assert store.ended_by
    assert store.setting in {"", *ChatSettings.model_fields}
    assert store.setting or store.longest or not store.of_visitors


def test_a_promise_without_its_number_is_an_error() -> None:
    with pytest.raises(KeyError):
        promises()


@pytest.mark.parametrize("channel", CHANNELS, ids=lambda channel: channel.name)
def test_t4_every_channel_says_what_it_keeps_and_who_knows_who_you_are(
    channel: Channel, content: Content
) -> None:
    assert channel.keeps
    assert set(channel.keeps) <= {store.id for store in KEPT}
    for code in content.languages:
        assert promised_words(content, code, channel.name, idle_minutes=30)["promise_channel"]
        assert content.language(code).message(channel.trace, channel.name)


def test_a_channel_without_words_is_an_error(content: Content) -> None:
    with pytest.raises(KeyError):
        promised_words(content, "en", "pigeons", idle_minutes=30)
