"""One person, one question, from the list to the heatmap, with real sound and real models."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QPushButton
from pytestqt.qtbot import QtBot
from virtual_audio import SPEAKER_RATE, VirtualAudio, likeness

from vivavoce.audio_file import read_pcm
from vivavoce.engines.voice import voice_engine
from vivavoce.store.pronunciation import load_pronunciation
from vivavoce.store.speech_cache import SpeechCache
from vivavoce.ui.app import App
from vivavoce.ui.session import Phase

MINUTE = 60_000


def test_a_question_is_asked_answered_judged_heard_again_and_found_in_the_heatmap(
    start: Callable[[], App], sound: VirtualAudio, spoken_answer: Path, qtbot: QtBot, user_folder: Path
) -> None:
    app = start()
    window = app.window

    # Found by typing and opened with Enter; the question is heard, whole, on the speaker.
    QTest.keyClicks(window.questions.search, "why activation functions matter")
    with sound.heard() as heard:
        QTest.keyClick(window.questions.search, Qt.Key.Key_Return)
        assert window.page is window.practice
        question = app.session.question
        assert question is not None
        assert question.id == "general-06"
        qtbot.waitUntil(lambda: app.player.active, timeout=MINUTE)
        qtbot.waitUntil(lambda: not app.speech.kind, timeout=MINUTE)
        qtbot.waitUntil(lambda: heard.quiet_s > 0.5, timeout=MINUTE)
        asked = heard.pcm
    # Other questions are made ahead; this one is a single sentence.
    said = load_pronunciation().form(question.ask, question.terms, natural=True)
    made = SpeechCache(user_folder / "cache" / "speech").path(said, "natural", 1.0, voice_engine("natural"))
    pcm, rate = read_pcm(made)
    assert likeness(asked, _at_speaker_rate(pcm, rate)) > 0.9

    # Answered into the microphone; Space starts, Space stops.
    QTest.keyClick(window, Qt.Key.Key_Space)
    qtbot.waitUntil(lambda: app.session.phase is Phase.RECORDING, timeout=MINUTE)
    speaker = sound.feed(spoken_answer)
    qtbot.waitUntil(lambda: speaker.poll() is not None, timeout=MINUTE)
    qtbot.waitUntil(lambda: app.recorder.seconds > 9.0, timeout=MINUTE)
    QTest.keyClick(window, Qt.Key.Key_Space)
    qtbot.waitUntil(lambda: app.session.phase is Phase.JUDGED, timeout=2 * MINUTE)

    # The verdict: what was said is covered, what was not is missed; the words are quoted.
    attempt = app.attempts.get(app.session.attempt_id)
    assessment = attempt.assessment
    assert assessment is not None
    assert assessment.scored
    verdicts = {evidence.concept_id: evidence.verdict for evidence in assessment.evidence}
    assert verdicts["nonlinearity"] == "covered"
    assert verdicts["relu-default"] == "covered"
    assert verdicts["dead-relu"] == "missed"
    assert verdicts["sigmoid-tanh-uses"] == "missed"
    assert "linear" in assessment.text.lower()
    assert attempt.device == "Virtual microphone"

    # The quote plays its own seconds of the recording.
    proof = next(one for one in assessment.evidence if one.concept_id == "relu-default")
    assert proof.quote is not None
    assert proof.start is not None
    assert proof.end is not None
    window.practice.answer.complete()
    quotes = [
        button
        for button in window.practice.answer.findChildren(QPushButton)
        if button.accessibleName() == f"Hear: {proof.quote}"
    ]
    with sound.heard() as heard:
        QTest.mouseClick(quotes[0], Qt.MouseButton.LeftButton)
        qtbot.waitUntil(lambda: not app.player.active, timeout=MINUTE)
        qtbot.waitUntil(lambda: heard.quiet_s > 0.5, timeout=MINUTE)
        replayed = heard.pcm
    path = app.recordings.existing(attempt.id)
    assert path is not None
    recorded, rate = read_pcm(path)
    span = recorded[round(proof.start * rate) : round(proof.end * rate)]
    assert likeness(replayed, _at_speaker_rate(span, rate)) > 0.9

    # The recording is kept, in the end as FLAC.
    qtbot.waitUntil(lambda: app.recordings.flac_path(attempt.id).exists(), timeout=MINUTE)

    # History and both heatmaps lead to it.
    app.actions.go("history")
    assert window.history.model.attempt(0).id == attempt.id
    app.actions.go("progress")
    window.progress.show_question("general-06")
    coverage = window.progress.heatmap.coverage
    place = [concept.id for concept in attempt.question.concepts].index("nonlinearity")
    index = coverage.index(place, 0)
    assert "Covered" in str(index.data(Qt.ItemDataRole.AccessibleTextRole))
    window.progress.heatmap.setCurrentIndex(index)
    QTest.keyClick(window, Qt.Key.Key_Return)
    assert window.page is window.review
    shown = window.review.answer.attempt
    assert shown is not None
    assert shown.id == attempt.id


def test_words_appear_while_they_are_spoken_and_are_the_ones_that_are_judged(
    start: Callable[[], App], sound: VirtualAudio, spoken_answer: Path, qtbot: QtBot
) -> None:
    app = start()
    qtbot.waitUntil(lambda: app.engine.states.get("speech") == "ready", timeout=MINUTE)
    app.actions.practise(app.actions.bank.get("general-06"))
    app.speech.stop()
    QTest.keyClick(app.window, Qt.Key.Key_Space)
    qtbot.waitUntil(lambda: app.session.phase is Phase.RECORDING, timeout=MINUTE)
    words = app.window.practice.recorder.words
    assert words.isVisible()
    sound.feed(spoken_answer)
    qtbot.waitUntil(lambda: "linear" in words.words.toPlainText().lower(), timeout=2 * MINUTE)
    assert app.session.phase is Phase.RECORDING
    QTest.keyClick(app.window, Qt.Key.Key_Space)
    qtbot.waitUntil(lambda: app.session.phase is Phase.JUDGED, timeout=2 * MINUTE)
    assert not words.isVisible()
    number = app.session.attempt_id
    (kept,) = app.attempts.transcripts(number)
    assert kept.transcript.kind == "live"

    # Listened to again from the review: both versions are kept, the newest is shown.
    app.actions.review(number, "history")
    app.window.review.hearings.menu.actions()[0].trigger()
    qtbot.waitUntil(lambda: len(app.attempts.transcripts(number)) == 2, timeout=2 * MINUTE)
    assessment = app.attempts.get(number).assessment
    assert assessment is not None
    assert assessment.transcript is not None
    assert (assessment.transcript.kind, assessment.transcript.beam) == ("whole file", 10)


def _at_speaker_rate(pcm: np.ndarray, rate: int) -> np.ndarray:
    """The same sound at the speaker's rate, for comparing with what was heard there."""
    length = round(pcm.size * SPEAKER_RATE / rate)
    places = np.linspace(0, pcm.size - 1, length)
    return np.interp(places, np.arange(pcm.size), pcm).astype(np.int16)
