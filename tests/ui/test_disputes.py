""" "I did say this", "I did not", "I said something else": kept, judged again, and undone."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timezone
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QEvent, QPoint, QPointF, Qt
from PySide6.QtGui import QMouseEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel, QPushButton
from pytestqt.qtbot import QtBot

from vivavoce.assess import assess_text, assess_transcript
from vivavoce.core.attempt import Assessment
from vivavoce.core.corrected_transcript import readable_text
from vivavoce.core.evidence import Evidence
from vivavoce.core.plain import from_plain
from vivavoce.core.question import Concept, Question
from vivavoce.core.ticket import Ticket
from vivavoce.core.transcript import Segment, Transcript, Word
from vivavoce.errors import KnownError
from vivavoce.paths import home
from vivavoce.store.bank import Bank
from vivavoce.ui.app import App
from vivavoce.ui.engine_process import Reply
from vivavoce.ui.widgets.answer_words import AnswerWords
from vivavoce.ui.widgets.attempt_view import AttemptView

SKY = Question(
    "sky", "Why is the sky blue?", "Short waves are scattered more.",
    (Concept("short", "Short waves are scattered more."), Concept("sun", "Sunlight holds all colors.")),
    title="Sky",
)  # fmt: skip
SAID = "Um, the tiny waves get kicked about. And sunlight holds all colors. It is not grey."
OWN = "the tiny waves get kicked about."


class Listener:
    """A judge to the letter: a concept is covered when one of its texts is in the answer, word for word."""

    def __init__(self) -> None:
        self.asked: list[tuple[str, Question]] = []

    def evidence(self, answer: Any, question: Question) -> tuple[Evidence, ...]:
        self.asked.append((answer.text, question))
        return tuple(self._one(answer, concept) for concept in question.concepts)

    def _one(self, answer: Any, concept: Concept) -> Evidence:
        text = answer.text.lower()
        if "opposite" in text:
            return Evidence(concept.id, concept.statement, "contradicted", 0.1, 0.9, quote=answer.text)
        for known in (concept.statement, *concept.accepted):
            if known.lower() in text:
                first = len(text[: text.index(known.lower())].split())
                last = first + len(known.split()) - 1
                words = answer.words
                return Evidence(concept.id, concept.statement, "covered", 0.95, 0.0,
                                answer.quote(first, last), words[first].start, words[last].end)  # fmt: skip
        return Evidence(concept.id, concept.statement, "missed", 0.1, 0.0, closest="tiny waves get kicked")


def transcript(text: str) -> Transcript:
    words = tuple(Word(float(at), at + 0.9, word, 0.9) for at, word in enumerate(text.split()))
    return Transcript(text, "en", 20.0, 20.0, "base", "cpu", True, None, (Segment(0.0, 20.0, text, words),))


@pytest.fixture
def app(qtbot: QtBot, tmp_path: Path) -> Iterator[App]:
    application = QApplication.instance()
    assert isinstance(application, QApplication)
    app = App(application, home(tmp_path), explicit_home=True)
    app.engine.send = [].append  # type: ignore[method-assign]
    app.actions.bank = Bank((SKY,))
    app.window.show()
    app.window.activateWindow()
    qtbot.waitActive(app.window)
    number = app.attempts.begin(SKY, "USB", datetime.now(timezone.utc)).id
    app.attempts.recorded(number, 20.0)
    judge: Any = Listener()
    app.judge = judge  # type: ignore[attr-defined]
    app.attempts.judged(number, assess_transcript(transcript(SAID), SKY, judge, {"speech": "s"}, Ticket()))
    judge.asked.clear()
    app.actions.review(number, "history")
    app.window.review.answer.complete()
    yield app
    app.window.close()
    app.window.deleteLater()
    application.setStyleSheet("")


def asked(app: App) -> list[Reply]:
    """What the judge was asked and has not answered."""
    replies = [one for one in app.engine.findChildren(Reply) if one.number in app.engine._replies]
    return [one for one in replies if one.request["do"] in ("assess", "assess_text", "assess_transcript")]


def answer_next(app: App) -> None:
    """Judge what was sent to the worker, as the worker would."""
    (reply,) = asked(app)
    request = reply.request
    question = from_plain(Question, request["question"])
    judge: Any = app.judge  # type: ignore[attr-defined]
    result: Assessment
    if request["do"] == "assess_transcript":
        heard = from_plain(Transcript, request["transcript"])
        result = assess_transcript(heard, question, judge, {"judge": "j"}, Ticket())
    else:
        result = assess_text(request["text"], question, judge, {"judge": "j"}, Ticket())
    app.engine._replies.pop(reply.number)
    reply.done.emit(result)


def lay_out() -> None:
    """Let what was put on the page be shown, and what was taken off it be gone."""
    for _ in range(3):
        QApplication.processEvents()
    QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)


def view_of(app: App) -> AttemptView:
    return app.window.review.answer


def words_of(app: App) -> AnswerWords:
    words = view_of(app).words
    assert words is not None
    return words


def verdicts(app: App) -> dict[str, str]:
    (row,) = app.attempts.all_judged()
    return dict(row.verdicts)


def press(app: App, name: str) -> None:
    """Press a button of the card or the notice by what a screen reader calls it."""
    lay_out()
    buttons = [*view_of(app).findChildren(QPushButton), *app.window.notice.findChildren(QPushButton)]
    next(
        one for one in buttons if name in (one.accessibleName(), one.text()) and one.isVisibleTo(app.window)
    ).click()


def texts(app: App) -> list[str]:
    lay_out()
    return [one.text() for one in view_of(app).findChildren(QLabel) if one.isVisibleTo(app.window)]


def selected(app: App) -> str:
    return words_of(app).view.textCursor().selectedText()


def say_it(app: App) -> None:
    """Dispute the missed concept by keyboard: from the nearest words to the whole wording."""
    QTest.keyClick(app.window, Qt.Key.Key_I)
    view = words_of(app).view
    assert selected(app) == "tiny waves get kicked", "what came nearest is selected already"
    QTest.keyClick(view, Qt.Key.Key_Right)
    assert selected(app) == "about."
    for _ in range(5):
        QTest.keyClick(view, Qt.Key.Key_Left, Qt.KeyboardModifier.ShiftModifier)
    assert selected(app) == OWN
    QTest.keyClick(view, Qt.Key.Key_Return)


def test_words_selected_by_keyboard_change_the_verdict_and_can_be_undone(app: App) -> None:
    assert verdicts(app) == {"short": "missed", "sun": "covered"}
    before = app.attempts.all_judged()
    say_it(app)
    answer_next(app)
    answer_next(app)
    assert verdicts(app) == {"short": "covered", "sun": "covered"}
    attempt = view_of(app).attempt
    assert attempt is not None
    assert attempt.assessment is not None
    shown = attempt.assessment.evidence[0]
    assert (shown.own_wording, shown.covered >= 0.9) == (OWN, True)
    assert shown.start == 2.0, "the quote begins with the first word that says something, and can be played"
    assert attempt.assessment.models == {"speech": "s", "judge": "j"}
    assert "by your own wording" in texts(app)
    assert "Your wording:" in texts(app)
    assert attempt.question == SKY, "the question stays as it was asked"
    press(app, "Undo")
    assert app.attempts.all_judged() == before
    assert "by your own wording" not in texts(app)
    assert "Your wording:" not in texts(app)


def test_the_next_answer_is_judged_with_the_wording(app: App) -> None:
    say_it(app)
    answer_next(app)
    answer_next(app)
    app.engine.assess("recording.wav", SKY)
    sent = asked(app)[-1].request["question"]
    assert from_plain(Question, sent).concept("short").own == (OWN,)
    assert OWN in from_plain(Question, sent).concept("short").accepted


def test_words_are_selected_with_the_mouse_whole(app: App) -> None:
    press(app, "I did say this: Short waves are scattered more.")
    lay_out()
    view = words_of(app).view
    played: list[float] = []
    view.play.connect(played.append)

    def place(word: str) -> QPoint:
        cursor = view.document().find(word)
        cursor.setPosition(cursor.selectionStart() + 1)
        return view.cursorRect(cursor).center()

    QTest.mousePress(view.viewport(), Qt.MouseButton.LeftButton, pos=place("tiny"))
    drawn = QPointF(place("about"))
    everywhere = view.viewport().mapToGlobal(drawn)
    left, none = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
    # QTest's own move holds no button.
    QApplication.sendEvent(
        view.viewport(), QMouseEvent(QEvent.Type.MouseMove, drawn, everywhere, left, left, none)
    )
    QTest.mouseRelease(view.viewport(), Qt.MouseButton.LeftButton, pos=place("about"))
    assert selected(app) == "tiny waves get kicked about."
    assert played == [], "selecting plays nothing"


def test_a_selection_that_proves_nothing_is_refused_kindly_and_can_be_given_up(app: App) -> None:
    QTest.keyClick(app.window, Qt.Key.Key_I)
    view = words_of(app).view
    QTest.keyClick(view, Qt.Key.Key_Home)
    assert selected(app) == "Um,"
    QTest.keyClick(view, Qt.Key.Key_Return)
    assert "too little" in words_of(app).fault
    assert view.selecting
    QTest.keyClick(view, Qt.Key.Key_Escape)
    assert not view_of(app).busy
    assert app.window.page is app.window.review, "Esc left the selection, not the page"
    assert asked(app) == []


def test_escape_leaves_the_selection_wherever_the_focus_is(app: App) -> None:
    QTest.keyClick(app.window, Qt.Key.Key_I)
    app.window.review.setFocus()
    QTest.keyClick(app.window, Qt.Key.Key_Escape)
    assert not view_of(app).busy
    assert app.window.page is app.window.review


def test_a_wording_that_says_the_opposite_is_kept_only_when_it_is_wanted_twice(app: App) -> None:
    attempt = view_of(app).attempt
    assert attempt is not None
    view_of(app).claimed.emit("short", "quite the opposite waves")
    answer_next(app)
    assert "says the opposite" in app.window.notice.text
    assert app.disputes._wordings.of_question("sky") == ()
    press(app, "Keep it")
    answer_next(app)
    assert [one.text for one in app.disputes._wordings.of_question("sky")] == ["quite the opposite waves"]


def test_what_was_not_said_is_no_evidence_any_more(app: App) -> None:
    press(app, "I did not say this: Sunlight holds all colors.")
    answer_next(app)
    assert verdicts(app) == {"short": "missed", "sun": "missed"}
    assert "Not this, you said:" in texts(app)
    press(app, "Remove: sunlight holds all colors.")
    answer_next(app)
    assert verdicts(app) == {"short": "missed", "sun": "covered"}
    assert "Not this, you said:" not in texts(app)
    press(app, "Undo")
    assert verdicts(app) == {"short": "missed", "sun": "missed"}
    assert "Not this, you said:" in texts(app)


def test_corrected_words_are_judged_and_what_was_heard_is_kept(app: App) -> None:
    press(app, "Correct the words")
    editor = words_of(app).editor
    assert editor.toPlainText() == SAID
    editor.setPlainText(SAID.replace("the tiny waves get kicked about", "short waves are scattered more"))
    QTest.keyClick(editor, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    answer_next(app)
    assert verdicts(app) == {"short": "covered", "sun": "covered"}
    attempt = view_of(app).attempt
    assert attempt is not None
    assert attempt.assessment is not None
    assert attempt.assessment.evidence[1].start == 8.0, "words that stayed kept their seconds"
    assert "You corrected these words." in texts(app)
    press(app, "Show what was heard")
    heard = app.disputes.heard(attempt)
    assert heard is not None
    assert readable_text(heard) == SAID
    press(app, "Undo")
    assert verdicts(app) == {"short": "missed", "sun": "covered"}
    assert "You corrected these words." not in texts(app)
    kinds = [version.transcript.kind for version in app.attempts.transcripts(attempt.id)]
    assert kinds == ["whole file", "corrected"], "no version is thrown away"


def test_nothing_is_no_correction_and_the_same_words_are_not_judged_again(app: App) -> None:
    press(app, "Correct the words")
    words_of(app).editor.setPlainText("   ")
    words_of(app).take()
    assert "Nothing is left to judge" in words_of(app).fault
    words_of(app).editor.setPlainText(f"  {SAID}\n")
    words_of(app).take()
    assert not view_of(app).busy
    assert asked(app) == []
    press(app, "Correct the words")
    QTest.keyClick(words_of(app).editor, Qt.Key.Key_Escape)
    assert not view_of(app).busy
    assert app.window.page is app.window.review


def test_when_the_judge_fails_everything_is_as_it_was(app: App) -> None:
    view_of(app).claimed.emit("short", OWN)
    answer_next(app)
    assert app.disputes._wordings.of_question("sky") != ()
    view_of(app).claimed.emit("short", OWN)
    assert "One moment" in app.window.notice.text
    (reply,) = asked(app)
    reply.failed.emit(KnownError("The engine stopped.", "Try again."))
    assert app.disputes._wordings.of_question("sky") == ()
    assert verdicts(app) == {"short": "missed", "sun": "covered"}
    assert "The engine stopped." in app.window.notice.text


def test_an_undo_that_comes_too_late_takes_no_newer_verdict_away(app: App) -> None:
    attempt = view_of(app).attempt
    assert attempt is not None
    press(app, "I did not say this: Sunlight holds all colors.")
    answer_next(app)
    judge: Any = app.judge  # type: ignore[attr-defined]
    anew = assess_transcript(transcript("Short waves are scattered more."), SKY, judge, {}, Ticket())
    app.attempts.judged(attempt.id, anew)
    press(app, "Undo")
    assert verdicts(app) == {"short": "covered", "sun": "missed"}
    assert "judged once more" in app.window.notice.text
