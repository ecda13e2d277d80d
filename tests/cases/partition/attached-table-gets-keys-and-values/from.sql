CREATE TABLE p (id int NOT NULL, v text, w int); CREATE INDEX pv ON p (v); CREATE TABLE q (p int); INSERT INTO p VALUES (1,NULL,NULL),(2,'x',3);
