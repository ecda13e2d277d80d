create type d as enum ('x','y'); create table t (a d not null);
