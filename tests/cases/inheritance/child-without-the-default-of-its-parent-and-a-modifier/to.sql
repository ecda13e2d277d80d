create table p2 (name varchar(20) default 'p2');
create table late (name varchar(20));
alter table late inherit p2;
