CREATE TABLE readings (taken date, sensor integer, words text, PRIMARY KEY (taken, sensor));
CREATE TABLE beside (code integer, words text, CONSTRAINT beside_key UNIQUE (code));
ALTER TABLE beside ALTER code SET NOT NULL, REPLICA IDENTITY USING INDEX beside_key;
CREATE PUBLICATION all_of_it FOR TABLE readings, beside;
CREATE PUBLICATION some_of_it FOR TABLE readings (taken, words), beside (code, words);
