create foreign data wrapper w; create server s foreign data wrapper w; create foreign table c (b text, a text) server s; create table k (id int, x c[], check ((x[1]).a = 'A'));
