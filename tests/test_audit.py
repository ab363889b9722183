"""What the audit makes of pip-audit's words, and whether what we say of Rasa's libraries holds."""

import json

import pytest
from pydantic import ValidationError

import audit
from audit import (
    NOBODY,
    RASA,
    Answer,
    CannotAudit,
    Finding,
    Pin,
    Vulnerability,
    answer_in,
    ask,
    known_vulnerabilities,
    one_version_each,
    pins_in,
    verdict,
)

OLD = Pin("aiohttp", "3.9.5")
OURS = audit.REQUIREMENTS[1]
KNOWN = known_vulnerabilities()


def said(*dependencies):
    """What pip-audit prints."""
    return json.dumps({"dependencies": dependencies, "fixes": []})


def a_dependency(name="aiohttp", version="3.9.5", vulns=()):
    return {"name": name, "version": version, "vulns": list(vulns)}


def a_vuln(name="PYSEC-2026-1", aliases=("CVE-2026-12345",)):
    return {"id": name, "aliases": list(aliases), "fix_versions": ["4.0"], "description": "…"}


def a_finding(*ids, pin=OLD):
    return Finding(pin, frozenset(ids or {"CVE-2026-12345"}), ("4.0",))


def an_entry(**differences):
    """A vulnerability that we know of."""
    usual = {
        "package": "aiohttp",
        "version": "3.9.5",
        "id": "CVE-2026-12345",
        "what": "Something.",
        "fixed_in": "4.0",
        "reachable": "no",
        "why": "Nobody calls it.",
        "because": "https://nvd.nist.gov/vuln/detail/CVE-2026-12345",
    }
    return Vulnerability.model_validate(usual | differences)


def an_answer(*findings, checked=(OLD,)):
    return Answer(frozenset(checked), findings)


# --- What is pinned -------------------------------------------------------------------------------


def test_a_pin_for_another_python_or_machine_counts_too():
    pins = pins_in(
        'aiohttp==3.9.5 ; python_full_version < "3.11" \\\n    --hash=sha256:00\n'
        "uvicorn[standard]==1.2\n# six==1.0\n"
    )

    assert pins == {OLD, Pin("uvicorn", "1.2")}


def test_a_package_has_one_name_however_it_is_written():
    assert pins_in("Ruamel.YAML_clib==1.0") == {Pin("ruamel-yaml-clib", "1.0")}


def test_a_package_in_two_versions_is_asked_about_twice():
    newer = Pin("aiohttp", "4.0")

    assert one_version_each([newer, OLD, Pin("six", "1.0")]) == [[OLD, Pin("six", "1.0")], [newer]]


@pytest.mark.parametrize("file", audit.REQUIREMENTS, ids=lambda file: file.name)
def test_each_requirement_file_pins_something(file):
    assert pins_in(file.read_text())


# --- What pip-audit says --------------------------------------------------------------------------


def test_a_finding_carries_all_its_names():
    answer = answer_in(said(a_dependency(vulns=[a_vuln()])), "")

    assert answer == an_answer(a_finding("PYSEC-2026-1", "CVE-2026-12345"))


def test_a_package_that_nobody_knew_was_not_checked():
    answer = answer_in(said({"name": "six", "skip_reason": "not found"}, a_dependency()), "")

    assert answer.checked == {OLD}


def test_a_network_that_is_not_there_is_no_failure():
    answer = answer_in("", "requests.exceptions.ConnectionError: nothing there")

    assert answer == NOBODY


def test_a_broken_audit_is_a_failure():
    with pytest.raises(CannotAudit, match="no such option"):
        answer_in("", "usage: pip-audit\nno such option: --disable-pip\n")


def test_who_knows_of_no_vulnerability_is_not_the_last_to_be_asked():
    answers = {"pypi": an_answer(), "osv": an_answer(a_finding())}

    assert ask([OLD], lambda pins, service: answers[service]) == answers["osv"]


def test_when_nobody_answers_nothing_was_checked():
    assert ask([OLD], lambda pins, service: NOBODY) == NOBODY


