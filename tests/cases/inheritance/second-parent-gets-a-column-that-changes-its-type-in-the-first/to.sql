CREATE TABLE mid (m bigint);
CREATE TABLE other (z int, m bigint);
CREATE TABLE child (w int) INHERITS (mid, other);
