-- Version 7: the guides of a store, where there are too many to name them all to every phone.
CREATE INDEX guide_by_store ON guide (tenant, store);
