CREATE TABLE one (id integer PRIMARY KEY, a text);
CREATE TABLE two (one_id integer REFERENCES one, k text);
INSERT INTO one VALUES (1, 'x');
INSERT INTO two VALUES (1, 'y');
