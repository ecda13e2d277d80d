CREATE TABLE flags (id integer, a bit(4), b bit varying(8), c bit(4) DEFAULT '0101', d bit(2)[], e bit(4), f bit varying(4));
INSERT INTO flags VALUES (1, '1010', '1010', '1010', '{10,01}', '1111', '11');
