SELECT json_object('data', json_object('posts', json_object('nodes', (SELECT json_group_array(json(j)) FROM (
  SELECT json_object('title', r.title, 'slug', p.slug, 'excerpt', r.excerpt, 'publishedAt', p.published_at,
    'author', json_object('name', a.name),
    'campaigns', json_object('nodes', (SELECT json_group_array(json(j)) FROM (SELECT json_object('title', c.title, 'slug', c.slug) AS j
      FROM post_campaigns l JOIN campaigns c ON c.id = l.campaign_id
      WHERE l.post_id = p.id AND c.status IN ('ACTIVE', 'CLOSED') ORDER BY c.sort_title, c.id LIMIT 20))),
    'reactions', json_object('total', (SELECT coalesce(sum(k.total), 0) FROM reaction_counters k WHERE k.subject_id = p.id))) AS j
  FROM posts p JOIN post_revisions r ON r.id = p.live_revision_id LEFT JOIN people a ON a.id = p.author_id
  WHERE p.status = 'PUBLISHED'
  ORDER BY p.published_at DESC, p.id DESC LIMIT 20)))))
