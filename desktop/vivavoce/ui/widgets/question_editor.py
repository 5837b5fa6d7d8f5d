"""A question while it is written: every field of the bank's form."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Sequence
from typing import Any

from PySide6.QtCore import QSignalBlocker, Qt, Signal
from PySide6.QtGui import QWheelEvent
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QLineEdit, QScrollArea, QSpinBox, QVBoxLayout, QWidget

from vivavoce.core.question_form import TARGET_SECONDS, slug
from vivavoce.core.wording_check import WordingResult
from vivavoce.store.bank import LEVELS
from vivavoce.store.bank_file import Fault
from vivavoce.ui.theme import GAP, Tokens
from vivavoce.ui.widgets.concept_editor import ConceptEditor
from vivavoce.ui.widgets.fields import Field, GrowingEdit
from vivavoce.ui.widgets.parts import button, card, column, empty, label
from vivavoce.ui.widgets.text_list import TermRow, TextList

Form = dict[str, Any]
_PATH = re.compile(r"(\w+)(?:\[(\d+)\])?(?:\.(\w+)(?:\[(\d+)\])?)?")
_UNWRITTEN = ("is missing", "is empty", "needs at least one item")
_OWN = "own-"
_TEXTS = ("title", "ask", "ask_spoken", "reference", "explanation")


class _Seconds(QSpinBox):
    """Seconds without little arrows; Up and Down change them."""

    def wheelEvent(self, event: QWheelEvent) -> None:
        event.ignore()  # who scrolls past it changes nothing


class _Level(QComboBox):
    """A level to be chosen or typed."""

    def wheelEvent(self, event: QWheelEvent) -> None:
        event.ignore()  # who scrolls past it changes nothing


class QuestionEditor(QScrollArea):
    """Shows a form and gives it back as it is now."""

    changed = Signal()

    def __init__(self, tokens: Tokens) -> None:
        super().__init__()
        self.setObjectName("page")
        self.setAccessibleName("The question")
        self.setWidgetResizable(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._tokens = tokens
        self._taken: Collection[str] = ()
        self._id = ""
        self._former: set[str] = set()
        self._fields: dict[str, Field] = {}
        self.concepts: list[ConceptEditor] = []
        self.texts = {
            "title": GrowingEdit("Title"),
            "ask": GrowingEdit("Question as it is asked"),
            "ask_spoken": GrowingEdit("Question as it is read aloud"),
            "reference": GrowingEdit("Model answer", lines=True, least=4),
            "explanation": GrowingEdit("Explanation", lines=True, least=3),
        }
        self.level = _Level()
        self.level.setEditable(True)
        self.level.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.level.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self.level.setMinimumContentsLength(6)
        self.level.setAccessibleName("Level")
        self.level.lineEdit().setAccessibleName("Level")
        self.topics = QLineEdit()
        self.topics.setAccessibleName("Topics, separated by commas")
        self.seconds = _Seconds()
        self.seconds.setAccessibleName("Length of a good answer in seconds")
        self.seconds.setRange(*TARGET_SECONDS)
        self.seconds.setSuffix(" s")
        self.seconds.lineEdit().setTextMargins(GAP, 0, GAP, 0)
        self.seconds.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.follow_ups = TextList("An interviewer may go on with", "Add a question", tokens)
        self.terms = TextList("Terms: written, spoken, often heard as", "Add a term", tokens, TermRow)
        self.related = QLineEdit()
        self.related.setAccessibleName("Ids of related questions, separated by commas")
        self.name = QLineEdit()
        self.name.setAccessibleName("Id of the question")
        self._lay_out()
        self._connect()

    def _lay_out(self) -> None:
        scrolled = QWidget()
        scrolled.setObjectName("scrolled")
        body = column(scrolled, gap=2 * GAP)
        body.setContentsMargins(0, 0, GAP, 2 * GAP)
        body.addWidget(self._question_card())
        frame, inner = card()
        inner.addWidget(label("Model answer", "heading"))
        about = "What a strong candidate says, in whole sentences."
        inner.addWidget(self._field("reference", "Said aloud", self.texts["reference"], about))
        about = "Blank lines part paragraphs; a sample of code stands between lines of ```."
        inner.addWidget(self._field("explanation", "Why", self.texts["explanation"], about))
        body.addWidget(frame)
        body.addWidget(label("Concepts", "heading"))
        self._cards = column(gap=GAP)
        body.addLayout(self._cards)
        self.add_button = button("+  Add a concept", self.add_concept)
        line = QHBoxLayout()
        line.addWidget(self.add_button)
        line.addStretch(1)
        body.addLayout(line)
        self._fields["concepts"] = Field("", QVBoxLayout())
        body.addWidget(self._fields["concepts"])
        frame, inner = card()
        inner.addWidget(self.follow_ups)
        inner.addWidget(self.terms)
        inner.addWidget(
            self._field("related", "Related questions", self.related, "Ids, separated by commas.")
        )
        inner.addWidget(self._field("id", "Id", self.name, "The history of a question hangs on its id."))
        body.addWidget(frame)
        body.addStretch(1)
        self.setWidget(scrolled)

    def _question_card(self) -> QWidget:
        frame, inner = card()
        self.texts["title"].setPlaceholderText("A short line for the list")
        self.texts["ask"].setPlaceholderText("As an interviewer would ask it")
        self.texts["ask_spoken"].setPlaceholderText("Only where the question has signs a voice cannot read")
        inner.addWidget(self._field("title", "Title", self.texts["title"]))
        inner.addWidget(self._field("ask", "Question", self.texts["ask"]))
        inner.addWidget(self._field("ask_spoken", "Read aloud as", self.texts["ask_spoken"]))
        line = QHBoxLayout()
        line.setSpacing(GAP)
        self.topics.setPlaceholderText("separated by commas")
        for key, name, widget, share in (
            ("level", "Level", self.level, 2),
            ("topics", "Topics", self.topics, 4),
            ("target_seconds", "Length", self.seconds, 1),
        ):
            line.addWidget(self._field(key, name, widget), share, Qt.AlignmentFlag.AlignTop)
        inner.addLayout(line)
        return frame

    def _field(self, key: str, name: str, widget: QWidget, about: str = "") -> Field:
        self._fields[key] = Field(name, widget, about)
        return self._fields[key]

    def _connect(self) -> None:
        for edit in self.texts.values():
            edit.textChanged.connect(self.changed)
            edit.entered.connect(self.focusNextChild)
        for line in (self.topics, self.related, self.name):
            line.textChanged.connect(self.changed)
        self.texts["title"].textChanged.connect(self._show_id)
        self.level.currentTextChanged.connect(self.changed)
        self.seconds.valueChanged.connect(lambda _: self.changed.emit())
        self.follow_ups.changed.connect(self.changed)
        self.terms.changed.connect(self.changed)

    @property
    def form(self) -> Form:
        """The question in the bank's form, without what is empty; ids that are missing are given."""
        form: Form = {
            "id": self._id or self.name.text().strip() or self._given_id(),
            "level": slug(self.level.currentText()),
            "topics": _slugs(self.topics.text()),
        }
        form |= {key: edit.text for key, edit in self.texts.items()}
        form["ask"] = " ".join(form["ask"].split())
        form["concepts"] = self._concept_forms()
        form["follow_ups"] = self.follow_ups.texts
        form["terms"] = self.terms.texts
        form["target_seconds"] = 0 if self.seconds.value() == 90 else self.seconds.value()
        form["related"] = _slugs(self.related.text())
        return {key: value for key, value in form.items() if value}

    def show_form(self, form: Form, levels: Iterable[str], taken: Collection[str], *, new: bool) -> None:
        """Show a form; a new question may choose its id among those not taken."""
        blocker = QSignalBlocker(self)
        self._taken = taken
        self._id = "" if new else str(form.get("id", ""))
        for key in _TEXTS:
            self.texts[key].set_text(str(form.get(key, "")))
        self.level.clear()
        self.level.addItems(list(dict.fromkeys([*levels, *LEVELS])))
        self.level.setCurrentText(str(form.get("level", "")))
        self.topics.setText(", ".join(form.get("topics", [])))
        self.seconds.setValue(int(form.get("target_seconds", 90)))
        empty(self._cards)
        self.concepts = []
        self._former = {str(concept["id"]) for concept in form.get("concepts", []) if "id" in concept}
        for concept in form.get("concepts", []) or [{}]:
            self._insert_concept(len(self.concepts), concept)
        self.follow_ups.set_texts(form.get("follow_ups", []))
        self.terms.set_texts(form.get("terms", []))
        self.related.setText(", ".join(form.get("related", [])))
        self.name.setText(self._id or str(form.get("id", "")))
        self.name.setReadOnly(not new)
        self._show_id()
        self.clear_faults()
        self.verticalScrollBar().setValue(0)
        blocker.unblock()

    def set_tokens(self, tokens: Tokens) -> None:
        """Wear other colours."""
        self._tokens = tokens
        for one in (*self.concepts, self.follow_ups, self.terms):
            one.set_tokens(tokens)

    def add_concept(self) -> None:
        """Add an empty concept and go there."""
        self._insert_concept(len(self.concepts), {}).statement.setFocus()
        self.changed.emit()

    def show_faults(self, faults: Iterable[Fault], *, unwritten: bool) -> int:
        """Say at each field what is wrong and return how many that are.

        What is merely not written yet counts only with `unwritten`.
        """
        self.clear_faults()
        count = 0
        for fault in faults:
            if not unwritten and fault.message.startswith(_UNWRITTEN):
                continue
            self._show_fault(fault.field, _said(fault.message))
            count += 1
        return count

    def go_to(self, fault: Fault) -> None:
        """Bring the field of a fault into view and put the cursor there."""
        widget = self._show_fault(fault.field, _said(fault.message))
        if widget is not None and self.isVisible():
            for concept in self.concepts:
                if concept.isAncestorOf(widget) and not widget.isVisibleTo(concept):
                    concept.toggle()
            widget.setFocus()
            self.ensureWidgetVisible(widget, 50, 80)

    def clear_faults(self) -> None:
        """Say that nothing is wrong."""
        for one in self._fields.values():
            one.show_fault("")
        for one in (*self.concepts, self.follow_ups, self.terms):
            one.clear_faults()

    def show_results(self, results: Sequence[WordingResult]) -> None:
        """Mark each wording with what a check said of it."""
        concepts = self._concept_forms()
        statements = {str(one["id"]): str(one.get("statement", "")) for one in concepts}
        written = [editor for editor in self.concepts if editor.form]
        for editor, concept in zip(written, concepts, strict=True):
            mine = [one for one in results if one.concept_id == concept["id"]]
            editor.show_results(mine, statements)

    def _concept_forms(self) -> list[Form]:
        forms = [form for editor in self.concepts if (form := editor.form)]
        # Not that of a concept that was removed: what was said of it is no answer to another.
        used = self._former | {form["id"] for form in forms if form.get("id")}
        for place, form in enumerate(forms):
            name = form.get("id", "")
            if not name:
                name = next(n for n in _names(place) if n not in used)
                used.add(name)
            forms[place] = {"id": name} | form
        return forms

    def _insert_concept(self, place: int, form: Form) -> ConceptEditor:
        editor = ConceptEditor(form, self._tokens)
        editor.changed.connect(self.changed)
        editor.moved.connect(lambda step: self._move(editor, step))
        editor.removed.connect(lambda: self._remove(editor))
        self.concepts.insert(place, editor)
        self._cards.insertWidget(place, editor)
        self._number()
        return editor

    def _move(self, editor: ConceptEditor, step: int) -> None:
        place = self.concepts.index(editor)
        if 0 <= place + step < len(self.concepts):
            self.concepts.insert(place + step, self.concepts.pop(place))
            self._cards.removeWidget(editor)
            self._cards.insertWidget(place + step, editor)
            self._number()
            editor.statement.setFocus()
            self.changed.emit()

    def _remove(self, editor: ConceptEditor) -> None:
        self.concepts.remove(editor)
        self._cards.removeWidget(editor)
        editor.hide()
        editor.deleteLater()
        self._number()
        self.add_button.setFocus()
        self.changed.emit()

    def _number(self) -> None:
        for number, editor in enumerate(self.concepts, start=1):
            editor.show_number(number)

    def _given_id(self) -> str:
        start = _OWN + (slug(self.texts["title"].text) or "question")[:40].strip("-")
        name, number = start, 1
        while name in self._taken:
            number += 1
            name = f"{start}-{number}"
        return name

    def _show_id(self) -> None:
        self.name.setPlaceholderText(self._given_id())

    def _show_fault(self, path: str, message: str) -> QWidget | None:
        found = _PATH.match(path)
        key, place, inner, second = found.groups() if found else ("id", None, None, None)
        written = [editor for editor in self.concepts if editor.form]
        if key == "concepts" and place is not None and int(place) < len(written):
            return written[int(place)].show_fault(
                inner or "statement", None if second is None else int(second), message
            )
        lists = {"follow_ups": self.follow_ups, "terms": self.terms}
        if key in lists:
            return lists[key].show_fault(int(place or 0), message)
        self._fields.get(key, self._fields["id"]).show_fault(message)
        others = {"level": self.level, "topics": self.topics, "related": self.related, "id": self.name}
        return self.texts.get(key) or others.get(key) or self.add_button


def _names(place: int) -> Iterable[str]:
    number = place + 1
    while True:
        yield f"c{number}"
        number += 1


def _slugs(text: str) -> list[str]:
    return list(dict.fromkeys(filter(None, (slug(part) for part in text.split(",")))))


def _said(message: str) -> str:
    """A message of the check as a sentence by itself."""
    text = f"This {message}" if message.startswith(("is ", "has ", "must ", "needs ", "stands ")) else message
    return f"{text[0].upper()}{text[1:]}."
