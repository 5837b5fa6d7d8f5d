"""A transcript whose words its user has put right; the words that stay keep their seconds."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from difflib import SequenceMatcher

from vivavoce.core.transcript import Segment, Transcript, Word
from vivavoce.core.words import tokens


@dataclass(frozen=True, slots=True)
class _Placed:
    """A word and the number of the segment it stands in."""

    word: Word
    segment: int


def readable_text(transcript: Transcript) -> str:
    """The words as people read and correct them: "fine" and "-tuning" are one."""
    return " ".join(placed.word.word for placed in _placed_words(transcript))


def corrected_transcript(transcript: Transcript, text: str) -> Transcript:
    """The transcript with its words replaced by those of `text`.

    Old and new words are aligned: one that stays (but for its case and punctuation) keeps its seconds and
    its probability; changed ones share the seconds of those they replace by their length, new ones the
    pause between their neighbours, and their probability is 1. What the user has read and put right
    counts as reliable.
    """
    old = _placed_words(transcript)
    new = text.split()
    placed: list[_Placed] = []
    for kind, first, last, start, end in _steps(old, new):
        if kind == "equal":
            pairs = zip(old[first:last], new[start:end], strict=True)
            placed += [replace(stays, word=replace(stays.word, word=word)) for stays, word in pairs]
        elif new[start:end]:
            placed += _spread(new[start:end], old, first, last, transcript.duration)
    segments = tuple(_segments(placed))
    return replace(
        transcript,
        text=" ".join(new),
        segments=segments,
        reliable=bool(new),
        reason=None if new else "There are no words in it.",
        kind="corrected",
        beam=0,
    )


def changed_words(before: Transcript, after: Transcript) -> tuple[tuple[str, str], ...]:
    """What was heard and what was meant, for each stretch that was replaced: ("Laura", "LoRA")."""
    old, new = _placed_words(before), [placed.word.word for placed in _placed_words(after)]
    return tuple(
        (" ".join(placed.word.word for placed in old[first:last]), " ".join(new[start:end]))
        for kind, first, last, start, end in _steps(old, new)
        if kind == "replace"
    )


def _placed_words(transcript: Transcript) -> tuple[_Placed, ...]:
    placed: list[_Placed] = []
    for number, segment in enumerate(transcript.segments):
        for heard in segment.words:
            text = heard.word.strip()
            # As in answer_from_transcript: Whisper splits "fine-tuning" into "fine" and "-tuning".
            if placed and len(text) > 1 and text[0] in "-'’" and text[1].isalnum():
                before = placed[-1].word
                whole = Word(
                    before.start, heard.end, before.word + text, min(before.probability, heard.probability)
                )
                placed[-1] = replace(placed[-1], word=whole)
            elif text:
                placed.append(_Placed(replace(heard, word=text), number))
    return tuple(placed)


def _steps(old: Sequence[_Placed], new: Sequence[str]) -> list[tuple[str, int, int, int, int]]:
    # autojunk would pass over the words that are said often in a long answer, and lose their seconds.
    plain_old = [_plain(placed.word.word) for placed in old]
    matcher = SequenceMatcher(None, plain_old, [_plain(word) for word in new], autojunk=False)
    return list(matcher.get_opcodes())


def _plain(word: str) -> str:
    return " ".join(tokens(word)) or word


def _spread(
    words: Sequence[str], old: Sequence[_Placed], first: int, last: int, duration: float
) -> Iterator[_Placed]:
    """New words over the seconds of the old ones they replace, longer words longer."""
    if first < last:
        start, end = old[first].word.start, old[last - 1].word.end
    else:
        start = old[first - 1].word.end if first else 0.0
        end = old[first].word.start if first < len(old) else max(start, duration)
    segment = old[min(first, len(old) - 1)].segment if old else 0
    if first == last and first > 0:
        segment = old[first - 1].segment  # what is put in goes on with the words before it
    letters = sum(len(word) for word in words)
    done = 0
    for word in words:
        began = start + (end - start) * done / letters
        done += len(word)
        ended = start + (end - start) * done / letters
        yield _Placed(Word(round(began, 3), round(ended, 3), word, 1.0), segment)


def _segments(placed: Sequence[_Placed]) -> Iterator[Segment]:
    for number in sorted({one.segment for one in placed}):
        words = tuple(one.word for one in placed if one.segment == number)
        yield Segment(words[0].start, words[-1].end, " ".join(word.word for word in words), words)
