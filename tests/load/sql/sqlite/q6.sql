SELECT json_object('data', json_object('search', json_object('nodes', (SELECT json_group_array(json(j)) FROM (SELECT json_object('titleHtml', highlight(search_index, 0, '<mark>', '</mark>'), 'excerptHtml', snippet(search_index, 1, '<mark>', '</mark>', '…', 32),
        'subject', json_object('slug', (SELECT slug FROM posts WHERE id = d.subject_id AND status = 'PUBLISHED'))) AS j
      FROM search_index JOIN search_documents d ON d.rank_time = search_index.rowid
      WHERE search_index MATCH '"housing" AND "council"*' ORDER BY search_index.rowid DESC LIMIT 20)))))
