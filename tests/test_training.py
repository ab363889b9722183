"""When a model is trained, when it is not, and what a failed training leaves behind."""

import os
import subprocess
import sys
import textwrap

import pytest
from rich.console import Console

from bot.training import TrainingFailed, TrainingGround, last_useful_line, ready_model

CONSOLE = Console(quiet=True)

# Stands in for Rasa's Python: takes the same arguments and leaves the same file.
TRAINER = """\
#!{python}
import os, pathlib, sys, time
if pathlib.Path("fails").exists():
    print("Epochs: 10%")
    print("rasa.shared.exceptions.YamlSyntaxException: data/nlu.yml is broken")
    print("see the documentation")
    sys.exit(1)
with open("trainings", "a") as trainings:
    print(sorted(name for name in os.environ if name.startswith("FOOTHOLD_")), file=trainings)
time.sleep(0.3 * pathlib.Path("slow").exists())
print("Starting to train component 'DIETClassifier'.")
out = pathlib.Path(sys.argv[sys.argv.index("--out") + 1])
name = sys.argv[sys.argv.index("--fixed-model-name") + 1]
(out / f"{{name}}.tar.gz").write_text(pathlib.Path("data/nlu.yml").read_text())
"""


@pytest.fixture
def ground(tmp_path):
    checkout = tmp_path / "checkout"
    (checkout / "data").mkdir(parents=True)
    (checkout / "bot" / "rasa_server" / "components").mkdir(parents=True)
    (checkout / "bot" / "rasa_server" / "requirements.txt").write_text("rasa==3.6.21\n")
    (checkout / "config.yml").write_text("pipeline: []\n")
    (checkout / "domain.yml").write_text("intents: []\n")
    (checkout / "data" / "nlu.yml").write_text("first\n")
    trainer = tmp_path / "trainer"
    trainer.write_text(TRAINER.format(python=sys.executable))
    trainer.chmod(0o700)
    return TrainingGround(tmp_path / "var", checkout, trainer)


def trainings(ground):
    done = ground.checkout / "trainings"
    return len(done.read_text().splitlines()) if done.exists() else 0


def write_data(ground, text):
    (ground.checkout / "data" / "nlu.yml").write_text(text)


def test_a_missing_model_is_trained(ground):
    model = ready_model(ground, CONSOLE)

    assert model.read_text() == "first\n"


def test_unchanged_sources_are_not_trained_again(ground):
    first = ready_model(ground, CONSOLE)

    assert ready_model(ground, CONSOLE) == first
    assert trainings(ground) == 1


@pytest.mark.parametrize(
    "source",
    [
        "config.yml",
        "domain.yml",
        "data/rules/safety.yml",
        "bot/rasa_server/components/signs.py",
        "bot/rasa_server/requirements.txt",
    ],
)
def test_a_change_of_any_source_asks_for_another_model(ground, source):
    before = ground.model()
    (ground.checkout / source).parent.mkdir(parents=True, exist_ok=True)
    (ground.checkout / source).write_text("changed\n")

    assert ground.model() != before


def test_moving_text_from_one_file_to_another_asks_for_another_model(ground):
    (ground.checkout / "data" / "a.yml").write_text("one two")
    (ground.checkout / "data" / "b.yml").write_text("")
    before = ground.model()
    (ground.checkout / "data" / "a.yml").write_text("one ")
    (ground.checkout / "data" / "b.yml").write_text("two")

    assert ground.model() != before


def test_what_python_and_editors_leave_behind_changes_nothing(ground):
    before = ground.model()
    components = ground.checkout / "bot" / "rasa_server" / "components"
    (components / "signs.cpython-310.pyc").write_text("")
    (components / ".signs.py.swp").write_text("")
    (components / "signs.py~").write_text("")

    assert ground.model() == before


def test_a_failed_training_names_the_reason_and_the_log(ground):
    (ground.checkout / "fails").touch()

    with pytest.raises(TrainingFailed) as failed:
        ready_model(ground, CONSOLE)

    assert "data/nlu.yml is broken" in str(failed.value)
    assert str(ground.log) in str(failed.value)


def test_a_failed_training_leaves_the_good_model_and_no_half_one(ground):
    good = ready_model(ground, CONSOLE)
    write_data(ground, "second\n")
    (ground.checkout / "fails").touch()
    with pytest.raises(TrainingFailed):
        ready_model(ground, CONSOLE)

    assert [entry.name for entry in ground.models.iterdir() if entry.name != "lock"] == [good.name]


def test_a_killed_training_says_so(ground):
    ground.python.write_text("#!/bin/sh\necho loading\nkill -9 $$\n")

    with pytest.raises(TrainingFailed, match="it was ended by signal 9"):
        ready_model(ground, CONSOLE)


def test_a_rasa_that_is_not_there_is_one_sentence(ground):
    ground.python.unlink()

    with pytest.raises(TrainingFailed, match="can't be started"):
        ready_model(ground, CONSOLE)


def test_only_the_newest_two_models_are_kept(ground):
    made = []
    for number, text in enumerate(["first\n", "second\n", "third\n"]):
        write_data(ground, text)
        made.append(ready_model(ground, CONSOLE))
        os.utime(made[-1], (number, number))

    assert sorted(ground.models.glob("*.tar.gz")) == sorted(made[1:])


def test_training_is_told_nothing_of_our_settings(ground, monkeypatch):
    monkeypatch.setenv("FOOTHOLD_RASA_TOKEN", "secret")
    ready_model(ground, CONSOLE)

    assert (ground.checkout / "trainings").read_text() == "[]\n"


def test_two_at_once_train_once(ground):
    (ground.checkout / "slow").touch()
    places = [str(ground.data), str(ground.checkout), str(ground.python)]
    program = textwrap.dedent(
        f"""
        from pathlib import Path
        from rich.console import Console
        from bot.training import TrainingGround, ready_model
        ground = TrainingGround(*map(Path, {places}))
        print(ready_model(ground, Console(quiet=True)))
        """
    )
    both = [subprocess.Popen([sys.executable, "-c", program], stdout=subprocess.PIPE) for _ in "12"]
    answers = {process.communicate(timeout=20)[0] for process in both}

    assert answers == {f"{ground.model()}\n".encode()}
    assert trainings(ground) == 1


def test_progress_is_shown_where_there_is_no_terminal(ground, capsys):
    ready_model(ground, Console(force_terminal=False, width=200))

    assert "Training the model" in capsys.readouterr().out


def test_the_last_useful_line_is_plain_text(tmp_path):
    log = tmp_path / "log"
    log.write_text("\x1b[91mThe path 'config.yml' does not exist.\x1b[0m\n\n")

    assert last_useful_line(log) == "The path 'config.yml' does not exist."
