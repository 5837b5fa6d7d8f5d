-- Every version of what was heard of an answer. The assessment of an attempt holds the newest one; none is
-- written over, so that a correction or a better hearing can be compared with what stood there before.
CREATE TABLE transcripts (
    id INTEGER PRIMARY KEY,
    attempt_id INTEGER NOT NULL REFERENCES attempts (id) ON DELETE CASCADE,
    kind TEXT NOT NULL CHECK (kind IN ('live', 'whole file', 'corrected')),
    model TEXT NOT NULL,
    beam INTEGER NOT NULL,                  -- 0: not known, or no machine wrote it
    created_at TEXT NOT NULL,
    transcript TEXT NOT NULL                -- JSON
);
CREATE INDEX transcripts_of_attempt ON transcripts (attempt_id, id);

-- What was heard before there was a place for versions: all of it whole files.
INSERT INTO transcripts (attempt_id, kind, model, beam, created_at, transcript)
SELECT id, 'whole file', json_extract(assessment, '$.transcript.model'), 0, started_at,
    json_extract(assessment, '$.transcript')
FROM attempts
WHERE json_extract(assessment, '$.transcript') IS NOT NULL
ORDER BY id;
