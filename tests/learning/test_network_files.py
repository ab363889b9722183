"""The network that is kept in the repository: the files are those that its card names."""

import hashlib
import json

from bot.rasa_server.components.signal_examples import SIGNALS
from bot.settings import CHECKOUT

NETWORK = CHECKOUT / "bot" / "rasa_server" / "components" / "network"
CARD = json.loads((NETWORK / "card.json").read_text(encoding="utf-8"))


def test_every_file_is_the_one_that_was_made() -> None:
    found = {
        file.name: hashlib.sha256(file.read_bytes()).hexdigest()
        for file in NETWORK.iterdir()
        if file.name != "card.json"
    }

    assert found == CARD["sha256"]


def test_the_card_says_where_it_comes_from_and_how_sure_is_sure_enough() -> None:
    assert "multilingual-e5-small (MIT)" in CARD["origin"]
    assert set(CARD["thresholds"]) == set(SIGNALS)
    assert all(0 < each < 1 for each in CARD["thresholds"].values())
