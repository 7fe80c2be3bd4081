/* discover/search.h -- finding stories by words.
 *
 *     struct search_query q = {.text = S("harbour \"sea wall\" -strike tag:politics after:2024-05"),
 *                              .limit = 20};
 *     st = search_run(conn, &q, arena, &found, err);
 *     for (size_t i = 0; i < found.count; i++) show(found.hits[i].story, found.hits[i].snippet);
 *
 * The language of a query: words (all must be there), "a phrase", -word and -"a phrase" (must not), and
 * tag:SLUG, author:SLUG, before:DATE, after:DATE (2024, 2024-05 or 2024-05-06, in UTC; both include
 * the date named), each with a '-' before it to mean the contrary. Anything else is words:
 * no query is an error, and nothing typed reaches the database as syntax. Words in other forms
 * are found too (stems), accents and case do not matter. Only published stories and pages; for the desk
 * (`desk`) whatever it asks for, drafts and trashed ones too.
 *
 * Rank is by how telling the words are and where they stand: headline, then tags and bylines,
 * standfirst, body; with a mild pull to recent. Where very many stories match, the
 * SEARCH_SCORED_MAX newest of them are ranked. Paging is by place and bounded: SEARCH_PLACES_MAX.
 *
 * A snippet is made from the plain text around the best run of hits: escaped, hits in <mark>.
 *
 * Statements: two for the hits (one without), and none for snippets beyond the plain text of the
 * rows shown. Memory: the caller's arena. Threads: one connection a thread. */
#pragma once
#include "news/list.h"

struct desk_query;

enum {
    SEARCH_TEXT_MAX = 512, /* bytes of a query that are read */
    SEARCH_TERMS_MAX = 16, /* words and phrases that are read */
    SEARCH_SCORED_MAX = 4000,
    SEARCH_PLACES_MAX = 500, /* how far down one can page */
    SEARCH_LIMIT_MAX = 100,
    SEARCH_SNIPPET_CHARS = 220,
};

struct search_query {
    str text;
    str language;  /* the site's: how words are stemmed */
    size_t skip;   /* places passed over; from 0 */
    size_t limit;  /* 0: 20 */
    time_us now;   /* for the pull to recent; 0: none */
    bool snippets; /* load plain text and make them */
    /* For the desk: of these states, kinds, tag, byline and times (news/desk_list.h; not from its `before`
     * on, nor by its `limit`). NULL: what readers may see. */
    const struct desk_query *desk;
};

struct search_hit {
    struct story *story;
    html snippet; /* empty when not asked for */
    double score; /* higher is better; comparable within one search */
};

struct search_found {
    struct search_hit *hits;
    size_t count;
    size_t total;    /* matches ranked; at most SEARCH_SCORED_MAX */
    bool total_more; /* there are more than that */
    bool more;       /* another page can be asked for */
    bool empty;      /* the query named nothing to look for */
};

MUST_USE enum status search_run(struct store_conn *conn, const struct search_query *query,
                                struct arena *arena, struct search_found *ret_found,
                                struct error *err);

/* The words and phrases of a query as found in `text`, marked: what search_run uses, for text from
 * elsewhere. `words` is the query. */
html search_snippet(struct arena *arena, str text, str words, str language, size_t chars);
