CREATE TABLE child (a int);
INSERT INTO child VALUES (1);
