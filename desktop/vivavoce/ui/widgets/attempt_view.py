"""A judged answer in full: score, concepts with their proof, the words, the model answer."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from functools import partial

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtWidgets import QApplication, QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from vivavoce.core.attempt import Assessment, Attempt
from vivavoce.core.delivery import Delivery
from vivavoce.core.evidence import Evidence, Verdict
from vivavoce.core.own_wording import OwnWording
from vivavoce.core.question import Concept, Question
from vivavoce.core.transcript import Transcript
from vivavoce.ui.theme import GAP, VERDICT_NAMES, Tokens
from vivavoce.ui.widgets.answer_words import AnswerWords
from vivavoce.ui.widgets.concept_card import ConceptCard, ConceptLinks
from vivavoce.ui.widgets.delivery_card import DeliveryCard
from vivavoce.ui.widgets.parts import bring_into_view, button, card, column, empty, label, line_label
from vivavoce.ui.widgets.read_label import ReadLabel

_WORST_FIRST: tuple[Verdict, ...] = ("contradicted", "missed", "partial", "covered")
_PARTS_AT_ONCE = 2
HOW_SCORED = (
    "How a score is made: every key concept has a weight, and counts the more, the surer the judge is that "
    "you said it; said wrongly counts nothing.\n"
    "Where you spoke of a concept is found by comparing sentences; the words quoted are the proof.\n"
    "Length, pace, hesitation and accent count nothing. The range shows how sure the judge is."
)


class AttemptView(QWidget):
    """Everything about one attempt; it asks to be played and never plays by itself."""

    play_span = Signal(float, float)
    play_from = Signal(float)
    shown = Signal(object)
    """The judged Attempt that is shown from now on."""
    replay = Signal()
    hear_model = Signal()
    judge = Signal(int)
    """The number of an attempt that has not been judged."""
    practise = Signal(str)
    """The id of another question that asks for the same."""
    opened = Signal(int)
    """The number of an earlier attempt that said it."""
    claimed = Signal(str, str)
    """Concept id, and the words in which it was said, as the user says."""
    denied = Signal(str, str)
    """Concept id, and the quote that did not say it."""
    forgotten = Signal(object)
    """An OwnWording that shall count no more."""
    corrected = Signal(str)
    """The answer's words as they should have been heard."""

    def __init__(self, tokens: Tokens) -> None:
        super().__init__()
        self._tokens = tokens
        self._attempt: Attempt | None = None
        self._links_of: Callable[[Attempt], Mapping[str, ConceptLinks]] = lambda _: {}
        self._wordings_of: Callable[[Attempt], Mapping[str, Sequence[OwnWording]]] = lambda _: {}
        self._heard_of: Callable[[Attempt], Transcript | None] = lambda _: None
        self._words: AnswerWords | None = None
        self._body = column(self, gap=2 * GAP)
        self._later: list[Callable[[], None]] = []
        self._timer = QTimer(self)
        self._timer.setInterval(0)
        self._timer.timeout.connect(self._add_next)
        self._model: QWidget | None = None
        self._model_button: QPushButton | None = None
        self._voice_button: QPushButton | None = None
        self._model_text: ReadLabel | None = None
        self._counts: QLabel | None = None
        self._delivery: DeliveryCard | None = None

    @property
    def attempt(self) -> Attempt | None:
        """The attempt that is shown."""
        return self._attempt

    def set_tokens(self, tokens: Tokens) -> None:
        """Wear other colours."""
        self._tokens = tokens
        if self._attempt is not None:
            self.show_attempt(self._attempt)

    def set_links(self, links_of: Callable[[Attempt], Mapping[str, ConceptLinks]]) -> None:
        """Let a function say, by concept id, where else the concepts of an attempt are asked for."""
        self._links_of = links_of

    def set_own_words(
        self,
        wordings_of: Callable[[Attempt], Mapping[str, Sequence[OwnWording]]],
        heard_of: Callable[[Attempt], Transcript | None],
    ) -> None:
        """Let functions say which wordings are the user's own, and what was heard before a correction."""
        self._wordings_of = wordings_of
        self._heard_of = heard_of

    @property
    def words(self) -> AnswerWords | None:
        """The card with the words, once it is laid out."""
        return self._words

    @property
    def busy(self) -> bool:
        """Whether words are being selected or corrected."""
        return self._words is not None and self._words.busy

    def claim(self) -> None:
        """Dispute the verdict on the concept that has the focus, or else on the first that can be."""
        self.complete()
        cards = [shown for shown in self.findChildren(ConceptCard) if shown.claimable]
        focused = QApplication.focusWidget()
        for shown in sorted(cards, key=lambda one: focused is None or not one.isAncestorOf(focused))[:1]:
            self._select_for(shown.evidence)

    def reveal(self, concept_id: str) -> None:
        """Bring the card of a concept into view, with the focus on it; without one, the words."""
        self.complete()
        if not concept_id and self._words is not None:
            bring_into_view(self._words, focus=True)
        for shown in self.findChildren(ConceptCard):
            if shown.evidence.concept_id == concept_id and self._body.indexOf(shown) >= 0:
                bring_into_view(shown, focus=True)

    def clear(self) -> None:
        """Show nothing."""
        self._attempt = None
        self._words = None
        self._later.clear()
        self._timer.stop()
        self._model = self._voice_button = self._model_text = None
        self._counts = self._delivery = None
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
        links = self._links_of(attempt)
        own = self._wordings_of(attempt)
        for evidence in sorted(assessment.evidence, key=lambda one: _WORST_FIRST.index(one.verdict)):
            name = evidence.concept_id
            self._later.append(
                partial(
                    self._add_concept,
                    attempt,
                    evidence,
                    concepts.get(name),
                    links.get(name),
                    own.get(name, ()),
                )
            )
        self._later.append(partial(self._add_words, attempt, assessment))
        if assessment.delivery is not None and assessment.delivery.words:
            self._later.append(partial(self._add_delivery, attempt, assessment.delivery))
        self._later.append(partial(self._add_model, attempt.question))
        self._timer.start()
        self.shown.emit(attempt)

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

    def show_sentence(self, kind: str, start: int, end: int) -> None:
        """Mark the sentence of the model answer that is heard; 0, 0 marks none."""
        if kind == "model" and self._model_text is not None:
            self._model_text.mark(start, end)

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
            self._counts = label(delivery_text(assessment.delivery), "muted")
            words.addWidget(self._counts)
        line.addLayout(words, 1)
        if attempt.audio_seconds > 0:
            line.addWidget(button("▶  Hear my answer", self.replay.emit, tip="V"))
        inner.addLayout(line)
        return frame

    def _add_concept(
        self,
        attempt: Attempt,
        evidence: Evidence,
        concept: Concept | None,
        links: ConceptLinks | None,
        own: Sequence[OwnWording],
    ) -> None:
        shown = ConceptCard(evidence, concept, self._tokens, playable=attempt.audio_seconds > 0)
        if links is not None:
            shown.show_links(links)
        shown.play.connect(self.play_span)
        shown.practise.connect(self.practise)
        shown.opened.connect(self.opened)
        shown.show_own(own)
        shown.claimed.connect(lambda: self._select_for(evidence))
        shown.denied.connect(lambda quote: self.denied.emit(evidence.concept_id, quote))
        shown.forgotten.connect(self.forgotten)
        self._body.addWidget(shown)

    def _add_words(self, attempt: Attempt, assessment: Assessment) -> None:
        if not assessment.text:
            return
        words = AnswerWords(assessment, self._heard_of(attempt), self._tokens)
        words.play.connect(self.play_from)
        words.selected.connect(self.claimed)
        words.corrected.connect(self.corrected)
        self._words = words
        self._body.addWidget(words)

    def _select_for(self, evidence: Evidence) -> None:
        self.complete()
        if self._words is not None:
            self._words.select_for(evidence)
            bring_into_view(self._words)

    def show_delivery(self, attempt: Attempt) -> None:
        """Show what was heard of the delivery since the verdict, when this is the attempt shown."""
        if self._attempt is None or self._attempt.id != attempt.id or attempt.assessment is None:
            return
        if self._attempt.assessment is None or attempt.assessment.delivery is None:
            return
        self._attempt = attempt
        if self._counts is not None:
            self._counts.setText(delivery_text(attempt.assessment.delivery))
        if self._delivery is not None:
            self._delivery.show_delivery(attempt.assessment.delivery)

    def _add_delivery(self, attempt: Attempt, delivery: Delivery) -> None:
        # What was heard since may be there already: the card is laid out later than the verdict.
        now = self._attempt.assessment if self._attempt is not None else None
        delivery = now.delivery if now is not None and now.delivery is not None else delivery
        self._body.addWidget(label("How you spoke", "heading"))
        self._delivery = DeliveryCard(delivery, self._tokens, playable=attempt.audio_seconds > 0)
        self._delivery.play_from.connect(self.play_from)
        self._body.addWidget(self._delivery)

    def _add_model(self, question: Question) -> None:
        toggle = button("Show model answer  (M)", self.toggle_model)
        hear = button("▶  Hear the model answer", self.hear_model.emit, "quiet")
        line = QHBoxLayout()
        line.addWidget(toggle)
        line.addWidget(hear)
        line.addStretch(1)
        self._body.addLayout(line)
        frame, inner = card()
        text = self._model_text = ReadLabel(question.reference, self._tokens)
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
