CREATE TABLE item (a bigint, b smallint, r int4range);
INSERT INTO item VALUES (7, 3, '[1,5)');
