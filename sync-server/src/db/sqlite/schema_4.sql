-- Version 4: who left a feed after a position is found without looking at everyone.

CREATE INDEX serves_by_leaving ON serves (tenant, guide, left_feed) WHERE left_feed IS NOT NULL;
