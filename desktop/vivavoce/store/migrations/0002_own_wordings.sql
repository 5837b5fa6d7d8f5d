-- What the user said of a verdict: "I did say this" (accepted) and "I did not say this" (rejected).
-- A purged attempt takes no wording with it: the words stay the user's.
CREATE TABLE own_wordings (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    question_id TEXT NOT NULL,
    concept_id TEXT NOT NULL,
    kind TEXT NOT NULL CHECK (kind IN ('accepted', 'rejected')),
    text TEXT NOT NULL,
    attempt_id INTEGER REFERENCES attempts (id) ON DELETE SET NULL,
    created_at TEXT NOT NULL
);
CREATE UNIQUE INDEX own_wordings_of_question ON own_wordings (question_id, concept_id, text);
