"""Who has read which words, and what has changed since they did."""

import shutil
import subprocess
from pathlib import Path

import pytest

from bot.content import FOLDER, Content, ContentError
from bot.content.book import book, changes_chapter
from bot.content.markdown import printable
from bot.content.reviews import UNREVIEWED, changes, entries, state_of

READ = "reviewed_by:\n    - advocate, Example Hotline, 2027-01-31, commit {commit}\n"


def git(folder: Path, *args: str) -> str:
    run = ["git", "-C", str(folder), "-c", "user.name=x", "-c", "user.email=x@example.org", *args]
    return subprocess.run(run, capture_output=True, text=True, check=True).stdout.strip()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """The content in a repository of its own, with one file that an advocate has read."""
    words = tmp_path / "content"
    shutil.copytree(FOLDER, words, ignore=shutil.ignore_patterns("*.py", "__pycache__"))
    git(tmp_path, "init", "-q")
    git(tmp_path, "add", "-A")
    git(tmp_path, "commit", "-qm", "as it was read")
    commit = git(tmp_path, "rev-parse", "HEAD")
    (words / "REVIEWED.yml").write_text(
        "- file: <language>/planning.yml\n  languages: [en, es]\n  needs: [advocate]\n  "
        + READ.format(commit=commit)
    )
    return words


def test_what_nobody_read_is_unreviewed() -> None:
    known = entries(FOLDER / "REVIEWED.yml")

    assert state_of(known, "plan.yml", "health") == UNREVIEWED
    assert not any(each.is_reviewed for each in known)


def test_every_file_of_words_has_an_entry() -> None:
    told = {each.file.replace("<language>/", "") for each in entries(FOLDER / "REVIEWED.yml")}
    files = {path.name for path in (FOLDER / "en").glob("*.yml")}

    assert files <= told
    assert {"plan.yml", "planning.yml", "questions.yml", "hard_words.yml"} <= told


def test_who_has_read_a_text_is_told(folder: Path) -> None:
    known = entries(folder / "REVIEWED.yml")

    assert state_of(known, "planning.yml", "cover") == "advocate, Example Hotline, 2027-01-31"
    assert state_of(known, "messages.yml", "neck") == UNREVIEWED


def test_a_text_that_was_changed_since_is_named_with_what_it_was(folder: Path) -> None:
    file = folder / "en" / "planning.yml"
    file.write_text(file.read_text().replace("Water the plants", "Feed the cat"))

    (change,) = changes(entries(folder / "REVIEWED.yml"), folder, ("en", "es"))

    assert (change.file, change.place) == ("en/planning.yml", "cover")
    assert (change.before, change.after) == ("Water the plants", "Feed the cat")


def test_where_nothing_was_changed_the_book_says_so(folder: Path, content: Content) -> None:
    shutil.copy(FOLDER / "book.yml", folder)

    assert "Nothing that was read is different now." in changes_chapter(content, folder)


def test_a_history_that_can_not_be_seen_is_no_silence(folder: Path) -> None:
    reviewed = folder / "REVIEWED.yml"
    text = reviewed.read_text()
    reviewed.write_text(text[: text.rindex("commit")] + "commit 1234abc\n")

    found = list(changes(entries(reviewed), folder, ("en",)))

    assert [each.before for each in found] == ["commit 1234abc can't be seen from here"]


def test_a_review_that_is_written_otherwise_is_named(tmp_path: Path) -> None:
    reviewed = tmp_path / "REVIEWED.yml"
    reviewed.write_text("- {file: a.yml, needs: [advocate], reviewed_by: [me]}\n")

    with pytest.raises(ContentError, match=r"a\.yml: a review is written as"):
        entries(reviewed)


def test_the_book_has_every_step_with_its_labels_source_and_state(content: Content) -> None:
    chapter = book(content, "plan")
    rows = {line.split("`")[1]: line for line in chapter.splitlines() if line.startswith("| `")}

    for item in content.outline.catalogue.items.values():
        row = rows[item.id]
        assert item.source in row
        assert UNREVIEWED in row
        for language in ("en", "es"):
            text = content.language(language).plan_items[item.id]["text"]
            assert " ".join(text.split())[:60] in " ".join(row.replace("<br>", " ").split())


def test_the_book_has_every_question_and_every_conflict(content: Content) -> None:
    questions, plan = book(content, "questions"), book(content, "plan")

    assert all(f"| `{each.id}` |" in questions for each in content.outline.before)
    assert all(f"| `{each.id}` |" in plan for each in content.outline.catalogue.conflicts)
    assert all(f"| `{each.id}` |" in plan for each in content.outline.catalogue.events)


def test_the_whole_book_can_be_printed_and_loads_nothing(content: Content) -> None:
    page = printable(book(content, "all"), "Foothold")

    assert page.count("<table>") > 30
    assert "<br>" in page
    assert "<script" not in page
    assert "<link" not in page
