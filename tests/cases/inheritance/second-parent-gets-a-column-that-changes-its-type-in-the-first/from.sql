CREATE TABLE mid (m int);
CREATE TABLE other (z int);
CREATE TABLE child (w int) INHERITS (mid, other);
INSERT INTO child VALUES (1, 2, 3);
