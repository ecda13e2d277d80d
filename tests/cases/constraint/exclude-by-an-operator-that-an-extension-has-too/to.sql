create schema types;
create extension citext schema types;
create extension btree_gist;
create table t (u types.citext, exclude using gist (u with =));
