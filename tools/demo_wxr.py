#!/usr/bin/env python3
"""Turns the demo folder into one WordPress export (WXR 1.2).

    tools/demo_wxr.py demo build/demo.xml

`broadsheet init --demo` runs the ordinary importer over that file, so it is
written as WordPress writes one: blocks, attachments with _thumbnail_id,
menus as nav_menu_item, comments with parents and states, times in local and
in UTC. What the format of the input is stands in demo/README.md. The same
input gives the same bytes. Anything wrong with the input is one line,
FILE:LINE: what, and exit 1; nothing is written then. Python 3.9, standard
library only.
"""
import datetime
import html
import os
import re
import sys

SECTION_ID, TAG_ID, MENU_ID = 10, 100, 300  # where each run of term ids starts
ATTACHMENT_ID, PAGE_ID, GUEST_ID, ITEM_ID, STORY_ID = 1000, 2000, 2500, 3000, 4000
STATES = {'approved': '1', 'pending': '0', 'spam': 'spam'}
DAYS = ('Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat', 'Sun')
MONTHS = ('Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec')
ZONES = {'Europe/London': 0, 'Europe/Berlin': 1}  # hours before UTC, European summer time on top
KEYS = {'title', 'date', 'modified', 'section', 'author', 'tags', 'topic', 'standfirst', 'picture', 'dateline', 'source',
        'correction', 'old_slug', 'replies'}


class Wrong(Exception):
    pass


def wrong(path, line, what):
    raise Wrong('%s:%d: %s' % (path, line, what))


def read(path):
    with open(path, encoding='utf-8') as f:
        return f.read().split('\n')


def slug(text):
    text = text.replace('’', '').replace("'", '')
    return re.sub('[^a-z0-9]+', '-', text.lower()).strip('-')


# -- time ---------------------------------------------------------------------

def last_sunday(year, month):
    day = datetime.datetime(year, month, 31)
    return day - datetime.timedelta(days=(day.weekday() + 1) % 7)


def to_utc(local, hours):
    """European rule: summer time between the last Sundays of March and October, 01:00 UTC."""
    utc = local - datetime.timedelta(hours=hours)
    summer = utc - datetime.timedelta(hours=1)
    start = last_sunday(utc.year, 3) + datetime.timedelta(hours=1)
    end = last_sunday(utc.year, 10) + datetime.timedelta(hours=1)
    return summer if start <= summer < end else utc


def parse_time(path, line, text):
    try:
        return datetime.datetime.strptime(text.strip(), '%Y-%m-%d %H:%M')
    except ValueError:
        wrong(path, line, 'not a time like 2026-11-22 06:40: %r' % text)


def stamp(t):
    return t.strftime('%Y-%m-%d %H:%M:%S')


def rfc822(t):
    return '%s, %02d %s %d %s +0000' % (DAYS[t.weekday()], t.day, MONTHS[t.month - 1], t.year, t.strftime('%H:%M:%S'))


# -- reading the folder -------------------------------------------------------

def read_pairs(path):
    """`key: value` lines; # starts a comment line."""
    pairs = {}
    for n, line in enumerate(read(path), 1):
        if not line.strip() or line.startswith('#'):
            continue
        key, colon, value = line.partition(': ')
        if not colon:
            wrong(path, n, 'not a `key: value` line')
        pairs[key.strip()] = value.strip()
    return pairs


def read_list(path, first):
    """A YAML list of flat maps, each opened by `- FIRST: value`."""
    items = []
    for n, line in enumerate(read(path), 1):
        if not line.strip() or line.startswith('#'):
            continue
        m = re.match(r'(- |  )(\w+): (.+)$', line)
        if not m or (m.group(1) == '- ') != (m.group(2) == first):
            wrong(path, n, 'expected `- %s: value` or `  key: value`' % first)
        if m.group(1) == '- ':
            items.append({})
        items[-1][m.group(2)] = m.group(3)
    return items


