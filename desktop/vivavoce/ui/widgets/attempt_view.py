"""A judged answer in full: score, concepts with their proof, the words, the model answer."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from functools import partial

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from vivavoce.core.attempt import Assessment, Attempt
from vivavoce.core.delivery import Delivery
from vivavoce.core.evidence import Evidence, Verdict
from vivavoce.core.question import Concept, Question
from vivavoce.ui.theme import GAP, VERDICT_NAMES, Tokens
from vivavoce.ui.widgets.concept_card import ConceptCard
from vivavoce.ui.widgets.parts import button, card, column, empty, label, line_label
from vivavoce.ui.widgets.transcript_view import TranscriptView

_WORST_FIRST: tuple[Verdict, ...] = ("contradicted", "missed", "partial", "covered")
_PARTS_AT_ONCE = 2
HOW_SCORED = (
    "How a score is made: every key concept has a weight; covered counts whole, partly counts half, "
    "missed and said wrongly count nothing.\n"
    "Where you spoke of a concept is found by comparing sentences; the words quoted are the proof.\n"
    "Length, pace and accent count nothing. The range shows how sure the judge is."
)


class AttemptView(QWidget):
    """Everything about one attempt; it asks to be played and never plays by itself."""

    play_span = Signal(float, float)
    play_from = Signal(float)
    replay = Signal()
    hear_model = Signal()
    judge = Signal(int)
    """The number of an attempt that has not been judged."""

    def __init__(self, tokens: Tokens) -> None:
        super().__init__()
        self._tokens = tokens
        self._attempt: Attempt | None = None
        self._body = column(self, gap=2 * GAP)
        self._later: list[Callable[[], None]] = []
        self._timer = QTimer(self)
        self._timer.setInterval(0)
        self._timer.timeout.connect(self._add_next)
        self._model: QWidget | None = None
        self._model_button: QPushButton | None = None
        self._voice_button: QPushButton | None = None

    @property
    def attempt(self) -> Attempt | None:
        """The attempt that is shown."""
        return self._attempt

    def set_tokens(self, tokens: Tokens) -> None:
        """Wear other colours."""
        self._tokens = tokens
        if self._attempt is not None:
            self.show_attempt(self._attempt)

    def clear(self) -> None:
        """Show nothing."""
        self._attempt = None
        self._later.clear()
        self._timer.stop()
        self._model = self._voice_button = None
        empty(self._body)

    def show_attempt(self, attempt: Attempt) -> None:
        """Show a judged attempt."""
        self.clear()
        self._attempt = attempt
        assessment = attempt.assessment
        if assessment is None:
            self._body.addWidget(self._unjudged(attempt))
            return
        self._body.addWidget(self._summary(attempt, assessment))
        if assessment.evidence:
            self._body.addWidget(label("Concept by concept", "heading"))
        concepts = {concept.id: concept for concept in attempt.question.concepts}
        for evidence in sorted(assessment.evidence, key=lambda one: _WORST_FIRST.index(one.verdict)):
            card_of = partial(self._add_concept, attempt, evidence, concepts.get(evidence.concept_id))
            self._later.append(card_of)
        self._later.append(partial(self._add_words, assessment))
        self._later.append(partial(self._add_model, attempt.question))
        self._timer.start()

    def complete(self) -> None:
        """Lay out now what would follow in the next moments."""
        while self._later:
            self._later.pop(0)()
        self._timer.stop()

    def _add_next(self) -> None:
        # In steps, because laying out twenty wrapped texts at once holds the window for a tenth of a second.
        for _ in range(_PARTS_AT_ONCE):
            if self._later:
                self._later.pop(0)()
        if not self._later:
            self._timer.stop()

    def show_sound(self, kind: str) -> None:
        """Say on the buttons what pressing them does now."""
        if self._voice_button is not None:
            self._voice_button.setText("■  Stop" if kind == "model" else "▶  Hear the model answer")

    def toggle_model(self) -> None:
        """Show the model answer, or hide it again."""
        self.complete()
        if self._model is None:
            return
        shown = not self._model.isVisibleTo(self)
        self._model.setVisible(shown)
        if self._model_button is not None:
            self._model_button.setText("Hide model answer  (M)" if shown else "Show model answer  (M)")

    def _unjudged(self, attempt: Attempt) -> QWidget:
        frame, inner = card(margin=3 * GAP)
        inner.addWidget(label("Not judged yet", "heading"))
        inner.addWidget(label("The recording is kept.", "muted"))
        line = QHBoxLayout()
        line.addWidget(button("Judge it", lambda: self.judge.emit(attempt.id), "primary"))
        line.addWidget(button("▶  Hear my answer", self.replay.emit, tip="V"))
        line.addStretch(1)
        inner.addLayout(line)
        return frame

    def _summary(self, attempt: Attempt, assessment: Assessment) -> QWidget:
        frame, inner = card(margin=3 * GAP)
        line = QHBoxLayout()
        line.setSpacing(3 * GAP)
        if assessment.scored and assessment.score is not None:
            score = line_label(f"{assessment.score:.0f}", "score")
            score.setAccessibleName(f"Score {assessment.score:.0f} of 100")
            line.addWidget(score)
        words = QVBoxLayout()
        words.setSpacing(GAP // 2)
        words.addWidget(label(headline(assessment), "heading"))
        words.addWidget(label(_detail(assessment), "muted"))
        if assessment.delivery is not None:
            words.addWidget(label(delivery_text(assessment.delivery), "muted"))
        line.addLayout(words, 1)
        if attempt.audio_seconds > 0:
            line.addWidget(button("▶  Hear my answer", self.replay.emit, tip="V"))
        inner.addLayout(line)
        return frame

    def _add_concept(self, attempt: Attempt, evidence: Evidence, concept: Concept | None) -> None:
        shown = ConceptCard(evidence, concept, self._tokens, playable=attempt.audio_seconds > 0)
        shown.play.connect(self.play_span)
        self._body.addWidget(shown)

    def _add_words(self, assessment: Assessment) -> None:
        if not assessment.text:
            return
        self._body.addWidget(label("Your answer", "heading"))
        frame, inner = card()
        view = TranscriptView(self._tokens)
        view.play.connect(self.play_from)
        if assessment.transcript is not None:
            view.show_transcript(assessment.transcript, assessment.evidence)
            inner.addWidget(
                label("Click a word to hear it from there. Marked words proved a concept.", "small")
            )
        else:
            view.show_text(assessment.text)
        inner.addWidget(view)
        self._body.addWidget(frame)

    def _add_model(self, question: Question) -> None:
        toggle = button("Show model answer  (M)", self.toggle_model)
        hear = button("▶  Hear the model answer", self.hear_model.emit, "quiet")
        line = QHBoxLayout()
        line.addWidget(toggle)
        line.addWidget(hear)
        line.addStretch(1)
        self._body.addLayout(line)
        frame, inner = card()
        text = label(question.reference, selectable=True)
        text.setAccessibleName("Model answer")
        inner.addWidget(text)
        if question.explanation:
            inner.addWidget(label("Why", "heading"))
            for block in blocks(question.explanation):
                why = label(block, selectable=True)
                why.setTextFormat(Qt.TextFormat.MarkdownText)
                inner.addWidget(why)
        if question.follow_ups:
            inner.addWidget(label("An interviewer may go on with", "heading"))
            for follow_up in question.follow_ups:
                inner.addWidget(label(f"•  {follow_up}", selectable=True))
        frame.hide()
        self._model, self._model_button, self._voice_button = frame, toggle, hear
        self._body.addWidget(frame)


def blocks(markdown: str) -> list[str]:
    """Paragraphs of a text, a fenced code sample being one; Qt sets no space between them."""
    found: list[str] = []
    fenced = False
    for line in markdown.split("\n"):
        if (not line.strip() and not fenced) or not found:
            found.append(line)
        else:
            found[-1] = f"{found[-1]}\n{line}"
        fenced ^= line.strip().startswith("```")
    return [block.strip("\n") for block in found if block.strip()]


def headline(assessment: Assessment) -> str:
    """The verdict in one line."""
    if not assessment.scored:
        return "Not scored"
    counts = Counter(evidence.verdict for evidence in assessment.evidence)
    total = len(assessment.evidence)
    parts = [f"{counts['covered']} of {total} concepts covered"]
    parts += [
        f"{counts[verdict]} {VERDICT_NAMES[verdict].lower()}"
        for verdict in ("partial", "missed", "contradicted")
        if counts[verdict]
    ]
    return ", ".join(parts)


def delivery_text(delivery: Delivery) -> str:
    """Counts of the delivery in one line."""
    minutes, seconds = divmod(round(delivery.seconds), 60)
    parts = [f"{minutes}:{seconds:02d}", f"{delivery.words} words"]
    if delivery.words_per_minute:
        parts.append(f"{delivery.words_per_minute:.0f} words a minute")
    parts.append(f"{delivery.pauses} pause{'' if delivery.pauses == 1 else 's'}")
    if delivery.fillers_at_least:
        parts.append(f"at least {delivery.fillers_at_least} fillers")
    return "  ·  ".join(parts)


def _detail(assessment: Assessment) -> str:
    if not assessment.scored:
        return f"{assessment.reason} Your recording is kept."
    low, high = assessment.band or (0.0, 0.0)
    return f"Likely between {low:.0f} and {high:.0f} of 100."