# --- What is made of it ---------------------------------------------------------------------------


def test_when_nobody_could_be_asked_it_says_so_and_does_not_fail():
    lines, status = verdict({RASA: frozenset({OLD})}, NOBODY, [an_entry()])

    assert lines == ["No list of vulnerabilities could be reached: 1 packages not checked."]
    assert status == 0


def test_an_answer_without_even_what_we_know_comes_from_nobody_who_has_a_list():
    lines, _ = verdict({RASA: frozenset({OLD})}, an_answer(), [an_entry()])

    assert lines == ["No list of vulnerabilities could be reached: 1 packages not checked."]


def test_a_vulnerability_that_we_know_by_any_of_its_names_does_not_fail():
    found = a_finding("PYSEC-2026-1", "CVE-2026-12345")

    lines, status = verdict({RASA: frozenset({OLD})}, an_answer(found), [an_entry()])

    assert lines == ["1 of 1 packages checked: 1 known vulnerabilities, 0 new ones."]
    assert status == 0


def test_a_vulnerability_that_is_new_to_us_fails_and_is_named():
    found = a_finding("CVE-2026-99999")

    lines, status = verdict({RASA: frozenset({OLD})}, an_answer(found), [an_entry()])

    assert lines[0] == (
        "aiohttp 3.9.5: CVE-2026-99999 (fixed in 4.0): not in docs/known-vulnerabilities.yml"
    )
    assert status == 1


def test_what_is_said_of_one_version_does_not_hold_for_another():
    newer = Pin("aiohttp", "3.9.6")
    answer = an_answer(a_finding(pin=newer), checked=[newer])

    _, status = verdict({RASA: frozenset({newer})}, answer, [an_entry()])

    assert status == 1


def test_what_is_said_of_rasas_process_does_not_hold_for_ours():
    files = {RASA: frozenset({OLD}), OURS: frozenset({OLD})}

    _, status = verdict(files, an_answer(a_finding()), [an_entry()])

    assert status == 1


def test_what_could_not_be_checked_is_named():
    files = {RASA: frozenset({OLD, Pin("six", "1.0")})}

    lines, _ = verdict(files, an_answer(a_finding()), [an_entry()])

    assert lines[0] == "Not checked, since unknown there: six 1.0."


# --- docs/known-vulnerabilities.yml ---------------------------------------------------------------


def test_each_vulnerability_is_of_a_version_that_rasa_still_has():
    pinned = pins_in(RASA.read_text())

    assert [entry.pin for entry in KNOWN.vulnerabilities if entry.pin not in pinned] == []


def test_each_doubt_is_about_a_version_that_rasa_still_has():
    pinned = pins_in(RASA.read_text())
    doubted = [Pin(each.package, each.version) for each in KNOWN.unsure]

    assert [pin for pin in doubted if pin not in pinned] == []


def test_what_could_be_raised_has_not_been_raised_yet():
    pinned = pins_in(RASA.read_text())
    low = [Pin(each.package, each.version) for each in KNOWN.could_be_raised]

    assert [pin for pin in low if pin not in pinned] == []


def test_no_vulnerability_is_written_down_twice():
    names = [name for entry in KNOWN.vulnerabilities for name in entry.ids]

    assert len(names) == len(set(names))


def test_each_reason_that_is_shared_is_used():
    used = {entry.why for entry in KNOWN.vulnerabilities}

    assert [key for key, reason in KNOWN.reasons.items() if reason not in used] == []


def test_vulnerabilities_stand_in_the_order_of_their_packages():
    packages = [entry.package for entry in KNOWN.vulnerabilities]

    assert packages == sorted(packages)


@pytest.mark.parametrize(
    "wrong",
    [{"id": "something"}, {"reachable": "perhaps"}, {"because": "a book"}, {"note": "unknown key"}],
    ids=lambda wrong: next(iter(wrong)),
)
def test_an_entry_that_is_not_well_formed_is_refused(wrong):
    with pytest.raises(ValidationError):
        an_entry(**wrong)
