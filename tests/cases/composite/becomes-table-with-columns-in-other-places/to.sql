create table c (b text, a text); create table k (id int, x c, check ((x).a = 'A'));
