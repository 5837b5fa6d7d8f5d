"""What can be done from more than one place: by a button, a key, a notice."""

from __future__ import annotations

from PySide6.QtCore import QObject

from vivavoce.core.attempt import Attempt
from vivavoce.core.question import Question
from vivavoce.errors import KnownError
from vivavoce.store.attempts import Attempts
from vivavoce.store.bank import Bank
from vivavoce.ui.crash import CrashLog
from vivavoce.ui.engine_process import EngineProcess
from vivavoce.ui.session import RECORDING_PHASES, Phase, Session
from vivavoce.ui.speech import Speech
from vivavoce.ui.window import Window

_HISTORY = 1000


class Actions(QObject):
    """Moves between pages and lets things be heard; what an answer goes through is the session's."""

    def __init__(
        self,
        window: Window,
        session: Session,
        speech: Speech,
        attempts: Attempts,
        engine: EngineProcess,
        log: CrashLog,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self.session = session
        self.speech = speech
        self.bank = Bank(())
        self._window = window
        self._attempts = attempts
        self._engine = engine
        self._log = log
        self._before_review = "history"

    def go(self, section: str) -> None:
        """Show a section of the sidebar; a running recording is never left by accident."""
        window = self._window
        if self.session.phase in RECORDING_PHASES:
            window.notice.show_text(
                "You are recording. Stop or discard the recording first.", key="recording"
            )
            window.show_page(window.practice, "questions")
            return
        self.speech.stop()
        if section == "questions":
            window.questions.show_standing(self._attempts.latest_scores())
            window.show_page(window.questions, section)
            window.questions.list.setFocus()
        elif section == "history":
            window.history.show_attempts(self._attempts.history(_HISTORY))
            window.show_page(window.history, section)
            window.history.table.setFocus()
        elif section == "progress":
            window.progress.show_coverage(self.bank, self._attempts.all_judged())
            window.show_page(window.progress, section)
            window.progress.focus_table()
        elif section == "bank":
            window.show_page(window.bank, section)
            if not window.bank.editing:
                window.bank.questions.list.setFocus()
        else:
            self._engine.voices().done.connect(
                lambda voices: window.preferences.show_voices([(one["name"], one["id"]) for one in voices])
            )
            window.show_page(window.preferences, section)

    def practise(self, question: Question) -> None:
        """Begin with a question."""
        self._window.show_page(self._window.practice, "questions")
        self.session.choose(question)

    def practise_id(self, question_id: str) -> None:
        """Begin with the question of that id, or say that it has left the bank meanwhile."""
        try:
            question = self.bank.get(question_id)
        except KnownError as error:
            self.show_fault(error)
            return
        self.practise(question)

    def next_question(self) -> None:
        """Go on to the question that follows in the list."""
        if self.session.question is not None:
            following = self._window.questions.after(self.session.question)
            if following is not None:
                self.practise(following)

    def review(self, number: int, section: str) -> None:
        """Open an earlier answer from a section."""
        try:
            attempt = self._attempts.get(number)
        except KnownError as error:
            self.show_fault(error)
            return
        self._before_review = section
        self._window.review.show_attempt(attempt)
        self._window.show_page(self._window.review, section)

    def leave_review(self) -> None:
        """Go back to where the answer was opened from."""
        self.go(self._before_review)

    def play(self, attempt: Attempt | None, start: float = 0.0, end: float | None = None) -> None:
        """Let an answer be heard, or a span of it; never while one is recorded."""
        if attempt is not None and self.session.phase not in (*RECORDING_PHASES, Phase.FINISHING):
            self.speech.replay(attempt.id, start, end)

    def toggle_question(self) -> None:
        """Read the question aloud, or stop."""
        if self.speech.kind == "question":
            self.speech.stop()
        elif self.session.question is not None and self.session.phase in (Phase.IDLE, Phase.JUDGED):
            self.speech.ask(self.session.question)

    def toggle_model_voice(self, attempt: Attempt | None) -> None:
        """Read the model answer aloud, or stop."""
        if self.speech.kind == "model":
            self.speech.stop()
        elif attempt is not None:
            self.speech.tell(attempt.question)

    def judge_again(self, number: int, model: str = "", beam: int = 0) -> None:
        """Judge a recording that is kept; with a model or a beam it is written down anew by that."""
        self.session.leave()
        self._window.show_page(self._window.practice, "questions")
        self.session.judge(number, model, beam)

    def discard(self, number: int) -> None:
        """Take a recording out of the history; it can be brought back."""
        self.speech.stop()
        self._attempts.discard(number)
        self.show_discarded(number)

    def show_discarded(self, number: int) -> None:
        """Say that a recording was discarded, and offer to undo it."""
        self._window.notice.show_text(
            "Recording discarded. It is kept for 7 days.",
            (("Undo", lambda: self._restore(number)),),
            key="discarded",
        )

    def show_fault(self, error: KnownError, number: int = 0) -> None:
        """Say what is wrong; with an attempt's number, offer to judge it again."""
        self._log.write(str(error))
        actions = (("Judge it", lambda: self.judge_again(number)),) if number else ()
        self._window.notice.show_text(str(error), actions, fault=True, key="fault")

    def _restore(self, number: int) -> None:
        self._attempts.restore(number)
        if self.session.phase in (*RECORDING_PHASES, Phase.FINISHING):
            self._window.notice.show_text("It is back. You find it in the history, to be judged.")
        else:
            self.judge_again(number)
