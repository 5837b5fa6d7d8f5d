-- One row for each answer. AUTOINCREMENT: the number names the recording too, so it is never given twice.
-- Times are ISO 8601 text in UTC with microseconds, so that they sort as text.
CREATE TABLE attempts (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    question_id TEXT NOT NULL,
    question TEXT NOT NULL,                 -- JSON: the question as it was asked then
    started_at TEXT NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('recording', 'recorded', 'judged', 'discarded')),
    state_before TEXT CHECK (state_before IN ('recording', 'recorded', 'judged')),
    discarded_at TEXT,
    device TEXT NOT NULL,
    audio_seconds REAL NOT NULL DEFAULT 0,
    score REAL,
    assessment TEXT,                        -- JSON
    CHECK ((state = 'discarded') = (state_before IS NOT NULL)),
    CHECK ((state = 'discarded') = (discarded_at IS NOT NULL))
);
CREATE INDEX attempts_of_question ON attempts (question_id, started_at);
CREATE INDEX attempts_in_state ON attempts (state, started_at);

-- The verdicts of the judged attempts, so that a heatmap need not read the assessments.
CREATE TABLE coverage (
    attempt_id INTEGER NOT NULL REFERENCES attempts (id) ON DELETE CASCADE,
    concept_id TEXT NOT NULL,
    statement TEXT NOT NULL,
    weight REAL NOT NULL,
    verdict TEXT NOT NULL CHECK (verdict IN ('covered', 'partial', 'missed', 'contradicted')),
    covered REAL NOT NULL,
    contradicted REAL NOT NULL
);
CREATE UNIQUE INDEX coverage_of_attempt ON coverage (attempt_id, concept_id);
CREATE INDEX coverage_of_concept ON coverage (concept_id);
