create table ev (id bigint not null, at date not null) partition by range (at);
create table ev_1 partition of ev for values from ('2024-01-01') to ('2024-02-01');
create table ev_d partition of ev default;
