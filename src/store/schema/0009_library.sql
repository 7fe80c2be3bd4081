-- 0009_library.sql -- what the media library at the desk asks for.

-- One person's, the newest first; and pictures that say nothing to who cannot see them, which is what editors work off.
CREATE INDEX media_person ON media (person, created_at, id);
CREATE INDEX media_silent ON media (kind, created_at, id) WHERE alt IS NULL;
CREATE INDEX media_silent_person ON media (person, kind, created_at, id) WHERE alt IS NULL;
