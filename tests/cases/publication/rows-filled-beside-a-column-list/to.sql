CREATE DOMAIN amount AS numeric;
CREATE TABLE readings (place point);
CREATE TABLE notes (note text PRIMARY KEY);
INSERT INTO readings VALUES ('(1,2)'), ('(3,4)');
CREATE PUBLICATION places FOR TABLE readings (place), notes WITH (publish = 'insert, update');
