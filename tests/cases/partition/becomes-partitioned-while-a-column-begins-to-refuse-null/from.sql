CREATE TABLE p (a int, b text, c int); INSERT INTO p VALUES (1,NULL,3);
