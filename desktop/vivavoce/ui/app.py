"""Builds every part of the window and connects them; what happens when is in session.py."""

from __future__ import annotations

import dataclasses
import importlib
from datetime import datetime, timedelta, timezone
from functools import partial
from pathlib import Path

from PySide6.QtCore import QObject, QTimer
from PySide6.QtWidgets import QApplication

from vivavoce.core.attempt import Attempt
from vivavoce.errors import KnownError
from vivavoce.paths import Home, content
from vivavoce.settings import Settings, load_settings, save_settings
from vivavoce.store.attempts import Attempts
from vivavoce.store.audio import Recordings
from vivavoce.store.bank import Bank, load_bank
from vivavoce.store.database import Database
from vivavoce.store.own_wordings import OwnWordings
from vivavoce.store.pronunciation import load_pronunciation
from vivavoce.store.user_bank import UserBank
from vivavoce.ui.actions import Actions
from vivavoce.ui.authoring import Authoring
from vivavoce.ui.bringing import Bringing
from vivavoce.ui.crash import CrashLog
from vivavoce.ui.delivery_listening import DeliveryListening
from vivavoce.ui.disputes import Disputes
from vivavoce.ui.engine_process import ENGINES, EngineProcess
from vivavoce.ui.hearing import Hearing, measured_text
from vivavoce.ui.keyboard import Keyboard
from vivavoce.ui.links import Links
from vivavoce.ui.recovery import Recovery
from vivavoce.ui.session import RECORDING_PHASES, Phase, Session
from vivavoce.ui.speech import Speech
from vivavoce.ui.theme import apply_theme, tokens_of
from vivavoce.ui.window import Window

KEPT_AFTER_DISCARD = timedelta(days=7)
_PREPARED = 6
"""Questions made ahead: the one that is open, and those that follow it in the list."""
# Imported one by one when the window is up; making the devices is a step of its own.
_SOUND = (
    "PySide6.QtMultimedia",
    "vivavoce.sound.devices",
    "vivavoce.sound.recorder",
    "vivavoce.sound.player",
)


