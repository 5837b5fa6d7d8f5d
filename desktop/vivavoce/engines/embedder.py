"""Sentence vectors from a sentence-transformers model in a local folder."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np

from vivavoce.core.ports import Vectors
from vivavoce.engines.compute import Compute
from vivavoce.errors import KnownError

# Shorter batches of similar length waste less padding; MiniLM gains nothing beyond this on a CPU.
_BATCH = 32


class MiniLM:
    """all-MiniLM-L6-v2, or any sentence-transformers model in a folder."""

    def __init__(self, folder: Path, model_id: str, compute: Compute) -> None:
        import torch
        from sentence_transformers import SentenceTransformer

        self.name = model_id
        if compute.device == "cpu":
            torch.set_num_threads(compute.threads)
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
        vectors = self._model.encode(
            list(texts), batch_size=_BATCH, normalize_embeddings=True, show_progress_bar=False
        )
        return np.asarray(vectors, dtype=np.float32)
