create function f(x text default 'a') returns bigint language sql stable as 'select 1::bigint';
create view w2 as select f() t; create view v as select * from w2;
