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
    folded          INTEGER NOT NULL DEFAULT 0,
    uncertain       TEXT NOT NULL DEFAULT '{}'
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
    first   INTEGER NOT NULL,
    last    INTEGER NOT NULL,
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
CREATE TABLE consents (
    alias TEXT PRIMARY KEY,
    since TEXT NOT NULL,
    added TEXT NOT NULL
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
CREATE TABLE records (
    sort             TEXT NOT NULL CHECK (sort IN ('payout', 'balance', 'credit', 'income', 'adjustment')),
    number           INTEGER NOT NULL,
    creator          TEXT NOT NULL,
    region           TEXT NOT NULL,
    day              TEXT NOT NULL,
    amount           TEXT NOT NULL,
    currency         TEXT NOT NULL,
    kind             TEXT NOT NULL,
    name             TEXT NOT NULL,
    at               TEXT NOT NULL,
    after            TEXT NOT NULL,
    method           TEXT NOT NULL,
    arrived          TEXT NOT NULL,
    arrived_currency TEXT NOT NULL,
    arrived_on       TEXT NOT NULL,
    tax              TEXT NOT NULL,
    exchange         TEXT NOT NULL,
    exchange_source  TEXT NOT NULL,
    invoice          TEXT NOT NULL,
    invoiced         TEXT NOT NULL,
    paid             INTEGER NOT NULL,
    key              TEXT NOT NULL,
    reason           TEXT NOT NULL,
    added            TEXT NOT NULL,
    PRIMARY KEY (sort, number)
) STRICT, WITHOUT ROWID;
CREATE UNIQUE INDEX records_by_key ON records (key) WHERE key <> '';
CREATE TABLE states (
    creator    TEXT NOT NULL,
    month      INTEGER NOT NULL,
    depends_on TEXT NOT NULL,
    state      TEXT NOT NULL,
    digest     TEXT NOT NULL,
    PRIMARY KEY (creator, month)
) STRICT, WITHOUT ROWID;
