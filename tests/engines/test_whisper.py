"""What was said is written down with its times, and where nothing was said nothing is written."""

from __future__ import annotations

import dataclasses
import itertools
import json
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any, NamedTuple, cast

import av
import numpy as np
import pytest
from hearing import share_heard, words_of

from vivavoce.core.question import Question, Term
from vivavoce.core.spoken import spoken_form
from vivavoce.core.ticket import Ticket
from vivavoce.core.transcript import Segment, Transcript, Word
from vivavoce.engines.cutting import pieces_of
from vivavoce.engines.engines import Engines
from vivavoce.engines.manifest import ModelShelf
from vivavoce.engines.piece import Piece, heard_in, holes_of, in_order, invented, short_window, term_prompt
from vivavoce.engines.voice_activity import RATE, Samples, Span, pauses_of, raised, speech_spans
from vivavoce.engines.whisper import LEAST_RELIABLE, decode
from vivavoce.errors import Cancelled, KnownError
from vivavoce.paths import Home, content
from vivavoce.store.bank import load_bank

DEBIAN = Path("/usr/share/pocketsphinx/test/data/librivox")
SENTENCES = (
    "The gradient of the loss tells every weight which way to move.",
    "It is computed layer by layer.",
    "A small step keeps the training stable but slow.",
    "Validation data show when the network begins to memorize.",
    "My colleague plotted both curves in the same picture.",
    "We stopped after the ninth epoch and kept the best weights.",
)
ACTIVATIONS = (
    "Without a nonlinear activation, a stack of linear layers is just one big linear function, so depth "
    "buys you nothing. For the hidden layers I start with ReLU, because it is simple and very cheap to "
    "compute. Sigmoid and tanh flatten out when the input is far from zero, so their slope is nearly "
    "zero there, and in a deep network the gradients vanish. The catch with ReLU is that a unit whose "
    "input is always negative outputs zero, gets no gradient, and stops learning. When I see many of "
    "those dead units, I switch to leaky ReLU or GELU, which let some gradient through for negative "
    "inputs."
)
TERMS = Question(
    "q", "Which activation?", "ReLU.", (), terms=(Term("ReLU"), Term("tanh"), Term("softmax"), Term("GELU"))
)


class Speech(NamedTuple):
    """A recording and the words in it."""

    file: Path
    text: str


@pytest.fixture(scope="module")
def speech(engines: Engines, tmp_path_factory: pytest.TempPathFactory) -> list[Speech]:
    """People reading, from Debian's package; where it is not installed, the natural voice."""
    if (DEBIAN / "transcription").is_file():
        lines = (DEBIAN / "transcription").read_text().splitlines()
        found = [re.fullmatch(r"<s> (.*) </s> \((.*)\)", line) for line in lines]
        files = [Speech(DEBIAN / f"{one[2]}.wav", one[1]) for one in found if one]
        return [one for one in files if one.file.is_file()]
    folder = tmp_path_factory.mktemp("speech")
    for place, text in enumerate(SENTENCES):
        engines.voice("natural").speak(text, folder / f"{place}.wav", 1.0, Ticket())
    return [Speech(folder / f"{place}.wav", text) for place, text in enumerate(SENTENCES)]


@pytest.fixture(scope="module")
def sentence(speech: list[Speech]) -> Speech:
    """The longest of the recordings."""
    return max(speech, key=lambda one: len(one.text))


def hear(engines: Engines, samples: Samples, question: Question | None = None) -> Transcript:
    return engines.ears().transcribe_samples(samples.astype(np.float32), question, Ticket())


def assert_times_are_sound(transcript: Transcript) -> None:
    for word in transcript.words:
        assert 0.0 <= word.start <= word.end <= transcript.duration, word
        assert 0.0 <= word.probability <= 1.0
    for before, after in itertools.pairwise(transcript.words):
        assert before.start <= after.start, (before, after)
    for segment in transcript.segments:
        assert (segment.start, segment.end) == (segment.words[0].start, segment.words[-1].end)
        assert segment.text == " ".join(word.word for word in segment.words)
    assert transcript.text == " ".join(word.word for word in transcript.words)
    assert 0.0 <= transcript.speech <= transcript.duration + 0.5


# Speech


