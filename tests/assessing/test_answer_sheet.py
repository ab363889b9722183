"""Reading an answer sheet: what is taken, what is refused and how, and that nothing breaks it."""

import json
from itertools import product
from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot import cli
from bot.assessing.plain_values import LARGEST
from bot.assessing.problems import WrongSheet
from bot.assessing.report import InWords, for_machines
from bot.assessing.sheet import AnswerSheet, load, read
from bot.content import LANGUAGES, Content
from bot.content import load as load_content
from bot.safety.instruments import da5
from bot.safety.signs import Answer, Level, Now, OwnLevel, Sign
from tests.scenarios import scenarios

SECRET = "Zebra at 12 Elm Street"


def problems(text, file="-"):
    with pytest.raises(WrongSheet) as wrong:
        read(text, file)
    return wrong.value.problems


def problem(text, file="-"):
    (only,) = problems(text, file)
    return only


def assessed(text):
    sheet = read(text)
    return for_machines(sheet, sheet.assessment())


@pytest.fixture(scope="module")
def content() -> Content:
    return load_content()


def in_words(content, sheet, language="en"):
    words = content.language(language).danger
    return str(InWords(sheet, sheet.assessment(), words, content.danger))


# ---- What is taken. -----------------------------------------------------------------------------


def test_every_field_is_read():
    sheet = read(
        """
        signs: {strangled: yes, gun_access: unknown, lives_with: no}
        fear: 3
        own_level: high
        expects_serious_harm: yes
        now: [holds_weapon_now, holds_weapon_now]
        raised_to: 4
        judged_lethal: yes
        """
    )

    assert sheet == AnswerSheet(
        signs={
            Sign.STRANGLED: Answer.YES,
            Sign.GUN_ACCESS: Answer.UNKNOWN,
            Sign.LIVES_WITH: Answer.NO,
        },
        fear=3,
        own_level=OwnLevel.HIGH,
        expects_serious_harm=Answer.YES,
        now=[Now.HOLDS_WEAPON, Now.HOLDS_WEAPON],
        raised_to=Level.IMMEDIATE,
        judged_lethal=True,
    )


@pytest.mark.parametrize("text", ["{}", "signs: {}", "signs:\nfear: null\nnow: []\n", "fear: ~"])
def test_what_is_not_given_is_unknown(text):
    assert assessed(text)["name"] == "not_enough_info"


def test_null_is_not_an_answer():
    assert read('{"signs": {"weapon": null}}').signs == {}


@pytest.mark.parametrize(("given", "answer"), [("true", Answer.YES), ("false", Answer.NO)])
def test_true_and_false_are_yes_and_no(given, answer):
    assert read(f'{{"signs": {{"weapon": {given}}}}}').signs == {Sign.WEAPON: answer}
    assert read(f"signs: {{weapon: {given}}}").signs == {Sign.WEAPON: answer}


@pytest.mark.parametrize(
    "text",
    [
        "signs: {weapon: yes}",
        'signs: {weapon: "yes"}',
        '{"signs": {"weapon": "yes"}}',
        "\ufeffsigns: {weapon: yes}",
        "signs:\r\n  weapon: yes\r\n",
        "%YAML 1.1\n---\nsigns: {weapon: yes}\n",
        "# comment\n---\nsigns:\n  weapon: yes  # here too\n...\n",
    ],
)
def test_a_yes_is_a_yes_however_it_is_written(text):
    assert read(text).signs == {Sign.WEAPON: Answer.YES}


def test_every_sign_has_its_place():
    sheet = read(json.dumps({"signs": {sign.value: "yes" for sign in Sign}}))

    assert sheet.signs == dict.fromkeys(Sign, Answer.YES)


@pytest.mark.parametrize(
    ("given", "answer"),
    [("yes", Answer.YES), ("no", Answer.NO), (SECRET, Answer.YES), (" ", Answer.UNKNOWN)],
)
def test_another_worry_may_be_any_text(given, answer):
    text = json.dumps({"signs": {"other_worry": given}})

    assert read(text).signs == {Sign.OTHER_WORRY: answer}


