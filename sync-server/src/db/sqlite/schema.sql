-- Version 1. Times are Unix milliseconds, ids are text, UUIDs text with hyphens, structured values JSON.
-- Keys begin with the tenant, so that nothing can be found across tenants by accident.

CREATE TABLE tenant (
    id TEXT PRIMARY KEY, epoch TEXT NOT NULL, catalogue INTEGER NOT NULL DEFAULT 0, directory INTEGER NOT NULL DEFAULT 0
) STRICT, WITHOUT ROWID;
CREATE TABLE store (
    tenant TEXT NOT NULL REFERENCES tenant, id TEXT NOT NULL, name TEXT NOT NULL, city TEXT NOT NULL, time_zone TEXT NOT NULL,
    PRIMARY KEY (tenant, id)
) STRICT, WITHOUT ROWID;
CREATE TABLE brand (
    tenant TEXT NOT NULL REFERENCES tenant, id TEXT NOT NULL, name TEXT NOT NULL,
    PRIMARY KEY (tenant, id)
) STRICT, WITHOUT ROWID;
CREATE TABLE guide (
    tenant TEXT NOT NULL REFERENCES tenant, id TEXT NOT NULL, name TEXT NOT NULL, store TEXT NOT NULL, brand TEXT,
    joined TEXT, left_day TEXT, left_at_hq TEXT, heir TEXT,
    PRIMARY KEY (tenant, id)
) STRICT, WITHOUT ROWID;
CREATE TABLE product (
    tenant TEXT NOT NULL REFERENCES tenant, id TEXT NOT NULL, brand TEXT NOT NULL, name TEXT NOT NULL,
    price_fen INTEGER NOT NULL, cycle_days INTEGER,
    PRIMARY KEY (tenant, id)
) STRICT, WITHOUT ROWID;

CREATE TABLE tag_group (
    tenant TEXT NOT NULL REFERENCES tenant, id TEXT NOT NULL, name TEXT NOT NULL, record TEXT NOT NULL, position INTEGER NOT NULL,
    PRIMARY KEY (tenant, id)
) STRICT, WITHOUT ROWID;
CREATE UNIQUE INDEX tag_group_by_position ON tag_group (tenant, position);
CREATE UNIQUE INDEX tag_group_by_name ON tag_group (tenant, name);
CREATE TABLE tag (
    tenant TEXT NOT NULL REFERENCES tenant, id TEXT NOT NULL, record TEXT NOT NULL, position INTEGER NOT NULL,
    PRIMARY KEY (tenant, id)
) STRICT, WITHOUT ROWID;
CREATE UNIQUE INDEX tag_by_position ON tag (tenant, position);
-- Every name that a tag ever had, so that an old export still finds a renamed tag.
CREATE TABLE tag_name (
    tenant TEXT NOT NULL REFERENCES tenant, group_name TEXT NOT NULL, name TEXT NOT NULL, tag TEXT NOT NULL,
    PRIMARY KEY (tenant, group_name, name)
) STRICT, WITHOUT ROWID;

CREATE TABLE member (
    tenant TEXT NOT NULL REFERENCES tenant, id TEXT NOT NULL, profile TEXT NOT NULL, consents TEXT NOT NULL, stats TEXT NOT NULL,
    state TEXT NOT NULL, hq_tags TEXT NOT NULL, hq_guide TEXT, merged INTEGER NOT NULL,
    PRIMARY KEY (tenant, id)
) STRICT;
CREATE TABLE member_phone (
    tenant TEXT NOT NULL, phone TEXT NOT NULL, member TEXT NOT NULL,
    PRIMARY KEY (tenant, phone, member), FOREIGN KEY (tenant, member) REFERENCES member
) STRICT, WITHOUT ROWID;
CREATE INDEX member_phone_by_member ON member_phone (tenant, member);
CREATE TABLE alias (
    tenant TEXT NOT NULL, loser TEXT NOT NULL, winner TEXT NOT NULL, at_ms INTEGER NOT NULL,
    PRIMARY KEY (tenant, loser), FOREIGN KEY (tenant, winner) REFERENCES member
) STRICT, WITHOUT ROWID;
CREATE INDEX alias_by_winner ON alias (tenant, winner);
CREATE TABLE serves (
    tenant TEXT NOT NULL, member TEXT NOT NULL, guide TEXT NOT NULL, source TEXT NOT NULL, from_ms INTEGER NOT NULL, until_ms INTEGER,
    FOREIGN KEY (tenant, member) REFERENCES member, FOREIGN KEY (tenant, guide) REFERENCES guide
) STRICT;
CREATE UNIQUE INDEX serves_today ON serves (tenant, member, guide) WHERE until_ms IS NULL;
CREATE INDEX serves_by_member ON serves (tenant, member, guide, until_ms);
CREATE INDEX serves_by_guide ON serves (tenant, guide, member) WHERE until_ms IS NULL;

CREATE TABLE feed_head (
    tenant TEXT NOT NULL, guide TEXT NOT NULL, position INTEGER NOT NULL,
    PRIMARY KEY (tenant, guide), FOREIGN KEY (tenant, guide) REFERENCES guide
) STRICT, WITHOUT ROWID;
-- One row an entity: what a phone downloads is the state, never a history. kind: 0 member, 1 personal tag.
CREATE TABLE feed (
    tenant TEXT NOT NULL, guide TEXT NOT NULL, kind INTEGER NOT NULL, entity TEXT NOT NULL, position INTEGER NOT NULL, present INTEGER NOT NULL,
    PRIMARY KEY (tenant, guide, kind, entity), FOREIGN KEY (tenant, guide) REFERENCES guide
) STRICT, WITHOUT ROWID;
CREATE UNIQUE INDEX feed_by_position ON feed (tenant, guide, position);
CREATE TABLE personal_tag (
    tenant TEXT NOT NULL, guide TEXT NOT NULL, tag TEXT NOT NULL, name TEXT NOT NULL, hlc INTEGER NOT NULL, device TEXT NOT NULL,
    PRIMARY KEY (tenant, guide, tag)
) STRICT, WITHOUT ROWID;

