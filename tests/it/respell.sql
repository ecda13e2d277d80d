-- What PostgreSQL prints of an expression put into an object of one kind; `again` where the text is such a print.
create type mood as enum ('sad', 'ok', 'it''s');
create domain name_of_it as varchar(20);
create table other (k varchar(10), w integer, z char(4));
create table t (id integer, i2 smallint, i8 bigint, n numeric(10,2), o oid, v varchar, v5 varchar(5), c char(3), x text,
    d date, ts timestamp, tz timestamptz, b boolean, j jsonb, md mood, e name_of_it, va varchar[], xa text[], ia integer[],
    vb bit varying(8), cd cidr, nm name, xm xml, "Odd" varchar(3));
create function touch() returns trigger language plpgsql as 'begin return new; end';

create function printed(kind text, source text, again boolean) returns text language plpgsql as $f$
declare result text;
begin
    case kind
    when 'check' then
        execute 'alter table t add constraint made ' || case when again then source else format('check (%s)', source) end;
        select pg_get_constraintdef(oid) into result from pg_constraint where conname = 'made';
        alter table t drop constraint made;
    when 'predicate' then
        execute case when again then source else format('create index made on t (id) where %s', source) end;
        result := pg_get_indexdef(to_regclass('made'));
        drop index made;
    when 'key' then
        execute case when again then source else format('create index made on t ((%s))', source) end;
        result := pg_get_indexdef(to_regclass('made'));
        drop index made;
    when 'policy' then
        execute format('create policy made on t using (%s)', source);
        select pg_get_expr(polqual, polrelid) into result from pg_policy where polname = 'made';
        drop policy made on t;
    when 'view' then
        execute 'create view made as ' || case when again then source else format('select id from t where %s', source) end;
        result := pg_get_viewdef(to_regclass('made'));
        drop view made;
    when 'pretty' then
        execute 'create view made as ' || case when again then source else format('select id from t where %s', source) end;
        result := pg_get_viewdef(to_regclass('made'), true);
        drop view made;
    when 'query' then
        execute 'create view made as ' || source;
        result := pg_get_viewdef(to_regclass('made'));
        drop view made;
    when 'trigger' then
        execute case when again then source
            else format('create trigger made before update on t for each row when (%s) execute function touch()', source) end;
        select pg_get_triggerdef(oid) into result from pg_trigger where tgname = 'made';
        drop trigger made on t;
    end case;
    return result;
exception when invalid_object_definition then
    -- An index takes immutable functions only.
    if again or kind not in ('key', 'predicate') then raise; end if;
    return 'none';
end $f$;
