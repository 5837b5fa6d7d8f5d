"""While recording one message at a time says what is wrong, not too soon and not for a blink."""

from __future__ import annotations

import itertools
from collections.abc import Iterable

import numpy as np
import numpy.typing as npt
import pytest

from vivavoce.sound.condition import Condition, WarningKind, sentence
from vivavoce.sound.meter import BLOCKS_PER_SECOND, Meter

RATE = 16_000
Sound = npt.NDArray[np.float64]
_RANDOM = np.random.default_rng(3)


def steady(seconds: float, dbfs: float) -> Sound:
    """Noise of one level, as a fan makes it."""
    return 10 ** (dbfs / 20) * _RANDOM.standard_normal(round(seconds * RATE))


def talk(seconds: float, peak_dbfs: float) -> Sound:
    """Something that goes up and down as syllables and pauses do."""
    time = np.arange(round(seconds * RATE)) / RATE
    syllables = np.clip(np.sin(2 * np.pi * 4 * time), 0, 1) * (np.sin(2 * np.pi * 0.4 * time) > -0.5)
    voice = np.sin(2 * np.pi * 140 * time) + 0.3 * np.sin(2 * np.pi * 560 * time)
    return 10 ** (peak_dbfs / 20) / 1.3 * syllables * voice + steady(seconds, peak_dbfs - 45)


def told(sounds: Iterable[Sound]) -> list[tuple[float, WarningKind | None]]:
    """The changes of what is said, with the second at which each comes."""
    meter, condition = Meter(RATE), Condition()
    size = RATE // BLOCKS_PER_SECOND
    changes: list[tuple[float, WarningKind | None]] = [(0.0, None)]
    samples = np.concatenate(list(sounds))
    pcm = np.clip(np.rint(samples * 32768), -32768, 32767).astype(np.int16)
    for start in range(0, pcm.size, size):
        if meter.feed(pcm[start : start + size]):
            condition.feed(meter)
            if condition.current is not changes[-1][1]:
                changes.append((condition.at_s, condition.current))
    return changes[1:]


def kinds(sounds: Iterable[Sound]) -> list[WarningKind | None]:
    return [kind for _, kind in told(sounds)]


@pytest.mark.parametrize(
    ("sound", "kind"),
    [
        (np.zeros(10 * RATE), WarningKind.SILENCE),
        (steady(10, -80), WarningKind.SILENCE),
        (steady(10, -30), WarningKind.NOISE),
        (0.1 * np.sin(2 * np.pi * 50 * np.arange(10 * RATE) / RATE), WarningKind.NOISE),
        (talk(10, -48), WarningKind.FAR),
        (3.0 * talk(10, 0), WarningKind.CLIPPING),
    ],
    ids=["digital zero", "a muted microphone", "a fan", "hum", "far away", "too loud"],
)
def test_each_thing_that_can_be_wrong_has_its_message(sound: Sound, kind: WarningKind):
    assert kinds([sound]) == [kind]


@pytest.mark.parametrize("level", [-30, -20, -12, -3])
def test_talk_of_any_good_level_has_none(level: float):
    assert kinds([talk(40, level)]) == []


def test_who_thinks_in_a_room_that_hums_is_not_disturbed():
    assert kinds([talk(10, -12), steady(12, -40), talk(10, -12)]) == []


def test_a_message_comes_when_it_is_sure_and_stays_long_enough_to_be_read():
    changes = told([np.zeros(round(4.1 * RATE)), talk(10, -12)])
    assert [kind for _, kind in changes] == [WarningKind.SILENCE, None]
    shown, gone = (at for at, _ in changes)
    assert shown == pytest.approx(4.0, abs=0.1)
    assert gone - shown == pytest.approx(3.0, abs=0.1)


def test_messages_do_not_flicker_when_the_sound_does():
    flickering = [part for _ in range(6) for part in (3.0 * talk(1.0, 0), talk(1.2, -10))]
    changes = told(flickering)
    assert kinds(flickering)[0] is WarningKind.CLIPPING
    assert len(changes) <= 2
    times = [at for at, _ in changes] + [99.0]
    assert all(later - at >= 2.9 for at, later in itertools.pairwise(times))


def test_what_matters_more_is_said_at_once():
    changes = told([steady(6.5, -30), 3.0 * talk(4, 0)])
    assert [kind for _, kind in changes] == [WarningKind.NOISE, WarningKind.CLIPPING]
    assert changes[1][0] == pytest.approx(6.5, abs=0.3)


def test_after_a_pause_it_begins_anew():
    meter, condition = Meter(RATE), Condition()
    for _ in range(5 * BLOCKS_PER_SECOND):
        meter.feed(np.zeros(RATE // BLOCKS_PER_SECOND, np.int16))
        condition.feed(meter)
    assert condition.current is WarningKind.SILENCE
    meter.forget_silence()
    condition.forget()
    assert condition.current is None
    meter.feed(np.zeros(RATE // BLOCKS_PER_SECOND, np.int16))
    condition.feed(meter)
    assert condition.current is None


@pytest.mark.parametrize("kind", WarningKind)
def test_every_message_names_the_microphone(kind: WarningKind):
    assert "USB microphone" in sentence(kind, "USB microphone")
