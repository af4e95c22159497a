-- What readers say of pages. Nobody's name, address or session stands with it.
CREATE TABLE feedback (
    id TEXT NOT NULL CONSTRAINT feedback_id PRIMARY KEY,
    page TEXT NOT NULL,
    language TEXT NOT NULL,
    helped TEXT NOT NULL CONSTRAINT feedback_helped CHECK (helped IN ('yes', 'no')),
    remark TEXT,
    given_at BIGINT NOT NULL,
    handled_at BIGINT,
    handled_by TEXT REFERENCES person (id),
    outcome TEXT
);
CREATE INDEX feedback_by_time ON feedback (given_at);
CREATE INDEX feedback_waiting ON feedback (given_at) WHERE remark IS NOT NULL AND handled_at IS NULL;
