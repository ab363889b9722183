"""Which of the quarter of a million word pieces are kept: those that English and Spanish need."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable

from sentencepiece import SentencePieceProcessor, sentencepiece_model_pb2
from wordfreq import top_n_list

from bot.learning.origin import Origin
from bot.rasa_server.components.word_pieces import BEGIN, END, PADDING, UNKNOWN, small

LANGUAGES = ("en", "es")
COMMON_WORDS = 150_000
"""So many of the most common words of each language can be read without falling to letters."""
LAST_LATIN = "\u024f"
SIGNS = frozenset({"So", "Sk", "Po", "Ps", "Pe", "Pd", "Sc", "Sm", "Mn"})
UNIGRAM, NORMAL, UNKNOWN_KIND, CONTROL = 1, 1, 2, 3


def needed(origin: Origin, texts: Iterable[str]) -> list[int]:
    """The numbers of the pieces that common words, these texts, single letters and emoji need."""
    whole = SentencePieceProcessor(model_proto=model_of(origin, range(len(origin.pieces))))
    words = [word for language in LANGUAGES for word in top_n_list(language, COMMON_WORDS)]
    kept = {BEGIN, PADDING, END, UNKNOWN}
    for numbers in whole.encode([*words, *(small(text)[0] for text in texts)]):
        kept.update(numbers)
    kept.update(
        number for number, piece in enumerate(origin.pieces) if is_a_sign(piece.lstrip("▁"))
    )
    return sorted(kept)


def is_a_sign(piece: str) -> bool:
    """Whether a piece is a single Latin letter, a figure, or marks and emoji alone."""
    if len(piece) <= 1 and (not piece or piece <= LAST_LATIN):
        return True
    return all(unicodedata.category(letter) in SIGNS for letter in piece)


def model_of(origin: Origin, numbers: Iterable[int]) -> bytes:
    """A sentencepiece model with these pieces, numbered in this order."""
    model = sentencepiece_model_pb2.ModelProto()
    for number in numbers:
        piece = model.pieces.add()
        piece.piece, piece.score = origin.pieces[number], origin.scores[number]
        piece.type = {
            BEGIN: CONTROL, PADDING: CONTROL, END: CONTROL, UNKNOWN: UNKNOWN_KIND
        }.get(number, NORMAL)  # fmt: skip
    trainer, normalizer = model.trainer_spec, model.normalizer_spec
    trainer.model_type, trainer.vocab_size = UNIGRAM, len(model.pieces)
    trainer.bos_id, trainer.pad_id, trainer.eos_id, trainer.unk_id = BEGIN, PADDING, END, UNKNOWN
    trainer.bos_piece, trainer.pad_piece = origin.pieces[BEGIN], origin.pieces[PADDING]
    trainer.eos_piece, trainer.unk_piece = origin.pieces[END], origin.pieces[UNKNOWN]
    normalizer.name, normalizer.add_dummy_prefix = "identity", True
    normalizer.remove_extra_whitespaces = normalizer.escape_whitespaces = True
    return bytes(model.SerializeToString())