@pytest.mark.parametrize("case", scenarios("statute"), ids=lambda case: case["id"])
def test_a_sheet_says_what_the_worked_case_says(case):
    said = {sign.value: "yes" if sign.value in case["yes"] else "no" for sign in Sign}
    signs = {} if case.get("declined") else said
    judged = case.get("judged_lethal", False)

    statute = assessed(json.dumps({"signs": signs, "judged_lethal": judged}))["statute"]

    expected = {key: case.get(key) for key in ("triggered", "limb")}
    assert statute == {**expected, "items": case.get("items", [])}


# ---- What is said for machines. -----------------------------------------------------------------


def test_the_result_has_these_keys_in_this_order():
    result = assessed("signs: {strangled: yes}")

    assert list(result) == [
        "level_low",
        "level_high",
        "level",
        "name",
        "reasons",
        "unanswered_that_matter",
        "statute",
    ]


def test_a_raise_shows_in_the_level_and_not_in_what_the_answers_say():
    result = assessed("signs: {unemployed: yes}\nraised_to: 3")

    assert (result["level_low"], result["level"], result["name"]) == (1, 3, "high")
    assert result["reasons"] == ["raised_to"]


def test_asking_for_less_changes_nothing():
    assert assessed("signs: {weapon: yes}\nraised_to: 1") == assessed("signs: {weapon: yes}")


@pytest.mark.parametrize(
    ("given", "result"),
    [
        (
            {"danger_assessment": {"total": 14}},
            {"total": 14, "band": "severe", "opens_suicide_talk": None},
        ),
        (
            {"danger_assessment": {"yes": [1, 6, 20], "never_lived_together": "yes"}},
            {"total": 1, "band": "variable", "opens_suicide_talk": True},
        ),
        (
            {"danger_assessment": {"yes": [2, 13, 14, 19], "total": 8}},
            {"total": 8, "band": "increased", "opens_suicide_talk": False},
        ),
        ({"da5": {"count": 2}}, vars(da5(2))),
        (
            {"aprais": {"count": 0, "judgement": "yes"}},
            {"count": 0, "band": "neither", "flagged_by_judgement": True},
        ),
        (
            {"dash": {"ticks": 16, "judgement": "lower", "repeat_within_12_months": True}},
            {
                "ticks": 16,
                "band": "high",
                "refer": True,
                "grounds": ("visible_high_risk", "repeat_within_12_months"),
                "lowering_refused": True,
            },
        ),
        (
            {"dvsat": {"count": 3, "judgement": "yes"}},
            {"count": 3, "band": "serious", "lowering_refused": False},
        ),
    ],
)
def test_a_form_filled_in_elsewhere_is_worked_out(given, result):
    told = assessed(json.dumps({"instruments": given}))

    assert told["instruments"] == dict.fromkeys(given, result)


def test_a_form_filled_in_elsewhere_never_changes_the_level():
    highest = {"danger_assessment": {"total": 37}, "dash": {"ticks": 24, "judgement": "yes"}}
    result = assessed(json.dumps({"signs": {"unemployed": "yes"}, "instruments": highest}))
    del result["instruments"]

    assert result == assessed("signs: {unemployed: yes}")


