CREATE DOMAIN amount AS numeric;
CREATE TABLE readings (place point, number amount PRIMARY KEY);
CREATE TABLE notes (note text PRIMARY KEY);
INSERT INTO readings VALUES ('(1,2)', 1), ('(3,4)', 2);
CREATE PUBLICATION places FOR TABLE readings (place), notes WITH (publish = 'insert, update');
