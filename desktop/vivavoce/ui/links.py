"""Where else a concept is asked for, and where it was said before."""

from __future__ import annotations

from collections.abc import Callable

from vivavoce.core.attempt import Attempt
from vivavoce.store.attempts import Attempts
from vivavoce.store.bank import Bank
from vivavoce.ui.widgets.concept_card import ConceptLinks


class Links:
    """Finds the ties of an answer's missed and wrong concepts to other questions."""

    def __init__(self, bank: Callable[[], Bank], attempts: Attempts) -> None:
        self._bank = bank
        self._attempts = attempts

    def of(self, attempt: Attempt) -> dict[str, ConceptLinks]:
        """The links of the concepts that share their idea with another question, by concept id."""
        if attempt.assessment is None:
            return {}
        bank = self._bank()
        found: dict[str, ConceptLinks] = {}
        for evidence in attempt.assessment.evidence:
            if evidence.verdict not in ("missed", "contradicted"):
                continue
            others = bank.ideas.elsewhere((attempt.question.id, evidence.concept_id))
            if others:
                asked_in = bank.asking(others)
                found[evidence.concept_id] = ConceptLinks(
                    tuple((question.id, question.title or question.ask) for question in asked_in),
                    self._attempts.last_covered(others, attempt.started_at),
                )
        return found
