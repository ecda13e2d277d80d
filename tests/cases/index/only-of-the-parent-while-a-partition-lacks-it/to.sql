create table ev (ts integer, v integer) partition by range (ts);
create table e1 partition of ev for values from (1) to (2);
create table e2 partition of ev for values from (2) to (3);
-- Half of the way of building an index without stopping anybody: one partition has it, the other has not.
create index of_both on only ev (v);
create index of_one on e1 (v);
alter index of_both attach partition of_one;