-- The receipt, and what undoing a merge replays.
CREATE TABLE operation (
    tenant TEXT NOT NULL REFERENCES tenant, id TEXT NOT NULL, device TEXT NOT NULL, sent_to TEXT, sent_hlc INTEGER NOT NULL,
    operation TEXT, outcome TEXT NOT NULL, position INTEGER NOT NULL, received_ms INTEGER NOT NULL,
    PRIMARY KEY (tenant, id)
) STRICT;
CREATE INDEX operation_by_member ON operation (tenant, sent_to) WHERE sent_to IS NOT NULL;
CREATE TABLE change_log (
    tenant TEXT NOT NULL REFERENCES tenant, seq INTEGER NOT NULL, at_ms INTEGER NOT NULL, device_ms INTEGER, device TEXT NOT NULL,
    guide TEXT NOT NULL, op TEXT, member TEXT, kind TEXT NOT NULL, detail TEXT NOT NULL, outcome TEXT NOT NULL,
    PRIMARY KEY (tenant, seq)
) STRICT;

-- state: 'active', 'closing' (with the time since) or 'revoked'.
CREATE TABLE device (
    id TEXT PRIMARY KEY, tenant TEXT NOT NULL, guide TEXT NOT NULL, public_key BLOB NOT NULL, name TEXT NOT NULL, state TEXT NOT NULL,
    closing_ms INTEGER, enrolled_ms INTEGER NOT NULL, last_seen_ms INTEGER NOT NULL, last_hlc INTEGER NOT NULL,
    cursor_feed INTEGER NOT NULL, cursor_catalogue INTEGER NOT NULL,
    FOREIGN KEY (tenant, guide) REFERENCES guide
) STRICT, WITHOUT ROWID;
CREATE INDEX device_by_guide ON device (tenant, guide);

-- Secrets are kept as SHA-256.
CREATE TABLE hq_key (hash BLOB PRIMARY KEY, tenant TEXT NOT NULL REFERENCES tenant, scopes TEXT NOT NULL) STRICT, WITHOUT ROWID;
CREATE TABLE enrol_code (
    hash BLOB PRIMARY KEY, tenant TEXT NOT NULL, guide TEXT NOT NULL, expires_ms INTEGER NOT NULL, used_by BLOB, device TEXT
) STRICT, WITHOUT ROWID;
CREATE TABLE challenge (hash BLOB PRIMARY KEY, device TEXT NOT NULL, expires_ms INTEGER NOT NULL) STRICT, WITHOUT ROWID;
CREATE TABLE session (
    hash BLOB PRIMARY KEY, device TEXT NOT NULL REFERENCES device, family TEXT NOT NULL, expires_ms INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX session_by_family ON session (family);
CREATE TABLE refresh (
    hash BLOB PRIMARY KEY, device TEXT NOT NULL REFERENCES device, family TEXT NOT NULL, expires_ms INTEGER NOT NULL, used INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX refresh_by_family ON refresh (family);

CREATE INDEX enrol_code_by_end ON enrol_code (expires_ms);
CREATE INDEX challenge_by_end ON challenge (expires_ms);
CREATE INDEX session_by_end ON session (expires_ms);
CREATE INDEX refresh_by_end ON refresh (expires_ms);

-- The member of an order need not exist.
CREATE TABLE orders (
    tenant TEXT NOT NULL REFERENCES tenant, id TEXT NOT NULL, member TEXT NOT NULL, store TEXT NOT NULL, brand TEXT NOT NULL,
    product TEXT NOT NULL, quantity INTEGER NOT NULL, paid_fen INTEGER NOT NULL, at TEXT NOT NULL, channel TEXT NOT NULL,
    PRIMARY KEY (tenant, id)
) STRICT, WITHOUT ROWID;
CREATE INDEX orders_by_member ON orders (tenant, member, at);
CREATE TABLE handover (
    tenant TEXT NOT NULL REFERENCES tenant, member TEXT NOT NULL, giver TEXT NOT NULL, taker TEXT NOT NULL, on_job INTEGER NOT NULL,
    at_ms INTEGER NOT NULL
) STRICT;
CREATE INDEX handover_by_member ON handover (tenant, member, at_ms);

CREATE TABLE import_run (
    tenant TEXT NOT NULL REFERENCES tenant, run TEXT NOT NULL, table_name TEXT NOT NULL, at_ms INTEGER NOT NULL,
    PRIMARY KEY (tenant, run)
) STRICT, WITHOUT ROWID;
CREATE TABLE import_seen (
    tenant TEXT NOT NULL, run TEXT NOT NULL, key TEXT NOT NULL, line INTEGER NOT NULL,
    PRIMARY KEY (tenant, run, key), FOREIGN KEY (tenant, run) REFERENCES import_run
) STRICT, WITHOUT ROWID;
CREATE TABLE import_refusal (
    tenant TEXT NOT NULL, run TEXT NOT NULL, seq INTEGER NOT NULL, file TEXT NOT NULL, line INTEGER NOT NULL, field TEXT NOT NULL,
    reason TEXT NOT NULL,
    PRIMARY KEY (tenant, run, seq), FOREIGN KEY (tenant, run) REFERENCES import_run
) STRICT, WITHOUT ROWID;
