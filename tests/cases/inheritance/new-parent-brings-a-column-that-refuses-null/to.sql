CREATE TABLE parent (b numeric NOT NULL);
CREATE TABLE child (a int) INHERITS (parent);
