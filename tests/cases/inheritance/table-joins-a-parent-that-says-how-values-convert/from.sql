CREATE TABLE p (id int, v text); INSERT INTO p VALUES (1,'five');
