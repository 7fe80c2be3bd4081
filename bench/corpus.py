#!/usr/bin/env python3
"""corpus.py N OUT.xml [SEED] - a made-up archive of N stories as a WordPress export, for measuring.

The same N and SEED give the same bytes. What makes a newspaper's archive hard is in it: a few words and tags that
are everywhere and many that are rare, names that recur for some weeks and then go, stories of 150 to 900 words,
replies on every fifth story. Python's standard library only.
"""
import bisect
import datetime
import itertools
import random
import sys
from xml.sax.saxutils import escape

NEWEST = datetime.datetime(2026, 11, 1, 18, 0)
DAYS = 4 * 365
COMMON = ("the of and to in a is that for it was on with as be at by had not are but from or have an they which "
          "one were all their there been has when who will more no if out so said what up its about than into").split()
THINGS = ("harbour council bridge school ferry market mill orchard lighthouse railway clinic library quarry theatre "
          "reservoir brewery museum bakery tramway airfield stadium court chapel foundry wharf signal tunnel dam "
          "vote budget inquiry strike storm flood drought harvest permit lease appeal verdict survey census repair "
          "rent wage tax grant loan price fare toll debt profit contract auction merger order shipment").split()
DOINGS = ("opens closes delays wins loses repairs sells buys counts fights joins leaves paints moves stops saves "
          "blames thanks warns elects rejects backs finds plans cuts").split()
BITS = "an bel cor dun el fen gar hol is jar kel lor mun nor ost per quil ros sten tor ul ven wick yar zel".split()
SECTIONS = "News Town Business Culture Sport Science Weather Letters".split()


class Skewed:
    """Draws the first items often and the last ones hardly ever."""

    def __init__(self, items):
        self.items = items
        self.sums = list(itertools.accumulate(1 / (i + 3) for i in range(len(items))))

    def draw(self, r):
        return self.items[bisect.bisect_left(self.sums, r.random() * self.sums[-1])]


def invented(r, parts, count):
    made = set()
    while len(made) < count:
        made.add("".join(r.choice(BITS) for _ in range(r.choice(parts))))
    return r.sample(sorted(made), count)


class World:
    def __init__(self, r):
        self.r = r
        rare = invented(r, (2, 3), 4000)
        self.words = Skewed(COMMON + r.sample(THINGS + DOINGS, len(THINGS + DOINGS)) + rare)
        last = [w.capitalize() for w in invented(r, (2,), 300)]
        first = [w.capitalize() for w in invented(r, (1, 2), 120)]
        self.names = [f"{r.choice(first)} {name}" for name in last]
        self.tags = Skewed([w.capitalize() for w in dict.fromkeys(THINGS)] + [w.capitalize() for w in invented(r, (2, 3), 400)])

    def sentence(self, cast):
        r = self.r
        words = [self.words.draw(r) for _ in range(r.randrange(7, 24))]
        if r.random() < 0.4:
            words[r.randrange(len(words))] = r.choice(cast)
        return (words[0][0].upper() + words[0][1:] + " " + " ".join(words[1:])) + "."

    def paragraph(self, cast):
        text = " ".join(self.sentence(cast) for _ in range(self.r.randrange(2, 6)))
        return f"<!-- wp:paragraph -->\n<p>{text}</p>\n<!-- /wp:paragraph -->"

    def headline(self, cast):
        r = self.r
        return (f"{r.choice(cast).split()[1]} {r.choice(DOINGS)} {r.choice(THINGS)} after "
                f"{r.choice(THINGS)} {self.words.draw(r)} in {self.words.draw(r)}").capitalize()


def slug(text):
    return "-".join("".join(c if c.isalnum() else " " for c in text.lower()).split())


def comment(number, world, when):
    name = world.r.choice(world.names)
    return (f"<wp:comment><wp:comment_id>{number}</wp:comment_id><wp:comment_author>{name}</wp:comment_author>"
            f"<wp:comment_author_email>{slug(name)}@reader.example</wp:comment_author_email>"
            f"<wp:comment_date_gmt>{when:%Y-%m-%d %H:%M:%S}</wp:comment_date_gmt><wp:comment_approved>1</wp:comment_approved>"
            f"<wp:comment_type>comment</wp:comment_type><wp:comment_parent>0</wp:comment_parent>"
            f"<wp:comment_content><![CDATA[{world.sentence([name])}]]></wp:comment_content></wp:comment>")


def item(number, total, world):
    r = world.r
    # Who is in the news changes: a window of names that moves with time.
    at = number * (len(world.names) - 12) // total
    cast = world.names[at:at + 12]
    when = NEWEST - datetime.timedelta(minutes=(total - number) * DAYS * 1440 // total + r.randrange(60))
    title = world.headline(cast)
    name = f"{slug(title)}-{number}"
    section = r.choice(SECTIONS)
    tags = dict.fromkeys(world.tags.draw(r) for _ in range(r.randrange(0, 6)))
    terms = f'<category domain="category" nicename="{slug(section)}">{section}</category>' + "".join(
        f'<category domain="post_tag" nicename="{slug(t)}">{t}</category>' for t in tags)
    body = "\n\n".join(world.paragraph(cast) for _ in range(r.randrange(4, 15)))
    replies = ""
    if number % 5 == 0:
        replies = "".join(comment(number * 10 + i, world, when + datetime.timedelta(hours=i + 1))
                          for i in range(r.randrange(1, 6)))
    return (f"<item><title>{escape(title)}</title><link>http://archive.example/{when:%Y/%m}/{name}/</link>"
            f"<dc:creator>writer{number % 25}</dc:creator><content:encoded><![CDATA[{body}]]></content:encoded>"
            f"<wp:post_id>{number}</wp:post_id><wp:post_date_gmt>{when:%Y-%m-%d %H:%M:%S}</wp:post_date_gmt>"
            f"<wp:comment_status>open</wp:comment_status><wp:post_name>{name}</wp:post_name><wp:status>publish</wp:status>"
            f"<wp:post_type>post</wp:post_type>{terms}{replies}</item>\n")


def write(out, total, seed=1):
    world = World(random.Random(seed))
    out.write('<?xml version="1.0" encoding="UTF-8"?>\n<rss version="2.0" '
              'xmlns:content="http://purl.org/rss/1.0/modules/content/" xmlns:dc="http://purl.org/dc/elements/1.1/" '
              'xmlns:wp="http://wordpress.org/export/1.2/"><channel><title>The Archive</title>'
              "<link>http://archive.example</link><wp:wxr_version>1.2</wp:wxr_version>"
              "<wp:base_site_url>http://archive.example</wp:base_site_url>"
              "<wp:base_blog_url>http://archive.example</wp:base_blog_url>\n")
    for writer in range(25):
        out.write(f"<wp:author><wp:author_id>{writer + 1}</wp:author_id><wp:author_login>writer{writer}</wp:author_login>"
                  f"<wp:author_display_name>{world.names[writer]}</wp:author_display_name></wp:author>\n")
    for number in range(1, total + 1):
        out.write(item(number, total, world))
    out.write("</channel></rss>\n")


if __name__ == "__main__":
    if len(sys.argv) not in (3, 4) or not sys.argv[1].isdigit():
        sys.exit("usage: corpus.py N OUT.xml [SEED]")
    with open(sys.argv[2], "w", encoding="utf-8") as file:
        write(file, int(sys.argv[1]), int(sys.argv[3]) if len(sys.argv) == 4 else 1)
