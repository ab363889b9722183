"""What can be set, what a wrong value is answered with, and that .env.example tells the truth."""

from pathlib import Path

import pytest
from dotenv import dotenv_values

from bot import settings
from bot.settings import ChatSettings, InternalSettings, RasaSettings, SupervisorSettings

EXAMPLE = settings.CHECKOUT / ".env.example"


@pytest.fixture(autouse=True)
def untouched_environment(monkeypatch):
    for name in settings.known_variables():
        monkeypatch.delenv(name, raising=False)


def load(kind, dot_env=None):
    return settings.load(kind, dot_env)


def defaults():
    values: dict[str, str] = {}
    for kind in settings.PROCESSES:
        values |= load(kind).environment()
    return {name: value for name, value in values.items() if name not in settings.MADE_AT_START}


def test_the_example_lists_every_setting():
    listed = set(dotenv_values(EXAMPLE))

    assert listed == settings.known_variables() - settings.MADE_AT_START


def test_the_example_shows_the_defaults():
    shown = dict(dotenv_values(EXAMPLE))
    shown["FOOTHOLD_DATA"] = str(settings.CHECKOUT / str(shown["FOOTHOLD_DATA"]))

    assert {name: shown[name] for name in defaults()} == defaults()


def test_each_setting_of_the_example_has_its_meaning_above_it():
    blocks = EXAMPLE.read_text().strip().split("\n\n")

    assert all(block.startswith("# ") for block in blocks)


@pytest.mark.parametrize(
    ("kind", "name", "value", "allowed"),
    [
        (ChatSettings, "FOOTHOLD_CHAT_PORT", "eighty", "a whole number from 1 to 65535"),
        (ChatSettings, "FOOTHOLD_CHAT_PORT", "70000", "a whole number from 1 to 65535"),
        (ChatSettings, "FOOTHOLD_COUNTRY", "UK", "an ISO country code"),
        (ChatSettings, "FOOTHOLD_DEFAULT_LANGUAGE", "tlh", "a language folder"),
        (ChatSettings, "FOOTHOLD_DEFAULT_LANGUAGE", "../en", "a language folder"),
        (ChatSettings, "FOOTHOLD_EXIT_URL", "javascript:alert(1)", "an https address"),
        (
            ChatSettings,
            "FOOTHOLD_EXIT_URL",
            "https://example.org/?from=foothold",
            "an https address",
        ),
        (ChatSettings, "FOOTHOLD_EXIT_URLS", "https://example.org/", "an https address each"),
        (ChatSettings, "FOOTHOLD_EXIT_URLS", "XX=https://example.org/", "an https address each"),
        (ChatSettings, "FOOTHOLD_EXIT_URLS", "MX=http://example.org/", "an https address each"),
        (ChatSettings, "FOOTHOLD_EXIT_URLS", "=https://example.org/", "an https address each"),
        (ChatSettings, "FOOTHOLD_RATE", "many", "60/minute;600/hour"),
        (ChatSettings, "FOOTHOLD_RASA_TIMEOUT", "0", "a number of seconds"),
        (InternalSettings, "FOOTHOLD_IDLE_MINUTES", "-1", "a whole number of minutes"),
        (SupervisorSettings, "FOOTHOLD_CHAT_HOST", "127.0.0.1/x", "an address of this machine"),
    ],
)
def test_a_wrong_value_names_the_variable_the_value_and_what_is_allowed(
    monkeypatch, kind, name, value, allowed
):
    monkeypatch.setenv(name, value)

    with pytest.raises(settings.WrongSetting) as wrong:
        load(kind)

    assert str(wrong.value).startswith(f"{name} is {value!r}, and allowed is ")
    assert allowed in str(wrong.value)


def test_a_wrong_value_ends_a_process_with_its_sentence_and_code_1(monkeypatch, capsys):
    monkeypatch.setenv("FOOTHOLD_CHAT_PORT", "0")

    with pytest.raises(SystemExit) as end:
        settings.load_or_exit(ChatSettings)

    assert end.value.code == 1
    assert capsys.readouterr().err.count("\n") == 1


def test_every_setting_says_what_is_allowed():
    for kind in settings.PROCESSES:
        assert all(settings.allowed(kind, name) for name in kind.model_fields)


def test_the_file_in_the_checkout_is_read_and_the_environment_goes_first(monkeypatch, tmp_path):
    (tmp_path / ".env").write_text("FOOTHOLD_CHAT_PORT=8100\nFOOTHOLD_RASA_PORT=8200\n")
    monkeypatch.setenv("FOOTHOLD_RASA_PORT", "8300")

    chat = load(ChatSettings, tmp_path / ".env")

    assert (chat.chat_port, chat.rasa_port) == (8100, 8300)


