create table ev (ts integer not null, v integer not null) partition by range (ts);
create table e1 partition of ev for values from (1) to (2);
create table e2 partition of ev for values from (2) to (3);
alter table only ev add constraint of_both unique (ts, v);
alter table e1 add constraint of_one unique (ts, v);
alter index of_both attach partition of_one;
alter table only ev add primary key (ts);
