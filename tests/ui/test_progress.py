"""The progress page in its three views, without sound and without the worker."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta, timezone

import pytest
from PySide6.QtCore import QAbstractItemModel, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QComboBox, QMainWindow
from pytestqt.modeltest import ModelTester
from pytestqt.qtbot import QtBot

from vivavoce.core.coverage import CoverageRow
from vivavoce.core.idea import Idea
from vivavoce.core.question import Concept, Question
from vivavoce.store.bank import Bank
from vivavoce.ui.pages.progress import ProgressPage
from vivavoce.ui.theme import DARK, LIGHT, apply_theme

LATELY = datetime.now(timezone.utc) - timedelta(hours=1)
SKY = Question(
    "sky",
    "Why is the sky blue?",
    "Scattering.",
    (Concept("scatter", "Air scatters light."), Concept("sun", "The sun shines.")),
    level="core",
    topics=("day-light",),
    title="The sky",
)
SUNSET = Question(
    "sunset", "Why red?", "Scattering.", (Concept("far", "Far light is scattered."),), "core", ("day-light",)
)
WATER = Question(
    "water", "Why wet?", "It sticks.", (Concept("sticks", "It sticks."),), "core", ("matter",), "Water"
)
SCATTERING = Idea("scattering", "Light is scattered", "day-light", (("sky", "scatter"), ("sunset", "far")))
BANK = Bank((SKY, SUNSET, WATER), listed_ideas=(SCATTERING,))
ATTEMPTS = (
    CoverageRow(7, "sky", LATELY - timedelta(days=9), 50.0, {"scatter": "missed", "sun": "covered"}),
    CoverageRow(8, "sunset", LATELY, 90.0, {"far": "covered"}),
)


@pytest.fixture
def page(qtbot: QtBot) -> Iterator[ProgressPage]:
    window = QMainWindow()
    window.setMinimumSize(1000, 640)
    qtbot.addWidget(window)
    page = ProgressPage(LIGHT)
    window.setCentralWidget(page)
    page.show_coverage(BANK, ATTEMPTS)
    window.show()
    window.activateWindow()
    qtbot.waitActive(window)
    yield page
    window.close()


def choose(box: QComboBox, text: str) -> None:
    box.setCurrentIndex(box.findText(text))


def read_out(model: QAbstractItemModel) -> list[list[str]]:
    return [
        [
            model.index(row, column).data(Qt.ItemDataRole.AccessibleTextRole)
            for column in range(model.columnCount())
        ]
        for row in range(model.rowCount())
    ]


def rows(page: ProgressPage) -> list[str]:
    model = page.heatmap.coverage
    return [read_out(model)[row][0].rsplit(", ", 1)[0] for row in range(model.rowCount())]


def test_the_switch_shows_one_view_at_a_time(page: ProgressPage) -> None:
    assert (page.view.isVisible(), page.which.isVisible(), page.topics.isVisible()) == (True, False, False)
    QTest.mouseClick(page.switch["idea"], Qt.MouseButton.LeftButton)
    assert (page.view.isVisible(), page.which.isVisible(), page.heatmap.isVisible()) == (False, True, True)
    QTest.mouseClick(page.switch["topic"], Qt.MouseButton.LeftButton)
    assert (page.which.isVisible(), page.heatmap.isVisible(), page.topics.isVisible()) == (False, False, True)
    assert [made.isChecked() for made in page.switch.values()] == [False, False, True]
    page.show_question("sky")
    assert page.switch["question"].isChecked()
    assert page.heatmap.coverage.rowCount() == 2


def test_an_idea_shows_what_was_said_of_it_in_every_question(page: ProgressPage) -> None:
    page.show_view("idea")
    said = read_out(page.heatmap.coverage)
    assert [[cell.rsplit(": ", 1)[1] for cell in line] for line in said] == [
        ["Missed", "Covered"],
        ["Covered", "no attempt"],
    ]
    assert said[0][0].startswith("Light is scattered, "), "the idea asked for last stands first"
    opened: list[int] = []
    page.opened.connect(opened.append)
    page.focus_table()
    page.open_current()
    QTest.keyClick(page.heatmap, Qt.Key.Key_Left)
    page.open_current()
    assert opened == [8, 7], "a cell opens the attempt that filled it"


def test_ideas_are_chosen_by_topic_and_by_how_they_stand(page: ProgressPage) -> None:
    page.show_view("idea")
    assert page.summary.text() == "2 of 3 ideas covered, 1 not yet asked"
    choose(page.which, "Not yet covered")
    assert page.nothing.isVisible()
    assert page.nothing.text().startswith("Nothing is open here")
    page.show_coverage(BANK, ATTEMPTS[:1])
    assert rows(page) == ["Light is scattered"]
    choose(page.topic, "matter")
    assert page.nothing.isVisible()
    assert page.summary.text() == "0 of 1 ideas covered, 1 not yet asked"


def test_an_idea_that_waits_leads_to_a_question_that_asks_for_it(page: ProgressPage) -> None:
    page.show_coverage(BANK, ())
    page.show_view("idea")
    choose(page.which, "Not yet asked")
    model = page.unasked.ideas
    assert [model.index(row, 2).data() for row in range(3)] == ["The sky, Why red?", "The sky", "Water"]
    assert read_out(model)[2][0] == "It sticks., matter, asked in Water"
    wanted: list[str] = []
    page.practise.connect(wanted.append)
    page.focus_table()
    page.open_current()
    QTest.keyClick(page.unasked, Qt.Key.Key_End, Qt.KeyboardModifier.ControlModifier)
    page.open_current()
    assert wanted == ["sky", "water"]


def test_a_topic_says_in_words_and_numbers_what_its_bar_shows(page: ProgressPage) -> None:
    page.show_view("topic")
    model = page.topics.topics
    shown = [[model.index(row, column).data() for column in range(8)] for row in (0, 1)]
    assert shown == [
        ["day light", "100 %", "2", "·", "·", "·", "·", "▲ 1"],
        ["matter", "0 %", "·", "·", "·", "·", "1", "–"],
    ]
    assert read_out(model)[0] == [
        "day light: 2 ideas, 2 asked so far",
        "day light: 2 of 2 ideas covered",
        "day light: 2 covered",
        "day light: 0 not clear",
        "day light: 0 missed",
        "day light: 0 said wrongly",
        "day light: 0 not yet asked",
        "day light: 1 more covered than 7 days ago",
    ]
    assert read_out(model)[1][7] == "matter: as many covered as 7 days ago"


def test_every_heading_of_the_topics_can_be_read_whole(page: ProgressPage, qapp: QApplication) -> None:
    apply_theme(qapp, LIGHT)
    page.window().resize(1068, 640)  # as wide as in the window the program opens with
    page.show_view("topic")
    header = page.topics.horizontalHeader()
    for column in range(header.count()):
        name = header.model().headerData(column, Qt.Orientation.Horizontal)
        assert header.sectionSizeHint(column) <= header.sectionSize(column), name


def test_a_topic_opens_its_ideas_by_keyboard(page: ProgressPage) -> None:
    page.show_view("topic")
    page.focus_table()
    page.open_current()
    assert (page.which.currentText(), page.topic.currentText()) == ("Asked so far", "day light")
    assert rows(page) == ["Light is scattered", "The sun shines."]
    assert page.heatmap.hasFocus()
    page.show_view("topic")
    page.focus_table()
    QTest.keyClick(page.topics, Qt.Key.Key_Down)
    page.open_current()
    assert (page.which.currentText(), page.topic.currentText()) == ("Not yet asked", "matter")
    assert page.unasked.hasFocus(), "nothing of it was asked: what waits is shown"


def test_what_is_chosen_stays_when_an_answer_is_added(page: ProgressPage) -> None:
    page.show_topic("day-light")
    page.show_coverage(BANK, (*ATTEMPTS, CoverageRow(9, "water", LATELY, 10.0, {"sticks": "missed"})))
    assert page.topic.currentText() == "day light"
    assert len(rows(page)) == 2


def test_a_question_that_left_the_bank_still_shows_what_was_said(page: ProgressPage) -> None:
    gone = CoverageRow(9, "gone", LATELY, 10.0, {"old": "covered"}, {"old": "Old words."}, "matter")
    page.show_coverage(BANK, (gone,))
    page.show_topic("matter")
    assert rows(page) == ["Old words."]


def test_without_answers_every_view_says_so(page: ProgressPage) -> None:
    page.show_coverage(BANK, ())
    for kind in ("question", "idea"):
        page.show_view(kind)
        assert page.nothing.isVisible()
        assert not page.heatmap.isVisible()
        assert not page.legend.isVisible()
    page.show_view("topic")
    assert page.topics.isVisible(), "what there is to ask is worth seeing"
    page.show_coverage(Bank(()), ())
    assert page.nothing.text() == "There are no questions yet."


def test_the_tables_are_sound_and_wear_other_colours(page: ProgressPage, qtmodeltester: ModelTester) -> None:
    page.show_view("topic")
    qtmodeltester.check(page.topics.topics)
    qtmodeltester.check(page.unasked.ideas)
    before = page.topics.grab().toImage()
    page.set_tokens(DARK)
    assert page.topics.grab().toImage() != before


def test_an_idea_that_waits_leads_to_no_question_that_has_dropped_it(page: ProgressPage) -> None:
    dropped = replace(SKY, concepts=SKY.concepts[1:])
    page.show_coverage(Bank((dropped, SUNSET, WATER), listed_ideas=(SCATTERING,)), ())
    page.show_view("idea")
    choose(page.which, "Not yet asked")
    asked: list[str] = []
    page.practise.connect(asked.append)
    place = [page.unasked.ideas.index(row, 0).data() for row in range(page.unasked.ideas.rowCount())]
    page.unasked.setCurrentIndex(page.unasked.ideas.index(place.index(SCATTERING.title), 0))
    page.open_current()
    assert asked == ["sunset"]
