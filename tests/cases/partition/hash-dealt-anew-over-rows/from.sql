create table ev (id bigint not null, k int not null) partition by hash (k);
create table ev_0 partition of ev for values with (modulus 2, remainder 0);
create table ev_1 partition of ev for values with (modulus 2, remainder 1);
insert into ev select i, i from generate_series(1,20) i;
