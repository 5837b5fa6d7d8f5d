"""What the user said of a verdict is kept on this machine and can be taken back."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta, timezone

import pytest

from vivavoce.core.question import Concept, Question
from vivavoce.store.attempts import Attempts
from vivavoce.store.database import Database
from vivavoce.store.own_wordings import OwnWordings

NOON = datetime(2025, 3, 1, 12, tzinfo=timezone.utc)
QUESTION = Question(
    "core-01", "Why?", "Since.", (Concept("zeal", "Zeal comes first."), Concept("b", "Then b."))
)


@pytest.fixture
def database(tmp_path) -> Iterator[Database]:
    with Database(tmp_path / "history.sqlite") as opened:
        yield opened


@pytest.fixture
def wordings(database) -> OwnWordings:
    return OwnWordings(database)


@pytest.fixture
def attempt_id(database) -> int:
    return Attempts(database).begin(QUESTION, "USB", NOON).id


def test_a_wording_is_kept_for_its_question_and_concept(tmp_path, wordings, attempt_id):
    kept = wordings.add("core-01", "zeal", "accepted", " being  keen comes\nbefore all ", attempt_id, NOON)
    assert kept.text == "being keen comes before all"
    wordings.add("core-02", "zeal", "accepted", "elsewhere", attempt_id, NOON)
    with Database(tmp_path / "history.sqlite") as later:
        assert OwnWordings(later).of_question("core-01") == (kept,)
    assert wordings.by_concept("core-01") == {"zeal": (kept,)}
    assert wordings.merged(QUESTION).concept("zeal").own == ("being keen comes before all",)
    assert wordings.merged(QUESTION).concept("b").own == ()


def test_the_other_word_of_the_user_replaces_the_first(wordings, attempt_id):
    wordings.add("core-01", "zeal", "accepted", "Being keen comes first.", attempt_id, NOON)
    later = wordings.add("core-01", "zeal", "rejected", "being keen comes first.", attempt_id, NOON)
    assert wordings.of_question("core-01") == (later,)
    assert wordings.merged(QUESTION).concept("zeal").own == ()
    assert wordings.merged(QUESTION).concept("zeal").not_said == ("being keen comes first.",)


def test_a_wording_that_is_removed_counts_no_more_and_can_be_put_back(wordings, attempt_id):
    first = wordings.add("core-01", "zeal", "accepted", "keen at first", attempt_id, NOON)
    wordings.add("core-01", "b", "rejected", "then comes b", attempt_id, NOON + timedelta(hours=1))
    other = wordings.add("core-02", "zeal", "accepted", "elsewhere", attempt_id, NOON)
    before = wordings.of_question("core-01")
    wordings.remove(first.id)
    wordings.remove(first.id)
    assert [one.id for one in wordings.of_question("core-01")] == [before[1].id]
    wordings.put_back(before, "core-01")
    assert wordings.of_question("core-01") == before
    assert wordings.of_question("core-02") == (other,)


def test_a_wording_outlives_the_answer_it_was_said_in(database, wordings, attempt_id):
    wordings.add("core-01", "zeal", "accepted", "keen at first", attempt_id, NOON)
    Attempts(database).discard(attempt_id, NOON)
    Attempts(database).purge_discarded(NOON + timedelta(days=1))
    (kept,) = wordings.of_question("core-01")
    assert (kept.text, kept.attempt_id) == ("keen at first", None)


def test_a_time_without_a_zone_is_refused(wordings, attempt_id):
    with pytest.raises(ValueError, match="no time zone"):
        wordings.add("core-01", "zeal", "accepted", "keen at first", attempt_id, datetime(2025, 3, 1))