def test_people_reading_are_written_down(engines: Engines, speech: list[Speech]):
    heard = [engines.ears().transcribe(one.file, None, Ticket()) for one in speech]
    for transcript in heard:
        assert transcript.reliable, transcript
        assert transcript.reason is None
        assert transcript.model == "whisper-tiny-en"
        assert_times_are_sound(transcript)
    said = " ".join(one.text for one in speech)
    assert share_heard(said, " ".join(one.text for one in heard)) > 0.85


def test_a_long_answer_of_many_pieces_keeps_its_order_and_its_pauses(engines: Engines, speech: list[Speech]):
    silence = np.zeros(2 * RATE, np.float32)
    pieces = [piece for one in (speech * 3)[:6] for piece in (decode(one.file), silence)]
    samples = np.concatenate(pieces)
    heard = hear(engines, samples)
    assert heard.duration == pytest.approx(len(samples) / RATE, abs=0.01)
    assert heard.duration > 28.0 or len(speech) < 5, "more than one window of Whisper's"
    assert_times_are_sound(heard)
    assert share_heard(" ".join(one.text for one in (speech * 3)[:6]), heard.text) > 0.8
    long = [(start, end) for start, end in heard.pauses if end - start > 1.5]
    assert len(long) == len(pieces) // 2 - 1
    # A pause must not lie over words: what is said there would be played as silence.
    for start, end in long:
        inside = [word for word in heard.words if word.start > start + 0.5 and word.end < end - 0.5]
        assert not inside


def test_the_times_of_words_are_where_they_are_said(engines: Engines, sentence: Speech):
    samples = decode(sentence.file)
    later = hear(engines, np.concatenate([np.zeros(5 * RATE, np.float32), samples]))
    now = hear(engines, samples)
    assert now.words[0].start < 1.5
    assert later.words[0].start == pytest.approx(now.words[0].start + 5.0, abs=0.5)
    assert later.words[-1].end == pytest.approx(now.words[-1].end + 5.0, abs=0.5)


@pytest.mark.parametrize("gain", [0.001, 0.02])
def test_quiet_speech_is_heard_as_loud_speech_is(gain: float, engines: Engines, sentence: Speech):
    samples = decode(sentence.file) * np.float32(gain)
    assert share_heard(sentence.text, hear(engines, samples).text) > 0.8


def test_recorded_people_of_all_kinds_are_written_down(engines: Engines, shared_speech: Path):
    lines = [json.loads(line) for line in (shared_speech / "transcripts.jsonl").read_text().splitlines()]
    chapter = lines[0]["file"].rsplit("-", 1)[0]
    read = [line for line in lines if line["file"].startswith(chapter)]
    samples = np.concatenate([decode(shared_speech / line["file"]) for line in read])
    heard = hear(engines, samples)
    assert heard.duration > 30.0
    assert heard.reliable
    assert_times_are_sound(heard)
    assert share_heard(" ".join(line["text"] for line in read), heard.text) > 0.85


@pytest.mark.parametrize("file", ["mfa_uhuh.flac", "mfa_uhum.flac"])
def test_hesitations_neither_run_in_circles_nor_break_the_order(
    file: str, engines: Engines, shared_speech: Path
):
    heard = engines.ears().transcribe(shared_speech / file, None, Ticket())
    assert_times_are_sound(heard)
    # The fastest talkers reach six words a second; "uh, uh, uh" came sixteen times a second once.
    assert len(heard.words) <= 6 * heard.duration


@pytest.fixture(scope="module")
def activations(base_engines: Engines, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Question]:
    """An answer of three quarters of a minute, and the question it answers."""
    question = load_bank(content("data") / "bank").get("general-06")
    file = tmp_path_factory.mktemp("answer") / "answer.wav"
    base_engines.voice("natural").speak(spoken_form(ACTIVATIONS, question.terms), file, 1.0, Ticket())
    return file, question


def assert_nothing_is_left_out(heard: Transcript) -> None:
    assert heard.reliable
    assert heard.model == "whisper-base"
    assert_times_are_sound(heard)
    for words in ("cheap to compute", "flatten out", "gradients vanish", "stops learning", "negative inputs"):
        assert words in heard.text
    assert share_heard(ACTIVATIONS, heard.text) > 0.85
    assert max(after.start - before.end for before, after in itertools.pairwise(heard.words)) < 2.5


