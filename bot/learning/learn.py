"""One run of learning: lessons in, a network out."""

from __future__ import annotations

import math
import random
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace

import torch
from torch import Tensor, nn
from torch.nn import functional

from bot.learning.material import Lesson, Mistyping, unwrapped
from bot.learning.network import Network, mean
from bot.rasa_server.components.reading import WordPieces
from bot.rasa_server.components.reading_parts import KINDS, LONGEST, SIGNS, STATUSES, ways_written
from bot.rasa_server.components.signal_examples import SIGNALS
from bot.rasa_server.components.word_pieces import BEGIN, END, PADDING, Piece

AT_ONCE = 32
ROUNDS = 5
RATE, HEAD_RATE = 2e-4, 16e-4
DECAY = 0.01
WARM = 0.08
"""The share of the steps in which the rate grows; after that it falls to nothing."""
DROPPED = 0.1
MISTYPED = 0.15
"""The share of the messages that are mistyped anew in each round."""
SMOOTH = 0.01
SORTED = 40
"""So many batches are sorted by length together, so that little is padded."""
NOTHING = -100
"""Where nothing is known there is nothing to learn (PyTorch's ignore_index)."""


@dataclass(frozen=True)
class Row:
    """A lesson as numbers."""

    lesson: Lesson
    pieces: list[Piece]
    intent: int

    @property
    def numbers(self) -> list[int]:
        """The piece numbers, with beginning and end."""
        return [BEGIN, *(piece.number for piece in self.pieces), END]


class Forgetting(nn.Module):
    """Dropout from one long draw: drawing anew for each layer would take a tenth of the time."""

    def __init__(self, share: float, chance: random.Random, length: int = 1 << 22) -> None:
        super().__init__()
        self.chance = chance
        self.kept = (torch.rand(length) >= share).float() / (1 - share)

    def forward(self, x: Tensor) -> Tensor:
        """The numbers, some of them nought."""
        if not self.training:
            return x
        start = self.chance.randrange(self.kept.numel() - x.numel())
        return x * self.kept[start : start + x.numel()].view(x.shape).to(x.dtype)


