"""Writing questions: what is edited, tried, checked and saved. The bank page shows it."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, QTimer, Signal

from vivavoce.core.question import Question
from vivavoce.core.question_form import draft_question, mapping_from_question
from vivavoce.errors import KnownError
from vivavoce.store.bank import Bank
from vivavoce.store.bank_file import Fault
from vivavoce.store.user_bank import Change, UserBank
from vivavoce.ui.engine_process import EngineProcess, Reply
from vivavoce.ui.pages.bank import BankPage
from vivavoce.ui.trial import Trial
from vivavoce.ui.widgets.answer_trial import LOADING
from vivavoce.ui.widgets.notice import Notice
from vivavoce.ui.widgets.parts import restyle

if TYPE_CHECKING:
    from vivavoce.store.bank_check import QuestionCheck

Form = dict[str, Any]
_REST_MS = 200
_FIRST = ("recording", "discarded")  # notices that a reminder does not push away


class Authoring(QObject):
    """Decides what may be written where; nothing that is typed is lost without being asked about."""

    bank_changed = Signal()
    """A file of the user's was written; whoever holds the bank loads it again."""
    fault = Signal(object)
    """KnownError."""

    def __init__(
        self,
        page: BankPage,
        notice: Notice,
        files: UserBank,
        engine: EngineProcess,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._page = page
        self._notice = notice
        self._files = files
        self._engine = engine
        self._bank = Bank(())
        self._check: QuestionCheck | None = None
        self._checking: Reply | None = None
        self._begun: Form = {}
        self._new = False
        self._opened: Question | None = None
        self._wanted = False
        self.trial = Trial(engine, self)
        self._later = QTimer(self)
        self._later.setSingleShot(True)
        self._later.setInterval(_REST_MS)
        self._later.timeout.connect(self._look)
        self._connect()

    def _connect(self) -> None:
        page, view = self._page, self._page.trial
        page.new.connect(self.new)
        page.save.connect(self.save)
        page.leave.connect(self.leave)
        page.reader.edit.connect(self.edit)
        page.reader.duplicate.connect(self.duplicate)
        page.reader.reset.connect(self.remove)
        page.reader.delete.connect(self.remove)
        page.editor.changed.connect(self._later.start)
        view.typed.connect(lambda _: self._try())
        view.check.connect(self.check)
        view.stop_check.connect(self.stop_check)
        self.trial.judged.connect(view.show_assessment)
        self.trial.cleared.connect(view.show_empty)
        self.trial.failed.connect(view.show_failure)
        self.trial.waiting.connect(self._show_waiting)
        self._engine.engine_state.connect(lambda *_: self._show_engine())

    @property
    def unsaved(self) -> bool:
        """Whether something is written that is not in a file."""
        return self._page.editing and self._page.editor.form != self._begun

    @property
    def _title(self) -> str:
        return str(self._page.editor.form.get("title") or "The new question")

    def set_bank(self, bank: Bank) -> None:
        """Use another bank from now on."""
        self._bank = bank
        self._page.show_bank(bank)

    def new(self) -> None:
        """Begin a question."""
        self._open({"level": "own"}, "New question", new=True)

    def edit(self, question: Question) -> None:
        """Edit a question; a shipped one becomes the user's own when it is saved."""
        self._open(mapping_from_question(question), question.title or question.ask, new=False)
        self._opened = question

    def duplicate(self, question: Question) -> None:
        """Begin a question with the words of another."""
        form = mapping_from_question(question)
        form.pop("id")
        form["title"] = f"{question.title or question.ask} (copy)"
        self._open(form, f"Copy of {question.title or question.ask}", new=True)

    def save(self) -> bool:
        """Write what is edited into the user's bank; False when it has faults or cannot be written."""
        if not self._page.editing:
            return False
        self._wanted = True
        faults = self._look()
        if faults:
            self._page.editor.go_to(faults[0])
            if not self._page.isVisible():
                told = f"“{self._title}” is not saved: something has to be mended first. The bank shows what."
                self._notice.show_text(told, key="waiting")
            return False
        form = self._page.editor.form
        name = str(form["id"])
        origin = self._bank.origin(name)
        try:
            base = None if origin is None else origin.file
            change = self._files.save(form, base, self._opened, new=self._new)
        except KnownError as error:
            self.fault.emit(error)
            return False
        self._begun = form
        self._close()
        self.bank_changed.emit()
        self._page.questions.select(name)
        undo = ("Undo", lambda: self._undo(change))
        self._notice.show_text(f"Saved in {change.file}.{_kept(change)}", (undo,), key="bank")
        return True

    def remove(self, question: Question) -> None:
        """Take the user's version out of the bank, and offer to bring it back."""
        origin = self._bank.origin(question.id)
        try:
            change = self._files.remove(question.id)
        except KnownError as error:
            self.fault.emit(error)
            return
        self.bank_changed.emit()
        name = question.title or question.ask
        back = origin is not None and origin.kind == "changed"
        told = f"“{name}” is the shipped version again." if back else f"“{name}” is deleted."
        undo = ("Undo", lambda: self._undo(change, question.id))
        self._notice.show_text(told + _kept(change), (undo,), key="bank")

    def leave(self, then: Callable[[], object] | None = None) -> bool:
        """Leave the editor, or ask first when something is not saved; `then` follows when it is left."""
        if self.unsaved:
            title = self._title

            def after(save: bool) -> None:
                if save and not self.save():
                    return
                self._close()
                if then is not None:
                    then()

            actions = (("Save", lambda: after(True)), ("Discard the changes", lambda: after(False)))
            self._notice.show_text(f"“{title}” has changes that are not saved.", actions, key="unsaved")
            return False
        self._close()
        if then is not None:
            then()
        return True

    def stop(self) -> None:
        """Look at nothing any more; the window goes."""
        self._later.stop()
        self.trial.stop()

    def remind(self, section: str) -> None:
        """Say, when another section is opened, that something waits to be saved."""
        if section == "bank":
            self._notice.dismiss("waiting")
        elif self.unsaved and not (self._notice.isVisible() and self._notice.key in _FIRST):
            told = f"Your changes to “{self._title}” are not saved yet. They wait for you in the bank."
            self._notice.show_text(told, (("Save now", self.save),), key="waiting")

    def check(self) -> None:
        """Have the judge look at the question's own words, one by one."""
        question = draft_question(self._page.editor.form)
        if question is None or self._checking is not None:
            return
        self.trial.stop()
        reply = self._engine.check_wordings(question)
        self._checking = reply
        view = self._page.trial
        view.show_checking(0.0)
        reply.progress.connect(lambda _, part: self._checking is reply and view.show_checking(part))
        reply.done.connect(lambda results: self._show_checked(reply, question, results))
        reply.failed.connect(lambda error: self._end_check(reply, error))
        reply.cancelled.connect(lambda: self._end_check(reply, None))

    def stop_check(self) -> None:
        """Take a running check back."""
        reply, self._checking = self._checking, None
        if reply is not None:
            reply.cancel()
        self._page.trial.show_checking(None)
        if self._page.editing:
            self._try()  # the check took the answer's place

    def _open(self, form: Form, heading: str, *, new: bool) -> None:
        page = self._page
        self._new, self._wanted, self._opened = new, False, None
        taken = {question.id for question in self._bank.questions}
        page.editor.show_form(form, self._bank.levels, taken, new=new)
        self._begun = page.editor.form
        page.trial.clear()
        page.show_editor(heading)
        self._look()
        self._try()

    def _close(self) -> None:
        self._later.stop()
        self.stop_check()
        self.trial.stop()
        self._notice.dismiss("unsaved")
        self._notice.dismiss("waiting")
        self._page.show_browser()

    def _undo(self, change: Change, question_id: str = "") -> None:
        try:
            self._files.undo(change)
        except KnownError as error:
            self.fault.emit(error)
            return
        self.bank_changed.emit()
        if question_id:
            self._page.questions.select(question_id)

    def _look(self) -> list[Fault]:
        """Check what is written, say what is wrong, and try the answer on it."""
        self._later.stop()
        page = self._page
        if not page.editing:
            return []
        if self._check is None:
            # Its library takes a tenth of a second to load; the window does not wait for that.
            from vivavoce.store.bank_check import QuestionCheck

            self._check = QuestionCheck()
        form = page.editor.form
        ids = {question.id for question in self._bank.questions}
        faults = self._check.faults(form, ids | {str(form["id"])}, ids if self._new else ())
        shown = page.editor.show_faults(faults, unwritten=self._wanted)
        unsaved = form != self._begun
        told = "Not saved yet." if unsaved else self._where()
        if shown:
            told = f"{shown} thing{'' if shown == 1 else 's'} to mend before it can be saved."
        page.state.setText(told)
        restyle(page.state, "wrong" if shown else "small")
        if unsaved:
            page.trial.show_old_results()
        self._try()
        return faults

    def _where(self) -> str:
        if self._new:
            return f"It will be kept in {self._files.folder}, and nowhere else."
        origin = self._bank.origin(str(self._begun["id"]))
        if origin is not None and origin.kind == "shipped":
            return "Saving makes a copy of your own in the place of the shipped question. Your answers stay."
        return "" if origin is None else f"Kept in {origin.file}."

    def _try(self) -> None:
        question = draft_question(self._page.editor.form)
        view = self._page.trial
        view.show_question(question)
        view.check_button.setEnabled(question is not None)
        self.trial.ask(view.edit.text, question)

    def _show_waiting(self) -> None:
        ready = self._engine.states.get("judge") == "ready"
        self._page.trial.show_state("Looking …" if ready else LOADING)

    def _show_engine(self) -> None:
        if self._page.trial.state.text() == LOADING and self._engine.states.get("judge") == "ready":
            self._page.trial.show_state("Looking …")

    def _show_checked(self, reply: Reply, question: Question, results: Any) -> None:  # noqa: ANN401
        if reply is not self._checking:
            return
        self._end_check(reply, None)
        self._page.editor.show_results(results)
        self._page.trial.show_results(results, question)

    def _end_check(self, reply: Reply, error: KnownError | None) -> None:
        if reply is not self._checking:
            return
        self._checking = None
        self._page.trial.show_checking(None)
        self._try()  # the check took the answer's place
        if error is not None:
            self.fault.emit(error)


def _kept(change: Change) -> str:
    return f" The file as it was is kept as {change.kept}." if change.kept else ""
