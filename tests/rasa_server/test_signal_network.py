"""The signal network: numpy reads as TensorFlow learned, and a long text is read whole."""

import json
import subprocess

import pytest

from bot.settings import CHECKOUT
from bot.supervisor import QUIET_RASA, minimal_environment
from bot.training import TrainingGround

pytestmark = pytest.mark.rasa

COMPARED = """
import json
import numpy as np
import tensorflow as tf
from bot.rasa_server.components.meaning import layers, pieces_of
from bot.rasa_server.components.signal_learning import Learner, padded
from bot.rasa_server.components.signal_network import MOST_PIECES, SignalNetwork, starts

texts = ["he choked me last night", "hola", "no me deja salir y me quita el dinero " * 4]
learner = Learner(3, 15, layers().epsilon, seed=1)
network = SignalNetwork({name: each.numpy() for name, each in learner.own.items()})
told = np.array([[1, 0, 1], [0, 0, 0], [0, 1, 0]], np.float32)
vectors, mask = padded([pieces_of(text, MOST_PIECES) for text in texts])
learned = tf.sigmoid(learner(vectors, mask, told, learning=False)).numpy()
read = np.stack([network.scores(text, row) for text, row in zip(texts, told)])
soup = "we had soup. " * 60
late = network.scores(soup + texts[0], told[0]) - network.scores(soup, told[0])
print(json.dumps({
    "apart": float(np.abs(learned - read).max()),
    "lengths": [len(starts(n)) for n in (1, 128, 129, 224, 800)],
    "late": [float(each) for each in late],
}))
"""


def in_rasas_python(script: str) -> dict[str, object]:
    """What a script prints, as JSON, in Rasa's Python."""
    told = subprocess.check_output(
        [TrainingGround(CHECKOUT / "var").python, "-c", script],
        cwd=CHECKOUT,
        env=minimal_environment({}) | QUIET_RASA | {"PYTHONPATH": str(CHECKOUT)},
        stderr=subprocess.DEVNULL,
        text=True,
    )
    return dict(json.loads(told.splitlines()[-1]))


def test_numpy_reads_what_tensorflow_learned_and_reads_to_the_end() -> None:
    compared = in_rasas_python(COMPARED)

    assert compared["apart"] < 1e-4  # type: ignore[operator]
    assert compared["lengths"] == [1, 1, 2, 2, 8]
    assert any(compared["late"])  # type: ignore[arg-type]
