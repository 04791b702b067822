-- Version 3: handovers that wait, guides and bindings that end by themselves, what was sent to each device.

-- Her last day, if she only stands in for somebody.
ALTER TABLE guide ADD COLUMN until TEXT;
CREATE INDEX guide_by_until ON guide (until) WHERE until IS NOT NULL AND left_day IS NULL;

-- term: the last day of a binding that ends by itself. entered, left_feed: the positions of the guide's feed at which the
-- member came into it and went out of it.
ALTER TABLE serves ADD COLUMN term TEXT;
ALTER TABLE serves ADD COLUMN entered INTEGER NOT NULL DEFAULT 0;
ALTER TABLE serves ADD COLUMN left_feed INTEGER;
CREATE INDEX serves_by_term ON serves (term) WHERE term IS NOT NULL AND until_ms IS NULL;
CREATE INDEX serves_by_entry ON serves (tenant, guide, entered) WHERE until_ms IS NULL;

-- sent_feed: the newest position such that everything in the feed as it was then was sent to this device.
ALTER TABLE device ADD COLUMN sent_feed INTEGER;
-- Members sent to a device whom sent_feed does not tell: those who left the feed, those of a page that did not reach its
-- end, and those whom the device enrolled itself. entered names the binding; 0 for a member of the device's own.
CREATE TABLE device_member (
    device TEXT NOT NULL REFERENCES device, member TEXT NOT NULL, entered INTEGER NOT NULL, from_ms INTEGER NOT NULL, until_ms INTEGER,
    PRIMARY KEY (device, member, entered)
) STRICT, WITHOUT ROWID;
-- Nobody wrote down before what was sent: every device is taken to have had all whom its guide served in its time.
UPDATE device SET sent_feed = 0;
INSERT INTO device_member (device, member, entered, from_ms, until_ms)
    SELECT device.id, serves.member, 0, MIN(MAX(serves.from_ms, device.enrolled_ms)), MAX(serves.until_ms)
    FROM serves JOIN device ON device.tenant = serves.tenant AND device.guide = serves.guide
    WHERE serves.until_ms > device.enrolled_ms GROUP BY device.id, serves.member;

ALTER TABLE handover RENAME TO handover_1;
DROP INDEX handover_by_member;
CREATE TABLE handover (
    tenant TEXT NOT NULL REFERENCES tenant, seq INTEGER NOT NULL, job INTEGER, member TEXT NOT NULL, giver TEXT NOT NULL,
    taker TEXT NOT NULL, kind TEXT NOT NULL, state TEXT NOT NULL, asked_ms INTEGER NOT NULL, due_ms INTEGER NOT NULL, ended_ms INTEGER,
    PRIMARY KEY (tenant, seq)
) STRICT, WITHOUT ROWID;
INSERT INTO handover (tenant, seq, member, giver, taker, kind, state, asked_ms, due_ms, ended_ms)
    SELECT tenant, ROW_NUMBER() OVER (PARTITION BY tenant ORDER BY at_ms, rowid), member, giver, taker,
        CASE WHEN on_job THEN 'on_job' ELSE 'resigned' END, 'done', at_ms, at_ms, at_ms
    FROM handover_1;
DROP TABLE handover_1;
CREATE UNIQUE INDEX handover_waiting ON handover (tenant, member, taker) WHERE state = 'waiting';
CREATE INDEX handover_due ON handover (due_ms) WHERE state = 'waiting';
CREATE INDEX handover_to_come ON handover (tenant, taker) WHERE state = 'waiting';
CREATE INDEX handover_by_member ON handover (tenant, member, seq);
CREATE INDEX handover_by_giver ON handover (tenant, giver, seq);
CREATE INDEX handover_by_taker ON handover (tenant, taker, seq);
CREATE INDEX handover_by_job ON handover (tenant, job, seq) WHERE job IS NOT NULL;

-- A handover of all members of a guide, done in batches. after_member: the last who was looked at. step_ms: when.
CREATE TABLE handover_job (
    tenant TEXT NOT NULL REFERENCES tenant, id INTEGER NOT NULL, giver TEXT NOT NULL, taker TEXT NOT NULL, kind TEXT NOT NULL,
    asked_ms INTEGER NOT NULL, due_ms INTEGER NOT NULL, step_ms INTEGER NOT NULL, after_member TEXT, ended INTEGER NOT NULL, stopped TEXT,
    PRIMARY KEY (tenant, id)
) STRICT, WITHOUT ROWID;
CREATE UNIQUE INDEX handover_job_open ON handover_job (tenant, giver) WHERE NOT ended;
CREATE INDEX handover_job_waits ON handover_job (step_ms) WHERE NOT ended;
CREATE TABLE handover_job_refusal (
    tenant TEXT NOT NULL, job INTEGER NOT NULL, member TEXT NOT NULL, reason TEXT NOT NULL,
    PRIMARY KEY (tenant, job, member), FOREIGN KEY (tenant, job) REFERENCES handover_job
) STRICT, WITHOUT ROWID;
