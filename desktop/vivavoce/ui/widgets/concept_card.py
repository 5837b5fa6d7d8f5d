"""One concept of an answer: the verdict, and the words that prove it."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QVBoxLayout

from vivavoce.core.evidence import Evidence
from vivavoce.core.question import Concept
from vivavoce.ui.theme import GAP, VERDICT_NAMES, VERDICT_SIGNS, Tokens
from vivavoce.ui.widgets.parts import button, label, line_label


class ConceptCard(QFrame):
    """Verdict, statement, quote that plays, and the question to ask oneself when it was missed."""

    play = Signal(float, float)
    """Seconds of the recording, from and to."""

    def __init__(self, evidence: Evidence, concept: Concept | None, tokens: Tokens, playable: bool) -> None:
        super().__init__()
        self.setProperty("kind", "card")
        name = VERDICT_NAMES[evidence.verdict]
        self.setAccessibleName(f"{name}: {evidence.statement}")
        outer = QHBoxLayout(self)
        outer.setContentsMargins(2 * GAP, 2 * GAP, 2 * GAP, 2 * GAP)
        outer.setSpacing(2 * GAP)
        inner = QVBoxLayout()
        inner.setSpacing(GAP)
        outer.addLayout(inner, 1)

        head = QHBoxLayout()
        head.setSpacing(GAP)
        head.addWidget(_chip(evidence, tokens))
        if concept is not None and concept.essential:
            head.addWidget(line_label("essential", "small"))
        head.addStretch(1)
        inner.addLayout(head)
        inner.addWidget(label(evidence.statement, selectable=True))
        if evidence.quote:
            inner.addWidget(self._quote(evidence, playable))
        if evidence.misconception and evidence.verdict == "contradicted":
            inner.addWidget(label(f"Sounded like: {evidence.misconception}", "muted", selectable=True))
        if evidence.verdict in ("missed", "partial") and concept is not None and concept.probe:
            inner.addWidget(label(f"Ask yourself: {concept.probe}", "muted", selectable=True))
        if evidence.verdict == "missed" and not evidence.quote and evidence.closest:
            inner.addWidget(label(f"Closest you came: “{evidence.closest}”", "small", selectable=True))

    def _quote(self, evidence: Evidence, playable: bool) -> QLabel | QFrame:
        start, end = evidence.start, evidence.end
        if not playable or start is None or end is None:
            return label(f"“{evidence.quote}”", "muted", selectable=True)
        text = f"▶  {_clock(start)}   “{_shortened(evidence.quote or '')}”"
        text = text.replace("&", "&&")  # Qt would take a lone one for a key
        made = button(
            text, lambda: self.play.emit(start, end), "quote", f"{evidence.quote} (click to hear it)"
        )
        made.setAccessibleName(f"Hear: {evidence.quote}")
        frame = QFrame()
        inner = QHBoxLayout(frame)
        inner.setContentsMargins(0, 0, 0, 0)
        inner.addWidget(made)
        made.setMinimumWidth(0)
        return frame


def _chip(evidence: Evidence, tokens: Tokens) -> QLabel:
    chip = line_label(f"{VERDICT_SIGNS[evidence.verdict]}  {VERDICT_NAMES[evidence.verdict]}")
    chip.setStyleSheet(
        f"background: {tokens.verdict_soft(evidence.verdict)}; color: {tokens.verdict(evidence.verdict)};"
        "border-radius: 9px; padding: 2px 10px; font-weight: 650; font-size: 13px;"
    )
    return chip


def _clock(seconds: float) -> str:
    return f"{int(seconds) // 60}:{int(seconds) % 60:02d}"


def _shortened(text: str, most: int = 88) -> str:
    """Words up to `most` characters; the whole quote is in the tooltip and the transcript."""
    if len(text) <= most:
        return text
    return text[:most].rsplit(" ", 1)[0] + " …"
