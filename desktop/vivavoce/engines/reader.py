"""The trained reader: whether a text states, leaves out or denies a statement."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from vivavoce.core.ports import Numbers, Reading, Vectors
from vivavoce.engines.compute import Compute
from vivavoce.errors import KnownError

if TYPE_CHECKING:
    import torch

# Word vectors are the sentence model's, frozen while training, so they are not stored a second time.
WORD_VECTORS = "body.embeddings.word_embeddings.weight"
# 160 words of an answer, its question and a statement come to about 270 tokens.
MOST_TOKENS = 320
# Padding costs as much as words do: pairs of like length go together, at most this many tokens at once.
_TOKENS_AT_ONCE = 2048
STATED, UNSAID, DENIED = range(3)


def untrained(sentence_model: Path) -> Any:  # noqa: ANN401 - its class is made inside
    """The reader's network before training: MiniLM's layers, a head over its first and its mean vector.

    It takes ids, mask and types (n, length) and returns log-odds (n, 3): stated, unsaid, denied. A
    statement and a text are read together, so that every word of one can look at every word of the
    other (cross-encoder; Nogueira and Cho, arXiv 1901.04085).
    """
    import torch
    from safetensors.torch import load_file  # pyright: ignore[reportUnknownVariableType]
    from transformers import BertConfig, BertModel

    class Network(torch.nn.Module):
        def __init__(self) -> None:
            super().__init__()
            config = BertConfig.from_json_file(str(sentence_model / "config.json"))
            self.body: Any = BertModel(config, add_pooling_layer=False)
            weights = load_file(str(sentence_model / "model.safetensors"))
            self.body.load_state_dict(
                {name: value for name, value in weights.items() if not name.startswith("pooler.")},
                strict=False,  # position numbers are made, not stored
            )
            width: int = self.body.config.hidden_size
            self.head = torch.nn.Sequential(
                torch.nn.Linear(2 * width, width),
                torch.nn.GELU(),
                torch.nn.Dropout(0.1),
                torch.nn.Linear(width, 3),
            )

        def forward(self, ids: torch.Tensor, mask: torch.Tensor, types: torch.Tensor) -> torch.Tensor:
            states: torch.Tensor = self.body(
                input_ids=ids, attention_mask=mask, token_type_ids=types
            ).last_hidden_state
            weight = mask.unsqueeze(-1).to(states.dtype)
            mean = (states * weight).sum(1) / weight.sum(1)
            return self.head(torch.cat([states[:, 0], mean], dim=1))

    return Network()


class PairTokens:
    """Pairs as rows of token ids: the statement first, then the question and what was said."""

    def __init__(self, sentence_model: Path) -> None:
        from tokenizers import Tokenizer

        self._tokenizer: Any = Tokenizer.from_file(str(sentence_model / "tokenizer.json"))
        self._tokenizer.no_padding()
        self._tokenizer.enable_truncation(MOST_TOKENS, strategy="only_second")

    def rows(self, pairs: Sequence[Reading]) -> list[tuple[list[int], list[int]]]:
        """Token ids and types of each pair; a text that is too long is cut at its end."""
        texts = [
            (pair.statement, f"{pair.asked} | {pair.text}" if pair.asked else pair.text) for pair in pairs
        ]
        return [(row.ids, row.type_ids) for row in self._tokenizer.encode_batch(texts)]


def batches(lengths: Sequence[int], tokens: int) -> Iterator[list[int]]:
    """Positions in groups of like length; a group, padded to its longest, has at most so many tokens."""
    group: list[int] = []
    for position in sorted(range(len(lengths)), key=lambda i: lengths[i]):
        if group and lengths[position] * (len(group) + 1) > tokens:
            yield group
            group = []
        group.append(position)
    if group:
        yield group


def tensors(rows: Sequence[tuple[list[int], list[int]]]) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor]:
    """Ids, mask and types of some rows, padded to the longest."""
    import torch

    shape = (len(rows), max(len(ids) for ids, _ in rows))
    ids, mask, types = (torch.zeros(shape, dtype=torch.long) for _ in range(3))
    for row, (found, kinds) in enumerate(rows):
        ids[row, : len(found)] = torch.tensor(found)
        types[row, : len(found)] = torch.tensor(kinds)
        mask[row, : len(found)] = 1
    return ids, mask, types


class StatementReader:
    """The reader we trained, from our weights and the sentence model it started from."""

    def __init__(self, weights: Path, sentence_model: Path, model_id: str, compute: Compute) -> None:
        import torch
        from safetensors import SafetensorError
        from safetensors.torch import load_file  # pyright: ignore[reportUnknownVariableType]

        self.name = model_id
        self._device = compute.device
        try:
            network = untrained(sentence_model)
            missing, unknown = network.load_state_dict(load_file(str(weights)), strict=False)
        except (OSError, RuntimeError, ValueError, SafetensorError) as error:
            raise _unusable(weights, str(error)) from error
        if unknown or missing != [WORD_VECTORS]:
            raise _unusable(weights, f"{len(missing)} weights are missing, {len(unknown)} are unknown")
        if compute.device != "cpu":
            network = network.half()
        else:
            torch.set_num_threads(compute.threads)
        self._short = compute.device == "cpu" and _multiplies_short(torch)
        self._network = network.to(compute.device).eval()
        self._tokens = PairTokens(sentence_model)

    def read(self, pairs: Sequence[Reading]) -> Numbers:
        """Log-odds (n, 3) that each text states, leaves out, denies its statement."""
        import torch

        found = np.zeros((len(pairs), 3))
        if not pairs:
            return found
        rows = self._tokens.rows(pairs)
        with torch.inference_mode(), torch.autocast("cpu", torch.bfloat16, enabled=self._short):
            for group in batches([len(ids) for ids, _ in rows], _TOKENS_AT_ONCE):
                inputs = (part.to(self._device) for part in tensors([rows[i] for i in group]))
                found[group] = self._network(*inputs).float().cpu().numpy()
        return found


def read_field(path: Path) -> Vectors:
    """Vectors (n, width) of the statements the reader was trained on."""
    from safetensors import SafetensorError
    from safetensors.numpy import load_file  # pyright: ignore[reportUnknownVariableType]

    try:
        return load_file(str(path))["statements"].astype(np.float32)
    except (OSError, KeyError, SafetensorError) as error:
        raise _unusable(path, str(error)) from error


def _multiplies_short(torch: Any) -> bool:  # noqa: ANN401 - a module
    """Whether the processor multiplies bfloat16 itself: 1.7 times as fast there, far slower elsewhere.

    The reader was trained so; torch has no public name for the question, hence the fallback.
    """
    asked = ("_is_avx512_bf16_supported", "_is_amx_tile_supported")
    return any(getattr(torch.cpu, name, bool)() for name in asked)


def _unusable(weights: Path, why: str) -> KnownError:
    return KnownError(
        f"The judge's model {weights} cannot be loaded ({why}).",
        "Install Viva Voce again: your answers are kept.",
    )
