CREATE TABLE other (z int, m bigint);
CREATE TABLE child (w int, m bigint) INHERITS (other);
CREATE VIEW v AS SELECT m FROM child;
