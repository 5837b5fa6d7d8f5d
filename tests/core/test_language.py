from __future__ import annotations

import pytest

from vivavoce.core.language import language_of

GERMAN = "Das Netz passt seine Gewichte so lange an, bis der Fehler an der Ausgabe klein genug ist."


@pytest.mark.parametrize(
    ("text", "language"),
    [
        (GERMAN, "de"),
        ("Le réseau ajuste ses poids jusqu'à ce que l'erreur de sortie soit assez petite.", "fr"),
        ("um so the gradient uh gets smaller at every layer and then nothing is learnt", "en"),
        ("Learning rate, batch size, momentum, weight decay, warmup steps, gradient clipping.", "en"),
        ("in java are", None),
        ("w1 x1 + w2 x2 + b1 > 0, dx/dy = 2 a x^2", None),
        ("", None),
    ],
)
def test_a_language_is_told_where_there_are_words_enough(text: str, language: str | None) -> None:
    assert language_of(text) == language
