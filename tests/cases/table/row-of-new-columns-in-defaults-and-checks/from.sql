create table t (a int); create table k (i int, r t); create function g() returns int language sql begin atomic select 1; end; insert into k values (1, row(1));
