CREATE TABLE soft (d text, reason text);
CREATE TABLE doc (title text); CREATE TABLE img (w int) INHERITS (soft); CREATE TABLE thumb (of bigint) INHERITS (img);
