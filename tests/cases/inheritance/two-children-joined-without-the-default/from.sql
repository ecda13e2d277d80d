create table kept (a integer);
insert into kept values (1);
