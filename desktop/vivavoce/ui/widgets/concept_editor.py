"""One concept of a question while it is written."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QWheelEvent
from PySide6.QtWidgets import QCheckBox, QDoubleSpinBox, QFrame, QHBoxLayout, QLineEdit, QWidget

from vivavoce.core.evidence import Verdict
from vivavoce.core.wording_check import WordingResult
from vivavoce.ui.theme import GAP, Tokens
from vivavoce.ui.widgets.fields import Field, GrowingEdit, tool
from vivavoce.ui.widgets.parts import button, column, label, line_label
from vivavoce.ui.widgets.text_list import Mark, TextList

Form = dict[str, Any]
_LISTS = (
    ("accepted", "Accepted wordings", "Add a wording"),
    ("misconceptions", "How it is said wrongly", "Add a misconception"),
    ("hints", "Hints, the first one first", "Add a hint"),
)
_COUNTS_AS: dict[Verdict, str] = {
    "covered": "covered",
    "partial": "talked about, but not clearly said",
    "missed": "missed",
    "contradicted": "said wrongly",
}
_COUNTED = {"accepted": "wording", "misconceptions": "misconception", "hints": "hint"}


class _Weight(QDoubleSpinBox):
    """A weight as people write it: 2, and not 2.00."""

    def textFromValue(self, value: float) -> str:
        return f"{value:g}"

    def wheelEvent(self, event: QWheelEvent) -> None:
        event.ignore()  # who scrolls past it changes nothing


class ConceptEditor(QFrame):
    """Statement and weight; what else there is unfolds."""

    changed = Signal()
    moved = Signal(int)
    removed = Signal()

    def __init__(self, form: Form, tokens: Tokens) -> None:
        super().__init__()
        self.setProperty("kind", "card")
        self._form = form
        self._tokens = tokens
        self._marks: dict[str, dict[str, Mark]] = {}
        self.lists: dict[str, TextList] = {}
        self.probe: GrowingEdit | None = None
        self.name: QLineEdit | None = None
        self._fields: dict[str, Field] = {}
        self.number = line_label("", "heading")
        self.statement = GrowingEdit("Statement of the concept")
        self.statement.setPlaceholderText("One true sentence that a good answer says")
        self.statement.set_text(str(form.get("statement", "")))
        self.weight = _Weight()
        self.weight.setAccessibleName("Weight")
        self.weight.lineEdit().setTextMargins(GAP, 0, 0, 0)
        self.weight.setFixedWidth(60)
        self.weight.setDecimals(3)
        self.weight.setRange(0.001, 5.0)
        self.weight.setSingleStep(0.5)
        self.weight.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.weight.setValue(float(form.get("weight", 1.0)))
        self.essential = QCheckBox("Essential")
        self.essential.setChecked(bool(form.get("essential", False)))
        self.up = tool("↑", "Move the concept up", "Alt+Up")
        self.down = tool("↓", "Move the concept down", "Alt+Down")
        self.remove = tool("×", "Remove the concept", "")
        self.fold = button("", self.toggle, "quiet")
        self._lay_out()
        self.statement.textChanged.connect(self.changed)
        self.statement.moved.connect(self.moved)
        self.weight.valueChanged.connect(lambda _: self.changed.emit())
        self.essential.toggled.connect(lambda _: self.changed.emit())
        self.up.clicked.connect(lambda: self.moved.emit(-1))
        self.down.clicked.connect(lambda: self.moved.emit(1))
        self.remove.clicked.connect(self.removed)

    def _lay_out(self) -> None:
        self._column = column(self, 2 * GAP, GAP)
        head = QHBoxLayout()
        head.setSpacing(GAP // 2)
        head.addWidget(self.number)
        head.addStretch(1)
        head.addWidget(self.essential)
        head.addSpacing(GAP)
        head.addWidget(line_label("Weight", "small"))
        head.addWidget(self.weight)
        for one in (self.up, self.down, self.remove):
            head.addWidget(one)
        self._column.addLayout(head)
        self._fields["statement"] = Field("", self.statement)
        self._column.addWidget(self._fields["statement"])
        self._told = label("", "small")
        self._told.hide()
        foot = QHBoxLayout()
        foot.addWidget(self.fold)
        foot.addStretch(1)
        self._column.addLayout(foot)
        self._column.addWidget(self._told)
        self._body: QWidget | None = None
        self._show_fold()

    @property
    def form(self) -> Form:
        """The concept in the bank's form; empty when nothing is written. The id may be missing."""
        weight = self.weight.value()
        form: Form = {
            "id": self._form.get("id", "") if self.name is None else self.name.text().strip(),
            "statement": self.statement.text,
            "weight": 0 if weight == 1.0 else int(weight) if weight == int(weight) else weight,
            "essential": self.essential.isChecked(),
        }
        for key in ("accepted", "misconceptions"):
            form[key] = self._texts(key)
        form["probe"] = self._form.get("probe", "") if self.probe is None else self.probe.text
        form["hints"] = self._texts("hints")
        filled = {key: value for key, value in form.items() if value}
        return filled if set(filled) - {"id", "weight", "essential"} else {}

    @property
    def unfolded(self) -> bool:
        """Whether wordings, hints and the rest are shown."""
        return self._body is not None and self._body.isVisibleTo(self)

    def toggle(self) -> None:
        """Show wordings, misconceptions, hints and the rest, or hide them again."""
        if self._body is None:
            self._unfold()  # made when it is first wanted: a question has fifty such lines
        else:
            self._body.setVisible(not self._body.isVisibleTo(self))
        self._show_fold()

    def show_number(self, number: int) -> None:
        """Say which concept it is."""
        self.number.setText(str(number))
        self.setAccessibleName(f"Concept {number}")

    def set_tokens(self, tokens: Tokens) -> None:
        """Wear other colours."""
        self._tokens = tokens
        for one in self.lists.values():
            one.set_tokens(tokens)

    def show_results(self, results: Iterable[WordingResult], statements: Mapping[str, str]) -> None:
        """Mark each wording with what a check said; `statements` are the concepts by id."""
        self._marks = {"accepted": {}, "misconceptions": {}}
        unsound = 0
        for result in results:
            key = "accepted" if result.kind == "accepted" else "misconceptions"
            self._marks[key][result.text] = Mark(result.sound, result_text(result, statements))
            unsound += not result.sound
        for key, marks in self._marks.items():
            if key in self.lists:
                self.lists[key].show_marks(marks)
        total = sum(map(len, self._marks.values()))
        told = f"{total - unsound} of {total} are judged as meant." if total else ""
        self._told.setText(told)
        self._told.setVisible(bool(told))

    def show_fault(self, key: str, place: int | None, message: str) -> QWidget | None:
        """Say what is wrong with a field; returns the widget to go to."""
        if key not in ("statement", "weight", "essential") and self._body is None:
            self.toggle()
        if key in self.lists:
            return self.lists[key].show_fault(place or 0, message)
        field = self._fields.get(key, self._fields["statement"])
        field.show_fault(message)
        return {"probe": self.probe, "id": self.name}.get(key) or self.statement

    def clear_faults(self) -> None:
        """Say that nothing is wrong."""
        for field in self._fields.values():
            field.show_fault("")
        for one in self.lists.values():
            one.clear_faults()

    def _texts(self, key: str) -> list[str]:
        return self.lists[key].texts if key in self.lists else list(self._form.get(key, []))

    def _unfold(self) -> None:
        self._body = QWidget()
        inner = column(self._body, gap=2 * GAP)
        for key, name, add in _LISTS:
            made = TextList(name, add, self._tokens)
            made.set_texts(self._form.get(key, []))
            made.show_marks(self._marks.get(key, {}))
            made.changed.connect(self.changed)
            self.lists[key] = made
            if key != "hints":
                inner.addWidget(made)
        self.probe = GrowingEdit("Probe")
        self.probe.set_text(str(self._form.get("probe", "")))
        self.probe.setPlaceholderText("The question to ask when it was missed")
        self.probe.textChanged.connect(self.changed)
        self._fields["probe"] = Field("Asked when it was missed", self.probe)
        inner.addWidget(self._fields["probe"])
        inner.addWidget(self.lists["hints"])
        self.name = QLineEdit(str(self._form.get("id", "")))
        self.name.setAccessibleName("Id of the concept")
        self.name.setPlaceholderText("given by itself")
        self.name.textChanged.connect(self.changed)
        about = "Your progress on a concept hangs on its id: change it only while the question is new."
        self._fields["id"] = Field("Id", self.name, about)
        inner.addWidget(self._fields["id"])
        self._column.addWidget(self._body)
        self._body.show()  # the layout would only do so a moment later

    def _show_fold(self) -> None:
        if self.unfolded:
            self.fold.setText("Hide wordings, misconceptions and hints")
            return
        counts = [(len(self._texts(key)), name) for key, name in _COUNTED.items()]
        told = ", ".join(f"{count} {name}{'' if count == 1 else 's'}" for count, name in counts if count)
        self.fold.setText(f"Show {told}" if told else "Add wordings, misconceptions and hints")


def result_text(result: WordingResult, statements: Mapping[str, str]) -> str:
    """What a check said of a wording, in a sentence."""
    also = "; ".join(f"“{_short(statements.get(name, name))}”" for name in result.others_covered)
    tail = f" It also covers another concept: {also}." if also else ""
    own: Verdict = result.own or "missed"
    verdict = _COUNTS_AS[own]
    if result.kind == "misconception":
        refused = "Said alone, it covers nothing." if own != "covered" else "Said alone, it passes as right."
        return refused if result.sound or own == "covered" else f"Said alone: {verdict}.{tail}"
    if result.sound:
        return "Said alone, it is recognised, and covers no other concept."
    if own == "covered":
        return f"Said alone, it is recognised.{tail}"
    return f"Said alone, its concept counts as {verdict}.{tail}"


def _short(text: str, most: int = 60) -> str:
    return text if len(text) <= most else text[:most].rsplit(" ", 1)[0] + " …"
