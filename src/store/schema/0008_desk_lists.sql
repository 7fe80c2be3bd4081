-- 0008_desk_lists.sql -- what the desk's list of stories walks (news/desk_list.h), beside the readers' lists.
--
-- A link whose story is in no list (a draft, a scheduled or trashed one, a page) says where the desk finds
-- it by that tag or byline: its state, and its time there. Of the many published stories both are NULL, and
-- the indexes are of the others alone.

ALTER TABLE story_tag ADD COLUMN desk_state TEXT;   -- (kept) the story's state while listed_at is NULL
ALTER TABLE story_tag ADD COLUMN desk_at BIGINT;    -- (kept) and its time at the desk
ALTER TABLE story_byline ADD COLUMN desk_state TEXT;
ALTER TABLE story_byline ADD COLUMN desk_at BIGINT;

UPDATE story_tag SET
    desk_state = (SELECT s.state FROM story s WHERE s.id = story_tag.story),
    desk_at = (SELECT CASE WHEN s.state IN ('scheduled', 'published') THEN s.published_at ELSE s.updated_at END
               FROM story s WHERE s.id = story_tag.story)
    WHERE listed_at IS NULL;
UPDATE story_byline SET
    desk_state = (SELECT s.state FROM story s WHERE s.id = story_byline.story),
    desk_at = (SELECT CASE WHEN s.state IN ('scheduled', 'published') THEN s.published_at ELSE s.updated_at END
               FROM story s WHERE s.id = story_byline.story)
    WHERE listed_at IS NULL;

CREATE INDEX story_tag_desk ON story_tag (tag, desk_state, desk_at, story) WHERE listed_at IS NULL;
CREATE INDEX story_byline_desk ON story_byline (byline, desk_state, desk_at, story) WHERE listed_at IS NULL;

-- Pages are few among many stories.
CREATE INDEX story_desk_pages ON story (state, updated_at, id) WHERE kind = 'page' AND state <> 'published';
CREATE INDEX story_due_pages ON story (published_at, id) WHERE kind = 'page' AND state = 'scheduled';
CREATE INDEX story_pages_newest ON story (published_at, id) WHERE kind = 'page' AND state = 'published';
