-- How a draw was designed: its interval depends on it. Until now draws were simple or stratified.

ALTER TABLE draw_stratum ADD COLUMN design text;
UPDATE draw_stratum SET design = CASE WHEN stratified_by = '[]' THEN 'simple' ELSE 'stratified' END;
ALTER TABLE draw_stratum ALTER COLUMN design SET NOT NULL;
