create function f(x int default 1) returns bigint language sql stable as 'select 1::bigint';
create view w as select f() t; create view v as select * from w;
