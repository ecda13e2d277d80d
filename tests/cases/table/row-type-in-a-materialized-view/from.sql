create table k(a int, b int); insert into k values (1,2); create materialized view m as select k from k; create view v as select k from k;
