"""Asks whether a library that we pin has a known vulnerability, and says plainly what it learned.

`make audit` runs it. What is known of Rasa's libraries, and why it can or can't be reached here,
stands in docs/known-vulnerabilities.yml; whatever is not written there ends with an error.
"""

import json
import re
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ConfigDict, Field, HttpUrl
from ruamel.yaml import YAML

CHECKOUT = Path(__file__).resolve().parent
KNOWN = CHECKOUT / "docs" / "known-vulnerabilities.yml"
RASA = CHECKOUT / "bot" / "rasa_server" / "requirements.txt"
REQUIREMENTS = (
    CHECKOUT / "requirements-bootstrap.txt",
    CHECKOUT / "requirements.txt",
    CHECKOUT / "requirements-dev.txt",
    RASA,
)
# Who is asked, one after another until somebody knows something.
SERVICES = ("pypi", "osv")
PINNED = re.compile(r"^([A-Za-z0-9][A-Za-z0-9._-]*)(?:\[[^]]*\])?==([^\s;\\]+)", re.MULTILINE)
OUT_OF_REACH = re.compile(
    r"ConnectionError|ServiceError|requests\.exceptions|network may be blocking|Could not connect"
)


class CannotAudit(Exception):
    """The audit itself is broken; the message is one sentence for the person at the terminal."""


@dataclass(frozen=True, order=True)
class Pin:
    """A package in the one version that we install."""

    package: str
    version: str

    def __str__(self) -> str:
        return f"{self.package} {self.version}"


@dataclass(frozen=True)
class Finding:
    """A vulnerability that somebody knows of in a package we pin, by all its names."""

    pin: Pin
    ids: frozenset[str]
    fixed_in: tuple[str, ...]

    def __str__(self) -> str:
        remedy = f"fixed in {', '.join(self.fixed_in)}" if self.fixed_in else "no fix yet"
        return f"{self.pin}: {', '.join(sorted(self.ids))} ({remedy})"


@dataclass(frozen=True)
class Answer:
    """What somebody who was asked knows: what was looked up, and what was found."""

    checked: frozenset[Pin]
    found: tuple[Finding, ...]


NOBODY = Answer(frozenset(), ())


# --- What we know already -------------------------------------------------------------------------


class Strict(BaseModel):
    """A part of the file that takes no key it doesn't know."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Vulnerability(Strict):
    """A known vulnerability in a package that Rasa needs, and why it does or doesn't matter."""

    package: str
    version: str
    id: str = Field(pattern=r"^(CVE-\d{4}-\d{4,}|GHSA(-\w{4}){3}|PYSEC-\d{4}-\d+)$")
    aliases: tuple[str, ...] = ()
    what: str
    fixed_in: str
    reachable: str = Field(pattern=r"^(no|yes|only if .+)$")
    why: str
    because: HttpUrl

    @property
    def pin(self) -> Pin:
        return Pin(normal(self.package), self.version)

    @property
    def ids(self) -> frozenset[str]:
        return frozenset((self.id, *self.aliases))


class Doubt(Strict):
    """Something said of a package of which we could not find out whether it is true of ours."""

    package: str
    version: str
    doubt: str


class Raise(Strict):
    """A vulnerable package that Rasa would let us raise to a version without the fault."""

    package: str
    version: str
    to: str


class KnownVulnerabilities(Strict):
    """All that we know of the libraries Rasa needs, on a day."""

    written: date
    reasons: Mapping[str, str]
    vulnerabilities: tuple[Vulnerability, ...]
    could_be_raised: tuple[Raise, ...]
    unsure: tuple[Doubt, ...]


def known_vulnerabilities(file: Path = KNOWN) -> KnownVulnerabilities:
    """What the file says; raises ValidationError where it is not well formed."""
    return KnownVulnerabilities.model_validate(YAML(typ="safe").load(file))


# --- What we pin ----------------------------------------------------------------------------------


def normal(package: str) -> str:
    """A package's name as everybody writes it alike."""
    return re.sub(r"[-_.]+", "-", package).lower()


def pins_in(requirements: str) -> frozenset[Pin]:
    """All that a requirement file pins, for whichever machine."""
    return frozenset(
        Pin(normal(package), version) for package, version in PINNED.findall(requirements)
    )


def one_version_each(pins: Iterable[Pin]) -> list[list[Pin]]:
    """The pins in as many lists as the package with most versions needs: pip-audit takes one."""
    lists: list[dict[str, Pin]] = []
    for pin in sorted(pins):
        free = next((each for each in lists if pin.package not in each), None)
        if free is None:
            lists.append(free := {})
        free[pin.package] = pin
    return [list(each.values()) for each in lists]


# --- Asking ---------------------------------------------------------------------------------------


def ask(
    pins: Iterable[Pin],
    run: Callable[[Iterable[Pin], str], Answer],
    services: Sequence[str] = SERVICES,
) -> Answer:
    """What the first who knows of any vulnerability knows of these pins."""
    lists, best = one_version_each(pins), NOBODY
    for service in services:
        answer = together(run(each, service) for each in lists)
        if answer.found:
            return answer
        best = max(best, answer, key=lambda each: len(each.checked))
    return best


