SELECT (json_build_object('data', json_build_object('posts', json_build_object('nodes', (SELECT coalesce(json_agg(j), '[]'::json) FROM (
  SELECT json_build_object('title', r.title, 'slug', p.slug, 'excerpt', r.excerpt, 'publishedAt', p.published_at,
    'author', json_build_object('name', a.name),
    'campaigns', json_build_object('nodes', (SELECT coalesce(json_agg(j), '[]'::json) FROM (SELECT json_build_object('title', c.title, 'slug', c.slug) AS j
      FROM post_campaigns l JOIN campaigns c ON c.id = l.campaign_id
      WHERE l.post_id = p.id AND c.status IN ('ACTIVE', 'CLOSED') ORDER BY c.sort_title, c.id LIMIT 20) AS items)),
    'reactions', json_build_object('total', (SELECT coalesce(sum(k.total), 0) FROM reaction_counters k WHERE k.subject_id = p.id))) AS j
  FROM posts p JOIN post_revisions r ON r.id = p.live_revision_id LEFT JOIN people a ON a.id = p.author_id
  WHERE p.status = 'PUBLISHED'
    AND (p.published_at, p.id) < (SELECT d.published_at, d.id FROM posts d JOIN alliances o ON o.id = d.alliance_id WHERE o.slug = 'load' AND d.slug = 'post-7980')
  ORDER BY p.published_at DESC, p.id DESC LIMIT 20) AS items)))))::text
