-- Version 2: coupons. No code lies here: only its keyed hash, and what it was derived from. Money is fen.

-- record: the campaign as phones know it, at its position in the catalogue. serials: how many codes were ever made; turns: the
-- highest turn that was handed out; out_fen: the most that all codes that are out may cost.
CREATE TABLE campaign (
    tenant text COLLATE "C" NOT NULL REFERENCES tenant, id text COLLATE "C" NOT NULL, record text NOT NULL, position bigint NOT NULL, budget_version bigint NOT NULL,
    budget_codes bigint NOT NULL, budget_fen bigint, out_fen bigint NOT NULL, serials bigint NOT NULL, turns bigint NOT NULL,
    rail text, made_ms bigint NOT NULL,
    PRIMARY KEY (tenant, id), CHECK (out_fen >= 0), CHECK (budget_fen IS NULL OR out_fen <= budget_fen)
);
CREATE UNIQUE INDEX campaign_by_position ON campaign (tenant, position);

-- What has become of a campaign's codes. Many rows a campaign, so that two tills seldom wait for each other.
CREATE TABLE bucket (
    tenant text COLLATE "C" NOT NULL, campaign text COLLATE "C" NOT NULL, shard bigint NOT NULL, minted bigint NOT NULL, free bigint NOT NULL,
    leased bigint NOT NULL, issued bigint NOT NULL, reserved bigint NOT NULL, redeemed bigint NOT NULL, void bigint NOT NULL,
    PRIMARY KEY (tenant, campaign, shard), FOREIGN KEY (tenant, campaign) REFERENCES campaign,
    CHECK (free >= 0 AND leased >= 0 AND issued >= 0 AND reserved >= 0 AND redeemed >= 0 AND void >= 0),
    CHECK (free + leased + issued + reserved + redeemed + void = minted)
);

-- One row a place in the budget. generation: which of the codes that can be derived for it. state: 'free', 'leased', 'issued',
-- 'reserved', 'redeemed' or 'void'; issued: its issue was heard of; the columns of the lease are NULL while it is free.
CREATE TABLE coupon (
    tenant text COLLATE "C" NOT NULL, campaign text COLLATE "C" NOT NULL, serial bigint NOT NULL, generation bigint NOT NULL, hash bytea NOT NULL,
    state text NOT NULL, issued boolean NOT NULL, on_rail boolean NOT NULL, value bigint, cost_fen bigint NOT NULL, device text COLLATE "C",
    request text COLLATE "C", mark text COLLATE "C", turn bigint, lease_until_ms bigint, expires_ms bigint, good_until_ms bigint, bound_to bigint, terminal text COLLATE "C", held_until_ms bigint,
    PRIMARY KEY (tenant, campaign, serial), FOREIGN KEY (tenant, campaign) REFERENCES campaign
);
CREATE UNIQUE INDEX coupon_by_hash ON coupon (tenant, hash);
CREATE INDEX coupon_free ON coupon (tenant, campaign, on_rail, serial) WHERE state = 'free';
CREATE UNIQUE INDEX coupon_by_turn ON coupon (tenant, request, turn) WHERE request IS NOT NULL;
CREATE INDEX coupon_by_device ON coupon (tenant, device, campaign) WHERE state = 'leased';
CREATE INDEX coupon_by_end ON coupon (expires_ms) WHERE state IN ('leased', 'issued');
CREATE INDEX coupon_by_hold ON coupon (held_until_ms) WHERE state = 'reserved';
-- Codes that were given back or have expired: never again anybody's.
CREATE TABLE coupon_retired (
    tenant text COLLATE "C" NOT NULL, hash bytea NOT NULL, campaign text COLLATE "C" NOT NULL, serial bigint NOT NULL, generation bigint NOT NULL,
    why text NOT NULL, value bigint, device text COLLATE "C", request text COLLATE "C", turn bigint, expires_ms bigint, at_ms bigint NOT NULL,
    PRIMARY KEY (tenant, hash), FOREIGN KEY (tenant, campaign) REFERENCES campaign
);
CREATE INDEX coupon_retired_by_turn ON coupon_retired (tenant, request, turn);

-- The answer to a request of a phone, without the codes: what each is derived from.
CREATE TABLE coupon_grant (
    tenant text COLLATE "C" NOT NULL, request text COLLATE "C" NOT NULL, campaign text COLLATE "C" NOT NULL, campaign_version bigint NOT NULL, device text COLLATE "C" NOT NULL,
    mark text COLLATE "C" NOT NULL, value bigint NOT NULL, store_number bigint NOT NULL, kid bigint NOT NULL, made_ms bigint NOT NULL,
    lease_until_ms bigint NOT NULL, expires_ms bigint NOT NULL, codes text NOT NULL,
    PRIMARY KEY (tenant, request), FOREIGN KEY (tenant, campaign) REFERENCES campaign
);
CREATE INDEX coupon_grant_by_device ON coupon_grant (tenant, device, campaign, lease_until_ms);
-- Who gave what to whom, as the phone signed it.
CREATE TABLE coupon_issue (
    tenant text COLLATE "C" NOT NULL, request text COLLATE "C" NOT NULL, turn bigint NOT NULL, campaign text COLLATE "C" NOT NULL, serial bigint NOT NULL,
    generation bigint NOT NULL, member text COLLATE "C" NOT NULL, guide text COLLATE "C" NOT NULL, store text COLLATE "C" NOT NULL, device text COLLATE "C" NOT NULL, value bigint NOT NULL,
    at_ms bigint NOT NULL, expires_ms bigint NOT NULL, heard_ms bigint NOT NULL, voided_ms bigint, event text NOT NULL,
    PRIMARY KEY (tenant, request, turn), FOREIGN KEY (tenant, campaign) REFERENCES campaign
);
CREATE INDEX coupon_issue_by_member ON coupon_issue (tenant, member, campaign);
CREATE UNIQUE INDEX coupon_issue_by_place ON coupon_issue (tenant, campaign, serial, generation);
-- Where a phone's chain of issue events has come to.
CREATE TABLE coupon_chain (device text COLLATE "C" PRIMARY KEY REFERENCES device, sequence bigint NOT NULL, head bytea NOT NULL);

