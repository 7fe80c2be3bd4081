-- 0005_reply_byline.sql -- which byline wrote a reply: set for who is signed in and by imports, from the
-- old site's own number of the user. A name or an email typed into the form never sets it.

ALTER TABLE comment ADD COLUMN byline BIGINT REFERENCES byline (id) ON DELETE SET NULL;
UPDATE comment SET byline = (SELECT MIN(b.id) FROM byline b WHERE b.person = comment.person)
    WHERE person IS NOT NULL;
-- Few replies have one: the index is for removing a byline.
CREATE INDEX comment_byline ON comment (byline) WHERE byline IS NOT NULL;
