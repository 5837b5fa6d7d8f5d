"""Beside the editor: an answer typed for a try, and what lights up; the check of the question's own words."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QProgressBar, QScrollArea, QWidget

from vivavoce.core.attempt import Assessment
from vivavoce.core.evidence import Evidence
from vivavoce.core.question import Question
from vivavoce.core.wording_check import WordingResult, rates_of
from vivavoce.errors import KnownError
from vivavoce.ui.theme import GAP, VERDICT_NAMES, VERDICT_SIGNS, Tokens
from vivavoce.ui.widgets.fields import GrowingEdit
from vivavoce.ui.widgets.parts import button, card, column, label, line_label

_LEAST_LINES = 4
EMPTY = "Type what somebody might say. Each concept lights up when the judge finds it."
UNWRITTEN = "Write the statement of a concept first: it is what is looked for."
LOADING = "The judge is still loading. Your answer is looked at as soon as it is there."


class ConceptLight(QFrame):
    """One concept: lit when it is found in the answer, with how sure the judge is and the words."""

    def __init__(self, tokens: Tokens) -> None:
        super().__init__()
        self._tokens = tokens
        self._statement = ""
        self._evidence: Evidence | None = None
        self.chip = line_label("")
        self.sure = line_label("", "small")
        self.statement = label("")
        self.quote = label("", "muted")
        inner = column(self, gap=2)
        inner.setContentsMargins(10, 8, 10, 8)
        head = QHBoxLayout()
        head.addWidget(self.chip)
        head.addStretch(1)
        head.addWidget(self.sure)
        inner.addLayout(head)
        inner.addWidget(self.statement)
        inner.addWidget(self.quote)
        self.setObjectName("light")

    def set_tokens(self, tokens: Tokens) -> None:
        """Wear other colours."""
        self._tokens = tokens
        self._dress()

    def show_concept(self, statement: str, evidence: Evidence | None, *, stale: bool = False) -> None:
        """Show a concept with its evidence, or unlit; `stale` while a newer verdict is on its way."""
        self._statement, self._evidence = statement, evidence
        self.statement.setText(statement)
        self.chip.setVisible(evidence is not None)
        self.sure.setVisible(evidence is not None)
        quote = ""
        if evidence is not None:
            self.chip.setText(f"{VERDICT_SIGNS[evidence.verdict]}  {VERDICT_NAMES[evidence.verdict]}")
            wrong = evidence.verdict == "contradicted"
            share = evidence.contradicted if wrong else evidence.covered
            self.sure.setText(f"{'wrong' if wrong else 'covered'} {100 * share:.0f} %")
            quote = f"“{evidence.quote}”" if evidence.quote else ""
            if wrong and evidence.misconception:
                quote += f"\nSounds like: {evidence.misconception}"
        self.quote.setText(quote)
        self.quote.setVisible(bool(quote))
        name = "Not tried yet" if evidence is None else VERDICT_NAMES[evidence.verdict]
        self.setAccessibleName(f"{name}: {statement}")
        self.setEnabled(not stale)
        self._dress()

    def _dress(self) -> None:
        tokens, evidence = self._tokens, self._evidence
        lit = evidence is not None and evidence.verdict != "missed"
        ground = tokens.verdict_soft(evidence.verdict) if evidence is not None and lit else tokens.surface
        edge = tokens.verdict(evidence.verdict) if evidence is not None and lit else tokens.line
        self.setStyleSheet(
            f"QFrame#light {{ background: {ground}; border: 1px solid {edge}; border-radius: 8px; }}"
        )
        colour = tokens.verdict(evidence.verdict) if evidence is not None else tokens.muted
        self.chip.setStyleSheet(f"color: {colour}; font-weight: 650; font-size: 13px;")
        for one in (self.sure, self.quote):  # muted would be too pale on a lit ground
            one.setStyleSheet(f"color: {tokens.text if lit else tokens.muted}; font-size: 12px;")


class AnswerTrial(QScrollArea):
    """Tells what is typed and shows what it is told."""

    typed = Signal(str)
    check = Signal()
    stop_check = Signal()

    def __init__(self, tokens: Tokens) -> None:
        super().__init__()
        self.setObjectName("page")
        self.setAccessibleName("Try an answer")
        self.setWidgetResizable(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._tokens = tokens
        self._lights: list[ConceptLight] = []
        self._statements: tuple[str, ...] = ()
        self._checking = False
        self.edit = GrowingEdit("Answer to try", lines=True, least=_LEAST_LINES)
        self.edit.setPlaceholderText("Type an answer and see what lights up")
        self.state = label(EMPTY, "small")
        self.score = line_label("", "heading")
        self.check_button = button("Check the wordings", self._press_check)
        self.bar = QProgressBar()
        self.bar.setRange(0, 1000)
        self.bar.setTextVisible(False)
        self.bar.setAccessibleName("Checking the wordings")
        self.bar.hide()
        self.rates = label(
            "Says for each accepted wording whether it is recognised by itself, and for the model answer "
            "and the misconceptions what they cover.",
            "small",
        )
        self._lay_out()
        self.edit.textChanged.connect(lambda: self.typed.emit(self.edit.text))

    def _lay_out(self) -> None:
        scrolled = QWidget()
        scrolled.setObjectName("scrolled")
        body = column(scrolled, gap=2 * GAP)
        body.setContentsMargins(0, 0, GAP, 2 * GAP)
        frame, inner = card()
        head = QHBoxLayout()
        head.addWidget(label("Try an answer", "heading"), 1)
        head.addWidget(self.score)
        inner.addLayout(head)
        inner.addWidget(self.edit)
        inner.addWidget(self.state)
        self._column = column(gap=GAP // 2)
        inner.addLayout(self._column)
        body.addWidget(frame)
        frame, inner = card()
        inner.addWidget(label("The question's own words", "heading"))
        inner.addWidget(self.rates)
        inner.addWidget(self.bar)
        line = QHBoxLayout()
        line.addWidget(self.check_button)
        line.addStretch(1)
        inner.addLayout(line)
        body.addWidget(frame)
        body.addStretch(1)
        self.setWidget(scrolled)

    def set_tokens(self, tokens: Tokens) -> None:
        """Wear other colours."""
        self._tokens = tokens
        for light in self._lights:
            light.set_tokens(tokens)

    def clear(self) -> None:
        """Begin with another question: nothing typed, nothing checked."""
        self.edit.set_text("")
        self._statements = ()
        self.show_checking(None)
        self.rates.setText(
            "Does the judge recognise each wording by itself, and the model answer as a whole?"
        )

    def show_question(self, question: Question | None) -> None:
        """Show the concepts unlit; nothing changes while they say the same."""
        statements = tuple(one.statement for one in question.concepts) if question is not None else ()
        if question is None:
            self.show_state(UNWRITTEN)
        if statements == self._statements:
            return
        self._statements = statements
        self._fit(len(statements))
        for light, statement in zip(self._lights, statements, strict=False):
            light.show_concept(statement, None)

    def show_empty(self) -> None:
        """Show that nothing is typed."""
        self.score.setText("")
        self.show_state(EMPTY if self._statements else UNWRITTEN)
        for light, statement in zip(self._lights, self._statements, strict=False):
            light.show_concept(statement, None)

    def show_state(self, text: str) -> None:
        """Say how it stands with the answer."""
        self.state.setText(text)
        self.state.setVisible(bool(text))

    def show_assessment(self, assessment: Assessment) -> None:
        """Light up what was found, or say why nothing is judged."""
        if not assessment.scored or assessment.score is None:
            self.show_empty()
            self.show_state(assessment.reason or "")
            return
        low, high = assessment.band or (assessment.score, assessment.score)
        self.score.setText(f"{assessment.score:.0f} of 100")
        self.show_state(f"Likely between {low:.0f} and {high:.0f}.")
        self._statements = tuple(one.statement for one in assessment.evidence)
        self._fit(len(assessment.evidence))
        for light, evidence in zip(self._lights, assessment.evidence, strict=False):
            light.show_concept(evidence.statement, evidence)

    def show_failure(self, error: KnownError) -> None:
        """Say that an answer could not be judged."""
        self.show_empty()
        self.show_state(error.what)

    def show_checking(self, part: float | None) -> None:
        """Show how far a check is, or with None that none runs."""
        self._checking = part is not None
        self.bar.setVisible(part is not None)
        self.bar.setValue(round(1000 * (part or 0.0)))
        self.check_button.setText("Stop checking" if part is not None else "Check the wordings")

    def show_results(self, results: Sequence[WordingResult], question: Question) -> None:
        """Say the three rates of a check."""
        self.rates.setText(rates_text(results, question))

    def show_old_results(self) -> None:
        """Say that the question has changed since it was checked."""
        old = "Before your last change:\n"
        if "\n" in self.rates.text() and not self.rates.text().startswith(old):
            self.rates.setText(old + self.rates.text())

    def _press_check(self) -> None:
        (self.stop_check if self._checking else self.check).emit()

    def _fit(self, count: int) -> None:
        """As many lights as concepts; what is there is used again, or the page would flicker."""
        while len(self._lights) < count:
            light = ConceptLight(self._tokens)
            self._lights.append(light)
            self._column.addWidget(light)
        for place, light in enumerate(self._lights):
            light.setVisible(place < count)


def rates_text(results: Sequence[WordingResult], question: Question) -> str:
    """What a check found, one line for each kind of text."""
    statements = {concept.id: concept.statement for concept in question.concepts}
    rates = rates_of(results)
    lines: list[str] = []
    for result in results:
        if result.kind == "reference":
            found = len(result.verdicts) - len(result.missing)
            lines.append(f"Model answer: covers {found} of {len(result.verdicts)} concepts.")
            lines += [f"   Not found in it: {statements.get(name, name)}" for name in result.missing]
    for name, kind, rate in (
        ("Accepted wordings", "accepted", rates.accepted_recognised),
        ("Misconceptions", "misconception", rates.misconceptions_refused),
    ):
        total = sum(one.kind == kind for one in results)
        if rate is not None:
            word = "recognised" if kind == "accepted" else "not taken for right"
            lines.append(f"{name}: {round(rate * total)} of {total} {word}.")
    also = sum(bool(one.others_covered) for one in results if one.kind != "reference")
    if also:
        lines.append(f"{also} also cover{'s' if also == 1 else ''} another concept.")
    return "\n".join(lines) if len(lines) > 1 else "\n".join([*lines, ""])
