-- Who changed a board's own capacity, when, and what it was before: one row for each series that an act
-- (an upload, an edit or an undo) changed. The rows of `capacity` themselves are those that hold now.
CREATE TABLE capacity_changes (
    act VARCHAR NOT NULL,
    provider VARCHAR NOT NULL,
    treatment_function VARCHAR NOT NULL,
    before VARCHAR NOT NULL,           -- JSON list of the series' lines
    after VARCHAR NOT NULL,            -- likewise; an empty list takes the series back to the estimate
    how VARCHAR NOT NULL,              -- what was done, such as 'upload of clinics.csv'
    who VARCHAR NOT NULL,              -- as the person called herself
    changed_at TIMESTAMP NOT NULL,     -- UTC
    undoes VARCHAR,                    -- the act that this one took back
    PRIMARY KEY (act, provider, treatment_function)
);
