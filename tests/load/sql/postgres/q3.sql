SELECT (json_build_object('data', json_build_object('campaign', json_build_object('title', c.title, 'summary', c.summary, 'posts', json_build_object('nodes', (SELECT coalesce(json_agg(j), '[]'::json) FROM (SELECT json_build_object('title', r.title, 'slug', p.slug, 'excerpt', r.excerpt, 'publishedAt', p.published_at,
        'reactions', json_build_object('total', (SELECT coalesce(sum(k.total), 0) FROM reaction_counters k WHERE k.subject_id = p.id))) AS j
      FROM post_campaigns l JOIN posts p ON p.id = l.post_id JOIN post_revisions r ON r.id = p.live_revision_id
      WHERE l.campaign_id = c.id AND l.published_at IS NOT NULL AND p.status = 'PUBLISHED'
      ORDER BY l.published_at DESC, l.post_id DESC LIMIT 10) AS items))))))::text
  FROM alliances o JOIN campaigns c ON c.alliance_id = o.id
  WHERE o.slug = 'load' AND c.slug = 'campaign-7' AND c.status IN ('ACTIVE', 'CLOSED')
