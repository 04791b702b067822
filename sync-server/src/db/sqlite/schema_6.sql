-- Version 6: whose purchases are to be counted again, for an import counts each buyer once, at its end.
CREATE TABLE recount (tenant TEXT NOT NULL REFERENCES tenant, member TEXT NOT NULL, PRIMARY KEY (tenant, member)) WITHOUT ROWID;
