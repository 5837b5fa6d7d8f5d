from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from vivavoce.core.ports import Numbers, Reading, TokenVectors, Vectors
from vivavoce.core.remembered import RememberedEmbedder, RememberedReader


class CountingEmbedder:
    name = "counting"

    def __init__(self) -> None:
        self.asked: list[str] = []

    def embed(self, texts: Sequence[str]) -> Vectors:
        self.asked += texts
        return np.array([[len(text), 1.0] for text in texts], np.float32).reshape(-1, 2)

    def token_vectors(self, texts: Sequence[str]) -> list[TokenVectors]:
        return [TokenVectors((text,), self.embed([text])) for text in texts]


class CompanyReader:
    """Finds for each statement how many were read with it about the same text."""

    name = "company"

    def __init__(self) -> None:
        self.asked: list[Reading] = []

    def read(self, pairs: Sequence[Reading]) -> Numbers:
        self.asked += pairs
        return np.array(
            [[sum(p.text == pair.text for p in pairs), 0.0, len(pair.statement)] for pair in pairs]
        )


def test_a_text_is_embedded_once_and_each_place_gets_its_vector() -> None:
    inner = CountingEmbedder()
    embedder = RememberedEmbedder(inner)
    assert embedder.embed(["a", "bb", "a"])[:, 0].tolist() == [1, 2, 1]
    assert embedder.embed(["ccc", "bb"])[:, 0].tolist() == [3, 2]
    assert inner.asked == ["a", "bb", "ccc"]
    assert embedder.embed([]).shape == (0, 2)


def test_tokens_come_from_the_embedder_within() -> None:
    assert [told.tokens for told in RememberedEmbedder(CountingEmbedder()).token_vectors(["a", "b"])] == [
        ("a",),
        ("b",),
    ]


def test_what_was_not_asked_for_lately_is_forgotten() -> None:
    inner = CountingEmbedder()
    embedder = RememberedEmbedder(inner, most=2)
    embedder.embed(["a", "b"])
    embedder.embed(["a", "c"])
    embedder.embed(["a"])
    assert inner.asked == ["a", "b", "c"]
    embedder.embed(["b"])
    assert inner.asked == ["a", "b", "c", "b"]
    assert embedder.embed(["x", "y", "z"]).shape == (3, 2)


def test_statements_about_a_text_are_remembered_together() -> None:
    inner = CompanyReader()
    reader = RememberedReader(inner)
    one, two, other = Reading("a", "text"), Reading("bb", "text"), Reading("a", "another")
    first = reader.read([one, other, two])
    assert first[:, 0].tolist() == [2, 1, 2]
    assert reader.read([one, two]).tolist() == first[[0, 2]].tolist()
    assert len(inner.asked) == 3
    assert reader.read([one])[0, 0] == 1.0  # alone it is another reading
    assert reader.read([]).shape == (0, 3)


def test_old_readings_make_room() -> None:
    inner = CompanyReader()
    reader = RememberedReader(inner, most=1)
    reader.read([Reading("a", "text"), Reading("a", "another")])
    reader.read([Reading("a", "another")])
    assert len(inner.asked) == 2
    reader.read([Reading("a", "text")])
    assert len(inner.asked) == 3
