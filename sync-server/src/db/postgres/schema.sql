-- Version 1. Times are Unix milliseconds, ids are text, UUIDs text with hyphens, structured values JSON as text, 64-bit numbers
-- signed, bit by bit. Keys begin with the tenant, so that nothing can be found across tenants by accident, and sort by bytes.

CREATE TABLE tenant (
    id text COLLATE "C" PRIMARY KEY, epoch text NOT NULL, catalogue bigint NOT NULL DEFAULT 0, directory bigint NOT NULL DEFAULT 0
);
-- One row for each time that the tenant was restored from a backup, oldest first.
CREATE TABLE restore (
    tenant text COLLATE "C" NOT NULL REFERENCES tenant, seq bigint NOT NULL, before text NOT NULL, forgotten_since_ms bigint NOT NULL,
    PRIMARY KEY (tenant, seq)
);
CREATE TABLE store (
    tenant text COLLATE "C" NOT NULL REFERENCES tenant, id text COLLATE "C" NOT NULL, name text NOT NULL, city text NOT NULL,
    time_zone text NOT NULL,
    PRIMARY KEY (tenant, id)
);
CREATE TABLE brand (
    tenant text COLLATE "C" NOT NULL REFERENCES tenant, id text COLLATE "C" NOT NULL, name text NOT NULL,
    PRIMARY KEY (tenant, id)
);
CREATE TABLE guide (
    tenant text COLLATE "C" NOT NULL REFERENCES tenant, id text COLLATE "C" NOT NULL, name text NOT NULL, store text NOT NULL, brand text,
    joined text, left_day text, left_at_hq text, heir text,
    -- Her last day, if she only stands in for somebody.
    until text COLLATE "C",
    PRIMARY KEY (tenant, id)
);
CREATE INDEX guide_by_until ON guide (until) WHERE until IS NOT NULL AND left_day IS NULL;
CREATE TABLE product (
    tenant text COLLATE "C" NOT NULL REFERENCES tenant, id text COLLATE "C" NOT NULL, brand text NOT NULL, name text NOT NULL,
    price_fen bigint NOT NULL, cycle_days bigint,
    PRIMARY KEY (tenant, id)
);

CREATE TABLE tag_group (
    tenant text COLLATE "C" NOT NULL REFERENCES tenant, id text COLLATE "C" NOT NULL, name text COLLATE "C" NOT NULL, record text NOT NULL,
    position bigint NOT NULL,
    PRIMARY KEY (tenant, id)
);
CREATE UNIQUE INDEX tag_group_by_position ON tag_group (tenant, position);
CREATE UNIQUE INDEX tag_group_by_name ON tag_group (tenant, name);
CREATE TABLE tag (
    tenant text COLLATE "C" NOT NULL REFERENCES tenant, id text COLLATE "C" NOT NULL, record text NOT NULL, position bigint NOT NULL,
    PRIMARY KEY (tenant, id)
);
CREATE UNIQUE INDEX tag_by_position ON tag (tenant, position);
-- Every name that a tag ever had, so that an old export still finds a renamed tag.
CREATE TABLE tag_name (
    tenant text COLLATE "C" NOT NULL REFERENCES tenant, group_name text COLLATE "C" NOT NULL, name text COLLATE "C" NOT NULL, tag text NOT NULL,
    PRIMARY KEY (tenant, group_name, name)
);

