create function f(a anyelement) returns bigint language sql immutable as 'select 1::bigint'; create table t (i int); create view v as select f(i) x from t; create view w as select x from v;
