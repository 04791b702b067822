-- Version 2: what changed of a member, sums over slices, snapshots, and since when a restored server has forgotten.

-- whole: a phone that has not come so far needs the whole row. parts: what changed since and where, JSON, or empty.
-- slice: of a member; NULL for a personal tag.
ALTER TABLE feed ADD COLUMN whole INTEGER NOT NULL DEFAULT 0;
ALTER TABLE feed ADD COLUMN parts TEXT NOT NULL DEFAULT '';
ALTER TABLE feed ADD COLUMN slice INTEGER;
UPDATE feed SET whole = position;
CREATE INDEX feed_by_slice ON feed (tenant, guide, slice) WHERE slice IS NOT NULL;
ALTER TABLE feed_head ADD COLUMN sums BLOB;

CREATE TABLE snapshot (
    name TEXT PRIMARY KEY, tenant TEXT NOT NULL, guide TEXT NOT NULL, position INTEGER NOT NULL, made_ms INTEGER NOT NULL,
    record TEXT NOT NULL, bytes BLOB NOT NULL,
    FOREIGN KEY (tenant, guide) REFERENCES guide
) STRICT;
CREATE INDEX snapshot_by_guide ON snapshot (tenant, guide, position);

-- One row for each time that the tenant was restored from a backup, oldest first.
CREATE TABLE restore (
    tenant TEXT NOT NULL REFERENCES tenant, seq INTEGER NOT NULL, before TEXT NOT NULL, forgotten_since_ms INTEGER NOT NULL,
    PRIMARY KEY (tenant, seq)
) STRICT, WITHOUT ROWID;
