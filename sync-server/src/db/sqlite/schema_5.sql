-- Version 5: coupons. No code lies here: only its keyed hash, and what it was derived from. Money is fen.

-- record: the campaign as phones know it, at its position in the catalogue. serials: how many codes were ever made; turns: the
-- highest turn that was handed out; out_fen: the most that all codes that are out may cost.
CREATE TABLE campaign (
    tenant TEXT NOT NULL REFERENCES tenant, id TEXT NOT NULL, record TEXT NOT NULL, position INTEGER NOT NULL, budget_version INTEGER NOT NULL,
    budget_codes INTEGER NOT NULL, budget_fen INTEGER, out_fen INTEGER NOT NULL, serials INTEGER NOT NULL, turns INTEGER NOT NULL,
    rail TEXT, made_ms INTEGER NOT NULL,
    PRIMARY KEY (tenant, id), CHECK (out_fen >= 0), CHECK (budget_fen IS NULL OR out_fen <= budget_fen)
) STRICT, WITHOUT ROWID;
CREATE UNIQUE INDEX campaign_by_position ON campaign (tenant, position);

-- What has become of a campaign's codes. Many rows a campaign, so that two tills seldom wait for each other.
CREATE TABLE bucket (
    tenant TEXT NOT NULL, campaign TEXT NOT NULL, shard INTEGER NOT NULL, minted INTEGER NOT NULL, free INTEGER NOT NULL,
    leased INTEGER NOT NULL, issued INTEGER NOT NULL, reserved INTEGER NOT NULL, redeemed INTEGER NOT NULL, void INTEGER NOT NULL,
    PRIMARY KEY (tenant, campaign, shard), FOREIGN KEY (tenant, campaign) REFERENCES campaign,
    CHECK (free >= 0 AND leased >= 0 AND issued >= 0 AND reserved >= 0 AND redeemed >= 0 AND void >= 0),
    CHECK (free + leased + issued + reserved + redeemed + void = minted)
) STRICT, WITHOUT ROWID;

-- One row a place in the budget. generation: which of the codes that can be derived for it. state: 'free', 'leased', 'issued',
-- 'reserved', 'redeemed' or 'void'; issued: its issue was heard of; the columns of the lease are NULL while it is free.
CREATE TABLE coupon (
    tenant TEXT NOT NULL, campaign TEXT NOT NULL, serial INTEGER NOT NULL, generation INTEGER NOT NULL, hash BLOB NOT NULL,
    state TEXT NOT NULL, issued INTEGER NOT NULL, on_rail INTEGER NOT NULL, value INTEGER, cost_fen INTEGER NOT NULL, device TEXT,
    request TEXT, mark TEXT, turn INTEGER, lease_until_ms INTEGER, expires_ms INTEGER, good_until_ms INTEGER, bound_to INTEGER, terminal TEXT, held_until_ms INTEGER,
    PRIMARY KEY (tenant, campaign, serial), FOREIGN KEY (tenant, campaign) REFERENCES campaign
) STRICT, WITHOUT ROWID;
CREATE UNIQUE INDEX coupon_by_hash ON coupon (tenant, hash);
CREATE INDEX coupon_free ON coupon (tenant, campaign, on_rail, serial) WHERE state = 'free';
CREATE UNIQUE INDEX coupon_by_turn ON coupon (tenant, request, turn) WHERE request IS NOT NULL;
CREATE INDEX coupon_by_device ON coupon (tenant, device, campaign) WHERE state = 'leased';
CREATE INDEX coupon_by_end ON coupon (expires_ms) WHERE state IN ('leased', 'issued');
CREATE INDEX coupon_by_hold ON coupon (held_until_ms) WHERE state = 'reserved';
-- Codes that were given back or have expired: never again anybody's.
CREATE TABLE coupon_retired (
    tenant TEXT NOT NULL, hash BLOB NOT NULL, campaign TEXT NOT NULL, serial INTEGER NOT NULL, generation INTEGER NOT NULL,
    why TEXT NOT NULL, value INTEGER, device TEXT, request TEXT, turn INTEGER, expires_ms INTEGER, at_ms INTEGER NOT NULL,
    PRIMARY KEY (tenant, hash), FOREIGN KEY (tenant, campaign) REFERENCES campaign
) STRICT, WITHOUT ROWID;
CREATE INDEX coupon_retired_by_turn ON coupon_retired (tenant, request, turn);

-- The answer to a request of a phone, without the codes: what each is derived from.
CREATE TABLE coupon_grant (
    tenant TEXT NOT NULL, request TEXT NOT NULL, campaign TEXT NOT NULL, campaign_version INTEGER NOT NULL, device TEXT NOT NULL,
    mark TEXT NOT NULL, value INTEGER NOT NULL, store_number INTEGER NOT NULL, kid INTEGER NOT NULL, made_ms INTEGER NOT NULL,
    lease_until_ms INTEGER NOT NULL, expires_ms INTEGER NOT NULL, codes TEXT NOT NULL,
    PRIMARY KEY (tenant, request), FOREIGN KEY (tenant, campaign) REFERENCES campaign
) STRICT, WITHOUT ROWID;
CREATE INDEX coupon_grant_by_device ON coupon_grant (tenant, device, campaign, lease_until_ms);
-- Who gave what to whom, as the phone signed it.
CREATE TABLE coupon_issue (
    tenant TEXT NOT NULL, request TEXT NOT NULL, turn INTEGER NOT NULL, campaign TEXT NOT NULL, serial INTEGER NOT NULL,
    generation INTEGER NOT NULL, member TEXT NOT NULL, guide TEXT NOT NULL, store TEXT NOT NULL, device TEXT NOT NULL, value INTEGER NOT NULL,
    at_ms INTEGER NOT NULL, expires_ms INTEGER NOT NULL, heard_ms INTEGER NOT NULL, voided_ms INTEGER, event TEXT NOT NULL,
    PRIMARY KEY (tenant, request, turn), FOREIGN KEY (tenant, campaign) REFERENCES campaign
) STRICT, WITHOUT ROWID;
CREATE INDEX coupon_issue_by_member ON coupon_issue (tenant, member, campaign);
CREATE UNIQUE INDEX coupon_issue_by_place ON coupon_issue (tenant, campaign, serial, generation);
-- Where a phone's chain of issue events has come to.
CREATE TABLE coupon_chain (device TEXT PRIMARY KEY REFERENCES device, sequence INTEGER NOT NULL, head BLOB NOT NULL) STRICT, WITHOUT ROWID;

