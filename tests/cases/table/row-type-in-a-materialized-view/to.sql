create table k(a int, b bigint); create materialized view m as select k from k; create view v as select k from k;
