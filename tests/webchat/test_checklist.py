"""The privacy checklist: what has no test elsewhere, and that SECURITY.md tells the truth about it.

A test whose name begins with `test_d1_` proves the item D1, and so on. SECURITY.md has a table of
items and one of promises; both name their tests.
"""

import hashlib
import re

import pytest
from starlette.testclient import TestClient

from bot import training
from bot.channels import CHANNELS
from bot.conversation import TOKEN_BYTES
from bot.settings import CHECKOUT
from bot.store.lives import KEPT, NEVER
from bot.supervisor import QUIET_RASA

SECURITY = (CHECKOUT / "SECURITY.md").read_text(encoding="utf-8")
TESTS = "\n".join(
    path.read_text(encoding="utf-8") for path in (CHECKOUT / "tests").rglob("test_*.py")
)
NAMES = frozenset(re.findall(r"def (test_\w+)", TESTS))
CODES = [*(f"D{n}" for n in range(1, 8)), *(f"W{n}" for n in range(1, 6)), "C1", "C2", "C3"]
OURS = [
    path
    for folder in ("bot", "webchat")
    for path in (CHECKOUT / folder).rglob("*")
    if path.suffix in {".py", ".js"} and ".venv" not in path.parts
]


def rows(first: str) -> list[list[str]]:
    """The cells of every row of SECURITY.md whose first cell fits a pattern."""
    lines = [line.strip("| \n").split(" | ") for line in SECURITY.splitlines() if line[:1] == "|"]
    return [[cell.strip() for cell in cells] for cells in lines if re.fullmatch(first, cells[0])]


def named_in(cell: str) -> list[str]:
    return re.findall(r"`(test_\w+)`", cell)


# ---- That SECURITY.md is true. ------------------------------------------------------------------


@pytest.mark.parametrize("code", CODES)
def test_every_item_is_told_and_has_a_test_of_its_name(code: str) -> None:
    told = [row for row in rows(r"[A-Z]\d") if row[0] == code]
    proofs = [name for name in NAMES if name.startswith(f"test_{code.lower()}_")]

    assert len(told) == 1
    assert proofs


PROMISED = [*(store.id for store in KEPT), *NEVER, *(channel.name for channel in CHANNELS)]


@pytest.mark.parametrize("promise", PROMISED)
def test_t5_every_promise_has_its_setting_and_its_test(promise: str) -> None:
    told = [row for row in rows(r"`\w+`") if row[0] == f"`{promise}`"]
    marked = re.findall(r"mark\.promise\(([^)]*)\)", TESTS)

    assert len(told) == 1, f"SECURITY.md has no row that begins with `{promise}`"
    assert any(f'"{promise}"' in each for each in marked), f"no test proves {promise}"
    settings = {store.id: f"FOOTHOLD_{store.setting.upper()}" for store in KEPT if store.setting}
    assert settings.get(promise, "") in told[0][2]
    assert named_in(told[0][3])


def test_every_test_that_security_names_is_there() -> None:
    assert set(named_in(SECURITY)) <= NAMES


def test_every_file_that_security_names_is_there() -> None:
    named = re.findall(r"`((?:bot|webchat|tests|deploy|docs|data)/[\w./-]+)`", SECURITY)

    assert [each for each in named if not (CHECKOUT / each).exists()] == []


# ---- Data minimisation. -------------------------------------------------------------------------


def test_d1_no_script_stores_anything_in_the_browser() -> None:
    """A channel between tabs is not storage: it holds nothing."""
    scripts = "\n".join(path.read_text() for path in OURS if path.suffix == ".js")

    stores = r"localStorage|sessionStorage|indexedDB|document\.cookie|caches\.|serviceWorker"
    assert re.findall(stores, scripts) == []


@pytest.mark.parametrize("name", ["x-forwarded-for", "x-real-ip", "forwarded", "user-agent"])
def test_d2_the_sample_web_server_passes_on_nobody_and_logs_nothing(name: str) -> None:
    sample = (CHECKOUT / "deploy" / "nginx.conf").read_text()

    assert "access_log off;" in sample
    assert "error_log /dev/null" in sample
    assert re.search(rf'proxy_set_header {name} "";', sample, re.IGNORECASE)


