CREATE TABLE two (id integer PRIMARY KEY, a text);
CREATE TABLE one (one_id integer REFERENCES two, k text);
INSERT INTO two VALUES (1, 'x');
INSERT INTO one VALUES (1, 'y');
