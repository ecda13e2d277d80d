CREATE TABLE measurement (
    region bigint DEFAULT 1,
    samples integer[],
    label text
) PARTITION BY LIST (region);
CREATE TABLE measurement_rest PARTITION OF measurement DEFAULT;
INSERT INTO measurement VALUES (1, '{1}', 'a'), (2, '{2}', 'b');
-- Carried down to the partition.
ALTER TABLE measurement ALTER COLUMN samples SET STATISTICS 200;
-- The partition's alone.
ALTER TABLE measurement_rest ALTER COLUMN label SET STORAGE EXTERNAL, ALTER COLUMN label SET DEFAULT 'rest';
