"""How the signal network learns: with TensorFlow, which Rasa brings and only training loads."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np
import tensorflow as tf

from bot.rasa_server.components.meaning import ORDERS, pieces_of, vectors_of
from bot.rasa_server.components.signal_network import (
    BASE,
    BRANCH,
    HEAD,
    MOST_PIECES,
    encoder_arrays,
)

ROUNDS = 5
AT_ONCE = 32  # messages
SORTED_TOGETHER = 20  # batches: messages of one length waste no padding
PICKED, HIDDEN = 384, 256
HEAD_RATE, BASE_RATE = 1e-3, 1e-3
WARM_UP = 60  # steps
"""Each step learns a little more than the one before, up to here, and then less and less."""
FORGET_WORDS, FORGET_PIECES, FORGET_SEEN = 0.08, 0.1, 0.3
"""Which part is left out by chance at each step, so that no single word decides."""
SOFT = 0.01
"""Nothing is wholly sure: labels are by people."""
MISSED_COSTS = 2.0
"""A signal that is missed counts as much as two that are heard where there are none."""


class Learner:
    """The network of signal_network.py, as TensorFlow learns it; a test holds the two together."""

    def __init__(self, told: int, signals: int, epsilon: float, seed: int) -> None:
        rng = np.random.RandomState(seed)
        seen = PICKED + encoder_arrays()["out"].shape[1] + told
        wide = encoder_arrays()["out"].shape[0]
        head = {
            "pick": rng.randn(wide, PICKED) * np.sqrt(2 / wide),
            "pick_start": np.zeros(PICKED),
            "hidden": rng.randn(seen, HIDDEN) * np.sqrt(2 / seen),
            "hidden_start": np.zeros(HIDDEN),
            "tell": rng.randn(HIDDEN, signals) * 0.05,
            "tell_start": np.full(signals, -2.0),
        }
        self.epsilon = epsilon
        self.own = {
            name: tf.Variable(array.astype(np.float32))
            for name, array in {**encoder_arrays(), **head}.items()
        }

    def __call__(self, vectors: Any, there: Any, told: Any, *, learning: bool = True) -> Any:
        """How sure each signal is, before it is squeezed between 0 and 1.

        `there` says where a text has word pieces. While learning, a part is left out by chance.
        """
        own, mask = self.own, there[..., None]
        if learning:
            vectors *= tf.cast(tf.random.uniform(tf.shape(mask)) > FORGET_WORDS, tf.float32)
        projected = vectors @ own["projection"] + own["projection_start"]
        line = self.norm(projected, own["first_scale"], own["first_shift"]) * mask
        found = [vectors]
        for place, (order, before) in enumerate(ORDERS):
            branch = line[..., place * BRANCH : (place + 1) * BRANCH]
            for layer in ("first", "second"):
                seen = windows(branch, order, before) @ own[f"{layer}_{order}"]
                branch = (tf.nn.relu(seen + own[f"{layer}_start_{order}"]) + branch) * mask
            found.append(branch)
        features = self.norm(tf.concat(found, -1), own["scale"], own["shift"]) * mask
        length = tf.reduce_sum(there, 1, keepdims=True)
        mean = tf.reduce_sum(features, 1) @ own["out"] + length * own["out_start"]
        features = tf.nn.dropout(features, FORGET_PIECES if learning else 0)
        picked = tf.reduce_max(tf.nn.relu(features @ own["pick"] + own["pick_start"]) * mask, 1)
        seen = tf.concat([picked, mean * tf.math.rsqrt(length), told], -1)
        seen = tf.nn.dropout(seen, FORGET_SEEN if learning else 0)
        hidden = tf.nn.relu(seen @ own["hidden"] + own["hidden_start"])
        hidden = tf.nn.dropout(hidden, FORGET_SEEN if learning else 0)
        return hidden @ own["tell"] + own["tell_start"]

    def norm(self, rows: Any, scale: Any, shift: Any) -> Any:
        """Rows of the same middle and spread."""
        centred = rows - tf.reduce_mean(rows, -1, keepdims=True)
        spread = tf.reduce_mean(tf.square(centred), -1, keepdims=True)
        return centred * tf.math.rsqrt(spread + self.epsilon) * scale + shift


def windows(rows: Any, order: int, before: int) -> Any:
    """Each row with its neighbours in one; beyond the ends there is nothing."""
    length = tf.shape(rows)[1]
    padded = tf.pad(rows, [[0, 0], [before, order - 1 - before], [0, 0]])
    return tf.concat([padded[:, i : i + length] for i in range(order)], -1)


def learn_network(
    texts: Sequence[str], told: Any, there: Any, epsilon: float, seed: int = 0
) -> dict[str, Any]:
    """The arrays of a network that has learned from these texts.

    `told` has a row for each text of what the phrases found in it, `there` one of which signals
    are there.
    """
    tf.config.experimental.enable_op_determinism()
    tf.random.set_seed(seed)
    rng = np.random.RandomState(seed)
    pieces = [pieces_of(text, MOST_PIECES) for text in texts]
    learner = Learner(told.shape[1], there.shape[1], epsilon, seed)
    head = [learner.own[name] for name in HEAD]
    base = [learner.own[name] for name in BASE]
    head_steps = tf.keras.optimizers.legacy.Adam(HEAD_RATE)
    base_steps = tf.keras.optimizers.legacy.Adam(BASE_RATE)

    @tf.function(
        autograph=False,
        input_signature=[
            tf.TensorSpec([None, None, learner.own["projection"].shape[0]]),
            tf.TensorSpec([None, None]),
            tf.TensorSpec([None, told.shape[1]]),
            tf.TensorSpec([None, there.shape[1]]),
        ],
    )
    def step(vectors: Any, mask: Any, told: Any, there: Any) -> None:
        with tf.GradientTape() as tape:
            scores = learner(vectors, mask, told)
            soft = there * (1 - 3 * SOFT) + SOFT
            wrong = tf.nn.sigmoid_cross_entropy_with_logits(soft, scores)
            weighted = wrong * (1 + there * (MISSED_COSTS - 1))
            loss = tf.reduce_mean(tf.reduce_sum(weighted, 1))
        gradients = tape.gradient(loss, head + base)
        head_steps.apply_gradients(zip(gradients[: len(head)], head, strict=True))
        base_steps.apply_gradients(zip(gradients[len(head) :], base, strict=True))

    steps = ROUNDS * -(-len(pieces) // AT_ONCE)
    done = 0
    for _ in range(ROUNDS):
        for batch in batches(pieces, rng):
            share = min(1, (done + 1) / WARM_UP) * max(0.02, 1 - done / steps)
            head_steps.learning_rate = HEAD_RATE * share
            base_steps.learning_rate = BASE_RATE * share
            vectors, mask = padded([pieces[i] for i in batch])
            step(vectors, mask, told[batch].astype(np.float32), there[batch].astype(np.float32))
            done += 1
    return {name: array.numpy() for name, array in learner.own.items()}


def batches(pieces: Sequence[Any], rng: Any) -> Iterator[list[int]]:
    """All texts in a new order, some at once, those of one length together."""
    order = rng.permutation(len(pieces))
    found = []
    for start in range(0, len(order), AT_ONCE * SORTED_TOGETHER):
        part = sorted(
            order[start : start + AT_ONCE * SORTED_TOGETHER], key=lambda i: len(pieces[i])
        )
        found += [part[i : i + AT_ONCE] for i in range(0, len(part), AT_ONCE)]
    rng.shuffle(found)
    yield from found


def padded(texts: Sequence[Any]) -> tuple[Any, Any]:
    """The vectors of texts in one block, and where each has something."""
    longest = max(len(each) for each in texts)
    numbers = np.zeros((len(texts), longest), np.int64)
    mask = np.zeros((len(texts), longest), np.float32)
    for row, each in enumerate(texts):
        numbers[row, : len(each)] = each
        mask[row, : len(each)] = 1
    return vectors_of(numbers) * mask[..., None], mask
