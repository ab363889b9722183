"""Writes the learned body as a file for onnxruntime, its numbers in bytes."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Any

import onnx
import torch
from onnxruntime.quantization import QuantType, quantize_dynamic
from onnxruntime.transformers.optimizer import optimize_model
from torch import Tensor, nn

from bot.learning.network import HEADS, WIDTH, Body
from bot.rasa_server.components.reading_parts import LONGEST

OPERATORS = 18
"""The version of ONNX's operators; onnxruntime 1.23 knows it."""


class OneText(nn.Module):
    """The body as it is asked later: one text at a time, nothing to be left out."""

    def __init__(self, body: Body) -> None:
        super().__init__()
        self.body = body

    def forward(self, numbers: Tensor) -> Tensor:
        """States (1, pieces, WIDTH) of piece numbers (1, pieces)."""
        return self.body(numbers, torch.ones_like(numbers, dtype=torch.float32))


def write_body(body: Body, file: Path) -> None:
    """Writes the body with its numbers in bytes: a quarter of the size, and three times as fast."""
    asked = OneText(body).eval()
    with tempfile.TemporaryDirectory() as folder:
        whole, joined = Path(folder) / "whole.onnx", Path(folder) / "joined.onnx"
        example = torch.ones(1, 9, dtype=torch.int64)
        program: Any = torch.onnx.export(
            asked,
            (example,),
            input_names=["numbers"],
            output_names=["states"],
            dynamic_shapes={"numbers": {1: torch.export.Dim("pieces", min=2, max=LONGEST)}},
            opset_version=OPERATORS,
            dynamo=True,
            external_data=False,
        )
        program.save(str(whole))
        optimize_model(str(whole), "bert", HEADS, WIDTH, opt_level=0).save_model_to_file(
            str(joined)
        )
        quantize_dynamic(
            joined,
            file,
            per_channel=True,
            weight_type=QuantType.QUInt8,
            op_types_to_quantize=["MatMul", "Gather", "Attention"],
        )
    onnx.checker.check_model(str(file))
