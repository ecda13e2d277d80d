create table a (id int) partition by range (id);
create table p1 partition of a (constraint ck check (id > 0)) for values from (1) to (10);
create table p2 partition of a for values from (10) to (20);
