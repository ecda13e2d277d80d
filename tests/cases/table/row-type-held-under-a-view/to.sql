create table k (a int, b bigint, c text);
create table h (r k, rs k[]);
create function fk() returns setof k language sql as 'select * from k';
create view vk as select (r).a, (r).b from h;
