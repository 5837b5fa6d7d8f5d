"""How well the words of a statement are met."""

from __future__ import annotations

import numpy as np
import pytest

from vivavoce.core.alignment import share_met
from vivavoce.core.ports import TokenVectors

WORDS = ("pooling", "shrinks", "maps", "the", ".")


def told(*words: str) -> TokenVectors:
    """Each word with a direction of its own."""
    vectors = np.zeros((len(words), len(WORDS)), np.float32)
    for row, word in enumerate(words):
        vectors[row, WORDS.index(word)] = 1.0
    return TokenVectors(words, vectors)


NOTHING = TokenVectors((), np.zeros((0, len(WORDS)), np.float32))
STATEMENT = told("pooling", "shrinks", "the", "maps", ".")


def test_all_words_in_any_order_are_met_whole():
    assert share_met(STATEMENT, told("maps", ".", "the", "pooling", "shrinks"), NOTHING) == pytest.approx(1)


def test_a_word_counts_more_than_grammar_and_grammar_more_than_a_sign():
    word, grammar, sign = (share_met(STATEMENT, told(one), NOTHING) for one in ("maps", "the", "."))
    assert word > grammar > sign > 0


def test_a_word_of_the_question_hardly_counts():
    assert share_met(STATEMENT, told("pooling"), told("pooling")) < 0.05
    assert share_met(STATEMENT, told("maps"), told("pooling")) > share_met(STATEMENT, told("maps"), NOTHING)


def test_where_nothing_was_said_nothing_is_met():
    assert share_met(STATEMENT, NOTHING, NOTHING) == 0.0
    assert share_met(NOTHING, STATEMENT, NOTHING) == 0.0
