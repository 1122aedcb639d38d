-- The first store. Large tables carry no keys: rows arrive sorted by month, and zone maps find a month faster
-- than an index would, while the importer replaces a month as a whole inside one transaction.

CREATE TABLE providers (
    code VARCHAR PRIMARY KEY,
    name VARCHAR NOT NULL,
    kind VARCHAR NOT NULL,             -- 'NHS trust' or 'Other (mostly independent sector)'
    region VARCHAR,                    -- region code; blank when no source gives one
    board VARCHAR,                     -- parent board in the newest month held
    address VARCHAR,
    postcode VARCHAR,
    latitude DOUBLE,                   -- of the head office, not of each clinic
    longitude DOUBLE,
    opened DATE,
    closed DATE
);

CREATE TABLE boards (
    code VARCHAR PRIMARY KEY,
    name VARCHAR NOT NULL,
    region_code VARCHAR,
    region VARCHAR,
    ons_code VARCHAR,
    in_2022 BOOLEAN NOT NULL,          -- one of the 42 boards until 31 March 2026
    in_2026 BOOLEAN NOT NULL           -- one of the 36 boards from 1 April 2026
);

CREATE TABLE board_boundaries (
    edition INTEGER NOT NULL,          -- 2022 or 2026
    board VARCHAR NOT NULL,
    name VARCHAR NOT NULL,
    geojson VARCHAR NOT NULL,          -- one GeoJSON geometry, WGS84
    PRIMARY KEY (edition, board)
);

CREATE TABLE treatment_functions (
    code VARCHAR PRIMARY KEY,
    name VARCHAR NOT NULL              -- as the returns spell it
);

CREATE TABLE sub_boards (
    code VARCHAR PRIMARY KEY,
    name VARCHAR NOT NULL,
    board VARCHAR NOT NULL             -- April 2026 boards
);

-- Pathways by whole weeks waited: list position 1 holds week 0, position 105 holds 104 weeks or more.
CREATE TABLE pathways (
    month VARCHAR NOT NULL,
    provider VARCHAR NOT NULL,
    board VARCHAR NOT NULL,            -- the provider's parent in that month
    treatment_function VARCHAR NOT NULL,
    part VARCHAR NOT NULL,             -- incomplete, dta (a subset of incomplete), admitted, non_admitted
    english BOOLEAN NOT NULL,          -- false for commissioner NONC, left out of England's published totals
    total INTEGER NOT NULL,            -- sum of weeks + unknown_start
    unknown_start INTEGER NOT NULL,
    within_18 INTEGER NOT NULL,
    over_52 INTEGER NOT NULL,
    over_65 INTEGER NOT NULL,
    over_78 INTEGER NOT NULL,
    over_104 INTEGER NOT NULL,
    weeks INTEGER[105] NOT NULL
);

CREATE TABLE clock_starts (
    month VARCHAR NOT NULL,
    provider VARCHAR NOT NULL,
    board VARCHAR NOT NULL,
    treatment_function VARCHAR NOT NULL,
    english BOOLEAN NOT NULL,
    total INTEGER NOT NULL
);

CREATE TABLE flows (
    month VARCHAR NOT NULL,
    part VARCHAR NOT NULL,             -- as in pathways, and starts
    provider VARCHAR NOT NULL,
    commissioner VARCHAR NOT NULL,
    treatment_function VARCHAR NOT NULL,
    total INTEGER NOT NULL,
    within_18 INTEGER,                 -- the three are given for incomplete only
    over_52 INTEGER,
    over_65 INTEGER
);

CREATE TABLE commissioners (
    month VARCHAR NOT NULL,
    code VARCHAR NOT NULL,
    name VARCHAR NOT NULL,             -- blank where the returns leave it blank (NONC and regions)
    board VARCHAR NOT NULL             -- parent board, blank for national and regional hubs
);

CREATE TABLE capacity (
    provider VARCHAR NOT NULL,
    treatment_function VARCHAR NOT NULL,
    medium VARCHAR NOT NULL,           -- face_to_face or virtual
    sessions DOUBLE,                   -- clinic sessions a week
    minutes DOUBLE,                    -- clinic minutes a week
    theatre_slots DOUBLE,              -- a week
    valid_from DATE NOT NULL,
    valid_to DATE,
    source VARCHAR NOT NULL,
    updated_at TIMESTAMP NOT NULL
);

CREATE TABLE slots (
    id VARCHAR PRIMARY KEY,
    provider VARCHAR NOT NULL,
    site VARCHAR,
    treatment_function VARCHAR NOT NULL,
    procedure_name VARCHAR,
    setting VARCHAR NOT NULL,          -- outpatient, day_case or inpatient
    medium VARCHAR NOT NULL,           -- face_to_face or virtual
    week DATE NOT NULL,                -- Monday of the week offered
    places INTEGER NOT NULL,
    exclusions VARCHAR NOT NULL,       -- JSON object: limits of age, BMI, ASA grade
    price DOUBLE,                      -- pounds a place
    status VARCHAR NOT NULL            -- offered, withdrawn or filled
);

CREATE TABLE scenarios (
    id VARCHAR PRIMARY KEY,
    name VARCHAR NOT NULL,
    description VARCHAR NOT NULL,
    document VARCHAR NOT NULL,         -- JSON
    version INTEGER NOT NULL,
    created_at TIMESTAMP NOT NULL,
    updated_at TIMESTAMP NOT NULL,
    deleted_at TIMESTAMP
);

CREATE TABLE runs (
    id VARCHAR PRIMARY KEY,
    document VARCHAR NOT NULL,         -- JSON of the scenario as it was run
    scope VARCHAR NOT NULL,
    seed BIGINT NOT NULL,
    weeks INTEGER NOT NULL,
    replications INTEGER NOT NULL,
    data_month VARCHAR NOT NULL,
    product_version VARCHAR NOT NULL,
    started_at TIMESTAMP NOT NULL,
    finished_at TIMESTAMP NOT NULL
);

CREATE TABLE run_results (
    run VARCHAR NOT NULL,
    week INTEGER NOT NULL,
    provider VARCHAR NOT NULL,
    treatment_function VARCHAR NOT NULL,
    measure VARCHAR NOT NULL,
    mean DOUBLE NOT NULL,
    lower DOUBLE NOT NULL,             -- 80% band
    upper DOUBLE NOT NULL
);

CREATE TABLE imports (
    kind VARCHAR NOT NULL,             -- rtt, ods or boundaries
    month VARCHAR NOT NULL,            -- blank for kinds that have none
    file VARCHAR NOT NULL,
    digest VARCHAR NOT NULL,           -- SHA-256 of the content as stored, not of the file
    file_rows INTEGER NOT NULL,
    origin VARCHAR NOT NULL,           -- shipped or imported
    product_version VARCHAR NOT NULL,
    imported_at TIMESTAMP NOT NULL     -- UTC
);