# ---- What is wrong in a sheet. ------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "field", "value", "allowed"),
    [
        ("sings: {}", "sings", "(a mapping)", "signs, fear, own_level"),
        ("signs: {strangeld: yes}", "signs.strangeld", "yes", "strangled"),
        ("signs: {1: yes}", "signs.1", "yes", "weapon"),
        ("signs: {true: yes}", "signs.true", "yes", "weapon"),
        ('{"": 1}', "''", 1, "signs, fear"),
        ("signs: {~: yes}", "signs.null", "yes", "weapon"),
        ("signs: {? [weapon] : yes}", "signs.(a list)", "yes", "weapon"),
        ("signs: {<<: {weapon: yes}}", "signs.<<", "(a mapping)", "weapon"),
        ("signs: [weapon]", "signs", "(a list)", "weapon"),
        ("signs: yes", "signs", "yes", "weapon"),
        ("signs: {weapon: YES}", "signs.weapon", "YES", "yes, no or unknown"),
        ("signs: {weapon: 1}", "signs.weapon", 1, "yes, no or unknown"),
        ("signs: {weapon: [yes]}", "signs.weapon", "(a list)", "yes, no or unknown"),
        ("signs: {weapon: 2024-01-01}", "signs.weapon", "2024-01-01", "yes, no or unknown"),
        ("signs: {weapon: !!str yes}", "signs.weapon", "(a YAML tag in line 1)", "yes"),
        ("signs: {weapon: &a yes}", "signs.weapon", "(a YAML anchor in line 1)", "yes"),
        ("signs: {weapon: *a}", "signs.weapon", "(a YAML alias in line 1)", "yes"),
        ('fear: "3"', "fear", "3", "a whole number from 0 to 4"),
        ("fear: 5", "fear", 5, "a whole number from 0 to 4"),
        ("fear: -1", "fear", -1, "a whole number from 0 to 4"),
        ("fear: 2.5", "fear", 2.5, "a whole number from 0 to 4"),
        ("fear: true", "fear", True, "a whole number from 0 to 4"),
        ("fear: .nan", "fear", ".nan", "a whole number from 0 to 4"),
        ('{"fear": NaN}', "fear", "nan", "a whole number from 0 to 4"),
        ('{"fear": -Infinity}', "fear", "-inf", "a whole number from 0 to 4"),
        ("fear: 1e999", "fear", "inf", "a whole number from 0 to 4"),
        ("fear: [3]", "fear", "(a list)", "a whole number from 0 to 4"),
        ("own_level: severe", "own_level", "severe", "none, some, high or now"),
        ("own_level: true", "own_level", True, "none, some, high or now"),
        ("expects_serious_harm: maybe", "expects_serious_harm", "maybe", "yes, no or unknown"),
        ("now: holds_weapon_now", "now", "holds_weapon_now", "a list of person_here_now"),
        ("now: {holds_weapon_now: yes}", "now", "(a mapping)", "a list of person_here_now"),
        ("now: [holds_weapon]", "now", "holds_weapon", "holds_weapon_now"),
        ("now: [7]", "now", 7, "holds_weapon_now"),
        ("now: [~]", "now", "(null)", "holds_weapon_now"),
        ("raised_to: 5", "raised_to", 5, "a whole number from 0 to 4"),
        ("raised_to: high", "raised_to", "high", "a whole number from 0 to 4"),
        ("judged_lethal: unknown", "judged_lethal", "unknown", "yes or no"),
        ("instruments: 3", "instruments", 3, "danger_assessment"),
        ("instruments: {hits: {}}", "instruments.hits", "(a mapping)", "danger_assessment"),
        ("instruments: {da5: 3}", "instruments.da5", 3, "count"),
        ("instruments: {da5: {}}", "instruments.da5.count", None, "a whole number from 0 to 5"),
        ("instruments: {da5: {count: ~}}", "instruments.da5.count", None, "from 0 to 5"),
        ("instruments: {da5: {count: 6}}", "instruments.da5.count", 6, "from 0 to 5"),
        ("instruments: {aprais: {count: 8}}", "instruments.aprais.count", 8, "from 0 to 7"),
        (
            "instruments: {aprais: {count: 1, judgement: lower}}",
            "instruments.aprais.judgement",
            "lower",
            "yes or no",
        ),
        ("instruments: {dash: {ticks: 25}}", "instruments.dash.ticks", 25, "from 0 to 24"),
        (
            "instruments: {dash: {ticks: 1, events_in_12_months: -1}}",
            "instruments.dash.events_in_12_months",
            -1,
            "0 or more",
        ),
        ("instruments: {dvsat: {count: 26}}", "instruments.dvsat.count", 26, "from 0 to 25"),
        (
            "instruments: {danger_assessment: {total: 38}}",
            "instruments.danger_assessment.total",
            38,
            "from -3 to 37",
        ),
        (
            "instruments: {danger_assessment: {}}",
            "instruments.danger_assessment.total",
            None,
            "a total, or the numbers answered yes",
        ),
        (
            "instruments: {danger_assessment: {yes: [1, 21]}}",
            "instruments.danger_assessment.yes",
            21,
            "from 1 to 20",
        ),
        (
            "instruments: {danger_assessment: {yes: [2, 2]}}",
            "instruments.danger_assessment.yes",
            "[2, 2]",
            "each question once",
        ),
        (
            "instruments: {danger_assessment: {yes: [3], never_lived_together: yes}}",
            "instruments.danger_assessment.yes",
            3,
            "3 or 3a, not both",
        ),
        (
            "instruments: {danger_assessment: {yes: [1], total: 14}}",
            "instruments.danger_assessment.total",
            14,
            "1, to which yes adds up",
        ),
    ],
)
def test_a_problem_names_the_field_the_value_and_what_is_allowed(text, field, value, allowed):
    found = problem(text)

    assert (found.field, found.value) == (field, value)
    assert allowed in found.allowed
    assert found.message.startswith(f"{field} is ")
    assert found.message.endswith(f"Allowed: {found.allowed}.")


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("signs: {strangeld: yes}", "'strangled'"),
        ("signs: {gun access: yes}", "'gun_access'"),
        ("signs: {weapon: YES}", "'yes'"),
        ("singns: {}", "'signs'"),
        ("own_level: hihg", "'high'"),
        ("now: [hold_weapon_now]", "'holds_weapon_now'"),
        ('fear: "3"', "3 without quotation marks"),
        ("instruments: {dassh: {}}", "'dash'"),
    ],
)
def test_a_slip_of_the_pen_is_answered_with_what_was_meant(text, meant):
    assert f" Did you mean {meant}? " in problem(text).message


