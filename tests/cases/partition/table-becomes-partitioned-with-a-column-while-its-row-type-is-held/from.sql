create table c (a text, b text); create table k (id int, x c); insert into k values (1, row('A','B'));