class App(QObject):
    """The program with its window; `start` shows it and everything slow comes after."""

    def __init__(self, application: QApplication, folders: Home, *, explicit_home: bool) -> None:
        super().__init__()
        self._application = application
        self._home = folders
        self._faults: list[KnownError] = []
        self._closed = False
        self.settings = self._loaded_settings()
        self.database = Database(folders.database)
        self.attempts = Attempts(self.database)
        self.recordings = Recordings(folders.recordings)
        self.engine = EngineProcess(folders, explicit_home, self)
        self.speech = Speech(self.engine, self.recordings, folders.speech, self.settings, self)
        self.session = Session(self.attempts, self.recordings, self.engine, self.speech, self.settings, self)
        self.delivery = DeliveryListening(self.attempts, self.engine, self.session, self)
        self.crash = CrashLog(folders.log, self)
        self._tokens = tokens_of(application, self.settings.theme)
        apply_theme(application, self._tokens)
        self.window = Window(folders, self._tokens)
        self.actions = Actions(
            self.window, self.session, self.speech, self.attempts, self.engine, self.crash, self
        )
        files = UserBank(folders.banks)
        self.authoring = Authoring(self.window.bank, self.window.notice, files, self.engine, self)
        self.disputes = Disputes(
            self.attempts,
            OwnWordings(self.database),
            self.engine,
            self.window.notice,
            self,
        )
        self.engine.set_as_judged(self.disputes.as_judged)
        self.recovery = Recovery(self.attempts, self.recordings, self.window.notice, self)
        self.bringing = Bringing(
            self.session, self.attempts, self.recordings, self.engine, self.window.notice, self
        )
        self.hearing = Hearing(self.engine, lambda: self.settings, self._is_busy, self)
        self.keyboard = Keyboard(self.window, self.actions)
        self._connect_pages()
        self._connect_practice()
        self._connect_session()

    def start(self, question_id: str | None = None) -> None:
        """Show the window; bank, sound and models follow while it can already be used."""
        self._show_hearing(measured_text(self.settings))
        self.window.show_page(self.window.questions, "questions")
        self.window.show()
        QTimer.singleShot(0, self, lambda: self._after_show(question_id))

    def close(self) -> None:
        """End everything: a running recording is kept, the worker stopped, the database closed."""
        if self._closed:
            return
        self._closed = True
        self.session.leave()
        self.authoring.stop()
        self.engine.close()
        self.crash.remove()
        self.database.close()

    def _loaded_settings(self) -> Settings:
        try:
            return load_settings(self._home.settings)
        except KnownError as error:
            self._faults.append(error)
            return Settings()

    def _after_show(self, question_id: str | None) -> None:
        """Do what is slow in steps, so that the window answers in between."""
        steps = [
            self._load_bank,
            *(partial(importlib.import_module, name) for name in (*_SOUND, "vivavoce.store.bank_check")),
            self._add_sound,
            # Only now: the worker's own loading takes every core it can get.
            self.engine.start,
            lambda: self._begin(question_id),
        ]

        def next_step() -> None:
            if self._closed:
                return
            step = steps.pop(0)
            if steps:  # before the step itself: one that fails must not take the rest with it
                QTimer.singleShot(0, self, next_step)
            step()

        next_step()

    def _load_bank(self) -> None:
        bank = self._read_bank()
        try:
            self.speech.set_pronunciation(load_pronunciation())
        except KnownError as error:
            self._faults.append(error)
        self.window.questions.list.setFocus()
        self._faults += [
            KnownError(f"A question file has a fault: {fault}.", "All other questions are here.")
            for fault in bank.faults
        ]

    def _read_bank(self) -> Bank:
        """Read the bank and give it to everybody who holds one."""
        bank = load_bank(content("data") / "bank", self._home.banks, self._home.cache / "bank")
        self.actions.bank = bank
        self.window.questions.show_bank(bank, self.attempts.latest_scores())
        self.authoring.set_bank(bank)
        self.session.renew(bank)
        return bank

    def _is_busy(self) -> bool:
        waits = self.session.phase in (Phase.IDLE, Phase.JUDGED)
        return not waits or bool(self.speech.kind) or self.bringing.busy

    def _may_close(self) -> bool:
        if not self.authoring.unsaved:
            return True
        self.actions.go("bank")
        return self.authoring.leave(self.window.close)

    def _begin(self, question_id: str | None) -> None:
        actions = self.actions
        self.recovery.on_wish(actions.judge_again, self.speech.replay, actions.discard)
        self._faults += self.recovery.find()
        if self._faults:
            actions.show_fault(self._faults[0])
        else:
            self.recovery.offer_next()
        if question_id is not None:
            try:
                actions.practise(actions.bank.get(question_id))
            except KnownError as error:
                actions.show_fault(error)
        for number in self.attempts.purge_discarded(datetime.now(timezone.utc) - KEPT_AFTER_DISCARD):
            try:
                self.recordings.delete(number)
            except KnownError as error:
                self.crash.write(str(error))

    def _add_sound(self) -> None:
        """Microphone and speaker; QtMultimedia is imported here, when the window is already up."""
        from vivavoce.sound.devices import Devices
        from vivavoce.sound.player import Player
        from vivavoce.sound.recorder import Recorder

        self.devices = Devices(self)
        self.recorder = Recorder(self.devices, self)
        self.player = Player(self.devices, self)
        card = self.window.practice.recorder
        self.recorder.level.connect(lambda peak, _: card.level.show_level(peak))
        self.recorder.elapsed.connect(card.show_seconds)
        self.recorder.elapsed.connect(lambda _: self._show_peaks())
        self.recorder.warning.connect(lambda _, text: card.show_warning(text))
        self.recorder.warning_cleared.connect(lambda _: card.show_warning(""))
        self.session.set_recorder(self.recorder, self.devices)
        self.speech.set_player(self.player)
        self.devices.changed.connect(self._show_devices)
        self._show_devices()

    def _show_peaks(self) -> None:
        live = self.session.phase is Phase.RECORDING
        self.window.practice.recorder.waveform.show_peaks(self.recorder.peaks, live=live)

    def _connect_pages(self) -> None:
        window, actions = self.window, self.actions
        window.section.connect(actions.go)
        window.closing.connect(self.close)
        window.may_close = self._may_close
        window.section.connect(self.authoring.remind)
        window.questions.chosen.connect(actions.practise)
        window.bank.reader.practise.connect(actions.practise)
        self.authoring.bank_changed.connect(self._read_bank)
        self.authoring.fault.connect(actions.show_fault)
        self.disputes.fault.connect(actions.show_fault)
        window.history.opened.connect(lambda number: actions.review(number, "history"))
        window.progress.opened.connect(lambda number: actions.review(number, "progress"))
        window.progress.practise.connect(actions.practise_id)
        window.review.back.connect(actions.leave_review)
        window.review.again.connect(actions.practise)
        window.review.answer.judge.connect(actions.judge_again)
        window.review.hearings.again.connect(actions.judge_again)
        window.review.set_versions(lambda attempt: self.attempts.transcripts(attempt.id))
        window.preferences.changed.connect(self._change_settings)
        window.preferences.try_voice.connect(self.speech.try_voice)
        window.preferences.measure.connect(self.hearing.measure)
        self.hearing.changed.connect(self._keep_settings)
        self.hearing.told.connect(self._show_hearing)
        self.hearing.fault.connect(actions.show_fault)
        self.hearing.advised.connect(lambda text: window.notice.show_text(text, key="model"))
        for page in (window.practice, window.review):
            self.disputes.serve(page.answer, page.show_attempt)
        links = Links(lambda: actions.bank, self.attempts)
        for view in (window.practice.answer, window.review.answer):
            view.set_links(links.of)
            view.practise.connect(actions.practise_id)
            view.opened.connect(lambda number: actions.review(number, "history"))
            view.play_span.connect(lambda start, end, view=view: actions.play(view.attempt, start, end))
            view.play_from.connect(lambda start, view=view: actions.play(view.attempt, start))
            view.replay.connect(lambda view=view: actions.play(view.attempt))
            view.hear_model.connect(lambda view=view: actions.toggle_model_voice(view.attempt))

    def _connect_practice(self) -> None:
        practice, actions = self.window.practice, self.actions
        practice.back.connect(lambda: actions.go("questions"))
        practice.hear.connect(actions.toggle_question)
        practice.next.connect(actions.next_question)
        practice.choose_file.connect(lambda: self.bringing.choose(self.window))
        practice.dropped.connect(lambda path: self.bringing.bring(Path(path)))
        card = practice.recorder
        card.record.connect(self.session.toggle_recording)
        card.pause.connect(self.session.toggle_pause)
        card.redo.connect(self.session.redo)
        card.cancel.connect(self.session.cancel)

    def _connect_session(self) -> None:
        practice, session = self.window.practice, self.session
        session.question_changed.connect(practice.show_question)
        session.question_changed.connect(lambda _: self._prepare_questions())
        session.phase_changed.connect(self._show_phase)
        session.progress.connect(practice.recorder.show_progress)
        session.heard.connect(practice.recorder.show_heard)
        session.transcript.connect(practice.show_heard)
        session.judged.connect(self._show_judged)
        for view in (practice.answer, self.window.review.answer):
            self.delivery.delivered.connect(view.show_delivery)
            view.shown.connect(self.delivery.add)
        session.discarded.connect(self.actions.show_discarded)
        session.fault.connect(self.actions.show_fault)
        self.speech.state_changed.connect(self._show_sound)
        for view in (practice.answer, self.window.review.answer):
            self.speech.sentence_changed.connect(view.show_sentence)
        self.speech.fault.connect(self.actions.show_fault)
        self.engine.engine_state.connect(self._show_engine)
        self.crash.told.connect(lambda text: self.window.notice.show_text(text, fault=True))
        self._application.styleHints().colorSchemeChanged.connect(self._dress)

    def _change_settings(self, settings: Settings) -> None:
        if settings.speech_model != self.settings.speech_model:
            # Kept when the worker has heard something with it.
            self.hearing.choose(settings.speech_model)
            settings = dataclasses.replace(settings, speech_model=self.settings.speech_model)
        self._keep_settings(settings)

    def _show_hearing(self, text: str) -> None:
        if not self.hearing.busy:
            self.window.preferences.show_settings(self.settings)
        self.window.preferences.show_hearing(text)

    def _keep_settings(self, settings: Settings) -> None:
        self.settings = settings
        self.session.set_settings(settings)
        self.speech.set_settings(settings)
        self._dress()
        self._show_microphone()
        try:
            save_settings(self._home.settings, settings)
        except KnownError as error:
            self.actions.show_fault(error)

    def _dress(self) -> None:
        tokens = tokens_of(self._application, self.settings.theme)
        if tokens != self._tokens:
            self._tokens = tokens
            apply_theme(self._application, tokens)
            self.window.set_tokens(tokens)

    def _show_devices(self) -> None:
        self.window.preferences.show_devices(
            [(device.name, device.id) for device in self.devices.microphones()],
            [(device.name, device.id) for device in self.devices.speakers()],
        )
        self._show_microphone()

    def _show_microphone(self) -> None:
        if not hasattr(self, "devices"):
            return  # the sound comes a moment after the window
        try:
            name = self.devices.find(self.settings.microphone).description()
        except KnownError as error:
            name = error.what
        self.window.practice.recorder.show_device(name)

    def _show_phase(self, phase: Phase) -> None:
        self.window.practice.recorder.show_words(self.session.shows_words)
        self.window.practice.show_phase(phase)
        # What was discarded can be brought back all the time that something new is recorded.
        if phase in RECORDING_PHASES and self.window.notice.key != "discarded":
            self.window.notice.dismiss()
        if phase in (Phase.PAUSED, Phase.JUDGING):
            self._show_peaks()

    def _show_sound(self, kind: str) -> None:
        self.window.practice.show_sound(kind)
        for view in (self.window.practice.answer, self.window.review.answer):
            view.show_sound(kind)

    def _prepare_questions(self) -> None:
        """Let the questions that are likely to come be made ahead, so that they are heard at once."""
        self.speech.prepare(self.window.questions.coming(self.session.question, _PREPARED))

    def _show_judged(self, attempt: Attempt) -> None:
        self.window.practice.show_attempt(attempt)
        self.window.questions.show_standing(self.attempts.latest_scores())
        if not self.window.notice.isVisible():
            self.recovery.offer_next()

    def _show_engine(self, name: str, state: str, detail: str) -> None:
        states = self.engine.states
        if (name, state) == ("voice", "ready"):
            self._prepare_questions()
            self.speech.voice_is_ready()
        if state == "failed":
            self.actions.show_fault(KnownError(detail))
        missing = [name for name in ENGINES if states.get(name) == "failed"]
        if missing:
            self.window.engine.setText(f"Not available: {', '.join(missing)}")
        elif all(states.get(name) == "ready" for name in ENGINES):
            self.window.engine.setText("Ready to listen")
            self.hearing.engines_ready()
        else:
            self.window.engine.setText("Loading the models … You can begin already.")
