"""A list of short texts in a form: wordings, misconceptions, hints, follow-ups."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QWidget

from vivavoce.core.evidence import Verdict
from vivavoce.ui.theme import GAP, VERDICT_SIGNS, Tokens
from vivavoce.ui.widgets.fields import GrowingEdit, tool
from vivavoce.ui.widgets.parts import button, column, label, line_label, plain_tip

_MARK_WIDTH = 18


@dataclass(frozen=True, slots=True)
class Mark:
    """What a check said of one text: whether it is judged as meant, and in words why."""

    sound: bool
    about: str


class TextRow(QWidget):
    """One text with its mark, its buttons and, when there is one, its fault."""

    changed = Signal()

    def __init__(self, name: str, value: Any, tokens: Tokens) -> None:  # noqa: ANN401
        super().__init__()
        self._tokens = tokens
        self._mark: Mark | None = None
        self._fault: QLabel | None = None
        self._faulty = False
        self.edit = GrowingEdit(name)
        self.edit.set_text(value if isinstance(value, str) else value.get("text", ""))
        self.sign = line_label("")
        self.sign.setFixedWidth(_MARK_WIDTH)
        self.up = tool("↑", "Move up", "Alt+Up")
        self.down = tool("↓", "Move down", "Alt+Down")
        self.remove = tool("×", "Remove", "Backspace in the empty line")
        self._outer = column(self, gap=2)
        line = QHBoxLayout()
        line.setSpacing(2)
        line.addWidget(self.sign)
        line.addWidget(self.edit, 1)
        self._add_more(line, value)
        line.addWidget(self.up)
        line.addWidget(self.down)
        line.addWidget(self.remove)
        self._outer.addLayout(line)
        self.edit.textChanged.connect(self._on_text)

    @property
    def value(self) -> Any:  # noqa: ANN401 - a text here, fields in a term
        """What is written in the row, empty when it is blank."""
        return self.edit.text

    def set_tokens(self, tokens: Tokens) -> None:
        """Wear other colours."""
        self._tokens = tokens
        self._dress()

    def show_mark(self, mark: Mark | None) -> None:
        """Show what a check said, or nothing."""
        self._mark = mark
        self.sign.setText("" if mark is None else VERDICT_SIGNS["covered"] if mark.sound else "!")
        self._dress()
        self.sign.setToolTip("" if mark is None else plain_tip(mark.about))
        self.sign.setAccessibleName("" if mark is None else mark.about)
        self.edit.setAccessibleDescription("" if mark is None else mark.about)
        self._tell(mark.about if mark is not None and not mark.sound else "", "small")

    def show_fault(self, message: str) -> None:
        """Say what is wrong with the text, or with an empty text that nothing is."""
        if message:
            self._tell(message, "wrong")
            self.edit.setAccessibleDescription(message)
        elif self._faulty:
            self.show_mark(self._mark)  # what a check said comes back
        self._faulty = bool(message)

    def _dress(self) -> None:
        verdict: Verdict = "covered" if self._mark is not None and self._mark.sound else "partial"
        self.sign.setStyleSheet(f"color: {self._tokens.verdict(verdict)}; font-weight: 700;")

    def _add_more(self, line: QHBoxLayout, value: Any) -> None:  # noqa: ANN401
        """Where a row has more than one field."""

    def _tell(self, message: str, kind: str) -> None:
        if self._fault is None:
            if not message:
                return
            self._fault = label("")
            self._fault.setContentsMargins(_MARK_WIDTH + 2, 0, 0, 0)
            self._outer.addWidget(self._fault)
        self._fault.setProperty("kind", kind)
        self._fault.style().unpolish(self._fault)
        self._fault.style().polish(self._fault)
        self._fault.setText(message)
        self._fault.setVisible(bool(message))

    def _on_text(self) -> None:
        if self._mark is not None:
            self.show_mark(None)  # the mark was another text's
        self.changed.emit()


class TermRow(TextRow):
    """A word of the trade: written, spoken, and mis-heard in ways separated by semicolons."""

    def _add_more(self, line: QHBoxLayout, value: Any) -> None:  # noqa: ANN401
        fields = value if isinstance(value, dict) else {}
        self.edit.setPlaceholderText("written")
        self.spoken = GrowingEdit("Spoken form of the term")
        self.spoken.setPlaceholderText("spoken")
        self.spoken.set_text(fields.get("spoken", ""))
        self.heard = GrowingEdit("Often heard as, separated by semicolons")
        self.heard.setPlaceholderText("often heard as; or as")
        self.heard.set_text("; ".join(fields.get("heard_as", [])))
        for one, share in ((self.spoken, 1), (self.heard, 2)):
            line.addWidget(one, share)
            one.textChanged.connect(self.changed)

    @property
    def value(self) -> Any:  # noqa: ANN401
        """The term in the bank's form, empty when nothing is written."""
        heard = [part.strip() for part in self.heard.text.split(";") if part.strip()]
        fields = {"text": self.edit.text, "spoken": self.spoken.text, "heard_as": heard}
        return {key: one for key, one in fields.items() if one}


