SELECT md5(string_agg(t.token, ',')) AS token FROM (
    SELECT count(*) || ':' || coalesce(sum(xmin::text::bigint), 0) AS token FROM pg_class WHERE oid >= 16384
    UNION ALL SELECT count(*) || ':' || coalesce(sum(xmin::text::bigint), 0) FROM pg_attribute WHERE attrelid >= 16384
    UNION ALL SELECT count(*) || ':' || coalesce(sum(xmin::text::bigint), 0) FROM pg_constraint WHERE oid >= 16384
    UNION ALL SELECT count(*) || ':' || coalesce(sum(xmin::text::bigint), 0) FROM pg_attrdef
    UNION ALL SELECT count(*) || ':' || coalesce(sum(xmin::text::bigint), 0) FROM pg_rewrite WHERE oid >= 16384
    UNION ALL SELECT count(*) || ':' || coalesce(sum(xmin::text::bigint), 0) FROM pg_trigger
    UNION ALL SELECT count(*) || ':' || coalesce(sum(xmin::text::bigint), 0) FROM pg_policy
    UNION ALL SELECT count(*) || ':' || coalesce(sum(xmin::text::bigint), 0) FROM pg_proc WHERE oid >= 16384
    UNION ALL SELECT count(*) || ':' || coalesce(sum(xmin::text::bigint), 0) FROM pg_type WHERE oid >= 16384
    UNION ALL SELECT count(*) || ':' || coalesce(sum(xmin::text::bigint), 0) FROM pg_index WHERE indexrelid >= 16384
    UNION ALL SELECT count(*) || ':' || coalesce(sum(xmin::text::bigint), 0) FROM pg_namespace
) t