def test_an_answer_is_heard_whole_and_the_terms_of_its_question_are_spelled(
    base_engines: Engines, activations: tuple[Path, Question]
):
    file, question = activations
    heard = base_engines.ears().transcribe(file, question, Ticket())
    assert_nothing_is_left_out(heard)
    assert heard.text.count("ReLU") >= 2


def test_what_whisper_leaves_out_behind_a_prompt_is_listened_to_again(
    base_engines: Engines, activations: tuple[Path, Question]
):
    # Behind these terms Whisper base ends the first piece early: "flatten out" and all up to the
    # "dead units" are missing until it listens to the holes.
    words = "pretrained, transfer learning, negative transfer, overfit, fine-tuning, baseline, GPU".split(
        ", "
    )
    other = Question("q", "Why transfer?", "It helps.", (), terms=tuple(Term(word) for word in words))
    assert_nothing_is_left_out(base_engines.ears().transcribe(activations[0], other, Ticket()))


def test_the_questions_terms_are_spelled_with_its_help_and_are_not_put_into_other_talk(
    engines: Engines, sentence: Speech, tmp_path: Path
):
    engines.voice("natural").speak(
        "After that, I apply a soft max, then tan H.", tmp_path / "x.wav", 1, Ticket()
    )
    samples = decode(tmp_path / "x.wav")
    plain, helped = hear(engines, samples).text, hear(engines, samples, TERMS).text
    assert "softmax" in helped
    assert plain != helped
    other = hear(engines, decode(sentence.file), TERMS)
    assert not set(words_of(other.text)) & {"relu", "tanh", "softmax", "gelu"}
    assert share_heard(sentence.text, other.text) > 0.8


# No speech


