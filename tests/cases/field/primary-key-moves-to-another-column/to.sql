CREATE TABLE person (id uuid DEFAULT gen_random_uuid() PRIMARY KEY, code varchar(10) NOT NULL UNIQUE, name text);
CREATE TABLE visit (person varchar(10) NOT NULL REFERENCES person (code) ON UPDATE CASCADE, at date, PRIMARY KEY (person, at));
CREATE VIEW visits AS SELECT p.code, p.name, count(*) AS n FROM person p JOIN visit v ON v.person = p.code GROUP BY p.id;
INSERT INTO person (code, name) VALUES ('a', 'A');
INSERT INTO visit VALUES ('a', '2024-01-01');
