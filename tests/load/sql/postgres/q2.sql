SELECT (json_build_object('data', json_build_object('post', json_build_object('title', r.title, 'publishedAt', p.published_at, 'body', json_build_object('html', r.body_html),
    'campaigns', json_build_object('nodes', (SELECT coalesce(json_agg(j), '[]'::json) FROM (SELECT json_build_object('title', c.title, 'slug', c.slug) AS j
      FROM post_campaigns l JOIN campaigns c ON c.id = l.campaign_id
      WHERE l.post_id = p.id AND c.status IN ('ACTIVE', 'CLOSED') ORDER BY c.sort_title, c.id LIMIT 20) AS items)),
    'institutions', json_build_object('nodes', (SELECT coalesce(json_agg(j), '[]'::json) FROM (SELECT json_build_object('name', i.name, 'slug', i.slug) AS j
      FROM post_institutions l JOIN institutions i ON i.id = l.institution_id
      WHERE l.post_id = p.id AND i.status = 'PUBLISHED' ORDER BY i.sort_name, i.id LIMIT 20) AS items)),
    'reactions', json_build_object('total', (SELECT coalesce(sum(k.total), 0) FROM reaction_counters k WHERE k.subject_id = p.id), 'byKind', (SELECT coalesce(json_agg(j), '[]'::json) FROM (SELECT json_build_object('kind', k.kind, 'count', k.total) AS j FROM reaction_counters k WHERE k.subject_id = p.id) AS items)),
    'comments', json_build_object('nodes', (SELECT coalesce(json_agg(j), '[]'::json) FROM (SELECT json_build_object('comment', x.comment, 'kind', x.kind, 'createdAt', x.created_at) AS j
      FROM reactions x WHERE x.subject_id = p.id AND x.state = 'COUNTED' AND x.has_comment ORDER BY x.created_at DESC, x.id DESC LIMIT 10) AS items))))))::text
  FROM alliances o JOIN posts p ON p.alliance_id = o.id JOIN post_revisions r ON r.id = p.live_revision_id
  WHERE o.slug = 'load' AND p.slug = 'post-42' AND p.status = 'PUBLISHED'
