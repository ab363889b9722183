"""A visitor at the page: presses and writes as a person does, and reads what is on screen."""

from playwright.sync_api import Locator, Page, expect

from bot.content import Content

PATIENCE = 20_000  # milliseconds


class Talker:
    """Talks through the page in one language."""

    def __init__(self, page: Page, content: Content, language: str) -> None:
        self.page = page
        self.titles = content.buttons(language)
        self.words = content.page(language)
        self.questions = content.language(language).questions

    def opens(self) -> "Talker":
        """Opens the page and begins."""
        self.page.goto("/")
        start = self.page.locator("button[name=start]")
        if start.count():
            start.click()
        self.is_asked("safe_now")
        return self

    def presses(self, option: str) -> "Talker":
        """Presses the button of this option, and waits for what it brings."""
        before = self.replies.count()
        self.button(option).click()
        expect(self.replies).not_to_have_count(before, timeout=PATIENCE)
        self.settles()
        return self

    def writes(self, text: str) -> "Talker":
        """Writes something and sends it, and waits for what it brings."""
        before = self.replies.count()
        self.page.locator("#say").fill(text)
        self.page.locator("#send").click()
        expect(self.replies).not_to_have_count(before, timeout=PATIENCE)
        self.settles()
        return self

    def settles(self) -> None:
        """Waits until nothing is under way."""
        expect(self.page.locator("#waiting")).to_be_hidden(timeout=PATIENCE)
        expect(self.page.locator("#answers button").first).to_be_enabled(timeout=PATIENCE)

    def button(self, option: str) -> Locator:
        """The button of this option."""
        return self.page.get_by_role("button", name=self.titles[option], exact=True)

    def is_asked(self, question: str) -> None:
        """Waits until this question is the last thing said."""
        first_words = self.questions[question]["ask"].split("{")[0].strip()[:40]
        expect(self.replies.last).to_contain_text(first_words, timeout=PATIENCE)
        self.settles()

    def is_offered(self, option: str) -> bool:
        """Whether a button of this option is there."""
        return self.button(option).count() > 0

    @property
    def replies(self) -> Locator:
        """Everything that was said to the visitor."""
        return self.page.locator("#log .entry:not(.visitor)")

    @property
    def said(self) -> Locator:
        """Everything that the visitor said."""
        return self.page.locator("#log .entry.visitor")
