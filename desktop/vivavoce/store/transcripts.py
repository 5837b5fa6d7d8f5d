"""The versions of what was heard of an answer, in the database; none is ever written over."""

from __future__ import annotations

import json
from datetime import datetime, timezone
from typing import NamedTuple, cast

from vivavoce.core.plain import from_plain, to_plain
from vivavoce.core.transcript import Transcript
from vivavoce.store.database import Database


class KeptTranscript(NamedTuple):
    """One version: when it was written down, and the words."""

    when: datetime
    transcript: Transcript


def keep_transcript(database: Database, attempt_id: int, transcript: Transcript, when: datetime) -> None:
    """Keep a version of an attempt's words; one that is kept already is left as it is."""
    if any(kept.transcript == transcript for kept in transcripts_of(database, attempt_id)):
        return
    text = json.dumps(to_plain(transcript), ensure_ascii=False, separators=(",", ":"), allow_nan=False)
    created = when.astimezone(timezone.utc).isoformat(timespec="microseconds")
    database.execute(
        "INSERT INTO transcripts (attempt_id, kind, model, beam, created_at, transcript) "
        "VALUES (?, ?, ?, ?, ?, ?)",
        (attempt_id, transcript.kind, transcript.model, transcript.beam, created, text),
    )


def transcripts_of(database: Database, attempt_id: int) -> tuple[KeptTranscript, ...]:
    """The versions of an attempt's words, oldest first."""
    rows = database.rows(
        "SELECT created_at, transcript FROM transcripts WHERE attempt_id = ? ORDER BY id", (attempt_id,)
    )
    return tuple(
        KeptTranscript(
            datetime.fromisoformat(cast("str", when)), from_plain(Transcript, json.loads(cast("str", text)))
        )
        for when, text in rows
    )
