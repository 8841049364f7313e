-- A case that gave way to a spare counts for nothing, whatever else was heard of it.
ALTER TABLE case_row ADD COLUMN replaced boolean NOT NULL DEFAULT false;