def test_nothing_is_suggested_when_nothing_is_near():
    assert "Did you mean" not in problem("xyzzy: 1").message


def test_every_problem_is_named_at_once():
    found = problems(
        """
        sings: {}
        signs: {strangeld: yes, weapon: maybe}
        fear: 9
        now: [here, holds_weapon_now, there]
        instruments: {dash: {judgement: perhaps}, da5: {}}
        """
    )

    assert [each.field for each in found] == [
        "sings",
        "signs.strangeld",
        "signs.weapon",
        "fear",
        "now",
        "now",
        "instruments.dash.judgement",
        "instruments.dash.ticks",
        "instruments.da5.count",
    ]


@pytest.mark.parametrize(
    "text", ['{"fear": 1, "fear": 1}', "fear: 1\nfear: 1\n", "fear: 1\nfear: null\n"]
)
def test_an_answer_given_twice_is_refused(text):
    found = problem(text)

    assert (found.field, found.allowed) == ("fear", "once")


def test_a_number_of_any_length_is_refused_in_a_short_sentence():
    for length in (30, 4000, 9000):
        assert len(problem(f'{{"fear": {"9" * length}}}').message) < 200
        assert len(problem(f"fear: {'9' * length}").message) < 200


# ---- What somebody wrote for people. ------------------------------------------------------------


@pytest.mark.parametrize(
    "text",
    [
        "signs: {other_worry: [{SECRET}]}",
        "signs: {other_worry: {text: {SECRET}}}",
        "signs: {other_worry: &a {SECRET}}",
        "signs: {other_worry: yes, other_worry: {SECRET}}",
        "signs: {other_wory: {SECRET}}",
        "signs: {other_worry: he came back, {SECRET}}",
        "other_worry: {SECRET}",
        "signs: [{SECRET}]",
        "signs: {SECRET}",
        "{SECRET}",
        "- {SECRET}",
        'signs: {other_worry: "{SECRET}',
        "signs:\n  other_worry: he said: {SECRET}",
        '{"signs": {"other_worry": "{SECRET}}}',
    ],
)
def test_a_text_for_people_is_not_printed_when_a_file_is_wrong(text):
    found = problems(text.replace("{SECRET}", SECRET))

    assert "Zebra" not in repr(found)


@pytest.mark.parametrize("text", ["signs: {other_worry: 5551234}", "signs: {other_wory: 5551234}"])
def test_a_number_in_place_of_a_text_is_not_printed(text):
    assert "5551234" not in repr(problems(text))


