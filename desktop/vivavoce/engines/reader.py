"""The trained reader: whether a text states, leaves out or denies a statement."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

import numpy as np

from vivavoce.core.ports import Numbers, Reading, Vectors, of_same_text
from vivavoce.engines.compute import Compute, cores
from vivavoce.errors import KnownError

if TYPE_CHECKING:
    import torch

# Word vectors are the sentence model's, frozen while training, so they are not stored a second time.
WORD_VECTORS = "body.embeddings.word_embeddings.weight"
# What is read at once, a text and all the statements about it: MiniLM has 512 positions. Six statements, the
# question and 180 words of an answer come to about 430 tokens.
MOST_TOKENS = 512
_MOST_STATEMENT_TOKENS = 64
# More statements about one text are read in several goes, so that the text always has room.
_MOST_STATEMENTS = 10
_MOST_STATEMENTS_TOKENS = 240
# Padding costs as much as words do: rows of like length go together, at most this many tokens at once.
_TOKENS_AT_ONCE = 2048
STATED, UNSAID, DENIED = range(3)


def untrained(sentence_model: Path) -> Any:  # noqa: ANN401 - its class is made inside
    """The reader's network before training: MiniLM's layers, and a head over each statement's vectors.

    It takes ids, mask and types (n, length), for each statement the weights of its mean (n, statements,
    length) and the place of its end (n, statements), and returns log-odds (n, statements, 3): stated,
    unsaid, denied. All statements about a text are read together with it, so that every word can look at
    every other (a cross-encoder; Nogueira and Cho, arXiv 1901.04085) and the text is read only once.
    """
    import torch
    from safetensors.torch import load_file  # pyright: ignore[reportUnknownVariableType]
    from transformers import BertConfig, BertModel

    class Network(torch.nn.Module):
        def __init__(self) -> None:
            super().__init__()
            config = BertConfig.from_json_file(str(sentence_model / "config.json"))
            # Dropout in the body costs half of the training speed on a CPU and gained nothing.
            config.hidden_dropout_prob = config.attention_probs_dropout_prob = 0.0
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

        def forward(
            self,
            ids: torch.Tensor,
            mask: torch.Tensor,
            types: torch.Tensor,
            means: torch.Tensor,
            ends: torch.Tensor,
        ) -> torch.Tensor:
            states: torch.Tensor = self.body(
                input_ids=ids, attention_mask=mask, token_type_ids=types
            ).last_hidden_state
            last = states.gather(1, ends.unsqueeze(-1).expand(-1, -1, states.shape[-1]))
            return self.head(torch.cat([last, means.to(states.dtype) @ states], dim=-1))

    return Network()


@dataclass(frozen=True, slots=True)
class Row:
    """Token ids and types of some statements and their text; `spans` are the statements' (first, end)."""

    ids: list[int]
    types: list[int]
    spans: list[tuple[int, int]]

    def __len__(self) -> int:
        return len(self.ids)


class StatementTokens:
    """Statements and a text as one row of token ids: the statements first, then question and text."""

    def __init__(self, sentence_model: Path) -> None:
        from tokenizers import Tokenizer

        self._tokenizer: Any = Tokenizer.from_file(str(sentence_model / "tokenizer.json"))
        self._tokenizer.no_padding()
        self._tokenizer.no_truncation()
        self._first: int = self._tokenizer.token_to_id("[CLS]")
        self._between: int = self._tokenizer.token_to_id("[SEP]")

    def row(self, statements: Sequence[str], asked: str, text: str) -> Row:
        """One row; a statement or a text that is too long is cut at its end."""
        ids, spans = [self._first], list[tuple[int, int]]()
        for statement in statements:
            found = self._ids(statement)[:_MOST_STATEMENT_TOKENS]
            spans.append((len(ids), len(ids) + len(found)))
            ids += [*found, self._between]
        types = [0] * len(ids)
        room = max(0, MOST_TOKENS - len(ids) - 1)
        said = self._ids(f"{asked} | {text}" if asked else text)[:room]
        return Row([*ids, *said, self._between], types + [1] * (len(said) + 1), spans)

    def together(self, statements: Sequence[str]) -> Iterator[list[int]]:
        """Positions of the statements in groups that leave the text its room."""
        group: list[int] = []
        tokens = 0
        for position, statement in enumerate(statements):
            length = min(len(self._ids(statement)), _MOST_STATEMENT_TOKENS) + 1
            if group and (len(group) == _MOST_STATEMENTS or tokens + length > _MOST_STATEMENTS_TOKENS):
                yield group
                group, tokens = [], 0
            group.append(position)
            tokens += length
        if group:
            yield group

    def _ids(self, text: str) -> list[int]:
        return self._tokenizer.encode(text, add_special_tokens=False).ids


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


def tensors(rows: Sequence[Row]) -> tuple[torch.Tensor, ...]:
    """What the network takes: ids, mask, types, means and ends of some rows, padded to the longest."""
    import torch

    shape = (len(rows), max(len(row) for row in rows))
    most = max(len(row.spans) for row in rows)
    ids, mask, types = (torch.zeros(shape, dtype=torch.long) for _ in range(3))
    means = torch.zeros((len(rows), most, shape[1]))
    ends = torch.zeros((len(rows), most), dtype=torch.long)
    for number, row in enumerate(rows):
        ids[number, : len(row)] = torch.tensor(row.ids)
        types[number, : len(row)] = torch.tensor(row.types)
        mask[number, : len(row)] = 1
        for place, (first, end) in enumerate(row.spans):
            means[number, place, first:end] = 1.0 / max(1, end - first)
            ends[number, place] = end
    return ids, mask, types, means, ends


