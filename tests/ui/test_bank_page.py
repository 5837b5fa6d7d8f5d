"""The bank page: a question is found, read, changed, tried and saved, and nothing typed is lost."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timezone
from pathlib import Path
from typing import Any

import pytest
import yaml
from PySide6.QtCore import QCoreApplication, QEvent, QPoint, QPointF, Qt
from PySide6.QtGui import QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel, QLineEdit, QPushButton
from pytestqt.qtbot import QtBot

from vivavoce.core.attempt import Assessment
from vivavoce.core.evidence import Evidence
from vivavoce.core.plain import to_plain
from vivavoce.core.question import Question
from vivavoce.core.wording_check import WordingResult
from vivavoce.paths import home
from vivavoce.ui.app import App
from vivavoce.ui.theme import DARK
from vivavoce.ui.widgets.answer_trial import LOADING
from vivavoce.ui.widgets.fields import GrowingEdit
from vivavoce.ui.widgets.text_list import Mark

SHIFT = Qt.KeyboardModifier.ShiftModifier
NONE = Qt.KeyboardModifier.NoModifier


@pytest.fixture
def app(qtbot: QtBot, tmp_path: Path) -> Iterator[App]:
    application = QApplication.instance()
    assert isinstance(application, QApplication)
    app = App(application, home(tmp_path), explicit_home=True)
    app.sent = []  # type: ignore[attr-defined]
    app.engine.send = app.sent.append  # type: ignore[attr-defined, method-assign]
    app._load_bank()  # what start() does in its first step
    app.window.show()
    app.window.activateWindow()
    qtbot.waitActive(app.window)
    app.actions.go("bank")
    yield app
    app.window.may_close = lambda: True
    app.window.close()
    app.window.deleteLater()
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)  # or every sheet dresses it again
    application.setStyleSheet("")


def sent(app: App, do: str) -> list[dict[str, Any]]:
    return [one for one in app.sent if one["do"] == do]  # type: ignore[attr-defined]


def answer(app: App, do: str, event: str, **values: object) -> None:
    app.engine._handle({"id": sent(app, do)[-1]["id"], "event": event, **values})


def notice_button(app: App, text: str) -> QPushButton:
    # The last: buttons of the notice before are still on their way out.
    return [one for one in app.window.notice.findChildren(QPushButton) if one.text() == text][-1]


def shown(app: App) -> list[str]:
    return [question.id for question in app.window.bank.questions.shown()]


def edit(app: App, question_id: str) -> Question:
    app.window.bank.questions.select(question_id)
    question = app.actions.bank.get(question_id)
    app.window.bank.reader.edit_button.click()
    assert app.window.bank.editing
    return question


def own_file(app: App) -> Path:
    return app._home.banks / "own.yaml"


# Finding and reading


def test_a_concepts_wording_finds_its_question_and_is_named(app: App, qtbot: QtBot) -> None:
    page = app.window.bank
    QTest.keyClick(app.window, Qt.Key.Key_F, Qt.KeyboardModifier.ControlModifier)
    assert page.questions.search.hasFocus()
    QTest.keyClicks(page.questions.search, "CNN relies wired patch")
    qtbot.waitUntil(lambda: shown(app) == ["core-33"])
    row = page.questions.model.index(0, 0)
    assert "found in: A CNN is built mainly" in row.data(Qt.ItemDataRole.AccessibleTextRole)
    assert page.count.text().startswith("1 of ")
    page.questions.search.setText("wired patch transformer-xyz")
    qtbot.waitUntil(lambda: shown(app) == [])
    assert page.questions.nothing.isVisible()
    assert page.reader.question is None
    assert not page.reader.edit_button.isVisible()


def test_everything_of_a_question_is_read_and_related_ones_are_links(app: App) -> None:
    page = app.window.bank
    question = next(one for one in app.actions.bank.questions if one.related and "```" in one.explanation)
    page.questions.select(question.id)
    page.reader.complete()
    text = " ".join(page.reader.text.toPlainText().split())
    parts = [question.ask, question.reference, *question.follow_ups, *(term.text for term in question.terms)]
    for concept in question.concepts:
        parts += [
            concept.statement,
            concept.probe,
            *concept.accepted,
            *concept.misconceptions,
            *concept.hints,
        ]
    assert [part for part in parts if " ".join(part.split()) not in text] == []
    assert "Shipped with Viva Voce." in text
    code = question.explanation.split("```")[1].splitlines()[1]
    assert code in page.reader.text.toPlainText()
    other = question.related[0]
    page.reader.text.anchorClicked.emit(f"question:{other}")
    assert page.reader.question == app.actions.bank.get(other)


def test_a_question_leads_over_to_practise(app: App) -> None:
    page = app.window.bank
    page.questions.select("core-33")
    page.reader.practise_button.click()
    app.speech.stop()
    assert app.window.page is app.window.practice
    assert app.session.question == app.actions.bank.get("core-33")


def test_enter_goes_from_the_list_into_the_text(app: App) -> None:
    app.window.bank.questions.list.setFocus()
    QTest.keyClick(app.window.bank.questions.list, Qt.Key.Key_Return)
    assert app.window.bank.reader.text.hasFocus()
    assert app.window.page is app.window.bank


# Writing


def test_a_shipped_question_becomes_ones_own_and_can_go_back(app: App) -> None:
    page = app.window.bank
    before = edit(app, "core-33")
    page.editor.texts["title"].setPlainText("My convolution")
    QTest.keyClick(app.window, Qt.Key.Key_S, Qt.KeyboardModifier.ControlModifier)
    assert not page.editing
    now = app.actions.bank.get("core-33")
    assert now == Question(
        **{**{f: getattr(before, f) for f in before.__dataclass_fields__}, "title": "My convolution"}
    )
    assert page.reader.question == now, "it is still the one that is read"
    assert now in app.window.questions.shown()
    page.questions.origin.setCurrentIndex(page.questions.origin.findData("changed"))
    assert shown(app) == ["core-33"]
    assert page.reader.reset_button.isVisible()
    page.reader.reset_button.click()
    assert app.actions.bank.get("core-33") == before
    assert not own_file(app).exists()
    notice_button(app, "Undo").click()
    assert app.actions.bank.get("core-33") == now


def test_a_new_question_is_kept_in_the_users_folder(app: App) -> None:
    page = app.window.bank
    page.new_button.click()
    editor = page.editor
    QTest.keyClicks(editor.texts["title"], "Why is it?")
    assert app.window.page is page, "letters and the question mark are letters here"
    QTest.keyClick(editor.texts["title"], Qt.Key.Key_Return)
    assert editor.texts["ask"].hasFocus()
    QTest.keyClicks(editor.texts["ask"], "Why is the sky blue?")
    editor.texts["reference"].setPlainText("Short waves are scattered more.")
    editor.topics.setText("Light, The Sky")
    editor.concepts[0].statement.setPlainText("Short waves are scattered more.")
    editor.concepts[0].toggle()
    accepted = editor.concepts[0].lists["accepted"]
    accepted.add()
    QTest.keyClicks(accepted.rows[0].edit, "blue bounces")
    QTest.keyClick(accepted.rows[0].edit, Qt.Key.Key_Return)
    QTest.keyClicks(accepted.rows[1].edit, "blue is spread")
    QTest.keyClick(accepted.rows[1].edit, Qt.Key.Key_Up, Qt.KeyboardModifier.AltModifier)
    page.save_button.click()
    (entry,) = yaml.safe_load(own_file(app).read_text())
    assert entry == {
        "id": "own-why-is-it",
        "level": "own",
        "topics": ["light", "the-sky"],
        "title": "Why is it?",
        "ask": "Why is the sky blue?",
        "reference": "Short waves are scattered more.",
        "concepts": [
            {
                "id": "c1",
                "statement": "Short waves are scattered more.",
                "accepted": ["blue is spread", "blue bounces"],
            }
        ],
    }
    assert page.reader.question == app.actions.bank.get("own-why-is-it")
    assert page.reader.delete_button.isVisible()
    page.reader.delete_button.click()
    assert "own-why-is-it" not in app.actions.bank
    notice_button(app, "Undo").click()
    assert page.reader.question == app.actions.bank.get("own-why-is-it")


def test_faults_are_told_at_their_field_and_nothing_faulty_is_saved(app: App, qtbot: QtBot) -> None:
    page = app.window.bank
    page.new_button.click()
    assert page.state.text().startswith("It will be kept in")
    editor = page.editor
    editor.texts["ask"].setPlainText("Is 2 * 3 = 6?")
    qtbot.waitUntil(lambda: "cannot read" in editor._fields["ask"].fault)
    assert editor._fields["title"].fault == "", "what is not written yet is no fault before it is saved"
    page.save_button.click()
    assert page.editing
    assert editor._fields["title"].fault == "This is missing."
    assert page.state.text() == "5 things to mend before it can be saved."
    assert not own_file(app).exists()
    editor.texts["title"].setPlainText("Six")
    qtbot.waitUntil(lambda: editor._fields["title"].fault == "")
    editor.texts["ask"].setPlainText("Is it six?")
    page.leave.emit()
    notice_button(app, "Discard the changes").click()


def test_a_copy_has_an_id_of_its_own(app: App) -> None:
    page = app.window.bank
    page.questions.select("core-33")
    page.reader.duplicate_button.click()
    page.save_button.click()
    assert page.reader.question is not None
    assert page.reader.question.id.startswith("own-what-a-convolutional")
    assert page.reader.question.concepts == app.actions.bank.get("core-33").concepts


def test_concepts_are_added_moved_and_removed_with_their_ids(app: App) -> None:
    page = app.window.bank
    before = edit(app, "core-33")
    ids = [concept.id for concept in before.concepts]
    editor = page.editor
    QTest.keyClick(editor.concepts[1].statement, Qt.Key.Key_Up, Qt.KeyboardModifier.AltModifier)
    editor.concepts[2].removed.emit()
    editor.add_button.click()
    QTest.keyClicks(editor.concepts[-1].statement, "It is new.")
    found = [concept["id"] for concept in editor.form["concepts"]]
    assert found[:-1] == [ids[1], ids[0], *ids[3:]]
    assert found[-1] not in ids
    assert [one.accessibleName() for one in editor.concepts][:2] == ["Concept 1", "Concept 2"]


def test_what_is_not_touched_stays_word_for_word(app: App) -> None:
    for question in app.actions.bank.questions[::20]:
        edit(app, question.id)
        for concept in app.window.bank.editor.concepts:
            concept.toggle()
        assert not app.authoring.unsaved, question.id
        app.window.bank.leave.emit()
        assert not app.window.bank.editing


# Nothing is lost


def test_leaving_with_changes_asks_first(app: App) -> None:
    page = app.window.bank
    edit(app, "core-33")
    page.editor.texts["title"].setPlainText("Mine")
    QTest.keyClick(page.editor.texts["title"], Qt.Key.Key_Escape)
    assert page.editing
    assert "“Mine” has changes that are not saved." in app.window.notice.text
    notice_button(app, "Save").click()
    assert not page.editing
    assert app.actions.bank.get("core-33").title == "Mine"
    edit(app, "core-33")
    page.editor.texts["title"].setPlainText("Other")
    page.leave.emit()
    notice_button(app, "Discard the changes").click()
    assert app.actions.bank.get("core-33").title == "Mine"
    edit(app, "core-33")
    QTest.keyClick(page.editor.texts["title"], Qt.Key.Key_Escape)
    assert not page.editing, "without changes there is nothing to ask"


def test_a_draft_waits_while_one_looks_elsewhere(app: App) -> None:
    page = app.window.bank
    edit(app, "core-33")
    page.editor.texts["title"].setPlainText("Mine")
    app.window.section.emit("history")
    assert app.window.page is app.window.history
    assert "They wait for you in the bank." in app.window.notice.text
    app.window.section.emit("bank")
    assert page.editing
    assert page.editor.texts["title"].text == "Mine"
    assert not app.window.notice.isVisible()


def test_the_window_does_not_close_on_changes_without_asking(app: App, qtbot: QtBot) -> None:
    edit(app, "core-33")
    app.window.bank.editor.texts["title"].setPlainText("Mine")
    app.actions.go("history")
    assert not app.window.close()
    assert app.window.isVisible()
    assert app.window.page is app.window.bank
    with qtbot.waitSignal(app.window.closing):
        notice_button(app, "Discard the changes").click()
    assert not app.window.isVisible()


# The judge


def test_the_question_is_tried_as_it_is_written(app: App, qtbot: QtBot) -> None:
    page = app.window.bank
    edit(app, "core-33")
    page.editor.concepts[0].statement.setPlainText("A CNN counts sheep.")
    page.trial.edit.setPlainText("It counts sheep all day and all night long.")
    qtbot.waitUntil(lambda: sent(app, "assess_text") != [])
    assert page.trial.state.text() == LOADING
    app.engine._handle({"id": None, "event": "engine", "engine": "judge", "state": "ready", "detail": ""})
    assert page.trial.state.text() == "Looking …"
    question = sent(app, "assess_text")[-1]["question"]
    assert question["concepts"][0]["statement"] == "A CNN counts sheep."
    evidence = tuple(
        Evidence(one["id"], one["statement"], "covered" if place == 0 else "missed", 0.9, 0.0,
                 quote="counts sheep" if place == 0 else None)
        for place, one in enumerate(question["concepts"])
    )  # fmt: skip
    result = to_plain(Assessment(True, None, 20.0, (10.0, 30.0), evidence, None, None, "", {}, 0.1))
    answer(app, "assess_text", "done", result=result)
    light = page.trial._lights[0]
    assert light.accessibleName() == "Covered: A CNN counts sheep."
    assert (light.sure.text(), light.quote.text()) == ("covered 90 %", "“counts sheep”")
    assert page.trial.score.text() == "20 of 100"
    page.set_tokens(DARK)
    assert light.sure.text() == "covered 90 %", "other colours lose nothing"
    page.trial.edit.setPlainText("sheep")
    qtbot.waitUntil(lambda: len(sent(app, "assess_text")) == 2)
    reason = "That is too little to score. Two or three sentences about the question are enough."
    nothing = to_plain(Assessment(False, reason, None, None, (), None, None, "", {}, 0.1))
    answer(app, "assess_text", "done", result=nothing)
    assert page.trial.state.text() == reason
    assert light.accessibleName() == "Not tried yet: A CNN counts sheep."


def test_the_wordings_are_marked_one_by_one(app: App) -> None:
    page = app.window.bank
    question = edit(app, "core-33")
    first, second = question.concepts[:2]
    page.trial.check_button.click()
    answer(app, "check_wordings", "progress", stage="checking", fraction=0.5)
    assert page.trial.bar.value() == 500
    everything = {concept.id: "covered" for concept in question.concepts}
    nothing = dict.fromkeys(everything, "missed")
    results = [
        WordingResult("reference", "", question.reference, {**everything, second.id: "missed"}),
        WordingResult("accepted", first.id, first.accepted[0], {**nothing, first.id: "covered"}),
        WordingResult("accepted", first.id, first.accepted[1], {**nothing, second.id: "covered"}),
        WordingResult("misconception", first.id, first.misconceptions[0], {**nothing, first.id: "covered"}),
    ]
    answer(app, "check_wordings", "done", result=to_plain(results))
    told = page.trial.rates.text()
    assert f"Model answer: covers {len(question.concepts) - 1} of {len(question.concepts)} concepts." in told
    assert second.statement in told
    assert "Accepted wordings: 1 of 2 recognised." in told
    assert "Misconceptions: 0 of 1 not taken for right." in told
    concept = page.editor.concepts[0]
    concept.toggle()
    good, bad = concept.lists["accepted"].rows[:2]
    assert (good.sign.text(), bad.sign.text()) == ("✓", "!")
    assert "counts as missed" in bad.sign.accessibleName()
    assert "also covers another concept" in bad.sign.accessibleName()
    assert concept.lists["misconceptions"].rows[0].sign.accessibleName() == "Said alone, it passes as right."
    QTest.keyClicks(good.edit, "x")
    assert good.sign.text() == "", "the mark was another text's"


def test_a_check_can_be_stopped(app: App) -> None:
    page = app.window.bank
    edit(app, "core-33")
    page.trial.check_button.click()
    assert page.trial.check_button.text() == "Stop checking"
    page.trial.check_button.click()
    assert sent(app, "cancel")[-1]["id"] == sent(app, "check_wordings")[-1]["id"]
    assert not page.trial.bar.isVisible()
    answer(app, "check_wordings", "cancelled")
    assert not page.trial.bar.isVisible()


# Attempts keep their question


def test_a_changed_question_keeps_its_attempts(app: App) -> None:
    question = app.actions.bank.get("core-33")
    attempt = app.attempts.begin(question, "Microphone", datetime.now(timezone.utc))
    app.attempts.recorded(attempt.id, 3.0)
    evidence = tuple(
        Evidence(one.id, one.statement, "covered", 0.9, 0.0, quote="q") for one in question.concepts
    )
    app.attempts.judged(
        attempt.id, Assessment(True, None, 100.0, (90.0, 100.0), evidence, None, None, "q", {}, 0.1)
    )
    app.actions.practise(question)
    app.speech.stop()
    app.actions.go("bank")
    edit(app, "core-33")
    editor = app.window.bank.editor
    editor.concepts[0].statement.setPlainText("Something else altogether.")
    editor.concepts[1].removed.emit()
    app.window.bank.save_button.click()
    changed = app.actions.bank.get("core-33")
    assert len(changed.concepts) == len(question.concepts) - 1
    assert app.session.question == changed, "the next answer is asked and judged by the new one"
    assert app.attempts.get(attempt.id).question == question
    app.actions.review(attempt.id, "history")
    app.window.review.answer.complete()
    names = [
        one.accessibleName() for one in app.window.review.answer.findChildren(object) if hasattr(one, "play")
    ]
    assert f"Covered: {question.concepts[1].statement}" in names
    app.actions.go("progress")
    app.window.progress.show_question("core-33")
    model = app.window.progress.heatmap.model()
    assert model.rowCount() >= len(changed.concepts)
    assert model.columnCount() == 1, "the attempt still has its column"
    assert app.attempts.latest_scores()["core-33"].score == 100.0


def test_an_id_typed_twice_is_told_and_breaks_nothing(app: App, qtbot: QtBot) -> None:
    page = app.window.bank
    question = edit(app, "core-33")
    concept = page.editor.concepts[0]
    concept.toggle()
    concept.name.setText(question.concepts[1].id)
    qtbot.waitUntil(lambda: "1 thing to mend" in page.state.text())
    concept.name.setText(question.concepts[0].id)
    assert not app.authoring.unsaved


def test_a_new_concept_never_takes_the_history_of_a_removed_one(app: App) -> None:
    page = app.window.bank
    question = edit(app, "core-33")
    editor = page.editor
    editor.show_form(
        {"id": "own-t", "concepts": [{"id": "c1", "statement": "One."}, {"id": "c2", "statement": "Two."}]},
        (),
        {question.id},
        new=False,
    )
    editor.concepts[1].removed.emit()
    editor.add_concept()
    editor.concepts[1].statement.setPlainText("Three.")
    kept, added = (one["id"] for one in editor.form["concepts"])
    assert kept == "c1"
    assert added not in ("c1", "c2")
    app.window.bank.show_browser()


def test_scrolling_past_a_field_changes_nothing(app: App) -> None:
    edit(app, "core-33")
    editor = app.window.bank.editor
    for field in (editor.level, editor.seconds, editor.concepts[0].weight):
        at = QPointF(5, 5)
        turn = QWheelEvent(
            at, field.mapToGlobal(at), QPoint(), QPoint(0, -120), Qt.MouseButton.NoButton, NONE,
            Qt.ScrollPhase.NoScrollPhase, False,
        )  # fmt: skip
        QApplication.sendEvent(field, turn)
    assert not app.authoring.unsaved


def test_a_fault_in_a_folded_concept_is_brought_into_view(app: App) -> None:
    page = app.window.bank
    edit(app, "core-33")
    concept = page.editor.concepts[-1]
    concept.toggle()
    concept.name.setText("No Id")
    concept.toggle()
    page.save_button.click()
    assert concept.unfolded
    assert concept.name.hasFocus()
    page.show_browser()


def test_a_fault_stays_in_other_colours_and_gives_way_to_what_the_check_said(app: App) -> None:
    edit(app, "core-33")
    editor = app.window.bank.editor
    editor.concepts[0].toggle()
    row = editor.concepts[0].lists["accepted"].rows[0]
    row.show_mark(Mark(False, "Said alone, it is missed."))
    row.show_fault("Stands twice.")
    editor.set_tokens(DARK)
    told = [one.text() for one in row.findChildren(QLabel) if one.isVisible()]
    assert "Stands twice." in told
    row.show_fault("")
    told = [one.text() for one in row.findChildren(QLabel) if one.isVisible()]
    assert "Said alone, it is missed." in told
    assert "Stands twice." not in told


def test_saving_from_another_page_says_when_it_cannot(app: App) -> None:
    page = app.window.bank
    edit(app, "core-33")
    page.editor.texts["title"].setPlainText("")
    app.window.section.emit("preferences")
    focused = QApplication.focusWidget()
    notice_button(app, "Save now").click()
    assert "is not saved" in app.window.notice.text
    page.editor.texts["title"].setPlainText("Mine")
    QTest.keyClick(app.window, Qt.Key.Key_S, Qt.KeyboardModifier.ControlModifier)
    assert app.actions.bank.get("core-33").title == "Mine"
    assert QApplication.focusWidget() in (focused, None), "the hidden page takes no focus"


def test_a_reminder_pushes_no_undo_away(app: App) -> None:
    edit(app, "core-33")
    app.window.bank.editor.texts["title"].setPlainText("Mine")
    app.window.notice.show_text("Recording discarded.", (("Undo", lambda: None),), key="discarded")
    app.window.section.emit("history")
    assert app.window.notice.key == "discarded"
    app.window.bank.show_browser()


def test_a_related_question_is_reached_by_keyboard(app: App) -> None:
    page = app.window.bank
    question = next(one for one in app.actions.bank.questions if one.related)
    page.questions.select(question.id)
    page.reader.complete()
    page.reader.text.setFocus()
    QTest.keyClick(page.reader.text, Qt.Key.Key_Tab)
    QTest.keyClick(page.reader.text, Qt.Key.Key_Return)
    assert page.reader.question == app.actions.bank.get(question.related[0])


def test_an_answer_is_tried_again_after_a_check(app: App, qtbot: QtBot) -> None:
    page = app.window.bank
    edit(app, "core-33")
    page.trial.edit.setPlainText("It counts sheep all day and all night long.")
    qtbot.waitUntil(lambda: len(sent(app, "assess_text")) == 1)
    page.trial.check_button.click()
    answer(app, "assess_text", "cancelled")
    answer(app, "check_wordings", "done", result=[])
    qtbot.waitUntil(lambda: len(sent(app, "assess_text")) == 2)


def test_a_question_that_left_the_bank_meanwhile_is_said_to_be_gone(app: App) -> None:
    app.window.progress.practise.emit("own-gone")
    assert "own-gone" in app.window.notice.text
    assert app.window.page is app.window.bank


def test_every_field_of_the_editor_has_a_name(app: App) -> None:
    edit(app, "core-33")
    page = app.window.bank
    page.editor.concepts[0].toggle()
    nameless = [
        widget
        for kind in (GrowingEdit, QLineEdit, QPushButton)
        for widget in page.findChildren(kind)
        if not (widget.accessibleName() or (isinstance(widget, QPushButton) and widget.text()))
        and widget.objectName() not in ("qt_spinbox_lineedit", "")
    ]
    assert nameless == []


def test_the_editor_fits_into_the_smallest_window(app: App) -> None:
    app.window.resize(app.window.minimumSize())
    edit(app, "core-33")
    editor = app.window.bank.editor
    editor.concepts[0].toggle()
    QApplication.processEvents()
    assert editor.widget().minimumSizeHint().width() <= editor.viewport().width()


def test_an_empty_search_leads_back_to_everything(app: App, qtbot: QtBot) -> None:
    page = app.window.bank
    everything = shown(app)
    page.questions.origin.setCurrentIndex(page.questions.origin.findData("own"))
    assert "What you write or change yourself is listed here." in page.questions.nothing.text()
    assert page.questions.search.hasFocus(), "and not in the sidebar"
    page.questions.all_button.click()
    qtbot.waitUntil(lambda: shown(app) == everything)
