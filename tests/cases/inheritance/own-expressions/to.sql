create table p (a integer, b integer generated always as (a + 100) stored, c text);
create table c1 (b integer generated always as (a + 10) stored) inherits (p);
create table c2 (b integer generated always as (a + 2) stored) inherits (p);
create table c3 (d text) inherits (p);
create table c4 () inherits (p);
alter table c4 alter column b set expression as (a + 40);
create table c5 () inherits (p);
alter table c5 alter column b set expression as (a + 50);
insert into p (a) values (1); insert into c1 (a) values (2); insert into c2 (a) values (3); insert into c3 (a) values (4); insert into c4 (a) values (5);