class StatementReader:
    """The reader we trained, from our weights and the sentence model it started from.

    CTranslate2 runs its layers in the number format of `compute`: int8 takes six tenths of the time that
    torch takes in float32 on a processor without bfloat16, and moves log-odds by .03.

    Statements about one text are read `together` or each by itself: the passage reader sees less of word
    order beside others (right against wrong in the same words, AUC .55 together and .69 apart).
    """

    def __init__(
        self,
        weights: Path,
        sentence_model: Path,
        model_id: str,
        compute: Compute,
        *,
        together: bool = True,
    ) -> None:
        from safetensors import SafetensorError
        from safetensors.torch import load_file  # pyright: ignore[reportUnknownVariableType]

        self.name = model_id
        try:
            network = untrained(sentence_model)
            missing, unknown = network.load_state_dict(load_file(str(weights)), strict=False)
        except (OSError, RuntimeError, ValueError, SafetensorError) as error:
            raise _unusable(weights, str(error)) from error
        if unknown or missing != [WORD_VECTORS]:
            raise _unusable(weights, f"{len(missing)} weights are missing, {len(unknown)} are unknown")
        compute.use_every_core()
        self._encoder = _encoder(network.body, sentence_model, compute)
        self._head: Any = network.head.eval()
        self._tokens = StatementTokens(sentence_model)
        self._together = together

    def read(self, pairs: Sequence[Reading]) -> Numbers:
        """Log-odds (n, 3) that each text states, leaves out, denies its statement.

        Statements about the same text are read together, unless each is to be read by itself.
        """
        found = np.zeros((len(pairs), 3))
        rows: list[Row] = []
        places: list[list[int]] = []
        for (asked, text), numbers in of_same_text(pairs).items():
            statements = [pairs[i].statement for i in numbers]
            groups = (
                self._tokens.together(statements) if self._together else ([n] for n in range(len(numbers)))
            )
            for group in groups:
                places.append([numbers[i] for i in group])
                rows.append(self._tokens.row([statements[i] for i in group], asked, text))
        for batch in batches([len(row) for row in rows], _TOKENS_AT_ONCE):
            for i, odds in zip(batch, self._odds([rows[i] for i in batch]), strict=True):
                found[places[i]] = odds
        return found

    def _odds(self, rows: Sequence[Row]) -> list[Numbers]:
        """Of each row, log-odds (statements, 3)."""
        import ctranslate2
        import torch

        main_memory = cast("Any", ctranslate2).Device.cpu
        read = self._encoder.forward_batch(
            [row.ids for row in rows], token_type_ids=[row.types for row in rows]
        )
        states = np.asarray(read.last_hidden_state.to_device(main_memory)).astype(np.float32)
        seen = [
            np.concatenate([said[end], said[first:end].sum(axis=0) / max(1, end - first)])
            for row, said in zip(rows, states, strict=True)
            for first, end in row.spans
        ]
        with torch.inference_mode():
            odds = self._head(torch.from_numpy(np.stack(seen))).numpy()
        ends = np.cumsum([len(row.spans) for row in rows])
        return np.split(odds.astype(np.float64), ends[:-1])


def both_readers(
    folder: Path, sentence_model: Path, model_id: str, compute: Compute
) -> tuple[StatementReader, StatementReader]:
    """The reader of whole answers, and that of single passages, which reads each statement by itself."""
    return (
        StatementReader(folder / "reader.safetensors", sentence_model, model_id, compute),
        StatementReader(
            folder / "passage-reader.safetensors", sentence_model, model_id, compute, together=False
        ),
    )


def _encoder(body: Any, sentence_model: Path, compute: Compute) -> Any:  # noqa: ANN401 - made inside
    """The network's layers in CTranslate2's form, made in half a second and kept nowhere."""
    import ctranslate2
    import torch
    from ctranslate2.converters import TransformersConverter
    from safetensors.torch import save_file  # pyright: ignore[reportUnknownVariableType]
    from transformers.utils import logging

    width: int = body.config.hidden_size
    # The converter wants a pooler, which this network has not; nobody reads what it says.
    pooler = {"pooler.dense.weight": torch.zeros(width, width), "pooler.dense.bias": torch.zeros(width)}
    with tempfile.TemporaryDirectory(prefix="vivavoce-") as folder:
        plain, converted = Path(folder, "plain"), Path(folder, "converted")
        plain.mkdir()
        for name in ("config.json", "tokenizer.json"):
            shutil.copyfile(sentence_model / name, plain / name)
        save_file({**body.state_dict(), **pooler}, plain / "model.safetensors", metadata={"format": "pt"})
        loud = logging.get_verbosity()
        logging.set_verbosity_error()  # CTranslate2 4.8 still says torch_dtype to transformers 5
        TransformersConverter(str(plain)).convert(str(converted), quantization=compute.type)
        logging.set_verbosity(loud)
        return cast("Any", ctranslate2).Encoder(
            str(converted),
            device=compute.device,
            compute_type=compute.type,
            intra_threads=cores() if compute.device == "cpu" else 0,
        )


def read_field(path: Path) -> Vectors:
    """Vectors (n, width) of the statements the reader was trained on."""
    from safetensors import SafetensorError
    from safetensors.numpy import load_file  # pyright: ignore[reportUnknownVariableType]

    try:
        return load_file(str(path))["statements"].astype(np.float32)
    except (OSError, KeyError, SafetensorError) as error:
        raise _unusable(path, str(error)) from error


def _unusable(weights: Path, why: str) -> KnownError:
    return KnownError(
        f"The judge's model {weights} cannot be loaded ({why}).",
        "Install Viva Voce again: your answers are kept.",
    )
