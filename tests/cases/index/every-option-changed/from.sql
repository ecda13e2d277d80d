CREATE TABLE item (id integer, name text, place point, words tsvector, amount numeric, tags text[]);
CREATE INDEX a ON item (name text_pattern_ops, id DESC NULLS LAST);
CREATE UNIQUE INDEX b ON item (id) INCLUDE (name) WHERE amount > 0;
CREATE INDEX c ON item USING gist (place) WITH (fillfactor = 60);
CREATE INDEX d ON item USING gin (words, tags) WITH (fastupdate = off);
CREATE INDEX e ON item USING hash (name);
CREATE INDEX f ON item USING brin (amount, id int4_minmax_multi_ops(values_per_range = 16)) WITH (autosummarize = on);
ALTER INDEX a SET (fillfactor = 70);
ALTER TABLE item CLUSTER ON c;
