create function cn() returns text language sql volatile as 'select null::text';
create table log (id int, client text default cn(), v int not null default (cn() is null)::int);
