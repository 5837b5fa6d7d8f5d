"""An answer as a row of words, spoken with their times or typed without."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from vivavoce.core.transcript import Transcript, Word


@dataclass(frozen=True, slots=True)
class AnswerWord:
    """One word as it was written, punctuation and all; `start` and `end` in seconds, None when typed.

    `unsure` is a term of the question that a second hearing without its help does not speak for.
    """

    text: str
    start: float | None = None
    end: float | None = None
    unsure: bool = False


@dataclass(frozen=True, slots=True)
class Answer:
    """Everything that was said, in order."""

    words: tuple[AnswerWord, ...]

    @property
    def text(self) -> str:
        """The words with one space between them."""
        return " ".join(word.text for word in self.words)

    def quote(self, first: int, last: int) -> str:
        """The words from position `first` up to and with `last`."""
        return " ".join(word.text for word in self.words[first : last + 1])


def answer_from_transcript(transcript: Transcript) -> Answer:
    """The words of a transcript with their times."""
    return answer_from_words(transcript.words)


def answer_from_words(spoken: Iterable[Word]) -> Answer:
    """Words that were heard, in order, with their times."""
    words: list[AnswerWord] = []
    for heard in spoken:
        # Whisper splits "fine-tuning" into "fine" and "-tuning"; people read one word.
        if words and len(heard.word) > 1 and heard.word[0] in "-'’" and heard.word[1].isalnum():
            before = words[-1]
            unsure = before.unsure or heard.confirmed is False
            words[-1] = AnswerWord(before.text + heard.word, before.start, heard.end, unsure)
        elif heard.word.strip():
            unsure = heard.confirmed is False
            words.append(AnswerWord(heard.word.strip(), heard.start, heard.end, unsure))
    return Answer(tuple(words))


def answer_from_text(text: str) -> Answer:
    """The words of a typed text; they have no times."""
    return Answer(tuple(AnswerWord(word) for word in text.split()))
