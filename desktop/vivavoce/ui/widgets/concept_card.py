"""One concept of an answer: the verdict, and the words that prove it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QPushButton, QVBoxLayout

from vivavoce.core.evidence import Evidence
from vivavoce.core.own_wording import OwnWording
from vivavoce.core.question import Concept
from vivavoce.store.attempts import Covered
from vivavoce.ui.theme import GAP, VERDICT_NAMES, VERDICT_SIGNS, Tokens
from vivavoce.ui.widgets.parts import button, label, line_label, plain_tip

_NOT_CLEAR = "You speak of it here, but it is not clear that you say it right. Say it once more."
_MOST_LINKS = 2
_LINK_LENGTH = 80  # characters of a line's titles; with their words they fit the narrowest window


@dataclass(frozen=True, slots=True)
class ConceptLinks:
    """Other questions (id, title) that ask for the same, and the last answer that said it there before."""

    asked_in: tuple[tuple[str, str], ...]
    said: Covered | None = None


class ConceptCard(QFrame):
    """Verdict, statement, quote that plays, and the question to ask oneself when it was missed."""

    play = Signal(float, float)
    """Seconds of the recording, from and to."""
    practise = Signal(str)
    """The id of another question that asks for the same."""
    opened = Signal(int)
    """The number of an earlier attempt that said it."""
    claimed = Signal()
    """The user said it, whatever the verdict is."""
    denied = Signal(str)
    """The quote, which did not say it."""
    forgotten = Signal(object)
    """An OwnWording that shall count no more."""

    def __init__(self, evidence: Evidence, concept: Concept | None, tokens: Tokens, playable: bool) -> None:
        super().__init__()
        self.setProperty("kind", "card")
        self.evidence = evidence
        name = VERDICT_NAMES[evidence.verdict]
        self.setAccessibleName(f"{name}: {evidence.statement}")
        outer = QHBoxLayout(self)
        outer.setContentsMargins(2 * GAP, 2 * GAP, 2 * GAP, 2 * GAP)
        outer.setSpacing(2 * GAP)
        inner = self._inner = QVBoxLayout()
        inner.setSpacing(GAP)
        outer.addLayout(inner, 1)

        head = QHBoxLayout()
        head.setSpacing(GAP)
        head.addWidget(_chip(evidence, tokens))
        if concept is not None and concept.essential:
            head.addWidget(line_label("essential", "small"))
        if evidence.own_wording:
            head.addWidget(line_label("by your own wording", "small"))
        head.addStretch(1)
        inner.addLayout(head)
        inner.addWidget(label(evidence.statement, selectable=True))
        if evidence.quote:
            inner.addWidget(self._quote(evidence, playable))
        if evidence.verdict == "partial":
            inner.addWidget(label(_NOT_CLEAR, "muted"))
        if evidence.misconception and evidence.verdict == "contradicted":
            inner.addWidget(label(f"Sounded like: {evidence.misconception}", "muted", selectable=True))
        if evidence.verdict in ("missed", "partial") and concept is not None and concept.probe:
            inner.addWidget(label(f"Ask yourself: {concept.probe}", "muted", selectable=True))
        if evidence.verdict == "missed" and not evidence.quote and evidence.closest:
            inner.addWidget(label(f"Closest you came: “{evidence.closest}”", "small", selectable=True))

    def show_links(self, links: ConceptLinks) -> None:
        """Add where else the concept is asked for, and where it was said before."""
        if links.asked_in:
            line = self._link_line("Also asked in:")
            shown = links.asked_in[:_MOST_LINKS]
            for name, title in shown:
                text = _shortened(title, _LINK_LENGTH // len(shown))
                line.addWidget(_link(text, lambda name=name: self.practise.emit(name), f"Practise: {title}"))
            more = links.asked_in[_MOST_LINKS:]
            if more:
                rest = line_label(f"and {len(more)} more", "small")
                rest.setToolTip(plain_tip("; ".join(title for _, title in more)))
                line.addWidget(rest)
            line.addStretch(1)
        said = links.said
        if said is not None:
            line = self._link_line(f"You said this on {_day(said.when)} in")
            text, about = _shortened(said.title, _LINK_LENGTH), f"Open your answer to: {said.title}"
            line.addWidget(_link(text, lambda: self.opened.emit(said.attempt_id), about))
            line.addStretch(1)

    @property
    def claimable(self) -> bool:
        """Whether there is something to dispute in the user's favour."""
        return self.evidence.verdict != "covered"

    def show_own(self, wordings: Sequence[OwnWording]) -> None:
        """Add what the user said of this concept before, and the ways to say it now."""
        for wording in wordings:
            about = "Your wording:" if wording.kind == "accepted" else "Not this, you said:"
            line = self._link_line(about)
            text = line_label(f"“{_shortened(wording.text, _LINK_LENGTH)}”", "small")
            text.setToolTip(plain_tip(wording.text))
            line.addWidget(text)
            forget = partial(self.forgotten.emit, wording)
            line.addWidget(_aside("Remove", forget, f"Remove: {wording.text}"))
            line.addStretch(1)
        line = self._link_line("")
        if self.claimable:
            about = f"I did say this: {self.evidence.statement}"
            line.addWidget(_aside("I did say this", self.claimed.emit, about))
        quote = self.evidence.quote
        if quote and self.evidence.verdict in ("covered", "partial") and not self.evidence.own_wording:
            about = f"I did not say this: {self.evidence.statement}"
            line.addWidget(_aside("I did not say this", partial(self.denied.emit, quote), about))
        line.addStretch(1)

    def _link_line(self, text: str) -> QHBoxLayout:
        line = QHBoxLayout()
        line.setSpacing(GAP // 2)
        if text:
            line.addWidget(line_label(text, "small"))
        self._inner.addLayout(line)
        return line

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


def _link(text: str, act: Callable[[], object], about: str) -> QPushButton:
    made = button(text.replace("&", "&&"), act, "link", about)
    made.setAccessibleName(about)
    return made


def _aside(text: str, act: Callable[[], object], about: str) -> QPushButton:
    made = button(text, act, "aside", about)
    made.setAccessibleName(about)
    return made


def _day(when: datetime) -> str:
    local = when.astimezone()
    year = "" if local.year == datetime.now().astimezone().year else f" {local.year}"
    return f"{local.day} {local:%b}{year}"


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
