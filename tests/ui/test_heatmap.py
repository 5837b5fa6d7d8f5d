from __future__ import annotations

from datetime import datetime, timedelta, timezone

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.modeltest import ModelTester
from pytestqt.qtbot import QtBot

from vivavoce.core.coverage import CoverageRow, concept_grid, level_grid
from vivavoce.core.question import Concept, Question
from vivavoce.ui.theme import LIGHT
from vivavoce.ui.widgets.heatmap import CoverageModel, Heatmap

NOON = datetime(2026, 3, 1, 12, tzinfo=timezone.utc)
QUESTION = Question(
    id="q",
    ask="Why?",
    reference="Because.",
    concepts=(Concept("a", "Trees are green."), Concept("b", "Water is wet.")),
)
ATTEMPTS = (
    CoverageRow(7, "q", NOON, 50.0, {"a": "covered", "b": "missed"}),
    CoverageRow(8, "q", NOON + timedelta(days=1), 25.0, {"a": "partial", "b": "contradicted"}),
)


def test_every_cell_says_what_it_is(qtbot: QtBot, qtmodeltester: ModelTester) -> None:
    del qtbot
    model = CoverageModel()
    model.show_grid(concept_grid(QUESTION, ATTEMPTS))
    said = [
        model.index(row, column).data(Qt.ItemDataRole.AccessibleTextRole)
        for row in (0, 1)
        for column in (0, 1)
    ]
    assert [text.rsplit(": ", 1)[1] for text in said] == ["Covered", "Not clear", "Missed", "Said wrongly"]
    assert said[0].startswith("Trees are green., ")
    qtmodeltester.check(model)


def test_a_cell_is_reached_and_opened_by_keyboard(qtbot: QtBot) -> None:
    heatmap = Heatmap(LIGHT)
    qtbot.addWidget(heatmap)
    heatmap.show_grid(concept_grid(QUESTION, ATTEMPTS))
    heatmap.show()
    opened: list[int] = []
    heatmap.opened.connect(opened.append)
    assert heatmap.currentIndex().column() == 1, "the newest attempt is in sight"
    QTest.keyClick(heatmap, Qt.Key.Key_Down)
    QTest.keyClick(heatmap, Qt.Key.Key_Left)
    assert (heatmap.currentIndex().row(), heatmap.currentIndex().column()) == (1, 0)
    heatmap.open_current()
    assert opened == [7]


def test_a_day_without_an_attempt_opens_nothing(qtbot: QtBot) -> None:
    other = Question(id="other", ask="What?", reference="That.", concepts=(Concept("c", "Stones are hard."),))
    heatmap = Heatmap(LIGHT)
    qtbot.addWidget(heatmap)
    heatmap.show_grid(level_grid((QUESTION, other), ATTEMPTS))
    index = heatmap.coverage.index(1, 0)
    heatmap.setCurrentIndex(index)
    with qtbot.assertNotEmitted(heatmap.opened):
        heatmap.open_current()
    assert "no attempt" in str(index.data(Qt.ItemDataRole.AccessibleTextRole))