def read_story(path):
    """Front matter, body, replies of one file."""
    lines = read(path)
    if lines[0] != '---':
        wrong(path, 1, 'a story opens with a line of ---')
    try:
        end = lines.index('---', 1)
    except ValueError:
        wrong(path, len(lines), 'the front matter is not closed by ---')
    story = {'path': path, 'corrections': []}
    for n in range(1, end):
        key, colon, value = lines[n].partition(': ')
        if not colon or key not in KEYS:
            wrong(path, n + 1, 'unknown key %r' % key)
        if key == 'correction':
            story['corrections'].append((n + 1, value))
        else:
            story[key] = value
    body_end = lines.index('=== replies') if '=== replies' in lines else len(lines)
    story['body'], story['body_line'] = lines[end + 1:body_end], end + 2
    story['comments'] = read_replies(path, lines, body_end + 1)
    name = os.path.basename(path)[:-3]
    story['slug'] = re.sub(r'^\d+-', '', name)
    return story


def read_replies(path, lines, start):
    """`1.2 | Name | 2026-11-22 06:40 [| state [| address]]`, then its text."""
    replies, text = [], None
    for n in range(start, len(lines)):
        m = re.match(r'(\d+(?:\.\d+)*) \| (.+)$', lines[n])
        if not m:
            if text is not None:
                text.append(lines[n])
            elif lines[n].strip():
                wrong(path, n + 1, 'text before the first reply')
            continue
        cells = [c.strip() for c in m.group(2).split('|')]
        text = []
        state = cells[2] if len(cells) > 2 and cells[2] else 'approved'
        if len(cells) < 2 or state not in STATES:
            wrong(path, n + 1, 'a reply is NUMBER | NAME | TIME | STATE | ADDRESS')
        number = m.group(1)
        parent = number.rpartition('.')[0]
        known = {r['number'] for r in replies}
        if number in known or (parent and parent not in known):
            wrong(path, n + 1, 'reply %s is there twice, or its parent is not above it' % number)
        replies.append({'number': number, 'parent': parent, 'name': cells[0], 'time': parse_time(path, n + 1, cells[1]),
                        'state': STATES[state], 'url': cells[3] if len(cells) > 3 else '', 'text': text, 'line': n + 1})
    for r in replies:
        r['text'] = '\n'.join(r['text']).strip()
        if not r['text']:
            wrong(path, r['line'], 'a reply without text')
    return replies


# -- body to blocks -----------------------------------------------------------

class Blocks:
    """The subset of Markdown in demo/README.md, as WordPress's block markup."""

    def __init__(self, site, path):
        self.site, self.path, self.line = site, path, 0

    def inline(self, text):
        text = html.escape(text, quote=False)
        text = re.sub(r'\*\*(.+?)\*\*', r'<strong>\1</strong>', text)
        text = re.sub(r'\*(.+?)\*', r'<em>\1</em>', text)
        return re.sub(r'\[([^\]]+)\]\(([^)]+)\)', self.link, text)

    def link(self, m):
        target = m.group(2)
        if target.startswith('story:'):
            if target[6:] not in self.site.links:
                wrong(self.path, self.line, 'no story or page %s' % target[6:])
            target = self.site.links[target[6:]]
        return '<a href="%s">%s</a>' % (html.escape(target), m.group(1))

    def block(self, lines):
        if len(lines) == 1 and lines[0].startswith('## '):
            return '<!-- wp:heading -->\n<h2 class="wp-block-heading">%s</h2>\n<!-- /wp:heading -->' % self.inline(lines[0][3:])
        if all(x.startswith('- ') for x in lines):
            items = ''.join('<!-- wp:list-item -->\n<li>%s</li>\n<!-- /wp:list-item -->\n' % self.inline(x[2:]) for x in lines)
            return '<!-- wp:list -->\n<ul class="wp-block-list">%s</ul>\n<!-- /wp:list -->' % items.rstrip()
        if all(x.startswith('> ') for x in lines):
            cite = ''
            if lines[-1].startswith('> -- '):
                cite = '<cite>%s</cite>' % self.inline(lines.pop()[5:])
            inner = '<!-- wp:paragraph -->\n<p>%s</p>\n<!-- /wp:paragraph -->' % self.inline(' '.join(x[2:] for x in lines))
            return '<!-- wp:quote -->\n<blockquote class="wp-block-quote">%s%s</blockquote>\n<!-- /wp:quote -->' % (inner, cite)
        m = re.match(r'!\[\]\(([^)]+)\)$', lines[0])
        if m:
            return self.image(m.group(1))
        return '<!-- wp:paragraph -->\n<p>%s</p>\n<!-- /wp:paragraph -->' % self.inline(' '.join(lines))

    def image(self, name):
        if name not in self.site.pictures:
            wrong(self.path, self.line, 'no picture %s' % name)
        pic = self.site.pictures[name]
        return ('<!-- wp:image {"id":%d,"sizeSlug":"full","linkDestination":"none"} -->\n'
                '<figure class="wp-block-image size-full"><img src="%s" alt="%s" class="wp-image-%d"/>'
                '<figcaption class="wp-element-caption">%s</figcaption></figure>\n<!-- /wp:image -->' % (
                    pic['id'], pic['url'], html.escape(pic['alt']), pic['id'], html.escape(pic['caption'], quote=False)))

    def render(self, lines, first_line):
        out, group = [], []
        for n, line in enumerate(lines + ['']):
            if line.strip():
                if not group:
                    self.line = first_line + n
                group.append(line.strip())
            elif group:
                out.append(self.block(group))
                group = []
        return '\n\n'.join(out)


