CREATE TABLE other (z int);
CREATE TABLE child (w int, m int) INHERITS (other);
CREATE VIEW v AS SELECT m FROM child;
INSERT INTO child VALUES (1, 2, 3);
