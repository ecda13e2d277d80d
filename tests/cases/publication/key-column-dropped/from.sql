CREATE TABLE item (number smallint, place text, note text);
ALTER TABLE item ADD PRIMARY KEY (number, place);
ALTER TABLE item ADD UNIQUE (place, note);
INSERT INTO item VALUES (1, 'a', 'x'), (2, 'b', 'y');
CREATE PUBLICATION changes FOR TABLE item;
