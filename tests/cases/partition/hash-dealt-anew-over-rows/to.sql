create table ev (id bigint not null, k int not null) partition by hash (k);
create table ev_0 partition of ev for values with (modulus 4, remainder 0);
create table ev_1 partition of ev for values with (modulus 4, remainder 1);
create table ev_2 partition of ev for values with (modulus 4, remainder 2);
create table ev_3 partition of ev for values with (modulus 4, remainder 3);
