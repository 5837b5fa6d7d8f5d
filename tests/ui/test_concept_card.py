"""A concept's card says what the verdict means for the person who reads it."""

from __future__ import annotations

import pytest
from PySide6.QtWidgets import QLabel
from pytestqt.qtbot import QtBot

from vivavoce.core.evidence import Evidence, Verdict
from vivavoce.core.question import Concept
from vivavoce.ui.theme import LIGHT
from vivavoce.ui.widgets.concept_card import ConceptCard

POOL = Concept("pool", "Pooling shrinks the map.", probe="What does pooling do to the map?")


def texts(qtbot: QtBot, verdict: Verdict, covered: float, contradicted: float) -> list[str]:
    evidence = Evidence(POOL.id, POOL.statement, verdict, covered, contradicted, "The map is pooled.")
    card = ConceptCard(evidence, POOL, LIGHT, playable=False)
    qtbot.addWidget(card)
    return [label.text() for label in card.findChildren(QLabel)]


def test_what_was_talked_about_and_is_not_clear_says_so_beside_the_words(qtbot: QtBot) -> None:
    shown = texts(qtbot, "partial", 0.4, 0.5)
    assert any("Not clear" in text for text in shown)
    assert any("not clear that you say it right" in text for text in shown)
    assert any("The map is pooled." in text for text in shown)
    assert any(POOL.probe in text for text in shown)


@pytest.mark.parametrize("verdict", ["covered", "missed", "contradicted"])
def test_a_verdict_that_is_sure_does_not(qtbot: QtBot, verdict: Verdict) -> None:
    assert not any("not clear" in text.lower() for text in texts(qtbot, verdict, 0.1, 0.1))
