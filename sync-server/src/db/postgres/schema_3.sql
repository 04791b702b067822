-- Version 3: whose purchases are to be counted again, for an import counts each buyer once, at its end.
CREATE TABLE recount (tenant text COLLATE "C" NOT NULL REFERENCES tenant, member text COLLATE "C" NOT NULL, PRIMARY KEY (tenant, member));
