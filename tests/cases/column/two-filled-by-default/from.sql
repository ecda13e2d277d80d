create table log (id int);
insert into log values (1);
