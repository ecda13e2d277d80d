create table other (a integer);
create table p (a integer, b integer generated always as (a + 1) stored);
create table c1 (b integer generated always as (a + 3) stored) inherits (p);
create table c2 (b integer generated always as (a + 4) stored, c text) inherits (c1);
create table c3 () inherits (c2);
insert into p (a) values (1); insert into c1 (a) values (2);
