"""`foothold plan`: a situation in a file becomes a plan in each form; what is wrong is named."""

import io
import json
import subprocess
import sys
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from icalendar import Calendar
from pypdf import PdfReader
from pypdf.errors import FileNotDecryptedError
from ruamel.yaml import YAML

from bot.assessing.problems import WrongSheet
from bot.content import Content
from bot.content.hotlines import Hotlines
from bot.content.planned import worded_plan
from bot.content.wording import Wording
from bot.plans.calendar import reminder
from bot.plans.forms import Form, made_in
from bot.plans.pdf import plan_pdf
from bot.plans.sheet import read_plan
from bot.safety.own_plan import OwnPlan, ready
from bot.safety.plan import FACTS, Situation

MARKED = "Marigold-7731 from the bakery"
SCENARIOS = YAML(typ="safe").load(Path("tests/scenarios/situations.yml"))
WATCHED = """\
country: US
facts: {monitored_phone: yes, children: yes, custody_disputed: yes, lives_together: yes}
"""


def made(content: Content, text: str, form: Form = Form.JSON, password: str = "") -> bytes:
    return made_in(content, read_plan(text, content.outline.catalogue), form, password)


def plan_json(content: Content, text: str) -> Any:
    return json.loads(made(content, text))


def command(*args: str, given: str = "") -> subprocess.CompletedProcess[bytes]:
    run = [sys.executable, "-m", "bot.cli", "plan", *args]
    return subprocess.run(run, input=given.encode(), capture_output=True, timeout=60, check=False)


@pytest.mark.parametrize("scenario", SCENARIOS, ids=lambda each: each["id"])
def test_every_situation_gets_what_it_should(content: Content, scenario: Any) -> None:
    plan = plan_json(content, json.dumps(scenario["given"]))

    parts = {part["id"]: [item["id"] for item in part["items"]] for part in plan["sections"]}
    for always in ("contacts", "code_word"):
        assert parts[always]
    for part, items in scenario.get("holds", {}).items():
        assert set(items or ()) <= set(parts[part])
        assert parts[part]
    for part in scenario.get("lacks", ()):
        assert part not in parts
    flagged = {each["id"] for each in plan["conflicts"]}
    assert set(scenario.get("flags", ())) <= flagged
    if "first" in scenario:
        assert plan["sections"][0]["id"] == scenario["first"]


def test_the_scenarios_reach_every_fact() -> None:
    told = {fact for each in SCENARIOS for fact in each["given"].get("facts", {})}
    signs = {sign for each in SCENARIOS for sign in each["given"].get("signs", {})}

    assert set(FACTS) <= told | signs


def test_each_step_says_which_answer_brought_it_and_what_it_leaves(content: Content) -> None:
    plan = plan_json(content, WATCHED)

    steps = {item["id"]: item for part in plan["sections"] for item in part["items"]}
    passcode = steps["tech_phone_passcode"]
    assert passcode["because"] == ["monitored_phone"]
    assert passcode["labels"]["noticed"] == "yes"
    assert passcode["flagged"]
    assert passcode["source"]
    assert steps["contacts_hotline"]["because"] == []


@pytest.mark.parametrize("form", [Form.TEXT, Form.PDF])
def test_every_flag_stands_in_every_form(content: Content, form: Form) -> None:
    plan = plan_json(content, WATCHED)
    given = made(content, WATCHED, form)
    text = given.decode() if form is Form.TEXT else text_of(given)

    assert plan["conflicts"]
    for flag in plan["conflicts"]:
        assert squeezed(flag["why"]) in squeezed(text)


def text_of(pdf: bytes, password: str = "") -> str:
    reader = PdfReader(io.BytesIO(pdf), password=password or None)
    return "\n".join(page.extract_text() for page in reader.pages)


def squeezed(text: str) -> str:
    return "".join(text.split())


@pytest.mark.parametrize("language", ["en", "es"])
def test_every_number_is_filled_in_also_in_the_caution_of_a_part(
    content: Content, language: str
) -> None:
    text = made(
        content, json.dumps({"facts": FACTS, "country": "US", "language": language}), Form.TEXT
    ).decode()

    assert "{" not in text
    caution = content.language(language).plan_sections["health"]["caution"]
    assert squeezed(caution.replace("{emergency}", "911")) in squeezed(text)


def test_cautions_stand_before_the_step_that_they_are_about(content: Content) -> None:
    text = made(content, "facts: [immigrant]", Form.TEXT).decode()

    assert text.index("Some of them speak with the family") < text.index("A consulate can help")


def test_own_things_services_and_what_is_done_are_in_it(content: Content) -> None:
    text = made(
        content,
        "keep: [contacts_hotline]\ndone: [contacts_neighbour]\n"
        f"own: [{{kind: person, words: {MARKED}}}]\nservices: ['Rose House: (512) 555-0142']\n",
        Form.TEXT,
    ).decode()

    assert f"Someone I trust: {MARKED}" in text
    assert "Rose House: (512) 555-0142" in text
    assert "(done)" in text
    assert text.count("– ") == 4


def test_a_locked_pdf_opens_with_its_password_alone(content: Content) -> None:
    locked = made(content, WATCHED, Form.PDF, "seven blue boats")

    assert PdfReader(io.BytesIO(locked)).is_encrypted
    assert "My plan" in text_of(locked, "seven blue boats")
    with pytest.raises(FileNotDecryptedError):
        text_of(locked)
    assert b"My plan" not in locked


