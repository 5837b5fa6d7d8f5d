"""The spoken form of a text: terms as a voice should read them."""

from __future__ import annotations

import re
from collections.abc import Sequence

from vivavoce.core.question import Question, Term


def spoken_form(text: str, terms: Sequence[Term]) -> str:
    """The text with every term that has a spoken form replaced by it, longer terms first.

    Voices spell what they do not know: ReLU becomes "R A el-yoo" in one and "reh-lu" in another.
    A plural keeps its s.
    """
    said = {term.text.lower(): term.spoken for term in terms if term.spoken}
    if not said:
        return text
    names = "|".join(re.escape(name) for name in sorted(said, key=len, reverse=True))
    pattern = re.compile(rf"(?<!\w)({names})(s?)(?!\w)", re.IGNORECASE)
    return pattern.sub(lambda found: said[found.group(1).lower()] + found.group(2), text)


def spoken_question(question: Question) -> str:
    """What a voice reads when it asks the question."""
    return question.ask_spoken or spoken_form(question.ask, question.terms)
