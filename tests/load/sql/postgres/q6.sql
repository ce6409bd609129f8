SELECT (json_build_object('data', json_build_object('search', json_build_object('nodes', (SELECT coalesce(json_agg(j), '[]'::json) FROM (SELECT json_build_object('titleHtml', ts_headline('alliance_text', title, q, 'StartSel=<mark>, StopSel=</mark>, HighlightAll=true'),
        'excerptHtml', ts_headline('alliance_text', body, q, 'StartSel=<mark>, StopSel=</mark>, MaxWords=32, MinWords=16, MaxFragments=1'), 'subject', json_build_object('slug', (SELECT slug FROM posts WHERE id = subject_id AND status = 'PUBLISHED'))) AS j
      FROM (SELECT d.*, q FROM search_documents d, to_tsquery('alliance_text', 'housing & council:*') q
        WHERE d.words @@ q ORDER BY d.rank_time DESC LIMIT 20) AS found) AS items)))))::text