@pytest.mark.parametrize("language", LANGUAGES)
def test_another_worry_is_named_and_its_text_is_not(content, language):
    told = in_words(content, read(f"signs: {{other_worry: {SECRET}}}"), language)

    assert "S12" in told
    assert "Zebra" not in told


# ---- What is wrong with a file. -----------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "file", "what"),
    [
        ("", "-", "is empty"),
        (" \n# nothing\n", "-", "is empty"),
        ("null", "-", "is empty"),
        ("[1]", "-", "(a list)"),
        ("3", "-", "is 3"),
        ("hello", "-", "(a text, not shown)"),
        ("fear: 1\n---\nfear: 2\n", "-", "(several documents)"),
        ('{"fear": 3,}', "a.json", "line 1, column 12"),
        ('{"fear": 3', "a.JSON", "line 1, column 11"),
        ('{"fear": 3', "a.yml", "line 1, column"),
        ("fear: 3\nsigns:\n\tweapon: yes\n", "a.yml", "line 3, column 1"),
        ("fear: 3\nnow: a: b\n", "a.yml", "line 2, column 7"),
        ("fear: 3\nnow: \x00\n", "a.yml", "line 2, column 6"),
        ('fear: 3\nnow: "\\UFFFFFFFF"\n', "a.yml", "line 2 or after it"),
        ("[" * 100_000, "-", "nested too deeply"),
        ("a: " + "[" * 5_000, "-", "nested too deeply"),
        ('{"signs":' * 100_000, "-", "nested too deeply"),
        ("- " * 20_000, "-", "nested too deeply"),
    ],
)
def test_a_file_that_holds_no_answers_is_refused(text, file, what):
    found = problem(text, file)

    assert found.field == "file"
    assert what in found.message


def test_a_list_as_deep_as_python_reads_is_a_wrong_value():
    assert problem('{"fear": ' + "[" * 900 + "]" * 900 + "}").value == "(a list)"


@pytest.mark.parametrize(
    ("data", "what"),
    [
        (b"\xff\xfef\x00", "not text in UTF-8 (line 1)"),
        (b"fear: 3\nnow: \xe9\n", "not text in UTF-8 (line 2)"),
        (b"#" * (LARGEST + 1), "larger than 1 MB"),
    ],
)
def test_a_file_of_something_else_is_refused(tmp_path, data, what):
    (tmp_path / "answers.yml").write_bytes(data)

    with pytest.raises(WrongSheet, match=r"answers\.yml is ") as wrong:
        load(str(tmp_path / "answers.yml"))

    assert what in str(wrong.value)


def test_a_file_may_be_as_large_as_is_allowed(tmp_path):
    text = "fear: 3\n#"
    (tmp_path / "answers.yml").write_text(text + "x" * (LARGEST - len(text)))

    assert load(str(tmp_path / "answers.yml")).fear == 3


@pytest.mark.parametrize("name", ["missing.yml", "", ".", "x" * 5000, "a\0b", "answers/there.yml"])
def test_what_is_no_file_is_refused(tmp_path, name):
    with pytest.raises(WrongSheet, match="can't be read"):
        load(f"{tmp_path}/{name}")


# ---- Whatever stands in it. ---------------------------------------------------------------------

NAMES = [sign.value for sign in Sign] + ["signs", "fear", "now", "own_level", "raised_to"]
FORMS = ["instruments", "danger_assessment", "dash", "dvsat", "da5", "aprais", "yes", "total"]
WORDS = ["yes", "no", "unknown", "YES", "high", "count", "ticks", "judgement", "lower"]
known_words = st.sampled_from([*NAMES, *FORMS, *WORDS, *(flag.value for flag in Now)])
short_texts = st.text(max_size=8)
scalars = st.none() | st.booleans() | st.integers() | st.floats() | short_texts | known_words
structures = st.recursive(
    scalars,
    lambda inside: (
        st.lists(inside, max_size=4)
        | st.dictionaries(short_texts | known_words, inside, max_size=4)
    ),
    max_leaves=12,
)
PUNCTUATION = [": ", "- ", ", ", "\n", "\n  ", "\t", "{", "}", "[", "]", "'", '"', "\\", "#"]
RARITIES = ["? ", "&a ", "*a", "<<: ", "!!str ", "!x ", "| ", "~", "3", "---\n", "%YAML 1.1\n"]
pieces = st.sampled_from([*PUNCTUATION, *RARITIES])
yaml_like = st.lists(pieces | known_words | st.text(max_size=3)).map("".join)


