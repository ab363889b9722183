"""The command `foothold assess`: what it prints, where, and how it ends."""

import json
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from typer.testing import CliRunner

from bot import cli
from bot.settings import CHECKOUT

runner = CliRunner()
# Long lines, so that help is not broken in the middle of what a test looks for.
WIDE = {"COLUMNS": "200", "TERMINAL_WIDTH": "200"}


def assess(*arguments, given=None):
    return runner.invoke(cli.app, ["assess", *arguments], input=given, env=WIDE)


def foothold_assess(*arguments, given=b"", **environment):
    command = [sys.executable, "-m", "bot.cli", "assess", *arguments]
    return subprocess.run(
        command, input=given, capture_output=True, cwd=CHECKOUT, env=environment, timeout=60
    )


@pytest.fixture
def answers(tmp_path: Path) -> Path:
    file = tmp_path / "answers.yml"
    file.write_text("signs: {strangled: yes, unemployed: yes}\nfear: 2\n")
    return file


# ---- The real command. --------------------------------------------------------------------------


def test_the_command_prints_json_and_nothing_else(answers):
    ended = foothold_assess(str(answers), "--json")

    assert (ended.returncode, ended.stderr) == (0, b"")
    assert ended.stdout.decode() == (
        json.dumps(
            {
                "level_low": 3,
                "level_high": 3,
                "level": 3,
                "name": "high",
                "reasons": ["strangled"],
                "unanswered_that_matter": [],
                "statute": {"triggered": True, "limb": 1, "items": ["strangled"]},
            },
            indent=2,
        )
        + "\n"
    )


def test_the_command_reads_standard_input():
    ended = foothold_assess("-", "--json", given=b'{"own_level": "now"}')

    assert json.loads(ended.stdout)["name"] == "immediate"


def test_a_wrong_file_ends_with_code_2_and_sentences_on_standard_error():
    ended = foothold_assess("-", given=b"sings: {}\nfear: 9\n")

    assert (ended.returncode, ended.stdout) == (2, b"")
    assert [line.split()[0] for line in ended.stderr.decode().splitlines()] == ["sings", "fear"]


def test_a_closed_standard_input_is_no_answer_sheet():
    command = f'exec "{sys.executable}" -m bot.cli assess - <&-'
    ended = subprocess.run(["sh", "-c", command], capture_output=True, cwd=CHECKOUT, timeout=60)

    assert (ended.returncode, ended.stderr) == (2, b"The input can't be read.\n")


def test_a_terminal_without_our_letters_gets_the_words_all_the_same(answers):
    ended = foothold_assess(str(answers), "--language", "es", PYTHONIOENCODING="ascii")

    assert ended.returncode == 0
    assert b"como m?nimo" in ended.stdout


# ---- The rest, within this process. -------------------------------------------------------------


@pytest.mark.parametrize(("language", "at_least"), [("en", "at least"), ("es", "como mínimo")])
def test_words_come_in_the_language_asked_for(answers, language, at_least):
    assert assess(str(answers), "--language", language).stdout.startswith(f"{at_least}: ")


def test_words_are_english_unless_asked_otherwise(answers):
    assert assess(str(answers)).stdout == assess(str(answers), "--language", "en").stdout


def test_the_language_changes_nothing_for_machines(answers):
    spanish = assess(str(answers), "--json", "--language", "es")

    assert spanish.stdout == assess(str(answers), "--json").stdout


def test_forms_filled_in_elsewhere_are_shown_only_when_given():
    with_form = assess("-", "--json", given='{"instruments": {"da5": {"count": 4}}}')
    without = assess("-", "--json", given='{"instruments": {}}')

    assert list(json.loads(with_form.stdout))[-1] == "instruments"
    assert "instruments" not in json.loads(without.stdout)


def test_problems_come_as_json_when_json_is_asked_for():
    ended = assess("-", "--json", given='{"signs": {"strangeld": "yes"}, "fear": "3"}')

    errors = json.loads(ended.stderr)["errors"]
    assert (ended.exit_code, ended.stdout) == (2, "")
    assert [list(error) for error in errors] == [["field", "value", "allowed", "message"]] * 2
    assert [error["field"] for error in errors] == ["signs.strangeld", "fear"]


@pytest.mark.parametrize("name", ["missing.yml", "."])
def test_what_is_no_file_is_named_as_json_too(tmp_path, name):
    ended = assess(f"{tmp_path}/{name}", "--json")

    (error,) = json.loads(ended.stderr)["errors"]
    assert ended.exit_code == 2
    assert (error["field"], error["value"]) == ("file", f"{tmp_path}/{name}")


def test_a_language_without_words_is_refused(answers):
    assert assess(str(answers), "--language", "tlh").exit_code == 2


def test_help_shows_an_answer_sheet_that_works():
    shown = assess("--help").stdout
    example = shown.split("answers.yml:\n")[1].split("\n\n")[0]

    ended = assess("-", "--json", given=example)

    assert json.loads(ended.stdout)["name"] == "immediate"


def test_help_says_that_true_and_false_are_taken():
    assert "true and false are taken as yes and no" in assess("--help").stdout


@given(st.binary() | st.text().map(str.encode))
def test_no_input_ends_in_a_traceback(data):
    ended = assess("-", given=data)

    assert ended.exit_code in (0, 2)
    assert ended.exception is None or isinstance(ended.exception, SystemExit)
