"""What the user says against a verdict: kept, judged again at once, and undone on a word."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timezone

from PySide6.QtCore import QObject, Signal

from vivavoce.core.attempt import Assessment, Attempt
from vivavoce.core.corrected_transcript import corrected_transcript
from vivavoce.core.evidence import Evidence
from vivavoce.core.own_wording import OwnWording
from vivavoce.core.question import Question
from vivavoce.core.transcript import Transcript
from vivavoce.errors import KnownError
from vivavoce.store.attempts import Attempts
from vivavoce.store.own_wordings import OwnWordings
from vivavoce.ui.engine_process import EngineProcess, Reply
from vivavoce.ui.theme import VERDICT_NAMES
from vivavoce.ui.widgets.attempt_view import AttemptView
from vivavoce.ui.widgets.notice import Notice

# From here on the judge is asked about once more: at even odds it would ask about honest wordings.
SURELY_OPPOSITE = 0.6
_KEY = "dispute"


@dataclass(frozen=True)
class _Change:
    """One thing that was changed: the attempt as it was, how to take it back, and what to say after."""

    attempt: Attempt
    concept_id: str
    take_back: Callable[[], None]
    said: Callable[[Assessment], str]


class Disputes(QObject):
    """Carries out what an attempt's view asks for; one answer is judged again at a time."""

    fault = Signal(object)
    """KnownError; what was to be changed is as it was."""

    def __init__(
        self,
        attempts: Attempts,
        wordings: OwnWordings,
        engine: EngineProcess,
        notice: Notice,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._attempts = attempts
        self._wordings = wordings
        self._engine = engine
        self._notice = notice
        self._views: list[tuple[AttemptView, Callable[[Attempt], None]]] = []
        self._running: Reply | None = None

    def serve(self, view: AttemptView, show: Callable[[Attempt], None]) -> None:
        """Do what this view asks for; `show` lets its page show an attempt anew."""
        self._views.append((view, show))
        view.set_own_words(lambda attempt: self._wordings.by_concept(attempt.question.id), self.heard)
        view.claimed.connect(lambda concept, text: self._with(view, self.claim, concept, text))
        view.denied.connect(lambda concept, quote: self._with(view, self.deny, concept, quote))
        view.forgotten.connect(lambda wording: self._with(view, self.forget, wording))
        view.corrected.connect(lambda text: self._with(view, self.correct, text))

    def as_judged(self, question: Question) -> Question:
        """The question with the user's wordings; without them, and a fault told, if they cannot be read."""
        try:
            return self._wordings.merged(question)
        except KnownError as error:
            self.fault.emit(error)
            return question

    def heard(self, attempt: Attempt) -> Transcript | None:
        """What was heard, when the words that are shown are the user's correction of it."""
        shown = _transcript_of(attempt)
        if shown is None or shown.kind != "corrected":
            return None
        versions = [kept.transcript for kept in self._attempts.transcripts(attempt.id)]
        return next((one for one in reversed(versions) if one.kind != "corrected"), None)

    def claim(self, attempt: Attempt, concept_id: str, text: str) -> None:
        """Keep the words in which a concept was said; asked once more when they seem to say the opposite."""
        concept = replace(attempt.question.concept(concept_id), own=(), not_said=())
        # No reference: a short wording is to be judged too, and never refused as too little.
        alone = replace(attempt.question, concepts=(concept,), reference="")

        def judged(assessment: Assessment) -> None:
            if assessment.evidence and assessment.evidence[0].contradicted >= SURELY_OPPOSITE:
                self._notice.show_text(
                    f"To the judge, “{_short(text)}” says the opposite of “{concept.statement}” "
                    "Keep it as your wording all the same?",
                    (("Keep it", lambda: self._keep(attempt, concept_id, "accepted", text)),),
                    key=_KEY,
                )
            else:
                self._keep(attempt, concept_id, "accepted", text)

        self._run(self._engine.assess_text(text, alone), judged, lambda: None)

    def deny(self, attempt: Attempt, concept_id: str, quote: str) -> None:
        """Let the quote be no evidence for the concept any more."""
        self._keep(attempt, concept_id, "rejected", quote)

    def forget(self, attempt: Attempt, wording: OwnWording) -> None:
        """Let a wording count no more, and judge the shown answer without it."""
        before = self._wordings.of_question(attempt.question.id)
        self._wordings.remove(wording.id)
        self._judge(self._wording_change(attempt, wording.concept_id, before), _transcript_of(attempt))

    def correct(self, attempt: Attempt, text: str) -> None:
        """Judge an answer by the words that the user says were spoken; what was heard is kept."""
        heard = _transcript_of(attempt)
        if heard is None:
            return
        corrected = corrected_transcript(heard, text)
        change = _Change(
            attempt,
            "",
            lambda: None,  # every version of the words is kept beside the others
            lambda now: f"Judged again with your words. {_scores(attempt.assessment, now)}".strip(),
        )
        self._judge(change, corrected)

    def _with(self, view: AttemptView, act: Callable[..., None], *values: object) -> None:
        """Do something to the attempt a view shows, unless another is being judged again."""
        attempt = view.attempt
        if attempt is None:
            return
        if self._running is not None:
            self._notice.show_text("One moment: the answer is being judged again.", key=_KEY)
            return
        self._told(lambda: act(attempt, *values))

    def _keep(self, attempt: Attempt, concept_id: str, kind: str, text: str) -> None:
        def keep() -> None:
            before = self._wordings.of_question(attempt.question.id)
            self._wordings.add(
                attempt.question.id,
                concept_id,
                "accepted" if kind == "accepted" else "rejected",
                text,
                attempt.id,
                datetime.now(timezone.utc),
            )
            self._judge(self._wording_change(attempt, concept_id, before), _transcript_of(attempt))

        self._told(keep)

    def _wording_change(self, attempt: Attempt, concept_id: str, before: tuple[OwnWording, ...]) -> _Change:
        return _Change(
            attempt,
            concept_id,
            lambda: self._wordings.put_back(before, attempt.question.id),
            lambda now: _verdict_text(now, concept_id),
        )

    def _judge(self, change: _Change, transcript: Transcript | None) -> None:
        attempt = change.attempt
        if transcript is not None:
            reply = self._engine.assess_transcript(transcript, attempt.question)
        else:
            text = attempt.assessment.text if attempt.assessment is not None else ""
            reply = self._engine.assess_text(text, self.as_judged(attempt.question))
        self._run(
            reply, lambda assessment: self._told(lambda: self._show(change, assessment)), change.take_back
        )

    def _show(self, change: _Change, judged: Assessment) -> None:
        attempt, before = change.attempt, change.attempt.assessment
        if before is not None:
            # What listened is the same as before.
            judged = replace(judged, models={**before.models, **judged.models})
        self._attempts.judged(attempt.id, judged)
        self._renew(attempt.id, change.concept_id)
        self._notice.show_text(
            change.said(judged), (("Undo", lambda: self._told(lambda: self._undo(change, judged))),), key=_KEY
        )

    def _undo(self, change: _Change, judged: Assessment) -> None:
        now = self._attempts.get(change.attempt.id).assessment
        if now is None or (now.evidence, now.transcript) != (judged.evidence, judged.transcript):
            raise KnownError(
                "This answer was judged once more since then, and that stays.",
                "You can remove the wording below its concept.",
            )
        change.take_back()
        if change.attempt.assessment is not None:
            self._attempts.judged(change.attempt.id, change.attempt.assessment)
        self._renew(change.attempt.id, change.concept_id)

    def _renew(self, number: int, concept_id: str) -> None:
        """Show the attempt as it is now wherever it is shown."""
        for view, show in self._views:
            if view.attempt is not None and view.attempt.id == number:
                show(self._attempts.get(number))
                if view.isVisible():
                    view.reveal(concept_id)

    def _run(self, reply: Reply, done: Callable[[Assessment], None], take_back: Callable[[], None]) -> None:
        self._running = reply
        self._notice.dismiss(_KEY)

        def ended(assessment: Assessment) -> None:
            self._running = None
            done(assessment)

        def failed(error: KnownError) -> None:
            self._running = None
            self._told(take_back)
            self.fault.emit(error)

        reply.done.connect(ended)
        reply.failed.connect(failed)

    def _told(self, act: Callable[[], None]) -> None:
        try:
            act()
        except KnownError as error:
            self.fault.emit(error)


def _transcript_of(attempt: Attempt) -> Transcript | None:
    return attempt.assessment.transcript if attempt.assessment is not None else None


def _verdict_text(assessment: Assessment, concept_id: str) -> str:
    for evidence in assessment.evidence:
        if evidence.concept_id == concept_id:
            return _one_verdict_text(evidence)
    return "Kept."


def _one_verdict_text(evidence: Evidence) -> str:
    name = VERDICT_NAMES[evidence.verdict]
    how = ", by your own wording" if evidence.own_wording else ""
    return f"{name} now{how}: {evidence.statement}"


def _scores(before: Assessment | None, now: Assessment) -> str:
    if before is None or before.score is None or now.score is None:
        return ""
    old, new = f"{before.score:.0f}", f"{now.score:.0f}"
    return f"The score stays {new}." if old == new else f"The score is {new} instead of {old}."


def _short(text: str, most: int = 80) -> str:
    return text if len(text) <= most else text[:most].rsplit(" ", 1)[0] + " …"
