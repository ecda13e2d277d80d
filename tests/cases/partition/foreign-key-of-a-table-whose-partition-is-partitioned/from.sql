create table late (a integer primary key);
create table kept (a integer);
insert into kept values (1);