CREATE TABLE member (
    tenant text COLLATE "C" NOT NULL REFERENCES tenant, id text COLLATE "C" NOT NULL, profile text NOT NULL, consents text NOT NULL,
    stats text NOT NULL, state text NOT NULL, hq_tags text NOT NULL, hq_guide text, merged boolean NOT NULL,
    PRIMARY KEY (tenant, id)
);
CREATE TABLE member_phone (
    tenant text COLLATE "C" NOT NULL, phone text COLLATE "C" NOT NULL, member text COLLATE "C" NOT NULL,
    PRIMARY KEY (tenant, phone, member), FOREIGN KEY (tenant, member) REFERENCES member
);
CREATE INDEX member_phone_by_member ON member_phone (tenant, member);
CREATE TABLE alias (
    tenant text COLLATE "C" NOT NULL, loser text COLLATE "C" NOT NULL, winner text COLLATE "C" NOT NULL, at_ms bigint NOT NULL,
    PRIMARY KEY (tenant, loser), FOREIGN KEY (tenant, winner) REFERENCES member
);
CREATE INDEX alias_by_winner ON alias (tenant, winner);
-- term: the last day of a binding that ends by itself. entered, left_feed: the positions of the guide's feed at which the
-- member came into it and went out of it.
CREATE TABLE serves (
    tenant text COLLATE "C" NOT NULL, member text COLLATE "C" NOT NULL, guide text COLLATE "C" NOT NULL, source text NOT NULL,
    from_ms bigint NOT NULL, until_ms bigint, term text COLLATE "C", entered bigint NOT NULL, left_feed bigint,
    FOREIGN KEY (tenant, member) REFERENCES member, FOREIGN KEY (tenant, guide) REFERENCES guide
);
CREATE UNIQUE INDEX serves_today ON serves (tenant, member, guide) WHERE until_ms IS NULL;
CREATE INDEX serves_by_member ON serves (tenant, member, guide, until_ms);
CREATE INDEX serves_by_guide ON serves (tenant, guide, member) WHERE until_ms IS NULL;
CREATE INDEX serves_by_term ON serves (term) WHERE term IS NOT NULL AND until_ms IS NULL;
CREATE INDEX serves_by_entry ON serves (tenant, guide, entered) WHERE until_ms IS NULL;
CREATE INDEX serves_by_leaving ON serves (tenant, guide, left_feed) WHERE left_feed IS NOT NULL;

-- Whoever counts a feed on holds its row until the commit, so positions of one feed are seen in their order. Half of each page stays
-- free, so that the count is changed in place.
CREATE TABLE feed_head (
    tenant text COLLATE "C" NOT NULL, guide text COLLATE "C" NOT NULL, position bigint NOT NULL, sums bytea,
    PRIMARY KEY (tenant, guide), FOREIGN KEY (tenant, guide) REFERENCES guide
) WITH (fillfactor = 50);
-- One row an entity: what a phone downloads is the state, never a history. kind: 0 member, 1 personal tag. whole: a phone that has
-- not come so far needs the whole row. parts: what changed since and where, JSON, or empty. slice: of a member; NULL for a personal tag.
CREATE TABLE feed (
    tenant text COLLATE "C" NOT NULL, guide text COLLATE "C" NOT NULL, kind bigint NOT NULL, entity text COLLATE "C" NOT NULL,
    position bigint NOT NULL, present boolean NOT NULL, whole bigint NOT NULL, parts text NOT NULL, slice bigint,
    PRIMARY KEY (tenant, guide, kind, entity), FOREIGN KEY (tenant, guide) REFERENCES guide
);
CREATE UNIQUE INDEX feed_by_position ON feed (tenant, guide, position);
CREATE INDEX feed_by_slice ON feed (tenant, guide, slice) WHERE slice IS NOT NULL;
-- Sealed bytes do not get smaller, and are read from any byte on.
CREATE TABLE snapshot (
    name text COLLATE "C" PRIMARY KEY, tenant text COLLATE "C" NOT NULL, guide text COLLATE "C" NOT NULL, position bigint NOT NULL,
    made_ms bigint NOT NULL, record text NOT NULL, bytes bytea NOT NULL,
    FOREIGN KEY (tenant, guide) REFERENCES guide
);
ALTER TABLE snapshot ALTER COLUMN bytes SET STORAGE EXTERNAL;
CREATE INDEX snapshot_by_guide ON snapshot (tenant, guide, position);
CREATE TABLE personal_tag (
    tenant text COLLATE "C" NOT NULL, guide text COLLATE "C" NOT NULL, tag text COLLATE "C" NOT NULL, name text NOT NULL,
    hlc bigint NOT NULL, device text NOT NULL,
    PRIMARY KEY (tenant, guide, tag)
);

