create view c as select 1 a, 'b'::text b; create table t (id int, x c); insert into t values (1, row(1,'a'));
