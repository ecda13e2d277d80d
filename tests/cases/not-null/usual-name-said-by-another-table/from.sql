create table v (a integer not null);
create table l (a integer constraint v_a_not_null not null);
insert into v values (1);