-- The receipt, and what undoing a merge replays.
CREATE TABLE operation (
    tenant text COLLATE "C" NOT NULL REFERENCES tenant, id text COLLATE "C" NOT NULL, device text NOT NULL, sent_to text COLLATE "C",
    sent_hlc bigint NOT NULL, operation text, outcome text NOT NULL, position bigint NOT NULL, received_ms bigint NOT NULL,
    PRIMARY KEY (tenant, id)
);
CREATE INDEX operation_by_member ON operation (tenant, sent_to) WHERE sent_to IS NOT NULL;
-- The newest line of a retailer's change log. Counted on as the last thing before the commit.
CREATE TABLE change_log_head (tenant text COLLATE "C" PRIMARY KEY REFERENCES tenant, seq bigint NOT NULL) WITH (fillfactor = 50);
CREATE TABLE change_log (
    tenant text COLLATE "C" NOT NULL REFERENCES tenant, seq bigint NOT NULL, at_ms bigint NOT NULL, device_ms bigint, device text NOT NULL,
    guide text NOT NULL, op text, member text, kind text NOT NULL, detail text NOT NULL, outcome text NOT NULL,
    PRIMARY KEY (tenant, seq)
);

-- sent_feed: the newest position such that everything in the feed as it was then was sent to this device.
-- state: 'active', 'closing' (with the time since) or 'revoked'.
CREATE TABLE device (
    id text COLLATE "C" PRIMARY KEY, tenant text COLLATE "C" NOT NULL, guide text COLLATE "C" NOT NULL, public_key bytea NOT NULL,
    name text NOT NULL, state text NOT NULL, closing_ms bigint, enrolled_ms bigint NOT NULL, last_seen_ms bigint NOT NULL,
    last_hlc bigint NOT NULL, cursor_feed bigint NOT NULL, cursor_catalogue bigint NOT NULL, sent_feed bigint,
    FOREIGN KEY (tenant, guide) REFERENCES guide
);
CREATE INDEX device_by_guide ON device (tenant, guide);

-- Members sent to a device whom sent_feed does not tell: those who left the feed, those of a page that did not reach its
-- end, and those whom the device enrolled itself. entered names the binding; 0 for a member of the device's own.
CREATE TABLE device_member (
    device text COLLATE "C" NOT NULL REFERENCES device, member text COLLATE "C" NOT NULL, entered bigint NOT NULL, from_ms bigint NOT NULL,
    until_ms bigint,
    PRIMARY KEY (device, member, entered)
);

-- Secrets are kept as SHA-256.
CREATE TABLE hq_key (hash bytea PRIMARY KEY, tenant text COLLATE "C" NOT NULL REFERENCES tenant, scopes text NOT NULL);
CREATE TABLE enrol_code (
    hash bytea PRIMARY KEY, tenant text NOT NULL, guide text NOT NULL, expires_ms bigint NOT NULL, used_by bytea, device text
);
CREATE TABLE challenge (hash bytea PRIMARY KEY, device text NOT NULL, expires_ms bigint NOT NULL);
CREATE TABLE session (
    hash bytea PRIMARY KEY, device text COLLATE "C" NOT NULL REFERENCES device, family text NOT NULL, expires_ms bigint NOT NULL
);
CREATE INDEX session_by_family ON session (family);
CREATE TABLE refresh (
    hash bytea PRIMARY KEY, device text COLLATE "C" NOT NULL REFERENCES device, family text NOT NULL, expires_ms bigint NOT NULL,
    used boolean NOT NULL
);
CREATE INDEX refresh_by_family ON refresh (family);