class Learning:
    """Learns lessons; what is known of a message decides what it teaches."""

    def __init__(
        self,
        network: Network,
        words: WordPieces,
        intents: Sequence[str],
        seed: int = 7,
    ) -> None:
        self.network, self.words = network, words
        self.intents = list(intents)
        self.chance = random.Random(seed)  # noqa: S311  # nosec B311 - nothing secret is drawn
        self.mistype = Mistyping(self.chance)
        network.body.dropped = Forgetting(DROPPED, self.chance)

    def run(
        self,
        lessons: Sequence[Lesson],
        personal: Sequence[str],
        names: Sequence[str],
        rounds: int = ROUNDS,
        said: Callable[[str], None] = print,
    ) -> None:
        """Goes through all lessons so many times."""
        steps = rounds * math.ceil((len(lessons) + len(personal)) / AT_ONCE)
        optimizer = self._optimizer()
        schedule = torch.optim.lr_scheduler.LambdaLR(
            optimizer, lambda n: min((n + 1) / (steps * WARM), (steps - n) / (steps * (1 - WARM)))
        )
        self.network.train()
        begun = time.monotonic()
        for number in range(rounds):
            rows = [self._row(each) for each in lessons]
            rows += [self._row(unwrapped(each, names, self.chance)) for each in personal]
            lost: dict[str, float] = {}
            for batch in self._batches(rows):
                losses = self._losses(batch)
                optimizer.zero_grad(set_to_none=True)
                torch.stack(list(losses.values())).sum().backward()
                nn.utils.clip_grad_norm_(self.network.parameters(), 1.0)
                optimizer.step()
                schedule.step()
                for name, loss in losses.items():
                    lost[name] = lost.get(name, 0.0) + float(loss.detach()) * rounds / steps
            told = ", ".join(f"{name} {loss:.3f}" for name, loss in lost.items())
            said(f"round {number + 1} of {rounds}: {told}; {time.monotonic() - begun:.0f} s")
        self.network.eval()

    def _row(self, lesson: Lesson) -> Row:
        """A lesson as numbers, sometimes mistyped; not where places in the text must hold."""
        if not lesson.pieces and self.chance.random() < MISTYPED:
            lesson = replace(lesson, text=self.mistype(lesson.text))
        pieces = self.words.of(lesson.text)[: LONGEST - 2]
        intent = self.intents.index(lesson.intent) if lesson.intent else NOTHING
        return Row(lesson, pieces, intent)

    def _optimizer(self) -> torch.optim.Optimizer:
        body = [each for each in self.network.body.parameters() if each.requires_grad]
        own = {id(each) for each in self.network.body.parameters()}
        heads = [each for each in self.network.parameters() if id(each) not in own]
        return torch.optim.AdamW(
            [
                {"params": [p for p in body if p.dim() > 1], "lr": RATE, "weight_decay": DECAY},
                {"params": [p for p in body if p.dim() < 2], "lr": RATE, "weight_decay": 0.0},
                {"params": heads, "lr": HEAD_RATE, "weight_decay": 0.0},
            ],
            betas=(0.9, 0.98),
            fused=True,
        )

    def _batches(self, rows: list[Row]) -> Iterator[list[Row]]:
        """All rows in a new order, those of like length together."""
        self.chance.shuffle(rows)
        size = AT_ONCE * SORTED
        stretches = (rows[i : i + size] for i in range(0, len(rows), size))
        batches = [
            stretch[i : i + AT_ONCE]
            for each in stretches
            for stretch in [sorted(each, key=lambda row: len(row.pieces))]
            for i in range(0, len(stretch), AT_ONCE)
        ]
        self.chance.shuffle(batches)
        yield from batches

    def _losses(self, rows: list[Row]) -> dict[str, Tensor]:
        numbers, there = padded([row.numbers for row in rows])
        with torch.autocast("cpu", torch.bfloat16):
            states = self.network.body(numbers, there)
        states = states.float()
        losses = {
            "signals": self._signals(rows, states, there),
            "intents": self._intents(rows, states, there),
            **self._signs(rows, states, there),
            "kinds": self._kinds(rows, states),
        }
        return {name: loss for name, loss in losses.items() if loss is not None}

    def _signals(self, rows: list[Row], states: Tensor, there: Tensor) -> Tensor | None:
        sure, _ = self.network.signals(states, there, DROPPED)
        return multiple(sure, [row.lesson.signals for row in rows], SIGNALS)

    def _intents(self, rows: list[Row], states: Tensor, there: Tensor) -> Tensor | None:
        meant = torch.tensor([row.intent for row in rows])
        if bool((meant == NOTHING).all()):
            return None
        sure = self.network.intents(mean(states, there))
        return 0.3 * functional.cross_entropy(sure, meant, reduction="sum") / AT_ONCE

    def _signs(self, rows: list[Row], states: Tensor, there: Tensor) -> dict[str, Tensor]:
        if not any(row.lesson.signs for row in rows):
            return {}
        sure, seen = self.network.signs(states, there, DROPPED)
        told = [
            None if row.lesson.signs is None else frozenset(sign for sign, _ in row.lesson.signs)
            for row in rows
        ]
        found = multiple(sure, told, SIGNS)
        cases = [
            (place, SIGNS.index(sign), STATUSES.index(status))
            for place, row in enumerate(rows)
            for sign, status in row.lesson.signs or ()
        ]
        whole = mean(states, there)
        looked = torch.stack(
            [torch.cat([seen[place, sign], whole[place]]) for place, sign, _ in cases]
        )
        how = torch.tensor([status for _, _, status in cases])
        status = functional.cross_entropy(self.network.status(looked), how, reduction="sum")
        losses = {"status": 0.7 * status / AT_ONCE}
        return losses if found is None else {**losses, "signs": 0.7 * found}

    def _kinds(self, rows: list[Row], states: Tensor) -> Tensor | None:
        known = torch.full(states.shape[:2], NOTHING)
        written = torch.zeros(states.shape[:2], dtype=torch.int64)
        for place, row in enumerate(rows):
            if row.lesson.pieces is not None and row.pieces:
                kinds = torch.tensor([kind_of(piece, row.lesson) for piece in row.pieces])
                known[place, 1 : 1 + len(row.pieces)] = kinds
                ways = torch.tensor(ways_written(row.lesson.text, row.pieces))
                written[place, 1 : 1 + len(row.pieces)] = ways
        if bool((known == NOTHING).all()):
            return None
        sure = self.network.kinds(states) + self.network.written(written)
        loss = functional.cross_entropy(sure.flatten(0, 1), known.flatten(), reduction="sum")
        return 0.2 * loss / AT_ONCE


def kind_of(piece: Piece, lesson: Lesson) -> int:
    """Which personal data a word piece belongs to."""
    for kind, start, end in lesson.pieces or ():
        if piece.start < end and start < piece.end:
            return KINDS.index(kind)
    return 0


def padded(rows: Sequence[Sequence[int]]) -> tuple[Tensor, Tensor]:
    """Rows of one length, and where they are more than padding."""
    longest = max(map(len, rows))
    numbers = torch.tensor([[*row, *[PADDING] * (longest - len(row))] for row in rows])
    return numbers, (
        torch.arange(longest)[None, :] < torch.tensor([[len(r)] for r in rows])
    ).float()


def multiple(
    sure: Tensor, told: Sequence[frozenset[str] | None], labels: Sequence[str]
) -> Tensor | None:
    """The loss where several labels may hold at once; None where nothing is known of any text."""
    known = torch.tensor([float(each is not None) for each in told])
    if not bool(known.any()):
        return None
    there = torch.tensor([[float(label in (each or ())) for label in labels] for each in told])
    there = there * (1 - 2 * SMOOTH) + SMOOTH / 2
    loss = functional.binary_cross_entropy_with_logits(sure, there, reduction="none")
    return (loss.sum(1) * known).sum() / AT_ONCE
