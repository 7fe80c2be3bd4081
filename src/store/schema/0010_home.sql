-- 0010_home.sql -- whom the desk speaks to, and in which language.

ALTER TABLE person ADD COLUMN language TEXT;     -- BCP 47; NULL: the site's