def looked_at(text):
    """What a text is answered with, as machines read it."""
    try:
        return json.dumps(assessed(text))
    except WrongSheet as wrong:
        return json.dumps(wrong.for_machines(), allow_nan=False)


@given(structures)
def test_no_structure_breaks_the_reader(structure):
    assert looked_at(json.dumps(structure))


@given(st.dictionaries(known_words, structures, max_size=5))
def test_no_mapping_breaks_the_reader(structure):
    assert looked_at(json.dumps(structure))


some_forms = st.dictionaries(known_words, structures, max_size=4)


@given(st.dictionaries(st.sampled_from(FORMS[1:6]), some_forms, max_size=3))
def test_no_form_breaks_the_reader(forms):
    assert looked_at(json.dumps({"instruments": forms}))


@given(yaml_like | st.text())
def test_no_text_breaks_the_reader(text):
    assert looked_at(text)


answers = st.sampled_from(["yes", "no", "unknown", True, False, None])
judgements = st.sampled_from(["yes", "no", "lower", None])
questions = st.lists(st.integers(1, 20).filter(lambda number: number != 3), unique=True)
sheets = st.fixed_dictionaries(
    {},
    optional={
        "signs": st.dictionaries(st.sampled_from([sign.value for sign in Sign]), answers),
        "fear": st.none() | st.integers(0, 4),
        "own_level": st.sampled_from(["none", "some", "high", "now"]),
        "expects_serious_harm": answers,
        "now": st.lists(st.sampled_from([flag.value for flag in Now])),
        "raised_to": st.none() | st.integers(0, 4),
        "judged_lethal": st.sampled_from(["yes", "no", True, False, None]),
        "instruments": st.fixed_dictionaries(
            {},
            optional={
                "danger_assessment": st.fixed_dictionaries({"yes": questions})
                | st.fixed_dictionaries({"total": st.integers(-3, 37)}),
                "da5": st.fixed_dictionaries({"count": st.integers(0, 5)}),
                "dash": st.fixed_dictionaries(
                    {"ticks": st.integers(0, 24), "judgement": judgements}
                ),
            },
        ),
    },
)


@given(sheets)
def test_json_and_yaml_say_the_same(sheet):
    as_json = json.dumps(sheet)

    # A comment makes YAML of it.
    assert read(as_json) == read(f"{as_json} # the same")


@given(sheets)
def test_at_least_is_never_above_at_most(sheet):
    result = assessed(json.dumps(sheet))

    assert 0 <= result["level_low"] <= result["level_high"] <= 4
    assert result["level_low"] <= result["level"] <= 4


# ---- What is said in words. ---------------------------------------------------------------------

EVERYTHING = AnswerSheet(
    signs=dict.fromkeys(Sign, Answer.YES),
    fear=4,
    own_level=OwnLevel.NOW,
    expects_serious_harm=Answer.YES,
    now=tuple(Now),
    raised_to=Level.IMMEDIATE,
    judged_lethal=True,
)
NEVER = {
    "en": ["low risk", "safe", "score"],
    "es": ["riesgo bajo", "bajo riesgo", "a salvo", "segur", "puntaje", "puntuación"],
}


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("sheet", [AnswerSheet(), EVERYTHING], ids=["nothing", "everything"])
def test_these_words_are_never_said(content, sheet, language):
    told = in_words(content, sheet, language).lower()

    assert not [words for words in NEVER[language] if words in told]


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("level", Level)
def test_each_level_is_said_at_least_and_at_most(content, level, language):
    words = content.language(language).danger
    name = "not_enough_info" if level is Level.NOTHING_NAMED else level.name.lower()

    first, second, *_ = in_words(content, AnswerSheet(raised_to=level), language).splitlines()

    assert first == f"{words['staff']['at_least']}: {words['levels'][name]}"
    assert second == f"{words['staff']['at_most']}: {words['levels'][max_name(level)]}"