CREATE INDEX enrol_code_by_end ON enrol_code (expires_ms);
CREATE INDEX challenge_by_end ON challenge (expires_ms);
CREATE INDEX session_by_end ON session (expires_ms);
CREATE INDEX refresh_by_end ON refresh (expires_ms);

-- The member of an order need not exist.
CREATE TABLE orders (
    tenant text COLLATE "C" NOT NULL REFERENCES tenant, id text COLLATE "C" NOT NULL, member text COLLATE "C" NOT NULL, store text NOT NULL,
    brand text NOT NULL, product text COLLATE "C" NOT NULL, quantity bigint NOT NULL, paid_fen bigint NOT NULL, at text COLLATE "C" NOT NULL,
    channel text NOT NULL,
    PRIMARY KEY (tenant, id)
);
CREATE INDEX orders_by_member ON orders (tenant, member, at);
CREATE TABLE handover (
    tenant text COLLATE "C" NOT NULL REFERENCES tenant, seq bigint NOT NULL, job bigint, member text COLLATE "C" NOT NULL,
    giver text COLLATE "C" NOT NULL, taker text COLLATE "C" NOT NULL, kind text NOT NULL, state text NOT NULL, asked_ms bigint NOT NULL,
    due_ms bigint NOT NULL, ended_ms bigint,
    PRIMARY KEY (tenant, seq)
);
CREATE UNIQUE INDEX handover_waiting ON handover (tenant, member, taker) WHERE state = 'waiting';
CREATE INDEX handover_due ON handover (due_ms) WHERE state = 'waiting';
CREATE INDEX handover_to_come ON handover (tenant, taker) WHERE state = 'waiting';
CREATE INDEX handover_by_member ON handover (tenant, member, seq);
CREATE INDEX handover_by_giver ON handover (tenant, giver, seq);
CREATE INDEX handover_by_taker ON handover (tenant, taker, seq);
CREATE INDEX handover_by_job ON handover (tenant, job, seq) WHERE job IS NOT NULL;
-- A handover of all members of a guide, done in batches. after_member: the last who was looked at. step_ms: when.
CREATE TABLE handover_job (
    tenant text COLLATE "C" NOT NULL REFERENCES tenant, id bigint NOT NULL, giver text COLLATE "C" NOT NULL, taker text NOT NULL,
    kind text NOT NULL, asked_ms bigint NOT NULL, due_ms bigint NOT NULL, step_ms bigint NOT NULL, after_member text, ended boolean NOT NULL,
    stopped text,
    PRIMARY KEY (tenant, id)
);
CREATE UNIQUE INDEX handover_job_open ON handover_job (tenant, giver) WHERE NOT ended;
CREATE INDEX handover_job_waits ON handover_job (step_ms) WHERE NOT ended;
CREATE TABLE handover_job_refusal (
    tenant text COLLATE "C" NOT NULL, job bigint NOT NULL, member text COLLATE "C" NOT NULL, reason text NOT NULL,
    PRIMARY KEY (tenant, job, member), FOREIGN KEY (tenant, job) REFERENCES handover_job
);

CREATE TABLE import_run (
    tenant text COLLATE "C" NOT NULL REFERENCES tenant, run text COLLATE "C" NOT NULL, table_name text NOT NULL, at_ms bigint NOT NULL,
    PRIMARY KEY (tenant, run)
);
CREATE TABLE import_seen (
    tenant text COLLATE "C" NOT NULL, run text COLLATE "C" NOT NULL, key text COLLATE "C" NOT NULL, line bigint NOT NULL,
    PRIMARY KEY (tenant, run, key), FOREIGN KEY (tenant, run) REFERENCES import_run
);
CREATE TABLE import_refusal (
    tenant text COLLATE "C" NOT NULL, run text COLLATE "C" NOT NULL, seq bigint NOT NULL, file text NOT NULL, line bigint NOT NULL,
    field text NOT NULL, reason text NOT NULL,
    PRIMARY KEY (tenant, run, seq), FOREIGN KEY (tenant, run) REFERENCES import_run
);