@pytest.mark.promise("addresses")
def test_d2_no_code_looks_at_an_address_or_a_device() -> None:
    looks = re.compile(
        r"""\.client\.host|remote_addr|x-forwarded|user-agent|["']referer""", re.IGNORECASE
    )

    served = [path for path in OURS if "bench" not in path.parts]
    assert [path.name for path in served if looks.search(path.read_text())] == []


@pytest.mark.promise("web")
def test_d5_no_channel_knows_who_somebody_is() -> None:
    """Telegram does: its keyed hash has a test of its own, and so must any other channel."""
    assert [channel.name for channel in CHANNELS] == ["web", "telegram"]
    assert "test_d5_on_telegram_a_name_is_never_looked_at_and_an_account_is_a_keyed_hash" in NAMES


def test_d6_nothing_is_counted_and_no_library_for_it_is_there() -> None:
    pinned = (CHECKOUT / "requirements.txt").read_text()
    counting = r"^(prometheus|statsd|sentry|posthog|segment|mixpanel)[\w-]*=="
    assert re.findall(counting, pinned, re.MULTILINE) == []
    # rasa-sdk brings this one; it does nothing until somebody imports and configures it.
    assert [path.name for path in OURS if "opentelemetry" in path.read_text()] == []
    assert QUIET_RASA["RASA_TELEMETRY_ENABLED"] == "false"


@pytest.mark.promise("training")
def test_d7_only_what_is_in_the_repository_is_learned_from() -> None:
    sources = [CHECKOUT / source for source in training.SOURCES]

    assert all(source.exists() for source in sources)
    writes = re.compile(r"data/nlu|\.write_text\(.*nlu")
    code = [path for path in OURS if path.name != "training.py"]
    assert [path.name for path in code if writes.search(path.read_text())] == []


# ---- Web. ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("address", ["/", "/privacy", "/health", "/static/page.css", "/nowhere"])
def test_w2_no_answer_asks_to_be_remembered_as_secure(client: TestClient, address: str) -> None:
    assert "strict-transport-security" not in client.get(address).headers


def test_w3_no_address_erases_by_being_opened(client: TestClient) -> None:
    """What changes something is never a GET: a picture or a link of another site does nothing."""
    description = client.get("/api/openapi.json").json()

    opened = [path for path, each in description["paths"].items() if "get" in each]
    assert opened == ["/api/plan", "/health"]


@pytest.mark.parametrize("address", ["/", "/privacy"])
def test_w5_no_field_is_filled_in_checked_or_kept(client: TestClient, address: str) -> None:
    page = client.get(address).text

    fields = re.findall(r"<(?:input|textarea)\b[^>]*>", page)
    typed = [field for field in fields if field.startswith("<textarea")]
    assert all('autocomplete="off"' in field for field in typed)
    assert all('spellcheck="false"' in field for field in typed)
    forms = re.findall(r"<form\b[^>]*>", page)
    assert all('autocomplete="off"' in form for form in forms)


# ---- Cryptography. ------------------------------------------------------------------------------


def test_c1_a_token_has_256_bits_and_ciphers_come_from_a_known_library() -> None:
    assert TOKEN_BYTES * 8 == 256
    imports = re.compile(
        r"^\s*(?:from|import) (Crypto|pyaes|rsa|ecdsa|blowfish|des)\b", re.MULTILINE
    )
    assert [path.name for path in OURS if imports.search(path.read_text())] == []
    ciphers = [path.name for path in OURS if re.search(r"\bciphers\b", path.read_text())]
    assert sorted(ciphers) == ["slices.py", "tracker_store.py"]
    sealing = (CHECKOUT / "bot/plans/sealing.py").read_text()
    assert re.findall(r"^from (nacl\.\w+) import", sealing, re.MULTILINE) == [
        "nacl.exceptions",
        "nacl.pwhash",
        "nacl.secret",
    ]


def test_c3_what_is_served_is_what_lies_in_the_repository(client: TestClient) -> None:
    told = client.get("/.well-known/safety-promises.json").json()["files"]

    assert "/static/leave.js" in told
    for address, sha256 in told.items():
        lies = (CHECKOUT / "webchat" / address.lstrip("/")).read_bytes()
        assert hashlib.sha256(lies).hexdigest() == sha256
        assert client.get(address).content == lies
