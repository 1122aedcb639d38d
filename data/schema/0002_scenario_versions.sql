-- Every version of a saved scenario is kept. The table `scenarios` keeps the identity and says which is the
-- newest and whether it is deleted; what a version holds stands here.
CREATE TABLE scenario_versions (
    scenario VARCHAR NOT NULL,
    version INTEGER NOT NULL,
    name VARCHAR NOT NULL,
    description VARCHAR NOT NULL,
    document VARCHAR NOT NULL,         -- JSON
    scope VARCHAR NOT NULL,
    data_month VARCHAR NOT NULL,       -- the figures it was run on
    edition VARCHAR NOT NULL,          -- digest of the returns behind them
    weeks INTEGER NOT NULL,
    replications INTEGER NOT NULL,
    seed BIGINT NOT NULL,
    product_version VARCHAR NOT NULL,
    saved_at TIMESTAMP NOT NULL,       -- UTC
    PRIMARY KEY (scenario, version)
);
