"""What an action reads from the tracker."""

import pytest

from bot.actions.speaking import Room
from bot.actions.tracker import leading_answer, signs
from bot.content import Content
from bot.content.hotlines import Hotlines
from bot.safety.danger import Sign
from bot.services.gazetteer import Gazetteer


@pytest.mark.parametrize(
    ("text", "answer"),
    [
        ("yes, he did", "yes"),
        ("Yeah once", "yes"),
        ("I think so, he has keys", "yes"),
        ("sí", "yes"),
        ("Creo que sí, él sabe mi contraseña", "yes"),
        ("no never", "no"),
        ("i don't think so", "no"),
        ("no creo", "no"),
        ("creo que no", "no"),
        ("he said yes", ""),
        ("not sure", ""),
        ("nothing", ""),
        ("", ""),
    ],
)
def test_how_an_answer_begins(
    content: Content, hotlines: Hotlines, gazetteer: Gazetteer, text: str, answer: str
) -> None:
    room = Room(content, hotlines, gazetteer)

    assert leading_answer(text, room.leading()) == answer


def test_affirmed_once_in_a_message_counts_as_affirmed() -> None:
    entities = [
        {"entity": "sign", "value": "weapon", "role": "affirmed"},
        {"entity": "sign", "value": "weapon", "role": "denied"},
        {"entity": "sign", "value": "made_up", "role": "affirmed"},
        {"entity": "now", "value": "person_here_now"},
    ]

    assert signs(entities) == {Sign.WEAPON: "affirmed"}
