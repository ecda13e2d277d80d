create table ev (id bigint not null, at date not null) partition by range (at);
create table ev_d partition of ev default;
insert into ev values (1,'2024-01-02'),(2,'2025-02-02');
