create table ev (ts integer not null, v integer not null) partition by range (ts);
create table e1 partition of ev for values from (1) to (2);
create table e2 partition of ev for values from (2) to (3);
alter table ev add constraint of_both unique (ts, v);
insert into ev values (1, 1), (2, 2);
