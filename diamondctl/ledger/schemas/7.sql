-- The catalog of a ledger: what is live, and everything derived from it.
-- Rows of gifts stand in documents/*.parquet; here is what must never be lost and what reports read.

CREATE TABLE meta (
    name  TEXT PRIMARY KEY,
    value ANY NOT NULL
) STRICT, WITHOUT ROWID;

-- One imported file. Nothing in it ever changes but what `records rejected` decides and
-- what is uncertain, which other logs may settle; undo removes the row.
CREATE TABLE documents (
    id              INTEGER PRIMARY KEY AUTOINCREMENT,  -- shown as d001; never given twice
    name            TEXT NOT NULL,                      -- of the file, as it was given
    kind            TEXT NOT NULL,
    sha256          TEXT NOT NULL,                      -- of the bytes that were read
    bytes           INTEGER NOT NULL,                   -- how many; 0: standard input
    creator         TEXT NOT NULL,                      -- how it was read: --creator, --input-timezone, --encoding, --region
    input_timezone  TEXT NOT NULL,
    encoding        TEXT NOT NULL,
    region          TEXT NOT NULL,                      -- for rows that name none; blank: decided by each report
    part_of         INTEGER REFERENCES documents (id) ON DELETE CASCADE,  -- of whose rejected rows it holds the repaired ones
    imported        TEXT NOT NULL,                      -- UTC
    "rows"          INTEGER NOT NULL,                   -- stored rows = new + known + aside + elsewhere, on the day of import
    new             INTEGER NOT NULL,
    known           INTEGER NOT NULL,
    aside           INTEGER NOT NULL,                   -- kept as a cross-check beside a preferred source
    elsewhere       INTEGER NOT NULL,
    coins           TEXT NOT NULL,                      -- of all stored rows
    notices         TEXT NOT NULL,                      -- JSON list
    file            TEXT NOT NULL UNIQUE,               -- in documents/
    file_sha256     TEXT NOT NULL,
    rejects_sha256  TEXT NOT NULL,                      -- of its file in rejected/; blank: none
    sort            TEXT NOT NULL DEFAULT 'gifts',      -- of its rows: gifts | events (frames of a log) | totals | money
    profile         TEXT NOT NULL DEFAULT '',           -- with which it was read, as JSON; blank: none
    earning_unit    TEXT NOT NULL DEFAULT '',           -- --earning-unit
    folded          INTEGER NOT NULL DEFAULT 0,         -- events: rows = new + known + aside + elsewhere + folded
    uncertain       TEXT NOT NULL DEFAULT '{}'          -- events, derived: JSON, creator -> counts of gifts and their coins
) STRICT;

-- What a document holds of each creator: enough to know which other documents it can meet.
CREATE TABLE spans (
    document    INTEGER NOT NULL REFERENCES documents (id) ON DELETE CASCADE,
    creator     TEXT NOT NULL,
    family      TEXT NOT NULL,                          -- of sources: rows with ids, without, events, totals, money
    "rows"      INTEGER NOT NULL,
    first_time  INTEGER NOT NULL,                       -- microseconds since 1970 UTC
    last_time   INTEGER NOT NULL,
    first_id    TEXT NOT NULL,                          -- smallest and greatest event id as text; blank: none
    last_id     TEXT NOT NULL,
    PRIMARY KEY (document, creator)
) STRICT, WITHOUT ROWID;
CREATE INDEX spans_by_creator ON spans (creator);

-- Derived: every gift once, by quarter of an hour. A combo counts where its frames are, and as a gift where it begins.
CREATE TABLE usage (
    creator TEXT NOT NULL,
    month   INTEGER NOT NULL,                           -- months since 1970, from 1
    runs    TEXT NOT NULL,                              -- JSON: regions and streams, each with its first and last quarter
    packed  TEXT NOT NULL,                              -- JSON: the numbers of each run, as packs.py says
    PRIMARY KEY (creator, month)
) STRICT;

-- Derived: what a source says that does not count, because another one is preferred.
CREATE TABLE cross_checks (
    creator TEXT NOT NULL,
    family  TEXT NOT NULL,
    quarter INTEGER NOT NULL,
    coins   INTEGER NOT NULL,
    gifts   INTEGER NOT NULL,
    PRIMARY KEY (creator, quarter, family)
) STRICT, WITHOUT ROWID;

-- One digest over the derived rows of a creator and a UTC month: a flipped byte is seen before it becomes a figure.
CREATE TABLE seals (
    creator TEXT NOT NULL,
    month   INTEGER NOT NULL,                           -- months since 1970, from 1
    digest  TEXT NOT NULL,
    PRIMARY KEY (creator, month)
) STRICT, WITHOUT ROWID;

-- Which source counts where two cover the same creator and day: what the import of the latest of these documents said. It
-- goes with its document, unless the days left need it (then the document is one that is gone).
CREATE TABLE preferences (
    creator  TEXT NOT NULL,
    document INTEGER NOT NULL,
    family   TEXT NOT NULL,
    PRIMARY KEY (creator, document)
) STRICT, WITHOUT ROWID;

-- The only place of gifters' names. NULL: erased, and never stored again.
CREATE TABLE gifters (
    alias TEXT PRIMARY KEY,
    name  TEXT
) STRICT, WITHOUT ROWID;

-- Which gifters agreed to be named on what is made to be shown, and from which day on. Taken back or erased, the row goes.
CREATE TABLE consents (
    alias TEXT PRIMARY KEY,
    since TEXT NOT NULL,                                -- YYYY-MM-DD
    added TEXT NOT NULL                                 -- UTC
) STRICT, WITHOUT ROWID;

-- Rows that were left out. Their text stands in rejected/<document>-<hash>.csv.
CREATE TABLE rejected (
    document INTEGER NOT NULL REFERENCES documents (id) ON DELETE CASCADE,
    place    TEXT NOT NULL,                             -- its line, or line:column in a JSON list
    line     INTEGER NOT NULL,
    code     TEXT NOT NULL,
    problem  TEXT NOT NULL,
    hint     TEXT NOT NULL,
    state    TEXT NOT NULL CHECK (state IN ('open', 'dismissed', 'repaired')),
    reason   TEXT NOT NULL DEFAULT '',                  -- why it was dismissed
    repaired INTEGER REFERENCES documents (id) ON DELETE SET NULL,
    PRIMARY KEY (document, place)
) STRICT, WITHOUT ROWID;

-- What a person recorded because no file holds it: payouts, balances that the app showed, credits, other income, adjustments.
CREATE TABLE records (
    sort             TEXT NOT NULL CHECK (sort IN ('payout', 'balance', 'credit', 'income', 'adjustment')),
    number           INTEGER NOT NULL,                  -- shown as p001, b001, c001, i001, a001; never given twice
    creator          TEXT NOT NULL,
    region           TEXT NOT NULL,                     -- blank: of the whole wallet
    day              TEXT NOT NULL,                     -- YYYY-MM-DD
    amount           TEXT NOT NULL,                     -- decimal; of adjustments signed
    currency         TEXT NOT NULL,
    kind             TEXT NOT NULL,                     -- of an adjustment: opening, refund, ...; of a credit: live, day, week, month
    name             TEXT NOT NULL,                     -- of the LIVE, day, week or month; of who pays an income
    at               TEXT NOT NULL,                     -- of a balance: HH:MM; blank: the end of the day
    after            TEXT NOT NULL,                     -- of a balance: payouts of its day that had left
    method           TEXT NOT NULL,
    arrived          TEXT NOT NULL,                     -- of a payout: decimal; blank: on the way
    arrived_currency TEXT NOT NULL,
    arrived_on       TEXT NOT NULL,
    tax              TEXT NOT NULL,                     -- of a payout, held back: decimal; blank: not known
    exchange         TEXT NOT NULL,                     -- of a payout: decimal; blank: not known
    exchange_source  TEXT NOT NULL,
    invoice          TEXT NOT NULL,
    invoiced         TEXT NOT NULL,
    paid             INTEGER NOT NULL,
    key              TEXT NOT NULL,                     -- what a script calls it; blank: nothing
    reason           TEXT NOT NULL,
    added            TEXT NOT NULL,                     -- UTC
    PRIMARY KEY (sort, number)
) STRICT, WITHOUT ROWID;
CREATE UNIQUE INDEX records_by_key ON records (key) WHERE key <> '';

-- Derived: the rows of statements (payouts, credits, other income). Rows of several documents that are one movement have one
-- identity and one number, which is never given twice.
CREATE TABLE movements (
    document         INTEGER NOT NULL REFERENCES documents (id) ON DELETE CASCADE,
    line             INTEGER NOT NULL,
    identity         TEXT NOT NULL,                     -- of the transaction, else of the content and which of equal rows it is
    sort             TEXT NOT NULL CHECK (sort IN ('payout', 'credit', 'income')),
    number           INTEGER NOT NULL,                  -- shown as p001, c001, i001, among those that a person recorded
    creator          TEXT NOT NULL,
    day              TEXT NOT NULL,                     -- YYYY-MM-DD, as the statement has it
    amount           TEXT NOT NULL,                     -- decimal
    currency         TEXT NOT NULL,
    kind             TEXT NOT NULL,                     -- of a credit: live, day, month; of an income: what was sold
    name             TEXT NOT NULL,
    method           TEXT NOT NULL,
    arrived          TEXT NOT NULL,
    arrived_currency TEXT NOT NULL,
    arrived_on       TEXT NOT NULL,
    tax              TEXT NOT NULL,
    invoice          TEXT NOT NULL,
    invoiced         TEXT NOT NULL,
    paid             INTEGER NOT NULL,
    key              TEXT NOT NULL,                     -- the transaction; blank: none
    account          TEXT NOT NULL,                     -- whose statement
    fee              TEXT NOT NULL,                     -- of a payout, taken by the account: decimal; blank: not said
    leg              TEXT NOT NULL,                     -- of a payout: out | in
    status           TEXT NOT NULL,                     -- of a payout: requested | on the way | failed | reversed; blank: arrived
    ended            TEXT NOT NULL,
    PRIMARY KEY (document, line, identity)
) STRICT, WITHOUT ROWID;

-- Derived, and kept so that reports need not price what is long over: what a creator's gifts came to before a month.
-- `depends_on` covers all that it rests on (usage, rates, settings, the rules themselves); where it does not match, the state
-- is worked out anew. Not among the books: what is lost here is only time.
CREATE TABLE states (
    creator    TEXT NOT NULL,
    month      INTEGER NOT NULL,                        -- months since 1970, from 1
    depends_on TEXT NOT NULL,
    state      TEXT NOT NULL,                           -- JSON
    digest     TEXT NOT NULL,
    PRIMARY KEY (creator, month)
) STRICT, WITHOUT ROWID;

-- Closes of months. What each of its months was when it was closed stands in `sealed_months`.
CREATE TABLE closes (
    number   INTEGER PRIMARY KEY AUTOINCREMENT,
    period   TEXT NOT NULL,                             -- as it was asked for: 2026-10, 2026-Q4
    first    TEXT NOT NULL,                             -- of the months that it closed: 2026-10
    last     TEXT NOT NULL,
    version  TEXT NOT NULL,                             -- of diamondctl
    accepted TEXT NOT NULL,                             -- JSON: pairs of a finding that was accepted, and why
    sealed   TEXT NOT NULL,                             -- JSON: month -> SHA-256 of its seal
    closed   TEXT NOT NULL,                             -- UTC
    reopened TEXT NOT NULL DEFAULT '',                  -- UTC; blank: it stands
    reason   TEXT NOT NULL DEFAULT ''                   -- why it was reopened
) STRICT;

-- What a month was when it was closed: its figures, and all that they were made of. Proved by `closes.sealed`.
CREATE TABLE sealed_months (
    close INTEGER NOT NULL REFERENCES closes (number) ON DELETE CASCADE,
    month TEXT NOT NULL,                                -- 2026-10
    seal  BLOB NOT NULL,                                -- JSON, packed by zlib
    PRIMARY KEY (close, month)
) STRICT, WITHOUT ROWID;

-- What moved a figure of a closed month: the difference counts in the month that was the first open one then.
CREATE TABLE corrections (
    number      INTEGER PRIMARY KEY AUTOINCREMENT,
    close       INTEGER NOT NULL REFERENCES closes (number) ON DELETE CASCADE,
    creator     TEXT NOT NULL,
    month       TEXT NOT NULL,                          -- of the figure: 2026-10
    currency    TEXT NOT NULL,
    basis       TEXT NOT NULL CHECK (basis IN ('earned', 'credited', 'paid', 'wallet')),
    before_low  TEXT NOT NULL,                          -- decimal, the story of least
    before_high TEXT NOT NULL,                          -- of most
    after_low   TEXT NOT NULL,
    after_high  TEXT NOT NULL,
    cause       TEXT NOT NULL,                          -- d012, a001, us.yaml:133
    booked      TEXT NOT NULL,                          -- in which month it counts: 2026-11
    added       TEXT NOT NULL                           -- UTC
) STRICT;