-- The ledger: one row for each code that was redeemed, and not taken back.
CREATE TABLE redemption (
    tenant text COLLATE "C" NOT NULL, id text COLLATE "C" NOT NULL, campaign text COLLATE "C" NOT NULL, serial bigint NOT NULL, generation bigint NOT NULL, value bigint NOT NULL,
    money_fen bigint NOT NULL, store text COLLATE "C" NOT NULL, terminal text COLLATE "C" NOT NULL, receipt text NOT NULL, offline boolean NOT NULL,
    at_ms bigint NOT NULL, heard_ms bigint NOT NULL, reversed_ms bigint, told boolean NOT NULL,
    PRIMARY KEY (tenant, id), FOREIGN KEY (tenant, campaign) REFERENCES campaign
);
CREATE UNIQUE INDEX redemption_once ON redemption (tenant, campaign, serial, generation) WHERE reversed_ms IS NULL;
CREATE INDEX redemption_untold ON redemption (heard_ms) WHERE NOT told;
-- What does not fit: a code given twice, an offline redemption that came second, a broken chain. id: of what brought it.
CREATE TABLE coupon_conflict (
    tenant text COLLATE "C" NOT NULL REFERENCES tenant, id text COLLATE "C" NOT NULL, kind text NOT NULL, campaign text COLLATE "C", store text COLLATE "C", guide text COLLATE "C", device text COLLATE "C",
    money_fen bigint NOT NULL, at_ms bigint NOT NULL, heard_ms bigint NOT NULL, detail text NOT NULL,
    PRIMARY KEY (tenant, id, kind)
);

-- secret: SHA-256 of what the till shows. calls: since minute_ms; invalid: times of codes that were none, JSON.
CREATE TABLE terminal (
    id text COLLATE "C" PRIMARY KEY, tenant text COLLATE "C" NOT NULL, store text COLLATE "C" NOT NULL, name text NOT NULL, bound_to bigint NOT NULL, secret bytea NOT NULL UNIQUE, explains boolean NOT NULL,
    active boolean NOT NULL, made_ms bigint NOT NULL, minute_ms bigint NOT NULL, calls bigint NOT NULL, invalid text NOT NULL,
    locked_until_ms bigint NOT NULL,
    FOREIGN KEY (tenant, store) REFERENCES store
);
CREATE INDEX terminal_by_tenant ON terminal (tenant, store);
-- What a till was answered. print: a keyed hash of what it asked.
CREATE TABLE pos_key (
    terminal text COLLATE "C" NOT NULL REFERENCES terminal, key text COLLATE "C" NOT NULL, print bytea NOT NULL, status bigint NOT NULL, answer text NOT NULL,
    at_ms bigint NOT NULL,
    PRIMARY KEY (terminal, key)
);
CREATE INDEX pos_key_by_time ON pos_key (at_ms);

-- The retailer's numbers for its stores, which are what a voucher has room for.
CREATE TABLE store_number (
    tenant text COLLATE "C" NOT NULL, store text COLLATE "C" NOT NULL, number bigint NOT NULL,
    PRIMARY KEY (tenant, store), UNIQUE (tenant, number), FOREIGN KEY (tenant, store) REFERENCES store
);
-- sealed: the private key, under a key that is not here. The root's private key is nowhere in the database.
CREATE TABLE coupon_root (tenant text COLLATE "C" PRIMARY KEY REFERENCES tenant, public bytea NOT NULL);
CREATE TABLE coupon_key (
    tenant text COLLATE "C" NOT NULL REFERENCES tenant, kid bigint NOT NULL, public bytea NOT NULL, sealed bytea NOT NULL, made_ms bigint NOT NULL,
    not_before_ms bigint NOT NULL, not_after_ms bigint NOT NULL,
    PRIMARY KEY (tenant, kid)
);
CREATE TABLE trust_list (
    tenant text COLLATE "C" NOT NULL REFERENCES tenant, number bigint NOT NULL, record text NOT NULL,
    PRIMARY KEY (tenant, number)
);

-- What she was given, newest last, JSON.
ALTER TABLE member ADD COLUMN coupons text NOT NULL DEFAULT '[]';
-- In HQ's words; some campaigns are for guides of some levels.
ALTER TABLE guide ADD COLUMN level text;