def noise(kind: str) -> Samples:
    random, count = np.random.default_rng(7), 8 * RATE
    time = np.arange(count) / RATE
    white = random.standard_normal(count)
    if kind == "pink noise":
        spectrum = np.fft.rfft(white) / np.sqrt(np.maximum(np.arange(count // 2 + 1), 1))
        pink = np.fft.irfft(spectrum, count)
        return 0.3 * pink / np.abs(pink).max()
    made: dict[str, Callable[[], Samples]] = {
        "digital zero": lambda: np.zeros(count),
        "a quiet room": lambda: 1e-4 * white,
        "white noise": lambda: 0.1 * white,
        "hum": lambda: sum(0.2 / k * np.sin(2 * np.pi * 50 * k * time) for k in range(1, 6)),
        "clicks": lambda: np.where(np.arange(count) % (RATE // 3) == 0, 0.9, 0.0),
        "a tone": lambda: 0.3 * np.sin(2 * np.pi * 440 * time),
        "a tenth of a second": lambda: 0.3 * np.sin(2 * np.pi * 200 * time[: RATE // 10]),
        "one sample": lambda: np.full(1, 0.1),
        "no sample": lambda: np.zeros(0),
    }
    return made[kind]()


NOISES = [
    "digital zero",
    "a quiet room",
    "white noise",
    "pink noise",
    "hum",
    "clicks",
    "a tone",
    "a tenth of a second",
    "one sample",
    "no sample",
]


@pytest.mark.parametrize("question", [None, TERMS], ids=["plain", "with terms"])
@pytest.mark.parametrize("kind", NOISES)
def test_where_nothing_is_said_no_word_is_written(kind: str, question: Question | None, engines: Engines):
    heard = hear(engines, noise(kind), question)
    assert heard.text == ""
    assert heard.segments == ()
    assert heard.pauses == ()
    assert not heard.reliable
    assert (heard.reason or "").startswith("No speech was heard in the recording.")


def test_a_tenth_of_a_second_of_speech_is_too_little_to_write_down(engines: Engines, sentence: Speech):
    samples = decode(sentence.file)
    middle = len(samples) // 2
    heard = hear(engines, samples[middle : middle + RATE // 10])
    assert heard.text == ""
    assert heard.reason


@pytest.mark.skipif(not DEBIAN.is_dir(), reason="needs recorded people (Debian: pocketsphinx-testdata)")
def test_speech_under_loud_noise_is_not_called_reliable(engines: Engines, speech: list[Speech]):
    samples = np.concatenate([decode(one.file) for one in speech])
    random = np.random.default_rng(7)
    loud = 2.0 * float(np.sqrt(np.mean(samples**2))) * random.standard_normal(len(samples))
    heard = hear(engines, samples + loud)
    assert not heard.reliable
    assert heard.reason
    if heard.words:
        assert np.mean([word.probability for word in heard.words]) < LEAST_RELIABLE


def test_a_request_that_is_taken_back_stops(engines: Engines, sentence: Speech):
    stages: list[str] = []

    def report(stage: str, _fraction: float) -> None:
        stages.append(stage)
        if stage == "transcribing":
            ticket.cancel()

    ticket = Ticket(report)
    with pytest.raises(Cancelled):
        engines.ears().transcribe(sentence.file, None, ticket)
    assert stages == ["listening", "transcribing"]
    assert engines.ears().transcribe(sentence.file, None, Ticket()).words, "the next request works"


def test_progress_grows_to_the_end(engines: Engines, speech: list[Speech]):
    told: list[tuple[str, float]] = []
    samples = np.concatenate([decode(one.file) for one in (speech * 3)[:6]])
    ticket = Ticket(lambda stage, fraction: told.append((stage, fraction)))
    engines.ears().transcribe_samples(samples, None, ticket)
    assert told[0] == ("listening", 0.0)
    assert told[-1] == ("transcribing", 1.0)
    fractions = [fraction for stage, fraction in told if stage == "transcribing"]
    assert fractions == sorted(fractions)


def test_a_voice_detector_that_is_not_the_published_one_is_not_used(model_home: Home, tmp_path: Path):
    for manifest in content("models").glob("*.toml"):
        text = manifest.read_text()
        wrong = manifest.stem == "silero-vad"
        (tmp_path / manifest.name).write_text(re.sub('(?<=sha256 = ")....', "0000", text) if wrong else text)
    engines = Engines(model_home, "tiny")
    # A cache of its own: the shared one knows the true bytes by heart.
    engines.shelf = ModelShelf(tmp_path, tmp_path / "cache")
    with pytest.raises(KnownError, match="silero"):
        engines.ears()


# Files


def encoded(
    samples: Samples,
    to: Path,
    codec: str = "flac",
    rate: int = 44_100,
    channels: tuple[float, float] = (1.0, 1.0),
) -> Path:
    """The samples as a stereo file, each channel with its own gain."""
    mono = (np.clip(samples, -1, 1) * 32767).astype("<i2")
    both = np.stack([(mono * gain).astype("<i2") for gain in channels], axis=1).reshape(1, -1)
    with av.open(str(to), "w") as container:
        stream = container.add_stream(codec, rate=rate, layout="stereo")
        resampler = av.AudioResampler(format=stream.format, layout="stereo", rate=rate, frame_size=1024)
        frame = av.AudioFrame.from_ndarray(both, format="s16", layout="stereo")
        frame.sample_rate = RATE
        for part in [*resampler.resample(frame), *resampler.resample(None)]:
            container.mux(stream.encode(part))
        container.mux(stream.encode(None))
    return to


@pytest.mark.parametrize(
    ("ending", "codec", "rate"),
    [
        ("flac", "flac", 44_100),
        ("mp3", "libmp3lame", 44_100),
        ("ogg", "libopus", 48_000),
        ("webm", "libopus", 48_000),
        ("m4a", "aac", 44_100),
        ("wav", "pcm_s16le", 44_100),
        ("wav", "pcm_f32le", 8_000),
    ],
)
def test_stereo_of_any_form_and_rate_sounds_the_same(
    ending: str, codec: str, rate: int, engines: Engines, sentence: Speech, tmp_path: Path
):
    samples = decode(sentence.file)
    file = encoded(samples, tmp_path / f"answer.{ending}", codec, rate)
    again = decode(file)
    assert again.dtype == np.float32
    assert again.ndim == 1
    assert len(again) == pytest.approx(len(samples), abs=0.2 * RATE)
    assert likeness(samples, again) > 0.95
    heard = engines.ears().transcribe(file, None, Ticket())
    assert share_heard(sentence.text, heard.text) > 0.8


def likeness(one: Samples, other: Samples) -> float:
    """The highest correlation of the two at any shift: codecs put some silence before the sound."""
    size = 2 * max(len(one), len(other))
    both = np.fft.irfft(np.fft.rfft(one, size) * np.conj(np.fft.rfft(other, size)))
    return float(both.max() / np.sqrt((one.astype(float) ** 2).sum() * (other.astype(float) ** 2).sum()))


def test_speech_in_one_channel_alone_is_heard(engines: Engines, sentence: Speech, tmp_path: Path):
    file = encoded(decode(sentence.file), tmp_path / "left.flac", channels=(0.5, 0.0))
    heard = engines.ears().transcribe(file, None, Ticket())
    assert share_heard(sentence.text, heard.text) > 0.8


@pytest.mark.parametrize("name", ["take: 1.flac", "größer & 100%.flac", "http:answer.flac", "-i.flac"])
def test_a_file_is_read_whatever_it_is_called(
    name: str, sentence: Speech, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    encoded(decode(sentence.file), tmp_path / "plain.flac").rename(tmp_path / name)
    monkeypatch.chdir(tmp_path)
    assert len(decode(Path(name))) > RATE


@pytest.mark.parametrize(
    ("name", "data", "told"),
    [
        ("missing.wav", None, "There is no file"),
        ("empty.wav", b"", "is empty"),
        ("text.wav", b"This is a shopping list. " * 40, "cannot be read as sound"),
        ("zeros.mp3", bytes(5000), "cannot be read as sound"),
        ("cut.wav", b"RIFF\x24\x00\x00\x00WAVEfmt ", "cannot be read as sound"),
        ("list.m3u8", b"#EXTM3U\nhttp://127.0.0.1:1/x.ts\n", "cannot be read as sound"),
    ],
)
def test_a_file_that_is_no_recording_is_named(
    name: str, data: bytes | None, told: str, engines: Engines, tmp_path: Path
):
    file = tmp_path / name
    if data is not None:
        file.write_bytes(data)
    with pytest.raises(KnownError) as fault:
        engines.ears().transcribe(file, None, Ticket())
    assert str(file) in fault.value.what
    assert told in fault.value.what
    assert fault.value.next_step


def test_a_folder_and_a_video_without_sound_are_named(engines: Engines, tmp_path: Path):
    with pytest.raises(KnownError, match=re.escape(str(tmp_path))):
        engines.ears().transcribe(tmp_path, None, Ticket())
    silent = tmp_path / "silent.mp4"
    with av.open(str(silent), "w") as container:
        stream = container.add_stream("mpeg4", rate=10)
        stream.width = stream.height = 32
        stream.pix_fmt = "yuv420p"
        frame = av.VideoFrame.from_ndarray(np.zeros((32, 32, 3), np.uint8), format="rgb24")
        container.mux(stream.encode(frame))
        container.mux(stream.encode(None))
    with pytest.raises(KnownError, match=r"silent\.mp4"):
        engines.ears().transcribe(silent, None, Ticket())


def test_a_recording_without_a_sample_is_named(tmp_path: Path):
    file = tmp_path / "nothing.wav"
    header = b"RIFF\x24\0\0\0WAVEfmt \x10\0\0\0\x01\0\x01\0\x80\x3e\0\0\0\x7d\0\0\x02\0\x10\0data\0\0\0\0"
    file.write_bytes(header)
    with pytest.raises(KnownError, match=r"nothing\.wav"):
        decode(file)


# Pure functions


def span(start: float, end: float) -> Span:
    return Span(round(start * RATE), round(end * RATE))


def word(start: float, end: float, text: str = "word") -> Word:
    return Word(start, end, text, 0.9)


def seconds(spans: list[Span]) -> list[tuple[float, float]]:
    return [(round(one.start / RATE, 3), round(one.end / RATE, 3)) for one in spans]


def test_voice_without_words_is_a_hole_from_one_and_a_half_seconds_on():
    spans = [span(1.0, 6.0)]
    assert holes_of(spans, [word(1.0, 3.0), word(4.4, 6.0)]) == []
    assert seconds(holes_of(spans, [word(1.0, 3.0), word(4.5, 6.0)])) == [(3.0, 4.5)]
    assert seconds(holes_of(spans, [word(3.0, 4.0)])) == [(1.0, 3.0), (4.0, 6.0)]
    assert seconds(holes_of(spans, [])) == [(1.0, 6.0)]


def test_silence_without_words_is_no_hole():
    assert holes_of([span(0.0, 2.0), span(9.0, 11.0)], [word(0.0, 2.0), word(9.0, 11.0)]) == []
    assert holes_of([], [word(0.0, 1.0)]) == []
    assert holes_of([span(0.0, 1.4)], []) == []


def test_holes_are_found_whatever_order_the_words_come_in_and_words_over_the_edge_count():
    spans = [span(2.0, 8.0)]
    words = [word(6.0, 9.0), word(1.0, 3.0), word(2.5, 2.8)]
    assert seconds(holes_of(spans, words)) == [(3.0, 6.0)]
    assert holes_of(spans, [word(0.0, 20.0)]) == []


def test_spans_are_joined_into_pieces_that_fit_whispers_window():
    spans = [span(0, 10), span(11, 20), span(21, 27), span(28, 40)]
    assert seconds(pieces_of(spans)) == [(0, 27), (28, 40)]
    assert pieces_of([]) == []


def test_speech_without_a_pause_is_cut_hard_and_none_of_it_is_lost():
    pieces = pieces_of([span(0, 5), span(6, 70), span(71, 73)])
    assert seconds(pieces) == [(0, 5), (6, 34), (34, 62), (62, 73)]
    assert max(piece.end - piece.start for piece in pieces) <= 28 * RATE


def test_a_pause_is_the_silence_itself_without_the_padding_of_the_voice():
    assert pauses_of([span(1, 2), span(3, 4), span(6, 7)]) == ((1.8, 3.2), (3.8, 6.2))
    assert pauses_of([span(1, 2)]) == ()
    assert pauses_of([]) == ()


def test_what_was_heard_in_a_hole_stands_between_the_words_around_it():
    around = Segment(0.0, 9.0, "a d", (word(0.0, 1.0, "a"), word(8.0, 9.0, "d")))
    hole = Segment(3.0, 6.0, "b c", (word(3.0, 4.0, "b"), word(5.0, 6.0, "c")))
    after = Segment(10.0, 11.0, "e", (word(10.0, 11.0, "e"),))
    ordered = in_order([around, after, hole])
    assert [segment.text for segment in ordered] == ["a", "b c", "d", "e"]
    assert [(segment.start, segment.end) for segment in ordered] == [(0, 1), (3, 6), (8, 9), (10, 11)]
    assert in_order([around, after]) == (around, after)
    assert in_order([]) == ()


@pytest.mark.parametrize("peak", [1e-3, 0.02, 0.5, 1.0])
def test_sound_is_raised_to_three_decibels_below_the_top(peak: float):
    tone = (peak * np.sin(np.arange(2 * RATE) * 0.1)).astype(np.float32)
    loud = raised(tone)
    assert np.abs(loud).max() == pytest.approx(10 ** (-3 / 20), rel=0.01)
    assert loud.dtype == np.float32
    assert np.abs(tone).max() == pytest.approx(peak, rel=0.01), "the samples given stay as they are"


def test_sound_is_raised_by_sixty_decibels_at_most_and_never_beyond_the_top():
    faint = np.full(RATE, 1e-6, np.float32)
    assert np.abs(raised(faint)).max() == pytest.approx(1e-3, rel=0.01)
    # One click in a quiet recording must not keep the speech quiet.
    quiet = np.full(20 * RATE, 0.01, np.float32)
    quiet[100] = 1.0
    loud = raised(quiet)
    assert loud[5000] == pytest.approx(10 ** (-3 / 20), rel=0.01)
    assert np.abs(loud).max() == 1.0


@pytest.mark.parametrize("count", [0, 1, 100, RATE])
def test_digital_silence_and_the_shortest_sounds_stay_as_they_are(count: int):
    silence = np.zeros(count, np.float32)
    assert np.array_equal(raised(silence), silence)


def test_voice_is_found_where_it_is(sentence: Speech):
    samples = decode(sentence.file)
    silence = np.zeros(3 * RATE, np.float32)
    spans = speech_spans(raised(np.concatenate([silence, samples, silence])))
    assert spans[0].start / RATE == pytest.approx(3.0, abs=1.0)
    assert spans[-1].end / RATE == pytest.approx(3.0 + len(samples) / RATE, abs=1.0)
    assert all(0 <= one.start < one.end for one in spans)


@pytest.mark.parametrize(
    ("no_speech", "avg_logprob", "made_up"),
    [
        (0.0, -0.3, False),
        (0.9, -0.3, False),
        (0.9, -0.6, False),
        (0.6, -0.9, False),
        (0.61, -0.61, True),
        (0.0, -1.2, False),
        (0.0, -1.21, True),
    ],
)
def test_a_segment_is_made_up_when_there_is_no_voice_or_no_trust(
    no_speech: float, avg_logprob: float, made_up: bool
):
    assert invented(no_speech, avg_logprob) is made_up


def test_the_prompt_is_one_neutral_sentence_of_fifteen_terms_at_most():
    assert term_prompt(None) is None
    assert term_prompt(dataclasses.replace(TERMS, terms=())) is None
    assert term_prompt(TERMS) == "The talk is about ReLU, tanh, softmax, GELU."
    many = dataclasses.replace(TERMS, terms=tuple(Term(f"term{number}") for number in range(40)))
    assert term_prompt(many).count("term") == 15


def test_the_encoder_is_given_the_sound_and_a_little_silence_and_never_less_than_it_needs():
    features = np.zeros((1, 80, 3000), np.float32)
    features[0, 7, :2000] = 0.1
    assert short_window(features).shape == (1, 80, 2300)
    features[0, 7, 300:] = 0
    assert short_window(features).shape == (1, 80, 1200)
    features[0, 7, 299:] = 0
    assert short_window(features).shape == (1, 80, 3000)
    features[0, 7, :2900] = -0.2
    assert short_window(features).shape == (1, 80, 3000)
    np.testing.assert_array_equal(short_window(features)[:, :, :2900], features[:, :, :2900])


def test_a_piece_is_heard_behind_the_longest_prompt(engines: Engines, speech: list[Speech]):
    # faster-whisper raises ValueError where a prompt and the most tokens together pass Whisper's 448.
    terms = tuple(Term(f"heteroscedastic Kullback-Leibler autoencoding {number}") for number in range(15))
    question = Question("q", "Why?", "So.", (), terms=terms)
    samples = np.concatenate([decode(one.file) for one in speech] * 4)[: 28 * RATE]
    piece = Piece(samples, (Span(0, len(samples)),))
    assert heard_in(piece, engines.ears().model, 1, term_prompt(question), lambda: None, again=False)


class Encoded:
    """CTranslate2's model as far as a piece is concerned: what it was given to encode, in frames."""

    def __init__(self) -> None:
        self.frames: list[int] = []

    def encode(self, features: Any, **_: object) -> None:
        self.frames.append(np.asarray(features).shape[2])


class Steps:
    """faster-whisper going over a stretch in windows of so many frames of sound, a word in each."""

    def __init__(self, *sounds: int) -> None:
        self.model = Encoded()
        self._sounds = sounds

    def transcribe(self, _: Samples, **__: object) -> tuple[Iterator[SimpleNamespace], None]:
        return self._windows(), None

    def _windows(self) -> Iterator[SimpleNamespace]:
        for place, sound in enumerate(self._sounds):
            features = np.zeros((1, 80, 3000), np.float32)
            features[..., :sound] = 0.5
            self.model.encode(features, to_cpu=False)
            word = SimpleNamespace(start=float(place), end=place + 0.5, word=f"w{place}", probability=0.9)
            yield SimpleNamespace(words=[word], no_speech_prob=0.0, avg_logprob=-0.1, compression_ratio=1.0)


@pytest.mark.parametrize(
    ("sounds", "frames", "heard"),
    [
        ((900, 59), [1200], "w0"),  # behind the last word: "Thank you."
        ((900, 61), [1200, 3000], "w0 w1"),
        ((2000, 1000), [2300, 1300], "w0 w1"),
        ((40,), [3000], "w0"),  # a word alone in a recording is heard however short it is
    ],
)
def test_a_rest_too_short_for_a_word_is_not_listened_to(
    sounds: tuple[int, ...], frames: list[int], heard: str
):
    model = Steps(*sounds)
    piece = Piece(np.zeros(30 * RATE, np.float32), (Span(0, 30 * RATE),))
    segments = heard_in(piece, cast("Any", model), 5, None, lambda: None, again=False)
    assert " ".join(segment.text for segment in segments) == heard
    assert model.model.frames == frames
