CREATE TABLE soft (d text);
CREATE TABLE doc (title text) INHERITS (soft); CREATE TABLE img (w int); CREATE TABLE thumb (of bigint) INHERITS (img);
INSERT INTO doc VALUES (1);
