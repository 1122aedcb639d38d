-- Every version of a milestone that a planner set for one of the ten expectations is kept; the newest is what
-- holds now. A deletion is a version too, so that it can be undone.
CREATE TABLE milestones (
    id VARCHAR NOT NULL,
    version INTEGER NOT NULL,
    scope VARCHAR NOT NULL,            -- a board's code
    expectation VARCHAR NOT NULL,      -- its name, such as 'involve-people'
    name VARCHAR NOT NULL,             -- what is to be done
    due VARCHAR NOT NULL,              -- month, YYYY-MM
    done BOOLEAN NOT NULL,
    deleted BOOLEAN NOT NULL,
    who VARCHAR NOT NULL,              -- as the person called herself
    changed_at TIMESTAMP NOT NULL,     -- UTC
    PRIMARY KEY (id, version)
);
