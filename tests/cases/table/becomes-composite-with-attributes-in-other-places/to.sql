create type c as (b text, n int, a text); create table k (id int, x c, check ((x).a = 'A'));
