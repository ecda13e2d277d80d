create schema s2 authorization pg_monitor;
alter default privileges grant usage on schemas to pg_monitor;