# -- writing ------------------------------------------------------------------

def cdata(text):
    return '<![CDATA[%s]]>' % text.replace(']]>', ']]]]><![CDATA[>')


class Site:
    def __init__(self, folder):
        self.folder = folder
        path = os.path.join(folder, 'site.yaml')
        self.conf = read_pairs(path)
        for key in ('title', 'tagline', 'language', 'timezone', 'address', 'sections', 'footer', 'credit'):
            if key not in self.conf:
                wrong(path, 1, 'no %s' % key)
        if self.conf['timezone'] not in ZONES:
            wrong(path, 1, 'timezone is one of %s' % ', '.join(sorted(ZONES)))
        self.hours = ZONES[self.conf['timezone']]
        self.home = self.conf['address'].rstrip('/')
        self.sections = self.number([s.strip() for s in self.conf['sections'].split(',')], SECTION_ID)
        self.authors = read_list(os.path.join(folder, 'authors.yaml'), 'login')
        self.logins = {a['login']: a for a in self.authors}
        self.stories = self.load('stories')
        self.stories.sort(key=lambda s: (s['time'], s['slug']))
        self.pages = self.load('pages')
        names = sorted({t for s in self.stories for t in s['tag_names']})
        self.tags = self.number(names, TAG_ID)
        self.links = {}
        for n, s in enumerate(self.stories):
            s['id'], s['type'] = STORY_ID + n, 'post'
            s['link'] = '%s/%s/%s/' % (self.home, s['time'].strftime('%Y/%m'), s['slug'])
        for n, s in enumerate(self.pages):
            s['id'], s['type'] = PAGE_ID + n, 'page'
            s['link'] = '%s/%s/' % (self.home, s['slug'])
        for s in self.stories + self.pages:
            if s['slug'] in self.links:
                wrong(s['path'], 1, 'the slug %s is taken' % s['slug'])
            self.links[s['slug']] = s['link']
        self.pictures = self.load_pictures()
        self.comment_id = 0

    @staticmethod
    def number(names, first):
        return {name: {'id': first + n, 'name': name, 'slug': slug(name)} for n, name in enumerate(names)}

    def load(self, sub):
        folder = os.path.join(self.folder, sub)
        stories = []
        for name in sorted(os.listdir(folder)):
            if name.endswith('.md'):
                s = read_story(os.path.join(folder, name))
                self.check(s, sub)
                stories.append(s)
        return stories

    def check(self, s, sub):
        path = s['path']
        for key in ('title', 'date', 'author') + (('section', 'standfirst') if sub == 'stories' else ()):
            if key not in s:
                wrong(path, 1, 'no %s' % key)
        s['time'] = parse_time(path, 1, s['date'])
        s['edited'] = parse_time(path, 1, s['modified']) if 'modified' in s else s['time']
        s['byline'] = [a.strip() for a in s['author'].split(',')]
        s['tag_names'] = [t.strip() for t in s.get('tags', '').split(',') if t.strip()]
        for login in s['byline']:
            if login not in self.logins:
                wrong(path, 1, 'no author %s in authors.yaml' % login)
        if sub == 'stories' and s['section'] not in self.sections:
            wrong(path, 1, 'no section %s in site.yaml' % s['section'])
        for r in s['comments']:
            if r['name'].startswith('@') and r['name'][1:] not in self.logins:
                wrong(path, r['line'], 'no author %s' % r['name'])

    def load_pictures(self):
        """Each picture hangs on the first story that uses it, and takes its upload month from it."""
        path = os.path.join(self.folder, 'pictures', 'pictures.yaml')
        pictures = {}
        for n, pic in enumerate(read_list(path, 'file')):
            users = [s for s in self.stories + self.pages if s.get('picture') == pic['file']
                     or '![](%s)' % pic['file'] in s['body']]
            if not users:
                wrong(path, 1, 'nothing uses %s' % pic['file'])
            if not os.path.exists(os.path.join(self.folder, 'pictures', pic['file'])):
                wrong(path, 1, 'no file %s' % pic['file'])
            pic['id'], pic['parent'], pic['time'] = ATTACHMENT_ID + n, users[0]['id'], users[0]['time']
            pic['place'] = '2026/11/' + pic['file']
            pic['url'] = '%s/wp-content/uploads/%s' % (self.home, pic['place'])
            pictures[pic['file']] = pic
        for s in self.stories + self.pages:
            if 'picture' in s and s['picture'] not in pictures:
                wrong(s['path'], 1, 'no picture %s in pictures.yaml' % s['picture'])
        return pictures

    # One item of the channel. `fields` overrides what most items share.
    def item(self, out, post_id, kind, title, link, time, creator, **fields):
        utc = to_utc(time, self.hours)
        edited = fields.get('edited') or time
        out.append('\t<item>\n\t\t<title>%s</title>\n\t\t<link>%s</link>\n\t\t<pubDate>%s</pubDate>' % (
            cdata(title), html.escape(link), rfc822(utc)))
        out.append('\t\t<dc:creator>%s</dc:creator>' % cdata(creator))
        out.append('\t\t<guid isPermaLink="false">%s</guid>' % html.escape(fields.get('guid') or '%s/?p=%d' % (self.home, post_id)))
        out.append('\t\t<description></description>')
        out.append('\t\t<content:encoded>%s</content:encoded>' % cdata(fields.get('content', '')))
        out.append('\t\t<excerpt:encoded>%s</excerpt:encoded>' % cdata(fields.get('excerpt', '')))
        for key, value in (('post_id', str(post_id)), ('post_date', stamp(time)), ('post_date_gmt', stamp(utc)),
                           ('post_modified', stamp(edited)), ('post_modified_gmt', stamp(to_utc(edited, self.hours))),
                           ('comment_status', fields.get('replies', 'closed')), ('ping_status', 'closed'),
                           ('post_name', fields.get('name', '')), ('status', fields.get('status', 'publish')),
                           ('post_parent', str(fields.get('parent', 0))), ('menu_order', str(fields.get('order', 0))),
                           ('post_type', kind), ('post_password', ''), ('is_sticky', '0')):
            number = key in ('post_id', 'post_parent', 'menu_order', 'is_sticky')
            out.append('\t\t<wp:%s>%s</wp:%s>' % (key, value if number else cdata(value), key))
        if 'attachment' in fields:
            out.append('\t\t<wp:attachment_url>%s</wp:attachment_url>' % cdata(fields['attachment']))
        for domain, nicename, name in fields.get('terms', ()):
            out.append('\t\t<category domain="%s" nicename="%s">%s</category>' % (domain, nicename, cdata(name)))
        for key, value in fields.get('meta', ()):
            out.append('\t\t<wp:postmeta>\n\t\t\t<wp:meta_key>%s</wp:meta_key>\n\t\t\t<wp:meta_value>%s</wp:meta_value>\n\t\t</wp:postmeta>'
                       % (cdata(key), cdata(value)))
        for r in fields.get('comments', ()):
            self.comment(out, r)
        out.append('\t</item>')

    def comment(self, out, r):
        login = self.logins.get(r['name'][1:]) if r['name'].startswith('@') else None
        name = login['name'] if login else r['name']
        email = login['email'] if login else slug(name) + '@example.org'
        utc = to_utc(r['time'], self.hours)
        out.append('\t\t<wp:comment>')
        for key, value, raw in (('comment_id', str(r['id']), True), ('comment_author', name, False),
                                ('comment_author_email', email, False), ('comment_author_url', r['url'], True),
                                ('comment_author_IP', '', False), ('comment_date', stamp(r['time']), False),
                                ('comment_date_gmt', stamp(utc), False), ('comment_content', r['html'], False),
                                ('comment_approved', r['state'], False), ('comment_type', 'comment', False),
                                ('comment_parent', str(r['parent_id']), True),
                                ('comment_user_id', str(login['id'] if login else 0), True)):
            out.append('\t\t\t<wp:%s>%s</wp:%s>' % (key, html.escape(value) if raw else cdata(value), key))
        out.append('\t\t</wp:comment>')

    def story(self, out, s):
        terms, meta = [], []
        if s['type'] == 'post':
            section = self.sections[s['section']]
            terms.append(('category', section['slug'], section['name']))
            terms += [('post_tag', self.tags[t]['slug'], t) for t in s['tag_names']]
            terms += [('author', 'cap-' + login, self.logins[login]['name']) for login in s['byline']]
        if 'picture' in s:
            meta.append(('_thumbnail_id', str(self.pictures[s['picture']]['id'])))
        for key in ('dateline', 'source'):
            if key in s:
                meta.append(('_broadsheet_' + key, s[key]))
        if s['corrections']:
            rows = []
            for line, value in s['corrections']:
                at, bar, text = value.partition(' | ')
                if not bar:
                    wrong(s['path'], line, 'a correction is TIME | TEXT')
                utc = to_utc(parse_time(s['path'], line, at), self.hours)
                rows.append('%s\t%s' % (utc.strftime('%Y-%m-%dT%H:%M:%SZ'), text))
            meta.append(('_broadsheet_corrections', '\n'.join(rows)))
        if 'old_slug' in s:
            meta.append(('_wp_old_slug', s['old_slug']))
        ids = {}
        for r in s['comments']:
            self.comment_id += 1
            r['id'] = ids[r['number']] = self.comment_id
            r['parent_id'] = ids.get(r['parent'], 0)
            r['html'] = Blocks(self, s['path']).inline(r['text'])
        replies = s.get('replies', 'open' if s['type'] == 'post' else 'closed')
        self.item(out, s['id'], s['type'], s['title'], s['link'], s['time'], s['byline'][0], edited=s['edited'], name=s['slug'],
                  content=Blocks(self, s['path']).render(s['body'], s['body_line']), excerpt=s.get('standfirst', ''),
                  replies=replies, terms=terms, meta=meta, comments=s['comments'])

    def menu(self, out, term, entries, first):
        epoch = self.stories[0]['time']
        for n, (label, kind, kind_object, object_id) in enumerate(entries):
            post_id = first + n
            meta = [('_menu_item_type', kind), ('_menu_item_menu_item_parent', '0'), ('_menu_item_object_id', str(object_id)),
                    ('_menu_item_object', kind_object), ('_menu_item_target', ''), ('_menu_item_classes', 'a:1:{i:0;s:0:"";}'),
                    ('_menu_item_xfn', ''), ('_menu_item_url', '')]
            self.item(out, post_id, 'nav_menu_item', label, '%s/?p=%d' % (self.home, post_id), epoch, self.authors[0]['login'],
                      name=str(post_id), order=n + 1, terms=[('nav_menu', term[0], term[1])], meta=meta)

    def terms(self, out):
        for n, a in enumerate(self.authors):
            a['id'] = n + 1
            first, _, last = a['name'].rpartition(' ')
            out.append('\t<wp:author><wp:author_id>%d</wp:author_id><wp:author_login>%s</wp:author_login>'
                       '<wp:author_email>%s</wp:author_email><wp:author_display_name>%s</wp:author_display_name>'
                       '<wp:author_first_name>%s</wp:author_first_name><wp:author_last_name>%s</wp:author_last_name></wp:author>' % (
                           a['id'], cdata(a['login']), cdata(a['email']), cdata(a['name']), cdata(first), cdata(last)))
        for c in self.sections.values():
            out.append('\t<wp:category><wp:term_id>%d</wp:term_id><wp:category_nicename>%s</wp:category_nicename>'
                       '<wp:category_parent></wp:category_parent><wp:cat_name>%s</wp:cat_name></wp:category>' % (
                           c['id'], cdata(c['slug']), cdata(c['name'])))
        for t in self.tags.values():
            out.append('\t<wp:tag><wp:term_id>%d</wp:term_id><wp:tag_slug>%s</wp:tag_slug><wp:tag_name>%s</wp:tag_name></wp:tag>' % (
                t['id'], cdata(t['slug']), cdata(t['name'])))
        for n, (nice, name) in enumerate((('sections', 'Sections'), ('footer', 'Footer'))):
            out.append('\t<wp:term><wp:term_id>%d</wp:term_id><wp:term_taxonomy>nav_menu</wp:term_taxonomy>'
                       '<wp:term_slug>%s</wp:term_slug><wp:term_parent></wp:term_parent><wp:term_name>%s</wp:term_name></wp:term>' % (
                           MENU_ID + n, cdata(nice), cdata(name)))

    def write(self):
        newest = max(s['time'] for s in self.stories)
        out = ['<?xml version="1.0" encoding="UTF-8" ?>\n<!-- Made by tools/demo_wxr.py from the demo folder. -->\n'
               '<rss version="2.0"\n\txmlns:excerpt="http://wordpress.org/export/1.2/excerpt/"\n'
               '\txmlns:content="http://purl.org/rss/1.0/modules/content/"\n\txmlns:wfw="http://wellformedweb.org/CommentAPI/"\n'
               '\txmlns:dc="http://purl.org/dc/elements/1.1/"\n\txmlns:wp="http://wordpress.org/export/1.2/"\n>\n<channel>']
        for key, value in (('title', self.conf['title']), ('link', self.home), ('description', self.conf['tagline']),
                           ('pubDate', rfc822(to_utc(newest, self.hours))), ('language', self.conf['language']),
                           ('wp:wxr_version', '1.2'), ('wp:base_site_url', self.home), ('wp:base_blog_url', self.home)):
            out.append('\t<%s>%s</%s>' % (key, html.escape(value, quote=False), key))
        self.terms(out)
        out.append('\t<generator>https://wordpress.org/?v=6.8</generator>')
        for pic in self.pictures.values():
            name = pic['file'].rpartition('.')[0]
            self.item(out, pic['id'], 'attachment', name, '%s/?attachment_id=%d' % (self.home, pic['id']), pic['time'],
                      self.authors[0]['login'], guid=pic['url'], attachment=pic['url'], excerpt=pic['caption'], status='inherit',
                      parent=pic['parent'], name=name, meta=[('_wp_attached_file', pic['place']),
                                                             ('_wp_attachment_image_alt', pic['alt']),
                                                             ('_broadsheet_credit', self.conf['credit'])])
        for n, a in enumerate(self.authors):
            first, _, last = a['name'].rpartition(' ')
            self.item(out, GUEST_ID + n, 'guest-author', a['name'], '%s/?p=%d' % (self.home, GUEST_ID + n), self.stories[0]['time'],
                      a['login'], name='cap-' + a['login'], meta=[
                          ('cap-display_name', a['name']), ('cap-first_name', first), ('cap-last_name', last),
                          ('cap-user_login', a['login']), ('cap-user_email', a['email']), ('cap-website', ''),
                          ('cap-description', a['bio']), ('cap-linked_account', a['login'])])
        self.menu(out, ('sections', 'Sections'), [(c['name'], 'taxonomy', 'category', c['id']) for c in self.sections.values()], ITEM_ID)
        pages = {p['title']: p for p in self.pages}
        names = [n.strip() for n in self.conf['footer'].split(',')]
        for name in names:
            if name not in pages:
                wrong(os.path.join(self.folder, 'site.yaml'), 1, 'no page %s' % name)
        self.menu(out, ('footer', 'Footer'), [(n, 'post_type', 'page', pages[n]['id']) for n in names], ITEM_ID + len(self.sections))
        for s in self.pages + self.stories:
            self.story(out, s)
        out.append('</channel>\n</rss>\n')
        return '\n'.join(out)


def main(argv):
    if len(argv) != 3:
        print('usage: demo_wxr.py DEMO-FOLDER OUTPUT.xml', file=sys.stderr)
        return 2
    try:
        text = Site(argv[1]).write()
    except (Wrong, OSError) as e:
        print('demo_wxr: %s' % e, file=sys.stderr)
        return 1
    with open(argv[2] + '.part', 'w', encoding='utf-8') as f:
        f.write(text)
    os.replace(argv[2] + '.part', argv[2])
    return 0


if __name__ == '__main__':
    sys.exit(main(sys.argv))
