SELECT 'pg_class' AS parent_class, ad.adrelid AS parent_oid, ad.adnum::int AS parent_sub, ad.oid,
       pg_get_expr(ad.adbin, 0) AS expression
FROM pg_attrdef ad
JOIN pg_attribute a ON a.attrelid = ad.adrelid AND a.attnum = ad.adnum
WHERE a.attgenerated = '' AND ad.adrelid >= 16384