def max_name(level):
    """The name of "at most" when nothing is answered: high, unless an advocate went above."""
    return max(level, Level.HIGH).name.lower()


@given(sheet=sheets, language=st.sampled_from(LANGUAGES))
def test_all_that_was_named_is_told(content, sheet, language):
    sheet = read(json.dumps(sheet))
    words = content.language(language).danger["signs"]
    named = [sign.value for sign, answer in sheet.signs.items() if answer is Answer.YES]

    told = in_words(content, sheet, language)

    assert not [sign for sign in named if words[sign]["name"] not in told]


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_reason_is_told_with_why_it_counts_and_its_source(content, language):
    told = in_words(content, read("signs: {strangled: yes}"), language)

    assert content.language(language).danger["signs"]["strangled"]["because"] in told
    assert content.danger["signs"]["strangled"]["source"] in told


def test_a_raise_does_not_hide_what_the_answers_say(content):
    told = in_words(content, read("signs: {strangled: yes}\nraised_to: 4"))

    assert content.language("en").danger["signs"]["strangled"]["because"] in told


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_is_ours_is_said_to_be_no_tested_scale(content, language):
    label = content.language(language).danger["staff"]["own_rules_label"]

    assert label in in_words(content, AnswerSheet(), language)


def test_figures_that_are_not_confirmed_say_so(content):
    lines = in_words(content, read("signs: {gun_access: yes}")).splitlines()

    (figure,) = (line for line in lines if "11.2" in line)
    assert content.language("en").danger["staff"]["not_confirmed"] in figure


def test_open_questions_that_could_change_the_level_are_named(content):
    told = in_words(content, read("signs: {separated: yes}"))

    assert content.language("en").danger["signs"]["tracks_devices"]["name"] in told


@pytest.mark.parametrize(
    ("text", "phrase"),
    [
        ("signs: {strangled: yes}", "limb_1"),
        ("signs: {gun_access: yes, separated: yes, unemployed: yes, stalking: yes}", "limb_2"),
        ("judged_lethal: yes", "limb_3"),
        ("signs: {weapon: no}", "statute_not_triggered"),
        ("{}", "statute_not_screened"),
    ],
)
@pytest.mark.parametrize("language", LANGUAGES)
def test_what_the_law_says_is_told(content, text, phrase, language):
    staff = content.language(language).danger["staff"]

    assert staff[phrase] in in_words(content, read(text), language)


def test_a_wish_to_lower_is_told_to_be_refused(content):
    staff = content.language("en").danger["staff"]

    assert staff["lowering_refused"] in in_words(
        content, read("signs: {weapon: yes}\nraised_to: 1")
    )


def every_result():
    """Every result that a form filled in elsewhere can have, a sheet each."""
    for total in range(-3, 38):
        yield {"danger_assessment": {"total": total}}
    for count in range(6):
        yield {"da5": {"count": count}, "aprais": {"count": count, "judgement": "yes"}}
    for count, judgement in product(range(25), ("yes", "no", "lower")):
        result = {"count": count, "judgement": judgement}
        yield {"dvsat": result}
        ticks = {"ticks": count, "judgement": judgement, "events_in_12_months": count}
        yield {"dash": {**ticks, "repeat_within_12_months": "yes"}}
    yield {"danger_assessment": {"yes": [20]}}


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_result_of_a_form_has_its_words(content, language):
    note = content.language(language).danger["staff"]["forms_note"]

    sheets = [read(json.dumps({"instruments": forms})) for forms in every_result()]

    assert all(note in in_words(content, sheet, language) for sheet in sheets)


def test_every_language_can_be_asked_for():
    assert set(get_args(get_args(cli.assess.__annotations__["language"])[0])) == set(LANGUAGES)
