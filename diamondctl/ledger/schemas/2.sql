CREATE TABLE meta (
    name  TEXT PRIMARY KEY,
    value ANY NOT NULL
) STRICT, WITHOUT ROWID;
CREATE TABLE documents (
    id              INTEGER PRIMARY KEY AUTOINCREMENT,
    name            TEXT NOT NULL,
    kind            TEXT NOT NULL,
    sha256          TEXT NOT NULL,
    bytes           INTEGER NOT NULL,
    creator         TEXT NOT NULL,
    input_timezone  TEXT NOT NULL,
    encoding        TEXT NOT NULL,
    region          TEXT NOT NULL,
    part_of         INTEGER REFERENCES documents (id) ON DELETE CASCADE,
    imported        TEXT NOT NULL,
    "rows"          INTEGER NOT NULL,
    new             INTEGER NOT NULL,
    known           INTEGER NOT NULL,
    aside           INTEGER NOT NULL,
    elsewhere       INTEGER NOT NULL,
    coins           TEXT NOT NULL,
    notices         TEXT NOT NULL,
    file            TEXT NOT NULL UNIQUE,
    file_sha256     TEXT NOT NULL,
    rejects_sha256  TEXT NOT NULL,
    sort            TEXT NOT NULL DEFAULT 'gifts',
    profile         TEXT NOT NULL DEFAULT '',
    earning_unit    TEXT NOT NULL DEFAULT '',
    folded          INTEGER NOT NULL DEFAULT 0
) STRICT;
CREATE TABLE spans (
    document    INTEGER NOT NULL REFERENCES documents (id) ON DELETE CASCADE,
    creator     TEXT NOT NULL,
    family      TEXT NOT NULL,
    "rows"      INTEGER NOT NULL,
    first_time  INTEGER NOT NULL,
    last_time   INTEGER NOT NULL,
    first_id    TEXT NOT NULL,
    last_id     TEXT NOT NULL,
    PRIMARY KEY (document, creator)
) STRICT, WITHOUT ROWID;
CREATE INDEX spans_by_creator ON spans (creator);
CREATE TABLE usage (
    creator TEXT NOT NULL,
    region  TEXT NOT NULL,
    stream  TEXT NOT NULL,
    quarter INTEGER NOT NULL,
    coins   INTEGER NOT NULL,
    gifts   INTEGER NOT NULL,
    PRIMARY KEY (creator, quarter, region, stream)
) STRICT, WITHOUT ROWID;
CREATE TABLE cross_checks (
    creator TEXT NOT NULL,
    family  TEXT NOT NULL,
    quarter INTEGER NOT NULL,
    coins   INTEGER NOT NULL,
    gifts   INTEGER NOT NULL,
    PRIMARY KEY (creator, quarter, family)
) STRICT, WITHOUT ROWID;
CREATE TABLE streams (
    creator TEXT NOT NULL,
    region  TEXT NOT NULL,
    stream  TEXT NOT NULL,
    first   INTEGER NOT NULL,
    last    INTEGER NOT NULL,
    coins   TEXT NOT NULL,
    gifts   INTEGER NOT NULL,
    PRIMARY KEY (creator, region, stream)
) STRICT, WITHOUT ROWID;
CREATE TABLE seals (
    creator TEXT NOT NULL,
    month   INTEGER NOT NULL,
    digest  TEXT NOT NULL,
    PRIMARY KEY (creator, month)
) STRICT, WITHOUT ROWID;
CREATE TABLE preferences (
    creator  TEXT NOT NULL,
    document INTEGER NOT NULL,
    family   TEXT NOT NULL,
    PRIMARY KEY (creator, document)
) STRICT, WITHOUT ROWID;
CREATE TABLE gifters (
    alias TEXT PRIMARY KEY,
    name  TEXT
) STRICT, WITHOUT ROWID;
CREATE TABLE rejected (
    document INTEGER NOT NULL REFERENCES documents (id) ON DELETE CASCADE,
    place    TEXT NOT NULL,
    line     INTEGER NOT NULL,
    code     TEXT NOT NULL,
    problem  TEXT NOT NULL,
    hint     TEXT NOT NULL,
    state    TEXT NOT NULL CHECK (state IN ('open', 'dismissed', 'repaired')),
    reason   TEXT NOT NULL DEFAULT '',
    repaired INTEGER REFERENCES documents (id) ON DELETE SET NULL,
    PRIMARY KEY (document, place)
) STRICT, WITHOUT ROWID;
CREATE TABLE adjustments (
    id       INTEGER PRIMARY KEY AUTOINCREMENT,
    creator  TEXT NOT NULL,
    region   TEXT NOT NULL,
    date     TEXT NOT NULL,
    kind     TEXT NOT NULL CHECK (kind IN ('opening', 'refund', 'reversal', 'bonus', 'exchange')),
    amount   TEXT NOT NULL,
    currency TEXT NOT NULL,
    reason   TEXT NOT NULL,
    added    TEXT NOT NULL
) STRICT;
