create table kept (a integer);
create table ev (ts integer, v integer) partition by range (ts);
create table e1 partition of ev for values from (1) to (2);
create table e2 partition of ev for values from (2) to (3);
create index nobody_has on only ev (v);
create unique index half on only ev (v, ts);
create unique index half_of_one on e1 (v, ts);
alter index half attach partition half_of_one;
comment on index half_of_one is 'by hand';
-- A partition that is partitioned itself has its own half.
create table e3 partition of ev for values from (3) to (9) partition by range (ts);
create table e3a partition of e3 for values from (3) to (4);
create index deep on only e3 (ts);
