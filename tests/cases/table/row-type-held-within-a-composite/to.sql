create table k (a int, b bigint);
create type res as (ok boolean, ks k[]);
create table h (r res);
