SELECT p.oid, p.pubname AS name, p.puballtables AS all_tables,
       array_remove(ARRAY[CASE WHEN p.pubinsert THEN 'insert' END, CASE WHEN p.pubupdate THEN 'update' END,
                          CASE WHEN p.pubdelete THEN 'delete' END, CASE WHEN p.pubtruncate THEN 'truncate' END], NULL) AS publish,
       {13: p.pubviaroot | false} AS via_root,
       {18: CASE p.pubgencols WHEN 's' THEN 'stored' END | NULL::text} AS generated_columns
FROM pg_publication p
WHERE p.oid >= 16384
