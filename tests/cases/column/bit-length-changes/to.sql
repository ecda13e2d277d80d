CREATE TABLE flags (id integer, a bit(8), b bit(4), c bit(8) DEFAULT '01010101', d bit(4)[], e bit varying(4), f bit varying(8));
