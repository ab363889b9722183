"""The network while it learns, in PyTorch; reading it later needs only what `export.py` writes."""

from __future__ import annotations

from typing import Any

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn import functional

from bot.learning.origin import Origin
from bot.rasa_server.components.reading_parts import LONGEST

WIDTH, HEADS = 384, 12
EPSILON = 1e-12
FAR_BELOW = -1e4
"""Added to what must get no attention."""


def learned(values: Any) -> nn.Parameter:
    """Numbers to go on learning from."""
    return nn.Parameter(torch.tensor(values, dtype=torch.float32))


class Linear(nn.Module):
    """A matrix and what is added to its result."""

    def __init__(self, matrix: Any, added: Any) -> None:
        super().__init__()
        self.weight, self.bias = learned(matrix), learned(added)

    def forward(self, x: Tensor) -> Tensor:
        """What comes out of (…, in): (…, out)."""
        return functional.linear(x, self.weight, self.bias)


class Norm(nn.Module):
    """Layer normalization."""

    def __init__(self, scale: Any, shift: Any) -> None:
        super().__init__()
        self.weight, self.bias = learned(scale), learned(shift)

    def forward(self, x: Tensor) -> Tensor:
        """Each row with mean 0 and spread 1, scaled and shifted."""
        return functional.layer_norm(x.float(), (WIDTH,), self.weight, self.bias, EPSILON)


class Layer(nn.Module):
    """One layer of attention and what follows it, with the norms after each (BERT)."""

    def __init__(self, origin: Origin, number: int) -> None:
        super().__init__()
        own = {
            name.split(".", 1)[1]: values
            for name, values in origin.arrays.items()
            if name.startswith(f"l{number}.")
        }
        # Query, key and value in one: one large product is quicker than three.
        self.asked = Linear(
            np.concatenate([own[f"{name}.w"] for name in "qkv"]),
            np.concatenate([own[f"{name}.b"] for name in "qkv"]),
        )
        self.together = Linear(own["ao.w"], own["ao.b"])
        self.attended = Norm(own["aln.w"], own["aln.b"])
        self.wide = Linear(own["fi.w"], own["fi.b"])
        self.narrow = Linear(own["fo.w"], own["fo.b"])
        self.done = Norm(own["oln.w"], own["oln.b"])

    def forward(self, x: Tensor, away: Tensor, dropped: nn.Module) -> Tensor:
        """From (texts, pieces, WIDTH) to the same; `away` is FAR_BELOW where no piece stands."""
        texts, pieces, _ = x.shape
        shape = (texts, pieces, 3, HEADS, WIDTH // HEADS)
        query, key, value = self.asked(x).view(shape).permute(2, 0, 3, 1, 4)
        looked = query @ key.transpose(-1, -2)
        share = torch.softmax(looked.float() * (WIDTH // HEADS) ** -0.5 + away, -1)
        seen = (share.to(value.dtype) @ value).transpose(1, 2).reshape(texts, pieces, WIDTH)
        x = self.attended(x + dropped(self.together(seen)))
        inner = functional.gelu(self.wide(x))
        return self.done(x + dropped(self.narrow(inner)))


class Body(nn.Module):
    """From word pieces to a row of WIDTH numbers for each."""

    def __init__(self, origin: Origin, kept: list[int], layers: int) -> None:
        super().__init__()
        # The table of words stays as it is: most words are seen too seldom here to learn anew.
        self.words = nn.Parameter(
            torch.tensor(origin.words[kept], dtype=torch.float32), requires_grad=False
        )
        places = origin.arrays["emb.pos"].reshape(-1, WIDTH)[:LONGEST]
        self.places = learned(places + origin.arrays["emb.type"][:WIDTH])
        self.begun = Norm(origin.arrays["emb.ln.w"], origin.arrays["emb.ln.b"])
        self.layers = nn.ModuleList(Layer(origin, number) for number in range(layers))
        self.dropped: nn.Module = nn.Identity()

    def forward(self, numbers: Tensor, there: Tensor) -> Tensor:
        """States (texts, pieces, WIDTH) of piece numbers; `there` is 1 where a piece stands."""
        x = functional.embedding(numbers, self.words) + self.places[: numbers.shape[1]]
        x = self.dropped(self.begun(x))
        away = ((1 - there) * FAR_BELOW)[:, None, None, :]
        for layer in self.layers:
            x = layer(x, away, self.dropped)
        return x


class Picker(nn.Module):
    """For each label its own look at the states, and how sure it is: a label-wise attention."""

    def __init__(self, labels: int) -> None:
        super().__init__()
        self.look = nn.Parameter(torch.randn(labels, WIDTH) * 0.02)
        self.tell = nn.Parameter(torch.randn(labels, WIDTH) * 0.02)
        self.start = nn.Parameter(torch.full((labels,), -2.0))

    def forward(self, states: Tensor, there: Tensor, dropped: float) -> tuple[Tensor, Tensor]:
        """(texts, labels) of how sure, before the sigmoid, and what each label saw."""
        away = ((1 - there) * FAR_BELOW)[:, :, None]
        share = torch.softmax(states @ self.look.T + away, 1)
        seen = torch.einsum("bnl,bnh->blh", share, states)
        seen = functional.dropout(seen, dropped, self.training)
        return (seen * self.tell).sum(-1) + self.start, seen


class Network(nn.Module):
    """The body and its heads.

    signals: what a text tells; signs: which danger signs it mentions; status: how a sign is
    mentioned, from what its picker saw and the text as a whole; kinds: which personal data a piece
    belongs to; intents: what a text is for, which keeps the body good for that too.
    """

    def __init__(
        self, body: Body, *, signals: int, signs: int, statuses: int, kinds: int, intents: int
    ) -> None:
        super().__init__()
        self.body = body
        self.signals, self.signs = Picker(signals), Picker(signs)
        self.status = nn.Linear(2 * WIDTH, statuses)
        self.kinds = nn.Linear(WIDTH, kinds)
        self.written = nn.Embedding(3, kinds)
        nn.init.zeros_(self.written.weight)
        self.intents = nn.Linear(WIDTH, intents)


def mean(states: Tensor, there: Tensor) -> Tensor:
    """The mean state of each text."""
    weight = there[:, :, None]
    return (states * weight).sum(1) / weight.sum(1)
