-- Both sides of a matching. The first store's table of slots was never written to, and could not hold what a
-- provider excludes as columns; every version of a slot is kept here, the highest being the one that holds.
DROP TABLE slots;

CREATE TABLE matching_lists (
    id VARCHAR PRIMARY KEY,
    side VARCHAR NOT NULL,             -- patients or slots
    scope VARCHAR NOT NULL,
    name VARCHAR NOT NULL,
    synthetic BOOLEAN NOT NULL,        -- made up by Tandem, wholly or in part
    about VARCHAR NOT NULL,            -- JSON: the file, or the seed, month and assumptions of a synthetic list
    stored_rows INTEGER NOT NULL,
    who VARCHAR NOT NULL,
    stored_at TIMESTAMP NOT NULL,      -- UTC
    deleted_at TIMESTAMP
);

CREATE TABLE listed_patients (
    list VARCHAR NOT NULL,
    patient_id VARCHAR NOT NULL,       -- a pseudonym
    home_provider VARCHAR NOT NULL,
    treatment_function VARCHAR NOT NULL,
    procedure VARCHAR,
    setting VARCHAR NOT NULL,
    priority INTEGER NOT NULL,
    weeks_waited INTEGER NOT NULL,
    next_appointment DATE,
    expected_weeks DOUBLE,
    latitude DOUBLE,                   -- to two decimals: about a mile
    longitude DOUBLE,
    home_area VARCHAR,
    travel_miles DOUBLE NOT NULL,      -- infinity is anywhere
    asa INTEGER,
    bmi DOUBLE,
    age_band VARCHAR,
    sex VARCHAR,
    deprivation INTEGER,
    can_video BOOLEAN NOT NULL,
    can_telephone BOOLEAN NOT NULL,
    needs_interpreter BOOLEAN NOT NULL,
    needs_diagnostic BOOLEAN NOT NULL,
    home_approval VARCHAR NOT NULL,
    route VARCHAR NOT NULL,
    synthetic BOOLEAN NOT NULL
);

CREATE TABLE offered_slots (
    list VARCHAR NOT NULL,
    slot_id VARCHAR NOT NULL,
    version INTEGER NOT NULL,
    withdrawn BOOLEAN NOT NULL,
    who VARCHAR NOT NULL,
    changed_at TIMESTAMP NOT NULL,             -- UTC
    why VARCHAR NOT NULL,
    provider VARCHAR NOT NULL,
    site VARCHAR,
    latitude DOUBLE,
    longitude DOUBLE,
    treatment_function VARCHAR NOT NULL,
    procedure VARCHAR,
    setting VARCHAR NOT NULL,
    medium VARCHAR NOT NULL,
    week DATE NOT NULL,                -- its Monday
    count INTEGER NOT NULL,
    most_urgent INTEGER,
    min_bmi DOUBLE,
    max_bmi DOUBLE,
    max_asa INTEGER,
    min_age INTEGER,
    max_age INTEGER,
    interpreter BOOLEAN NOT NULL,
    diagnostic VARCHAR NOT NULL,
    price DOUBLE,                      -- pounds a place
    synthetic BOOLEAN NOT NULL
);

CREATE TABLE matchings (
    id VARCHAR PRIMARY KEY,
    scope VARCHAR NOT NULL,
    name VARCHAR NOT NULL,
    patients VARCHAR NOT NULL,         -- the two lists
    slots VARCHAR NOT NULL,
    as_of DATE NOT NULL,
    count_asked BOOLEAN NOT NULL,
    who VARCHAR NOT NULL,
    made_at TIMESTAMP NOT NULL,        -- UTC
    product_version VARCHAR NOT NULL
);

-- Every step is kept, and an undoing is a step of its own.
CREATE TABLE matching_steps (
    matching VARCHAR NOT NULL,
    step INTEGER NOT NULL,
    undoes INTEGER,                    -- the step it takes back; blank for an answer
    patient_id VARCHAR NOT NULL,
    slot_id VARCHAR NOT NULL,
    answer VARCHAR NOT NULL,
    reason VARCHAR NOT NULL,
    note VARCHAR NOT NULL,
    who VARCHAR NOT NULL,
    changed_at TIMESTAMP NOT NULL,             -- UTC
    PRIMARY KEY (matching, step)
);
