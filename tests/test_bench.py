"""The bench: its statistics and table, how its visitors answer, and that nothing of it is left."""

import asyncio
import os
import signal
import subprocess
import sys
import time
from dataclasses import replace
from io import StringIO
from pathlib import Path

import psutil
import pytest
from rich.console import Console

from bot.bench.crowd import busy_visitors, idle_chats
from bot.bench.erasing import erasing
from bot.bench.figures import Figure, Target, over_repetitions, percentile, row, table
from bot.bench.outage import outages
from bot.bench.page import first_page, loaded_by
from bot.bench.run import NOT_MEASURED, Report, measured
from bot.bench.stack import Stack
from bot.bench.starting import memory, opens
from bot.bench.turns import early_and_late, one_visitor
from bot.bench.visitor import (
    MOST_TURNS,
    Cast,
    GoingRound,
    NotAnswered,
    Reply,
    Script,
    Walk,
    answered,
    load_cast,
    once_more,
)
from bot.content import Content
from bot.settings import CHECKOUT
from tests.stack import Stack as Started

QUIET = Console(quiet=True)


def a_figure(*values: float, target: Target | None = None, note: str = "") -> Figure:
    return Figure("turn", "a turn", "ms", values, target, note)


def a_script(**answers: dict[str, str]) -> Script:
    return Script("dull", "en", **{"presses": {}, "says": {}, "besides": {}, **answers})


def a_walk(**answers: dict[str, str]) -> Walk:
    return Walk(a_script(**answers), {"yes": "Yes", "no": "No", "why": "Why do you ask?"})


def asking(question: str) -> list[Reply]:
    """The replies of a turn that ends with a question."""
    buttons = [{"title": title} for title in ("Yes", "No", "Why do you ask?")]
    return [{"message": "open", "buttons": []}, {"message": question, "buttons": buttons}]


def report_of(*figures: Figure) -> Report:
    return Report(figures, load_before=0.5, load_after=1.0, cores=2)


# ── Statistics and table ───────────────────────────────────────────────────────────────────────


def test_a_percentile_is_what_so_many_stay_within() -> None:
    hundred_and_one = list(range(101))

    assert percentile(hundred_and_one, 50) == 50
    assert percentile(hundred_and_one, 95) == 95


def test_a_single_value_is_every_percentile() -> None:
    assert percentile([7.0], 95) == 7.0


def test_each_repetition_gives_one_value() -> None:
    assert over_repetitions([[1, 2, 3], [10, 20, 30]], 50) == (2, 20)


def test_a_figure_is_the_median_of_its_repetitions() -> None:
    assert a_figure(9, 1, 2).measured == 2


@pytest.mark.parametrize(
    ("target", "reached"),
    [
        (Target(25), True),
        (Target(24.9), False),
        (Target(25, at_least=True), True),
        (Target(26, at_least=True), False),
        (None, None),
    ],
)
def test_a_target_is_reached_or_missed(target: Target | None, reached: bool | None) -> None:
    assert a_figure(25, target=target).reached is reached


def test_a_row_says_what_was_aimed_at_measured_and_reached() -> None:
    figure = a_figure(21, 20.5, 1234, target=Target(25), note="108 turns")

    assert row(figure) == (
        "a turn (108 turns)", "≤ 25 ms", "21 ms", "20.5 – 1,234", "[green]reached[/green]",
    )  # fmt: skip


def test_what_could_not_be_measured_is_neither_reached_nor_missed() -> None:
    figure = a_figure(target=Target(25))

    assert figure.reached is None
    assert row(figure)[-1] == "[red]failed[/red]"


def test_the_table_has_a_line_for_each_figure() -> None:
    assert table([a_figure(1), a_figure()]).row_count == 2


def test_the_report_names_what_is_not_measured_and_how_busy_the_machine_was() -> None:
    written = StringIO()
    report_of(a_figure(1)).show(Console(width=120, file=written))

    shown = written.getvalue()
    assert all(each in shown for each in NOT_MEASURED)
    assert "load average 0.5 before and 1.0 after, 2 cores" in shown


def test_the_report_for_machines_holds_every_value() -> None:
    said = report_of(a_figure(1, 2, 3, target=Target(2))).as_dict()

    assert said["figures"] == [
        {
            "id": "turn",
            "what": "a turn",
            "unit": "ms",
            "target": {"bound": 2, "at_least": False},
            "measured": 2,
            "values": [1, 2, 3],
            "reached": True,
            "note": "",
        }
    ]


def test_a_measure_that_fails_leaves_the_others_and_no_word_of_the_error() -> None:
    def fails() -> list[Figure]:
        raise ValueError("what the visitor wrote")

    (figure,) = measured(QUIET, "busy visitors", fails)

    assert figure == Figure("busy_visitors", "busy visitors", "", (), note="ValueError")
    assert not report_of(figure).whole


# ── Visitors ───────────────────────────────────────────────────────────────────────────────────


def test_a_visitor_writes_an_answer_once_and_then_presses() -> None:
    walk = a_walk(says={"device": "i dont know"}, presses={"device": "no"})

    assert walk.answer(asking("device")) == {"text": "i dont know"}
    assert walk.answer(asking("device")) == {"button": 1}


