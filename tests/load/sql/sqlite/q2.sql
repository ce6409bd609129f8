SELECT json_object('data', json_object('post', json_object('title', r.title, 'publishedAt', p.published_at, 'body', json_object('html', r.body_html),
    'campaigns', json_object('nodes', (SELECT json_group_array(json(j)) FROM (SELECT json_object('title', c.title, 'slug', c.slug) AS j
      FROM post_campaigns l JOIN campaigns c ON c.id = l.campaign_id
      WHERE l.post_id = p.id AND c.status IN ('ACTIVE', 'CLOSED') ORDER BY c.sort_title, c.id LIMIT 20))),
    'institutions', json_object('nodes', (SELECT json_group_array(json(j)) FROM (SELECT json_object('name', i.name, 'slug', i.slug) AS j
      FROM post_institutions l JOIN institutions i ON i.id = l.institution_id
      WHERE l.post_id = p.id AND i.status = 'PUBLISHED' ORDER BY i.sort_name, i.id LIMIT 20))),
    'reactions', json_object('total', (SELECT coalesce(sum(k.total), 0) FROM reaction_counters k WHERE k.subject_id = p.id), 'byKind', (SELECT json_group_array(json(j)) FROM (SELECT json_object('kind', k.kind, 'count', k.total) AS j FROM reaction_counters k WHERE k.subject_id = p.id))),
    'comments', json_object('nodes', (SELECT json_group_array(json(j)) FROM (SELECT json_object('comment', x.comment, 'kind', x.kind, 'createdAt', x.created_at) AS j
      FROM reactions x WHERE x.subject_id = p.id AND x.state = 'COUNTED' AND x.has_comment ORDER BY x.created_at DESC, x.id DESC LIMIT 10))))))
  FROM alliances o JOIN posts p ON p.alliance_id = o.id JOIN post_revisions r ON r.id = p.live_revision_id
  WHERE o.slug = 'load' AND p.slug = 'post-42' AND p.status = 'PUBLISHED'
