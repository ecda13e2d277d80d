create table t (id varchar(36) primary key default gen_random_uuid()::text);
create table c (t varchar(36) references t);