def test_a_pdf_tells_nothing_of_when_and_by_what_it_was_made(content: Content) -> None:
    reader = PdfReader(io.BytesIO(made(content, WATCHED, Form.PDF)))

    assert reader.metadata is not None
    assert reader.metadata.get("/Producer", "") == ""
    assert "2000" in str(reader.metadata.get("/CreationDate"))
    assert reader.metadata.get("/Title") == "Notes"


@pytest.mark.parametrize("words", ["Łucja and Ольга", "“quoted” – ¿qué?", "日本 🌷"])
def test_letters_of_other_languages_break_no_pdf(
    content: Content, hotlines: Hotlines, words: str
) -> None:
    plan = OwnPlan().with_own("contacts", words, "person")
    wording = Wording(content, hotlines, "es", "ES")
    worded = worded_plan(wording, ready(content.outline.catalogue, Situation(), plan))

    text = text_of(plan_pdf(worded))

    assert "Mi plan" in text
    if words.isprintable() and max(words) < "က":
        assert squeezed(words) in squeezed(text)


def test_a_reminder_says_its_cover_words_and_nothing_else(content: Content) -> None:
    given = "reminder: {on: 2027-01-31, at: '18:30', words: Call the dentist, repeats: monthly}"

    calendar = Calendar.from_ical(made(content, given, Form.ICS).decode())

    event: Any
    (event,) = calendar.walk("VEVENT")
    assert event["summary"] == "Call the dentist"
    assert event["dtstart"].dt == datetime(2027, 1, 31, 18, 30)  # noqa: DTZ001 - local, on purpose
    assert event["rrule"]["freq"] == ["MONTHLY"]
    assert "description" not in event
    assert "oothold" not in made(content, given, Form.ICS).decode()


def test_a_reminder_without_words_has_a_cover(content: Content) -> None:
    for language, cover in (("en", "Water the plants"), ("es", "Regar las plantas")):
        assert cover in made(content, f"language: {language}", Form.ICS).decode()


def test_two_reminders_are_two_events() -> None:
    when = datetime(2027, 1, 31)  # noqa: DTZ001

    assert reminder("x", when) != reminder("x", when)


@pytest.mark.parametrize(
    ("text", "field"),
    [
        ("facts: {childen: yes}", "facts.childen"),
        ("facts: {children: perhaps}", "facts.children"),
        ("facts: [children, robots]", "facts"),
        ("priorities: [first_fame]", "priorities"),
        ("parts: [robots]", "parts"),
        ("keep: [contacts_hotlin]", "keep"),
        ("own: [{kind: robot, words: x}]", "own.kind"),
        ("own: [{kind: person}]", "own.words"),
        ("country: USA", "country"),
        ("language: fr", "language"),
        ("fear: 9", "fear"),
        ("signs: {strangled: maybe}", "signs.strangled"),
        ("reminder: {at: '18:00'}", "reminder.on"),
        ("reminder: {on: someday}", "reminder.on"),
        ("reminder: {on: 2027-01-31, at: noon}", "reminder.at"),
        ("robots: 1", "robots"),
    ],
)
def test_a_bad_file_gets_an_error_that_names_the_field(
    content: Content, text: str, field: str
) -> None:
    with pytest.raises(WrongSheet) as wrong:
        read_plan(text, content.outline.catalogue)

    (problem,) = wrong.value.problems
    assert problem.field == field
    assert problem.message.startswith(f"{field} ")
    assert "Allowed: " in problem.message


def test_the_command_says_what_is_wrong_for_people_and_for_machines() -> None:
    wrong = command("-", given="facts: {childen: yes}")
    machine = command("-", "--format", "json", given="facts: {childen: yes}")

    assert (wrong.returncode, wrong.stdout) == (2, b"")
    assert "Did you mean 'children'?" in wrong.stderr.decode()
    assert json.loads(machine.stderr)["errors"][0]["field"] == "facts.childen"


def test_what_was_written_for_people_is_never_repeated() -> None:
    wrong = command("-", given=f"own: [{{kind: robot, words: {MARKED}}}]\ncountry: {MARKED}")

    assert wrong.returncode == 2
    assert "Marigold" not in wrong.stderr.decode()


def test_a_file_becomes_a_file(tmp_path: Path) -> None:
    given, out = tmp_path / "situation.yml", tmp_path / "notes.pdf"
    given.write_text(WATCHED)

    done = command(str(given), "--format", "pdf", "--out", str(out))

    assert (done.returncode, done.stdout) == (0, b"")
    assert "My plan" in text_of(out.read_bytes())
    nowhere = command(str(given), "--out", str(tmp_path / "no" / "notes.txt"))
    assert nowhere.returncode == 2
    assert "can't be written" in nowhere.stderr.decode()


def test_an_empty_file_gives_the_plan_for_everybody() -> None:
    plan = json.loads(command("-", "--format", "json").stdout)

    assert {part["id"] for part in plan["sections"]} == {
        "contacts", "code_word", "safe_places", "emotional", "services",
    }  # fmt: skip


def test_more_is_kept_out_than_what_was_left_out(content: Content) -> None:
    plan = plan_json(content, "leave_out: [contacts_neighbour]\nparts: [pets]")

    items = {item["id"] for part in plan["sections"] for item in part["items"]}
    assert "contacts_neighbour" not in items
    assert "pets_place" in items
