"""Markdown, as the book is written in, and the same as a page to print."""

from collections.abc import Iterable, Sequence
from html import escape


def document(parts: Iterable[str]) -> str:
    """Parts of a document, a blank line between them."""
    return "\n\n".join(part.strip() for part in parts) + "\n"


def headed(title: str, *parts: str) -> str:
    """A heading with what stands under it."""
    return "\n\n".join([f"## {title}", *parts])


def points(lines: Iterable[str]) -> str:
    """A list."""
    return "\n".join(f"- {line.strip()}" for line in lines)


def numbered(lines: Iterable[str]) -> str:
    """A numbered list."""
    return "\n".join(f"{number}. {line}" for number, line in enumerate(lines, start=1))


def table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """A table; what would break a row is written so that it does not."""
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join(f"| {' | '.join(map(cell, line))} |" for line in lines)


def cell(text: str) -> str:
    """A text as it stands in one cell of a table."""
    return "<br>".join(line.strip() for line in text.strip().splitlines()).replace("|", "\\|")


PRINTED = """\
<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>{title}</title><style>
body {{ font: 10pt/1.4 sans-serif; margin: 2em auto; max-width: 75em; padding: 0 1em; }}
table {{ border-collapse: collapse; width: 100%; margin: 1em 0; }}
th, td {{ border: 1px solid #888; padding: .3em .5em; text-align: left; vertical-align: top; }}
td {{ overflow-wrap: anywhere; }}
h1 {{ break-before: page; }} h1:first-of-type {{ break-before: auto; }}
tr {{ break-inside: avoid; }} thead {{ display: table-header-group; }}
code {{ font-size: .85em; }}
@page {{ size: A4 landscape; margin: 12mm; }}
</style></head><body>
{body}
</body></html>
"""


def printable(markdown: str, title: str) -> str:
    """A document as one page of HTML that prints well and loads nothing from elsewhere."""
    from markdown_it import MarkdownIt

    # Line breaks within a cell are written as <br>, and nothing else of HTML is.
    body = MarkdownIt("commonmark", {"html": False}).enable("table").render(markdown)
    return PRINTED.format(title=escape(title), body=body.replace("&lt;br&gt;", "<br>"))
