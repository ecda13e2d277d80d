create table k (a int, b int);
create table h (r k, rs k[]);
create function fk() returns setof k language sql as 'select * from k';
create view vk as select (r).a, (r).b from h;
insert into k values (1,2); insert into h values (row(1,2), null);