-- The ledger: one row for each code that was redeemed, and not taken back.
CREATE TABLE redemption (
    tenant TEXT NOT NULL, id TEXT NOT NULL, campaign TEXT NOT NULL, serial INTEGER NOT NULL, generation INTEGER NOT NULL, value INTEGER NOT NULL,
    money_fen INTEGER NOT NULL, store TEXT NOT NULL, terminal TEXT NOT NULL, receipt TEXT NOT NULL, offline INTEGER NOT NULL,
    at_ms INTEGER NOT NULL, heard_ms INTEGER NOT NULL, reversed_ms INTEGER, told INTEGER NOT NULL,
    PRIMARY KEY (tenant, id), FOREIGN KEY (tenant, campaign) REFERENCES campaign
) STRICT, WITHOUT ROWID;
CREATE UNIQUE INDEX redemption_once ON redemption (tenant, campaign, serial, generation) WHERE reversed_ms IS NULL;
CREATE INDEX redemption_untold ON redemption (heard_ms) WHERE told = 0;
-- What does not fit: a code given twice, an offline redemption that came second, a broken chain. id: of what brought it.
CREATE TABLE coupon_conflict (
    tenant TEXT NOT NULL REFERENCES tenant, id TEXT NOT NULL, kind TEXT NOT NULL, campaign TEXT, store TEXT, guide TEXT, device TEXT,
    money_fen INTEGER NOT NULL, at_ms INTEGER NOT NULL, heard_ms INTEGER NOT NULL, detail TEXT NOT NULL,
    PRIMARY KEY (tenant, id, kind)
) STRICT, WITHOUT ROWID;

-- secret: SHA-256 of what the till shows. calls: since minute_ms; invalid: times of codes that were none, JSON.
CREATE TABLE terminal (
    id TEXT PRIMARY KEY, tenant TEXT NOT NULL, store TEXT NOT NULL, name TEXT NOT NULL, bound_to INTEGER NOT NULL, secret BLOB NOT NULL UNIQUE, explains INTEGER NOT NULL,
    active INTEGER NOT NULL, made_ms INTEGER NOT NULL, minute_ms INTEGER NOT NULL, calls INTEGER NOT NULL, invalid TEXT NOT NULL,
    locked_until_ms INTEGER NOT NULL,
    FOREIGN KEY (tenant, store) REFERENCES store
) STRICT, WITHOUT ROWID;
CREATE INDEX terminal_by_tenant ON terminal (tenant, store);
-- What a till was answered. print: a keyed hash of what it asked.
CREATE TABLE pos_key (
    terminal TEXT NOT NULL REFERENCES terminal, key TEXT NOT NULL, print BLOB NOT NULL, status INTEGER NOT NULL, answer TEXT NOT NULL,
    at_ms INTEGER NOT NULL,
    PRIMARY KEY (terminal, key)
) STRICT, WITHOUT ROWID;
CREATE INDEX pos_key_by_time ON pos_key (at_ms);

-- The retailer's numbers for its stores, which are what a voucher has room for.
CREATE TABLE store_number (
    tenant TEXT NOT NULL, store TEXT NOT NULL, number INTEGER NOT NULL,
    PRIMARY KEY (tenant, store), UNIQUE (tenant, number), FOREIGN KEY (tenant, store) REFERENCES store
) STRICT, WITHOUT ROWID;
-- sealed: the private key, under a key that is not here. The root's private key is nowhere in the database.
CREATE TABLE coupon_root (tenant TEXT PRIMARY KEY REFERENCES tenant, public BLOB NOT NULL) STRICT, WITHOUT ROWID;
CREATE TABLE coupon_key (
    tenant TEXT NOT NULL REFERENCES tenant, kid INTEGER NOT NULL, public BLOB NOT NULL, sealed BLOB NOT NULL, made_ms INTEGER NOT NULL,
    not_before_ms INTEGER NOT NULL, not_after_ms INTEGER NOT NULL,
    PRIMARY KEY (tenant, kid)
) STRICT, WITHOUT ROWID;
CREATE TABLE trust_list (
    tenant TEXT NOT NULL REFERENCES tenant, number INTEGER NOT NULL, record TEXT NOT NULL,
    PRIMARY KEY (tenant, number)
) STRICT, WITHOUT ROWID;

-- What she was given, newest last, JSON.
ALTER TABLE member ADD COLUMN coupons TEXT NOT NULL DEFAULT '[]';
-- In HQ's words; some campaigns are for guides of some levels.
ALTER TABLE guide ADD COLUMN level TEXT;