def test_a_visitor_asks_something_besides_first() -> None:
    walk = a_walk(besides={"device": "who reads this?"}, says={"device": "no"})

    assert walk.answer(asking("device")) == {"text": "who reads this?"}
    assert walk.answer(asking("device")) == {"text": "no"}


def test_a_question_that_no_script_knows_gets_the_first_button() -> None:
    assert a_walk().answer(asking("a_new_question")) == {"button": 0}


def test_the_conversation_ends_at_the_closing() -> None:
    assert a_walk().answer(asking("closing")) is None


def test_a_script_that_goes_round_is_noticed() -> None:
    walk = a_walk()
    for _ in range(MOST_TURNS):
        walk.answer(asking("device"))

    with pytest.raises(GoingRound, match="device"):
        walk.answer(asking("device"))


def test_a_step_that_comes_again_is_said_or_pressed() -> None:
    titles = {"why": "Why do you ask?"}

    assert once_more({"say": "hello"}, asking("more"), titles) == {"text": "hello"}
    assert once_more({"press": "why"}, asking("more"), titles) == {"button": 2}


@pytest.mark.parametrize("replies", [[], asking("service_down")])
def test_no_real_answer_never_counts_as_a_quick_one(replies: list[Reply]) -> None:
    with pytest.raises(NotAnswered):
        answered(replies)


def test_every_button_of_a_script_has_a_title(content: Content) -> None:
    cast = load_cast(content)
    pressed = {
        (script.language, option) for script in cast.scripts for option in script.presses.values()
    }

    assert {script.language for script in cast.scripts} == set(content.languages)
    assert all(option in cast.titles[language] for language, option in pressed)


@pytest.mark.parametrize(
    ("media_type", "text", "loads"),
    [
        ("text/html", '<link rel=stylesheet href="/a.css"><script src="/b.js"></script>',
         ["/a.css", "/b.js"]),
        ("text/html", '<a href="/elsewhere">x</a><img src="data:image/png;base64,AA">', []),
        ("text/javascript", 'import { a } from "./a.js"; import "./b.js";', ["./a.js", "./b.js"]),
        ("text/css", "body { background: url('/c.svg'); cursor: url(data:x) }", ["/c.svg"]),
    ],
)  # fmt: skip
def test_what_a_file_of_the_page_loads(media_type: str, text: str, loads: list[str]) -> None:
    assert list(loaded_by(media_type, text)) == loads


# ── A whole Foothold ───────────────────────────────────────────────────────────────────────────


@pytest.fixture
def a_cast(content: Content) -> Cast:
    """One visitor who says little."""
    cast = load_cast(content)
    return replace(cast, scripts=cast.scripts[-1:])


@pytest.fixture
def benched(stack: Started) -> Stack:
    """The Foothold of all tests, as the bench sees one."""
    supervisor = psutil.Process(stack.supervisor.pid)
    return Stack(stack.url, supervisor, stack.http, stack.data / "supervisor.log")


def values(figures: list[Figure]) -> dict[str, float | None]:
    return {figure.id: figure.measured for figure in figures}


@pytest.mark.rasa
def test_the_machine_is_measured(benched: Stack) -> None:
    page = first_page(benched)[0]

    assert opens(benched)
    assert page.reached
    assert "1 files" not in page.note
    assert {"memory_chat", "memory_internal", "memory_rasa"} <= set(values(memory(benched)))


@pytest.mark.rasa
def test_turns_are_measured(benched: Stack, a_cast: Cast) -> None:
    times = asyncio.run(one_visitor(benched, a_cast))
    early, late = asyncio.run(early_and_late(benched, a_cast, a_cast.scripts[0], late=30))

    assert len(times) >= 5
    assert min(*times, early, late) > 0


@pytest.mark.rasa
def test_many_visitors_are_measured(benched: Stack, a_cast: Cast) -> None:
    busy = values(busy_visitors(benched, a_cast, visitors=2, seconds=0.5, repetitions=1))
    idle = values(idle_chats(benched, a_cast, chats=5, seconds=0.1))

    assert busy["rate"]
    assert idle["idle"] == 5


@pytest.mark.rasa
def test_endings_are_measured(benched: Stack, a_cast: Cast) -> None:
    assert all(figure.values for figure in erasing(benched, count=2))
    assert all(figure.values for figure in outages(benched, a_cast, repetitions=1))


@pytest.mark.rasa
def test_ctrl_c_leaves_no_process_and_no_folder(stack: Started, tmp_path: Path) -> None:
    bench = subprocess.Popen(
        [sys.executable, "-m", "bot.cli", "bench", "--quick"],
        cwd=CHECKOUT,
        env={**os.environ, "TMPDIR": str(tmp_path)},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    started = wait_for_processes(psutil.Process(bench.pid))
    bench.send_signal(signal.SIGINT)
    bench.wait(timeout=90)

    assert bench.returncode != 0
    assert not any(process.is_running() for process in started)
    assert not list(tmp_path.iterdir())


def wait_for_processes(bench: psutil.Process) -> list[psutil.Process]:
    """The supervisor of the bench and all that it runs, as soon as they run."""
    until = time.monotonic() + 30
    while time.monotonic() < until:
        started: list[psutil.Process] = bench.children(recursive=True)
        if len(started) == 4:
            return started
        time.sleep(0.05)
    raise AssertionError("the bench started nothing")
