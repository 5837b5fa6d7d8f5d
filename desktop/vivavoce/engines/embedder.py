"""Sentence vectors from a sentence-transformers model in a local folder."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any, cast

import numpy as np

from vivavoce.core.ports import TokenVectors, Vectors
from vivavoce.engines.compute import Compute, multiplies_short
from vivavoce.errors import KnownError

# Texts are sorted by length: with more at once the longest pads too many others, with fewer MiniLM is slower
# on a CPU. 16 take a fifth less than 32 for the passages of a long answer.
_BATCH = 16


class MiniLM:
    """all-MiniLM-L6-v2, or any sentence-transformers model in a folder."""

    def __init__(self, folder: Path, model_id: str, compute: Compute) -> None:
        from sentence_transformers import SentenceTransformer

        self.name = model_id
        compute.use_every_core()
        self._short = compute.device == "cpu" and multiplies_short()
        try:
            self._model = SentenceTransformer(str(folder), device=compute.device, local_files_only=True)
        except (OSError, RuntimeError, ValueError) as error:
            raise KnownError(
                f"The sentence model in {folder} cannot be loaded ({error}).",
                "Install Viva Voce again: your answers are kept.",
            ) from error

    def embed(self, texts: Sequence[str]) -> Vectors:
        """Unit vectors, shape (len(texts), width)."""
        if not texts:
            return np.zeros((0, 384), np.float32)
        import torch

        # Cosines move by a thousandth, and it takes half of the time.
        with torch.autocast("cpu", torch.bfloat16, enabled=self._short):
            vectors = self._model.encode(
                list(texts), batch_size=_BATCH, normalize_embeddings=True, show_progress_bar=False
            )
        return np.asarray(vectors, dtype=np.float32)

    def token_vectors(self, texts: Sequence[str]) -> list[TokenVectors]:
        """The tokens of each text with their vectors; a text beyond the model's 256 tokens is cut there."""
        if not texts:
            return []
        import torch

        model = cast("Any", self._model)
        with torch.autocast("cpu", torch.bfloat16, enabled=self._short):
            found = model.encode(
                list(texts), batch_size=_BATCH, output_value="token_embeddings", show_progress_bar=False
            )
        rows = model.tokenizer(list(texts), truncation=True, max_length=model.max_seq_length)["input_ids"]
        told: list[TokenVectors] = []
        for ids, vectors in zip(rows, found, strict=True):
            inside = slice(1, len(ids) - 1)  # without the marks of beginning and end
            plain = np.asarray(vectors.float().cpu(), np.float32)[inside]
            lengths = np.linalg.norm(plain, axis=1, keepdims=True)
            tokens = tuple(str(token) for token in model.tokenizer.convert_ids_to_tokens(ids[inside]))
            told.append(TokenVectors(tokens, plain / np.maximum(lengths, 1e-9)))
        return told
