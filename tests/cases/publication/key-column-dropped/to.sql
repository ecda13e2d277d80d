CREATE TABLE item (place text, note text);
ALTER TABLE item ADD PRIMARY KEY (place, note);
INSERT INTO item VALUES ('a', 'x'), ('b', 'y');
CREATE PUBLICATION changes FOR TABLE item;