class TextList(QWidget):
    """Texts that can be added, removed and put in another order; blank ones do not count."""

    changed = Signal()

    def __init__(self, name: str, add: str, tokens: Tokens, row: type[TextRow] = TextRow) -> None:
        super().__init__()
        self._name = name
        self._row = row
        self._tokens = tokens
        self._rows: list[TextRow] = []
        outer = column(self, gap=GAP // 2)
        outer.addWidget(label(name, "field"))
        self._lines = column(gap=GAP // 2)
        outer.addLayout(self._lines)
        self.add_button = button(f"+  {add}", self.add, "quiet")
        line = QHBoxLayout()
        line.setContentsMargins(_MARK_WIDTH, 0, 0, 0)
        line.addWidget(self.add_button)
        line.addStretch(1)
        outer.addLayout(line)

    @property
    def rows(self) -> tuple[TextRow, ...]:
        """The lines, the blank ones too."""
        return tuple(self._rows)

    @property
    def texts(self) -> list[Any]:
        """The texts, or terms, that are not blank, in order."""
        return [value for row in self._rows if (value := row.value)]

    def set_texts(self, texts: Sequence[Any]) -> None:
        """Show other texts."""
        while self._rows:
            self._take(self._rows[-1])
        for text in texts:
            self._insert(len(self._rows), text)

    def set_tokens(self, tokens: Tokens) -> None:
        """Wear other colours."""
        self._tokens = tokens
        for row in self._rows:
            row.set_tokens(tokens)

    def add(self) -> None:
        """Add a blank line at the end and go there."""
        self._insert(len(self._rows), "").edit.setFocus()
        self.changed.emit()

    def show_marks(self, marks: Mapping[str, Mark]) -> None:
        """Show what a check said of each text."""
        for row in self._rows:
            row.show_mark(marks.get(row.edit.text))

    def show_fault(self, place: int, message: str) -> QWidget | None:
        """Say what is wrong with the text that is `place`-th among those that are not blank."""
        filled = [row for row in self._rows if row.value]
        if place >= len(filled):
            return None
        filled[place].show_fault(message)
        return filled[place].edit

    def clear_faults(self) -> None:
        """Say that nothing is wrong."""
        for row in self._rows:
            row.show_fault("")

    def _insert(self, place: int, value: Any) -> TextRow:  # noqa: ANN401
        row = self._row(self._name, value, self._tokens)
        row.changed.connect(self.changed)
        row.up.clicked.connect(lambda: self._move(row, -1))
        row.down.clicked.connect(lambda: self._move(row, 1))
        row.remove.clicked.connect(lambda: self._remove(row))
        row.edit.moved.connect(lambda step: self._move(row, step))
        row.edit.entered.connect(lambda: self._add_after(row))
        row.edit.emptied.connect(lambda: self._remove(row))
        self._rows.insert(place, row)
        self._lines.insertWidget(place, row)
        return row

    def _add_after(self, row: TextRow) -> None:
        self._insert(self._rows.index(row) + 1, "").edit.setFocus()
        self.changed.emit()

    def _move(self, row: TextRow, step: int) -> None:
        place = self._rows.index(row)
        if not 0 <= place + step < len(self._rows):
            return
        self._rows.insert(place + step, self._rows.pop(place))
        self._lines.removeWidget(row)
        self._lines.insertWidget(place + step, row)
        row.edit.setFocus()
        self.changed.emit()

    def _remove(self, row: TextRow) -> None:
        place = self._rows.index(row)
        self._take(row)
        if self._rows:
            self._rows[max(0, place - 1)].edit.setFocus()
        else:
            self.add_button.setFocus()
        self.changed.emit()

    def _take(self, row: TextRow) -> None:
        self._rows.remove(row)
        self._lines.removeWidget(row)
        row.hide()
        row.deleteLater()
