create table c (a text, n int, b text) partition by list (a); create table k (id int, x c, check ((x).a = 'A'));
