CREATE TABLE item (id integer, name text, place point, words tsvector, amount numeric, tags text[]);
CREATE INDEX a ON item (name varchar_pattern_ops, id DESC);
CREATE UNIQUE INDEX b ON item (id) INCLUDE (name, amount) NULLS NOT DISTINCT WHERE amount > 1;
CREATE INDEX c ON item USING spgist (place) WITH (fillfactor = 80);
CREATE INDEX d ON item USING gin (words, tags) WITH (fastupdate = on, gin_pending_list_limit = 128);
CREATE INDEX e ON item (lower(name) COLLATE "C" DESC, (amount * 2));
CREATE INDEX f ON item USING brin (amount, id int4_minmax_multi_ops(values_per_range = 32)) WITH (autosummarize = off);
ALTER TABLE item CLUSTER ON a;
ALTER INDEX e ALTER COLUMN 2 SET STATISTICS 200;
