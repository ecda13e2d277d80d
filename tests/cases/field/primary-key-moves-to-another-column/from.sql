CREATE TABLE person (code varchar(10) PRIMARY KEY, name text);
CREATE TABLE visit (person varchar(10) NOT NULL REFERENCES person ON UPDATE CASCADE, at date, PRIMARY KEY (person, at));
CREATE VIEW visits AS SELECT p.code, p.name, count(*) AS n FROM person p JOIN visit v ON v.person = p.code GROUP BY p.code;
INSERT INTO person VALUES ('a', 'A');
INSERT INTO visit VALUES ('a', '2024-01-01');
