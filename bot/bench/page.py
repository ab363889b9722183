"""The first page as a browser loads it: the page and every file it names, compressed."""

import re
from collections.abc import Iterator
from html.parser import HTMLParser
from urllib.parse import urljoin, urlsplit

import httpx

from bot.bench.figures import Figure, Target
from bot.bench.stack import Stack

LINKING = {"link": "href", "script": "src", "img": "src"}
IMPORTS = re.compile(r"""(?:\bimport\b|\bfrom\b)\s*\(?\s*["']([^"']+)["']""")
URLS = re.compile(r"""url\(\s*["']?([^"')]+)["']?\s*\)""")
COMPRESSED = {"accept-encoding": "gzip"}


class LoadsFromElsewhere(Exception):
    """The page loads something from another place; the message names it."""


def first_page(stack: Stack) -> list[Figure]:
    """The compressed size of the first page with all its files."""
    sizes = compressed_sizes(stack.http)
    size = (sum(sizes.values()) / 1024,)
    note = f"{len(sizes)} files, one origin"
    what = "first page, compressed, everything in it"
    return [Figure("first_page", what, "KB", size, Target(40), note)]


class Links(HTMLParser):
    """Collects what a page loads."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Keeps the address that a tag names, if it loads one."""
        address = dict(attrs).get(LINKING.get(tag, ""))
        if address and not address.startswith("data:"):
            self.found.append(address)


def loaded_by(media_type: str, text: str) -> Iterator[str]:
    """The addresses that a file loads, as they stand in it."""
    if media_type == "text/html":
        links = Links()
        links.feed(text)
        yield from links.found
    elif media_type == "text/javascript":
        yield from IMPORTS.findall(text)
    elif media_type == "text/css":
        yield from (each for each in URLS.findall(text) if not each.startswith("data:"))


def compressed_sizes(http: httpx.Client) -> dict[str, int]:
    """The bytes of each file of the first page, as they travel."""
    origin = urlsplit(str(http.base_url))[:2]
    sizes: dict[str, int] = {}
    waiting = [str(http.base_url)]
    while waiting:
        address = waiting.pop()
        if address in sizes:
            continue
        if urlsplit(address)[:2] != origin:
            raise LoadsFromElsewhere(address)
        sizes[address], more = fetch_file(http, address)
        waiting.extend(more)
    return sizes


def fetch_file(http: httpx.Client, address: str) -> tuple[int, list[str]]:
    """A file's compressed size, and the addresses that it loads."""
    with http.stream("GET", address, headers=COMPRESSED) as answer:
        answer.raise_for_status()
        text = answer.read().decode()
        media_type = answer.headers.get("content-type", "").partition(";")[0]
        more = [urljoin(address, each) for each in loaded_by(media_type, text)]
        return answer.num_bytes_downloaded, more
