"""The progress page: what fills in over time, by question, by idea and by topic."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timezone

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QButtonGroup, QComboBox, QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from vivavoce.core.coverage import CoverageRow, concept_grid, level_grid
from vivavoce.core.idea_coverage import IdeaStanding, idea_grid, idea_standings, topic_standings
from vivavoce.store.bank import Bank
from vivavoce.ui.theme import GAP, PAGE_MARGIN, VERDICT_NAMES, VERDICT_SIGNS, Tokens
from vivavoce.ui.widgets.heatmap import Heatmap
from vivavoce.ui.widgets.parts import button, framed, label
from vivavoce.ui.widgets.standings import TopicTable, UnaskedTable, topic_name

_QUESTION, _LEVEL = "question", "level"
_VIEWS = (("question", "By question"), ("idea", "By idea"), ("topic", "By topic"))
_WHICH = (("asked", "Asked so far"), ("open", "Not yet covered"), ("unasked", "Not yet asked"))
_NOTHING = {
    "question": "No answers here yet. Each answer you give adds a column: you see every concept fill in.",
    "asked": "Nothing here was asked yet. Each answer you give fills in the ideas it spoke of.",
    "open": "Nothing is open here: all that was asked so far is covered.",
    "unasked": "Every idea here has been asked for.",
    "topic": "There are no questions yet.",
}
_TO_OPEN = {
    "asked": "Click a cell, or press Enter on it, to open that answer.",
    "unasked": "Click an idea, or press Enter on it, to practise a question that asks for it.",
    "topic": "Click a topic, or press Enter on it, to see its ideas.",
}


class ProgressPage(QWidget):
    """The same answers in three views: concepts of a question, ideas across questions, topics."""

    opened = Signal(int)
    """The attempt's number."""
    practise = Signal(str)
    """A question's id."""

    def __init__(self, tokens: Tokens) -> None:
        super().__init__()
        self.setObjectName("page")
        self._bank = Bank(())
        self._attempts: tuple[CoverageRow, ...] = ()
        self._standings: tuple[IdeaStanding, ...] = ()
        self._kind = "question"
        self.switch = {kind: self._switch(kind, text) for kind, text in _VIEWS}
        self.view = _box("What to show")
        self.view.setMinimumWidth(420)
        self.which = _box("Which ideas")
        for kind, text in _WHICH:
            self.which.addItem(text, kind)
        self.topic = _box("Topic")
        self.summary = label("", "small")
        self.heatmap = Heatmap(tokens)
        self.topics = TopicTable(tokens)
        self.unasked = UnaskedTable()
        self.legend = label("", "small")
        self.nothing = label("", "muted")
        self._lay_out()
        self._connect()
        self._refresh()

    def _switch(self, kind: str, text: str) -> QPushButton:
        made = button(text, lambda: self.show_view(kind), "segment")
        made.setCheckable(True)
        made.setChecked(kind == self._kind)
        return made

    def _lay_out(self) -> None:
        outer = QVBoxLayout(self)
        outer.setContentsMargins(PAGE_MARGIN, PAGE_MARGIN, PAGE_MARGIN, PAGE_MARGIN)
        outer.setSpacing(2 * GAP)
        head = QHBoxLayout()
        head.setSpacing(GAP // 2)
        head.addWidget(label("Progress", "title"), 1)
        group = QButtonGroup(self)
        for made in self.switch.values():
            group.addButton(made)
            head.addWidget(made)
        outer.addLayout(head)
        line = QHBoxLayout()
        line.setSpacing(GAP)
        for box in (self.view, self.which, self.topic):
            line.addWidget(box)
        line.addWidget(self.summary, 1)
        outer.addLayout(line)
        outer.addWidget(self.nothing)
        self.frame = framed(self.heatmap)
        self._topics_frame, self._unasked_frame = framed(self.topics), framed(self.unasked)
        for frame in (self.frame, self._topics_frame, self._unasked_frame):
            outer.addWidget(frame, 1)
        outer.addWidget(self.legend)
        outer.addStretch(0)

    def _connect(self) -> None:
        for box in (self.view, self.which, self.topic):
            box.currentIndexChanged.connect(lambda _: self._refresh())
        self.heatmap.opened.connect(self.opened)
        self.unasked.chosen.connect(self.practise)
        self.topics.chosen.connect(self.show_topic)

    def set_tokens(self, tokens: Tokens) -> None:
        """Wear other colours."""
        self.heatmap.set_tokens(tokens)
        self.topics.set_tokens(tokens)

    def show_coverage(self, bank: Bank, attempts: Sequence[CoverageRow]) -> None:
        """Show what the attempts showed; the choice of the view is kept."""
        self._bank = bank
        self._attempts = tuple(attempts)
        self._standings = idea_standings(bank.ideas, attempts)
        tried = {row.question_id for row in attempts}
        questions: list[tuple[str, object]] = [
            (f"Level {level}: questions by day", (_LEVEL, level)) for level in bank.levels
        ]
        questions += [
            (question.title or question.ask, (_QUESTION, question.id))
            for question in bank.questions
            if question.id in tried
        ]
        _fill(self.view, questions)
        topics = sorted({standing.idea.topic for standing in self._standings})
        _fill(self.topic, [("All topics", None), *((topic_name(topic), topic) for topic in topics)])
        self._refresh()

    def show_view(self, kind: str) -> None:
        """Show one of the views: "question", "idea" or "topic"."""
        self._kind = kind
        self.switch[kind].setChecked(True)
        self._refresh()

    def show_question(self, question_id: str) -> None:
        """Show the concepts of one question, when it was tried."""
        place = _place(self.view, (_QUESTION, question_id))
        if place >= 0:
            self.view.setCurrentIndex(place)
            self.show_view("question")

    def show_topic(self, topic: str) -> None:
        """Show the ideas of one topic: those that were asked for, or else those that wait."""
        touched = any(one.showings for one in self._standings if one.idea.topic == topic)
        self.topic.setCurrentIndex(max(0, _place(self.topic, topic)))
        self.which.setCurrentIndex(_place(self.which, "asked" if touched else "unasked"))
        self.show_view("idea")
        self.focus_table()

    def open_current(self) -> None:
        """Open what the shown table has selected."""
        self._table().open_current()

    def focus_table(self) -> None:
        """Give the shown table the focus."""
        self._table().setFocus()

    def _table(self) -> Heatmap | TopicTable | UnaskedTable:
        if self._kind == "topic":
            return self.topics
        return self.unasked if self._shown() == "unasked" else self.heatmap

    def _shown(self) -> str:
        return str(self.which.currentData()) if self._kind == "idea" else self._kind

    def _refresh(self) -> None:
        shown = self._shown()
        if shown == "question":
            there = self._show_question_grid()
        elif shown == "topic":
            there = self._show_topics()
        else:
            there = self._show_ideas(shown)
        self.view.setVisible(self._kind == "question")
        self.which.setVisible(self._kind == "idea")
        self.topic.setVisible(self._kind == "idea")
        self.summary.setText("" if self._kind == "question" else self._summary())
        table = self._table()
        for frame, inner in (
            (self.frame, self.heatmap),
            (self._topics_frame, self.topics),
            (self._unasked_frame, self.unasked),
        ):
            frame.setVisible(there and inner is table)
        self.nothing.setText(_NOTHING[shown])
        self.nothing.setVisible(not there)
        signs = "    ".join(f"{VERDICT_SIGNS[verdict]} {name}" for verdict, name in VERDICT_NAMES.items())
        how = _TO_OPEN.get(shown, _TO_OPEN["asked"])
        self.legend.setText(how if shown in ("unasked", "topic") else f"{signs}      {how}")
        self.legend.setVisible(there)

    def _show_question_grid(self) -> bool:
        chosen = self.view.currentData()
        if chosen is None:
            return False
        kind, name = chosen
        if kind == _LEVEL:
            grid = level_grid(self._bank.search(level=name), self._attempts)
        else:
            grid = concept_grid(self._bank.get(name), self._attempts)
        self.heatmap.show_grid(grid)
        return not grid.empty

    def _show_topics(self) -> bool:
        standings = topic_standings(self._standings, datetime.now(timezone.utc))
        self.topics.show_standings(standings)
        return bool(standings)

    def _show_ideas(self, which: str) -> bool:
        wanted = self._of_topic()
        if which == "unasked":
            return self._show_unasked([one for one in wanted if not one.showings])
        shown = [one for one in wanted if one.showings and not (which == "open" and one.latest == "covered")]
        shown.sort(key=lambda one: one.showings[-1].when, reverse=True)
        self.heatmap.show_grid(idea_grid(shown))
        return bool(shown)

    def _show_unasked(self, standings: Sequence[IdeaStanding]) -> bool:
        rows: list[tuple[str, str, str]] = []
        questions: list[str] = []
        for one in standings:
            asking = self._bank.asking(one.idea.concepts)
            titles = ", ".join(question.title or question.ask for question in asking)
            rows.append((one.idea.title, topic_name(one.idea.topic), titles))
            questions.append(asking[0].id)
        self.unasked.show_ideas(rows, questions)
        return bool(rows)

    def _of_topic(self) -> list[IdeaStanding]:
        topic = self.topic.currentData() if self._kind == "idea" else None
        return [one for one in self._standings if topic is None or one.idea.topic == topic]

    def _summary(self) -> str:
        among = self._of_topic()
        asked = sum(bool(one.showings) for one in among)
        covered = sum(one.latest == "covered" for one in among)
        return f"{covered} of {len(among)} ideas covered, {len(among) - asked} not yet asked"


def _box(name: str) -> QComboBox:
    made = QComboBox()
    made.setAccessibleName(name)
    made.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToContents)
    return made


def _fill(box: QComboBox, items: Sequence[tuple[str, object]]) -> None:
    """Offer these and keep what was chosen, if it is among them."""
    chosen = box.currentData()
    box.blockSignals(True)
    box.clear()
    for text, data in items:
        box.addItem(text, data)
    box.setCurrentIndex(max(0, _place(box, chosen)))
    box.blockSignals(False)


def _place(box: QComboBox, data: object) -> int:
    # findData compares Python tuples by identity, and gives them back as lists or tuples.
    wanted = tuple(data) if isinstance(data, (tuple, list)) else data
    for place in range(box.count()):
        found = box.itemData(place)
        if (tuple(found) if isinstance(found, (tuple, list)) else found) == wanted:
            return place
    return -1