def together(answers: Iterable[Answer]) -> Answer:
    """Several answers as one."""
    checked: frozenset[Pin] = frozenset()
    found: tuple[Finding, ...] = ()
    for answer in answers:
        checked, found = checked | answer.checked, found + answer.found
    return Answer(checked, found)


def run_pip_audit(pins: Iterable[Pin], service: str) -> Answer:
    """What pip-audit learns of these pins."""
    # Not the requirement files themselves: pip-audit leaves out what is not for the Python that
    # runs it, which is everything of Rasa's. Their hashes are checked whenever they are installed.
    with tempfile.NamedTemporaryFile("w", suffix=".txt") as file:
        file.write("".join(f"{pin.package}=={pin.version}\n" for pin in pins))
        file.flush()
        result = subprocess.run(
            [
                *(sys.executable, "-m", "pip_audit", "--requirement", file.name),
                *("--disable-pip", "--no-deps", "--format", "json"),
                *("--progress-spinner", "off", "--vulnerability-service", service),
            ],
            capture_output=True,
            text=True,
        )
    return answer_in(result.stdout, result.stderr)


def answer_in(said: str, complained: str) -> Answer:
    """What pip-audit's output says; nothing at all when it reached nobody."""
    try:
        dependencies = json.loads(said)["dependencies"]
    except (ValueError, KeyError):
        if OUT_OF_REACH.search(complained):
            return NOBODY
        lines = complained.strip().splitlines() or ["it said nothing"]
        raise CannotAudit(f"pip-audit failed: {lines[-1]}") from None
    # Who is not on the list of whoever was asked has a reason there instead of a version.
    checked = [each for each in dependencies if "skip_reason" not in each]
    return Answer(
        frozenset(pin_of(each) for each in checked),
        tuple(finding for each in checked for finding in findings_in(each)),
    )


def pin_of(dependency: Mapping[str, Any]) -> Pin:
    """The pin that a part of pip-audit's output is about."""
    return Pin(normal(dependency["name"]), dependency["version"])


def findings_in(dependency: Mapping[str, Any]) -> Iterator[Finding]:
    """What pip-audit found in one package."""
    for each in dependency["vulns"]:
        ids = frozenset((each["id"], *each["aliases"]))
        yield Finding(pin_of(dependency), ids, tuple(each["fix_versions"]))


# --- Judging --------------------------------------------------------------------------------------


def is_known(finding: Finding, known: Iterable[Vulnerability], elsewhere: frozenset[Pin]) -> bool:
    """Whether we have written why this one can or can't be reached in Rasa's process.

    What is said there is true of that process only: not of a pin that our own has too.
    """
    return finding.pin not in elsewhere and any(
        entry.pin == finding.pin and entry.ids & finding.ids for entry in known
    )


def knows_something(answer: Answer, known: Iterable[Vulnerability]) -> bool:
    """Whether whoever answered has a list of vulnerabilities at all.

    A mirror of packages may answer without one; then it finds nothing, not even what we know.
    """
    expected = [entry for entry in known if entry.pin in answer.checked]
    return bool(answer.checked) and (bool(answer.found) or not expected)


def verdict(
    files: Mapping[Path, frozenset[Pin]], answer: Answer, known: Sequence[Vulnerability]
) -> tuple[list[str], int]:
    """What to say of an answer, line by line, and how to end."""
    pins = frozenset[Pin]().union(*files.values())
    if not knows_something(answer, known):
        return [
            f"No list of vulnerabilities could be reached: {len(pins)} packages not checked."
        ], 0
    elsewhere = frozenset[Pin]().union(*(found for file, found in files.items() if file != RASA))
    new = [each for each in answer.found if not is_known(each, known, elsewhere)]
    lines = [f"{each}: not in {KNOWN.relative_to(CHECKOUT)}" for each in sorted(new, key=str)]
    if unchecked := sorted(pins - answer.checked):
        lines.append(f"Not checked, since unknown there: {', '.join(map(str, unchecked))}.")
    lines.append(
        f"{len(answer.checked)} of {len(pins)} packages checked: "
        f"{len(answer.found) - len(new)} known vulnerabilities, {len(new)} new ones."
    )
    return lines, 1 if new else 0


def main() -> int:
    """Asks about all that we pin, says what was learned, and fails for what we had not known."""
    files = {file: pins_in(file.read_text()) for file in REQUIREMENTS}
    try:
        answer = ask(frozenset[Pin]().union(*files.values()), run_pip_audit)
    except CannotAudit as error:
        print(error, file=sys.stderr)
        return 1
    lines, status = verdict(files, answer, known_vulnerabilities().vulnerabilities)
    print("\n".join(lines))
    return status


if __name__ == "__main__":
    sys.exit(main())
