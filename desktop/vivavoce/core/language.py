"""The language of a text, as far as that can be told: statements and answers are read in English only."""

from __future__ import annotations

from functools import cache
from typing import Any

from vivavoce.core.words import is_function_word, tokens

# Fewer words tell nothing: "in java are seed" is taken for Estonian.
LEAST_WORDS = 5
# Of 20,494 answers (ours, a neural-networks exam, SAF, SciEntsBank, Beetle) 56 are found to be in German
# with as much as this, one more in German is not, and no English one has another language (py3langid 0.4).
SURE = 0.9
# English has four to five grammar words in ten, German under one in ten that are spelt like English ones.
# What has as many as this is not looked at closer, and the tables (4 MB packed) stay where they are.
_GRAMMAR_OF_ENGLISH = 0.25
_NO_LANGUAGE = "zxx"


def language_of(text: str) -> str | None:
    """The language as a code of two or three letters ("en", "de"); None when it cannot be told surely."""
    words = [word for word in tokens(text) if word.isalpha()]
    if len(words) < LEAST_WORDS:
        return None
    if sum(map(is_function_word, words)) >= _GRAMMAR_OF_ENGLISH * len(words):
        return "en"
    language, sure = _identifier().classify(text)
    return str(language) if sure >= SURE and language != _NO_LANGUAGE else None


@cache
def _identifier() -> Any:  # noqa: ANN401 - py3langid has no types
    from py3langid.langid import MODEL_FILE, LanguageIdentifier

    return LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)