def test_an_empty_value_is_the_default(monkeypatch):
    monkeypatch.setenv("FOOTHOLD_CHAT_PORT", "")

    assert load(ChatSettings).chat_port == 8000


def test_a_country_may_be_written_small(monkeypatch):
    monkeypatch.setenv("FOOTHOLD_COUNTRY", "mx")

    assert load(ChatSettings).country == "MX"


def test_settings_survive_the_way_into_another_process(monkeypatch):
    monkeypatch.setenv("FOOTHOLD_IDLE_MINUTES", "45")
    before = load(RasaSettings)
    for name, value in before.environment().items():
        monkeypatch.setenv(name, value)

    assert load(RasaSettings) == before


def test_settings_do_not_change():
    with pytest.raises(ValueError, match="frozen"):
        load(ChatSettings).chat_port = 1


@pytest.mark.parametrize(
    ("kind", "foreign"),
    [
        (ChatSettings, {"data", "model", "redis"}),
        (InternalSettings, {"rasa_token", "chat_host"}),
        (RasaSettings, {"country", "exit_url"}),
    ],
)
def test_a_process_gets_nothing_that_it_does_not_need(kind, foreign):
    assert not foreign & set(kind.model_fields)


def test_a_misspelt_variable_is_noticed():
    assert settings.unknown_variables(["FOOTHOLD_CHATPORT", "FOOTHOLD_CHAT_PORT", "PATH"]) == [
        "FOOTHOLD_CHATPORT is not a setting of Foothold; perhaps FOOTHOLD_CHAT_PORT was meant."
    ]


def test_a_new_data_folder_is_private(tmp_path):
    folder = settings.private_folder(tmp_path / "new" / "data")

    assert folder.stat().st_mode & 0o777 == 0o700


def test_a_data_folder_that_others_can_read_is_refused_and_left_as_it_is(tmp_path):
    shared = tmp_path / "shared"
    shared.mkdir()
    shared.chmod(0o755)

    with pytest.raises(settings.WrongSetting, match="chmod 700"):
        settings.private_folder(shared)

    assert shared.stat().st_mode & 0o777 == 0o755


def test_a_data_folder_inside_a_file_is_one_sentence(tmp_path):
    (tmp_path / "file").write_text("")

    with pytest.raises(settings.WrongSetting, match="can't be used as a folder for data"):
        settings.private_folder(Path(tmp_path / "file" / "data"))


# ---- Secrets. -----------------------------------------------------------------------------------

HIDDEN = "redis://:WREN-9@127.0.0.1:6379/0"


def test_d2_a_secret_may_lie_in_a_file_of_its_own(monkeypatch, tmp_path):
    (tmp_path / "redis").write_text(HIDDEN + "\n")
    (tmp_path / "redis").chmod(0o600)
    monkeypatch.setenv("FOOTHOLD_REDIS_FILE", str(tmp_path / "redis"))

    assert load(InternalSettings).redis == HIDDEN


def test_d2_the_variable_itself_goes_before_its_file(monkeypatch, tmp_path):
    monkeypatch.setenv("FOOTHOLD_REDIS", HIDDEN)
    monkeypatch.setenv("FOOTHOLD_REDIS_FILE", str(tmp_path / "nowhere"))

    assert load(InternalSettings).redis == HIDDEN


def test_d2_the_example_file_may_name_it_too(tmp_path):
    (tmp_path / "redis").write_text(HIDDEN)
    (tmp_path / "redis").chmod(0o600)
    (tmp_path / ".env").write_text(f"FOOTHOLD_REDIS_FILE={tmp_path}/redis\n")

    assert load(InternalSettings, tmp_path / ".env").redis == HIDDEN


@pytest.mark.parametrize(("mode", "words"), [(0o640, "chmod 600"), (None, "can't be read")])
def test_d2_a_secret_that_others_can_read_or_nobody_is_refused(monkeypatch, tmp_path, mode, words):
    if mode:
        (tmp_path / "redis").write_text(HIDDEN)
        (tmp_path / "redis").chmod(mode)
    monkeypatch.setenv("FOOTHOLD_REDIS_FILE", str(tmp_path / "redis"))

    with pytest.raises(settings.WrongSetting, match=words) as wrong:
        load(InternalSettings)
    assert "WREN" not in str(wrong.value)


def test_d2_a_wrong_secret_is_not_shown(monkeypatch):
    monkeypatch.setenv("FOOTHOLD_REDIS", "http://WREN-9@127.0.0.1")

    with pytest.raises(settings.WrongSetting, match="FOOTHOLD_REDIS is wrong") as wrong:
        load(InternalSettings)
    assert "WREN" not in str(wrong.value)
