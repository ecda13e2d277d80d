create table p (a integer, b integer generated always as (a + 1) stored) partition by range (a);
create table p1 partition of p for values from (0) to (10) partition by range (a);
create table p11 partition of p1 for values from (0) to (5);
create table p2 partition of p for values from (10) to (20);
insert into p (a) values (1), (11);
