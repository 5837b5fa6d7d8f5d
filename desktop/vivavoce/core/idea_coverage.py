"""What was said of every idea and every topic, over all attempts."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from vivavoce.core.coverage import CREDIT, Cell, CoverageGrid, CoverageRow
from vivavoce.core.evidence import Verdict
from vivavoce.core.idea import ConceptRef, Idea, IdeaIndex

TREND_DAYS = 7
_MOST_DAYS = 20  # columns; more days than that are shown by weeks
_BEST_FIRST: tuple[Verdict, ...] = ("covered", "partial", "missed", "contradicted")


@dataclass(frozen=True, slots=True)
class Showing:
    """What one judged attempt showed of an idea, and in which concept."""

    attempt_id: int
    concept: ConceptRef
    when: datetime
    verdict: Verdict


@dataclass(frozen=True, slots=True)
class IdeaStanding:
    """An idea with all that was shown of it, oldest first."""

    idea: Idea
    showings: tuple[Showing, ...] = ()

    @property
    def latest(self) -> Verdict | None:
        """The last verdict; None when the idea was never asked for."""
        return self.showings[-1].verdict if self.showings else None

    @property
    def best(self) -> Verdict | None:
        """The best verdict so far."""
        said = {one.verdict for one in self.showings}
        return next((verdict for verdict in _BEST_FIRST if verdict in said), None)

    @property
    def attempts(self) -> int:
        """How many attempts asked for it."""
        return len({one.attempt_id for one in self.showings})

    @property
    def last_seen(self) -> datetime | None:
        """When the last of them began."""
        return self.showings[-1].when if self.showings else None

    def covered_by(self, moment: datetime) -> bool:
        """Whether its last verdict up to a moment was covered."""
        until = [one.verdict for one in self.showings if one.when <= moment]
        return bool(until) and until[-1] == "covered"


@dataclass(frozen=True, slots=True)
class TopicStanding:
    """How many ideas a topic has, and how many of them stand at each last verdict.

    `gained` is how many more are covered than TREND_DAYS days ago (fewer: below 0).
    """

    topic: str
    ideas: int
    covered: int
    partial: int
    missed: int
    contradicted: int
    gained: int

    @property
    def asked(self) -> int:
        """How many of its ideas were asked for."""
        return self.covered + self.partial + self.missed + self.contradicted

    @property
    def unasked(self) -> int:
        """How many were never asked for."""
        return self.ideas - self.asked

    @property
    def share(self) -> float:
        """The share that is covered, 0..1."""
        return self.covered / self.ideas if self.ideas else 0.0


def idea_standings(index: IdeaIndex, attempts: Iterable[CoverageRow]) -> tuple[IdeaStanding, ...]:
    """Every idea of the index in its order, then what was asked for in attempts but has left the bank.

    What has left stands for itself, with the statement and the topic it had when it was last asked.
    """
    ideas = {idea.id: idea for idea in index.ideas}
    showings: dict[str, list[Showing]] = {}
    for row in sorted(attempts, key=lambda row: (row.started_at, row.attempt_id)):
        for concept_id, verdict in row.verdicts.items():
            ref = (row.question_id, concept_id)
            idea = index.of_concept.get(ref)
            if idea is None:
                statement = row.statements.get(concept_id, concept_id)
                idea = Idea("/".join(ref), statement, row.topic, (ref,))
                ideas[idea.id] = idea  # the last statement stays
            # A listed idea may be one of which the bank asks nothing any more.
            ideas.setdefault(idea.id, idea)
            showings.setdefault(idea.id, []).append(Showing(row.attempt_id, ref, row.started_at, verdict))
    return tuple(IdeaStanding(idea, tuple(showings.get(idea.id, ()))) for idea in ideas.values())


def idea_grid(standings: Sequence[IdeaStanding]) -> CoverageGrid:
    """Ideas by the days on which they were asked for, by weeks when these are many; local time, oldest first.

    A cell stands for the last attempt of its day or week.
    """
    days = {_day(one.when) for standing in standings for one in standing.showings}
    weekly = len(days) > _MOST_DAYS
    columns = sorted({_monday(day) for day in days} if weekly else days)
    return CoverageGrid(
        rows=tuple(standing.idea.title for standing in standings),
        columns=tuple(f"week {day:%d %b}" if weekly else f"{day:%d %b}" for day in columns),
        cells=tuple(_cells(standing, columns, weekly) for standing in standings),
    )


def topic_standings(standings: Iterable[IdeaStanding], now: datetime) -> tuple[TopicStanding, ...]:
    """Every topic, those with answers first, by name."""
    by_topic: dict[str, list[IdeaStanding]] = {}
    for standing in standings:
        by_topic.setdefault(standing.idea.topic, []).append(standing)
    found = [_topic(topic, members, now) for topic, members in by_topic.items()]
    return tuple(sorted(found, key=lambda one: (one.asked == 0, one.topic)))


def _topic(topic: str, standings: Sequence[IdeaStanding], now: datetime) -> TopicStanding:
    counts = Counter(standing.latest for standing in standings)
    before = now - timedelta(days=TREND_DAYS)
    return TopicStanding(
        topic=topic,
        ideas=len(standings),
        covered=counts["covered"],
        partial=counts["partial"],
        missed=counts["missed"],
        contradicted=counts["contradicted"],
        gained=counts["covered"] - sum(standing.covered_by(before) for standing in standings),
    )


def _cells(standing: IdeaStanding, columns: Sequence[date], weekly: bool) -> tuple[Cell | None, ...]:
    by_column: dict[date, list[Showing]] = {}
    for one in standing.showings:
        day = _day(one.when)
        by_column.setdefault(_monday(day) if weekly else day, []).append(one)
    return tuple(_cell(by_column.get(column, ())) for column in columns)


def _cell(showings: Sequence[Showing]) -> Cell | None:
    if not showings:
        return None
    last = showings[-1]
    attempts = len({one.attempt_id for one in showings})
    return Cell(last.attempt_id, CREDIT[last.verdict], last.verdict, attempts)


def _day(when: datetime) -> date:
    return when.astimezone().date()


def _monday(day: date) -> date:
    return day - timedelta(days=day.weekday())
