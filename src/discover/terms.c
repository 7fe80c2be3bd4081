/* SPDX-License-Identifier: MIT
 *
 * tf-idf with a few of a newsroom's own ideas: a headline is the shortest summary there is, a name
 * tells more than a word, and a tag is what an editor says the story is about.
 *
 * The fingerprint is Charikar's simhash over the words with their counts: texts that differ in a
 * few words differ in a few bits. */
#include "discover/terms.h"
#include "base/arena.h"
#include "base/map.h"
#include "discover/related.h"
#include "news/tag.h"
#include "reader/names.h"
#include "text/token.h"
#include "text/utf8.h"
#include <math.h>

static const double headline_use = 4.0, standfirst_use = 2.0, name_use = 3.0, tag_use = 12.0;

enum { FINGERPRINT_WORDS_MIN = 24, FINGERPRINT_BITS = 64 };

struct counting {
    struct arena *arena;
    struct map words; /* to struct term_use */
    double use;       /* what one occurrence adds */
    size_t occurrences;
    int32_t bits[FINGERPRINT_BITS];
};

static struct term_use *use_of(struct counting *c, str word)
{
    struct term_use *use = map_get(&c->words, word);
    if (use != NULL)
        return use;
    use = arena_new_one(c->arena, struct term_use);
    use->word = str_copy(c->arena, word);
    (void)map_set(&c->words, use->word, use);
    return use;
}

/* FNV-1a, then mixed: nearby words must not share bits. It is kept in the database, so it is not
 * map_hash, whose key is drawn anew in each process. */
static uint64_t word_hash(str word)
{
    uint64_t h = UINT64_C(0xcbf29ce484222325);
    for (size_t i = 0; i < word.len; i++)
        h = (h ^ (unsigned char)word.ptr[i]) * UINT64_C(0x100000001b3);
    h = (h ^ (h >> 33)) * UINT64_C(0xff51afd7ed558ccd);
    h = (h ^ (h >> 33)) * UINT64_C(0xc4ceb9fe1a85ec53);
    return h ^ (h >> 33);
}

static bool got_word(void *ctx, const struct token *token)
{
    struct counting *c = ctx;
    if (token->text.len < 2)
        return true;
    use_of(c, token->text)->use += c->use;
    c->occurrences++;
    uint64_t h = word_hash(token->text);
    for (int i = 0; i < FINGERPRINT_BITS; i++)
        c->bits[i] += (h >> i & 1) != 0 ? 1 : -1;
    return true;
}

static void count_words(struct counting *c, struct tokenizer *tokenizer, str text, str language,
                        double use)
{
    c->use = use;
    (void)token_each(tokenizer, text, &(struct token_options){.language = language}, got_word, c);
}

static void count_names(struct counting *c, const struct story *story, str text, str language)
{
    struct names names;
    names_find(c->arena, story->title, text, language, &names);
    for (size_t i = 0; i < names.count; i++) {
        const struct name *name = &names.list[i];
        if (!name_recurs(name))
            continue;
        str folded = utf8_fold_bare(c->arena, name->text);
        double mentions = (double)(name->mentions + 2 * (size_t)name->in_headline);
        use_of(c, str_join2(c->arena, S("="), folded))->use += name_use * mentions;
    }
}

static void count_tags(struct counting *c, const struct story *story)
{
    for (size_t i = 0; i < story->tags_count; i++) {
        str word = str_format(c->arena, "#%lld", (long long)story->tags[i]->id.v);
        use_of(c, word)->use += tag_use;
    }
}

static int by_use(const void *a, const void *b)
{
    const struct term_use *x = a, *y = b;
    if (x->use != y->use)
        return x->use < y->use ? 1 : -1;
    return str_cmp(x->word, y->word);
}

static int64_t fingerprint_of(const struct counting *c)
{
    if (map_count(&c->words) < FINGERPRINT_WORDS_MIN)
        return 0;
    uint64_t print = 0;
    for (int i = 0; i < FINGERPRINT_BITS; i++)
        print |= (uint64_t)(c->bits[i] > 0) << i;
    return (int64_t)print;
}

void terms_count(struct arena *arena, struct tokenizer *tokenizer, const struct story *story,
                 str language, struct story_terms *ret_terms)
{
    struct counting c = {.arena = arena};
    map_init(&c.words, arena);
    str text = utf8_cut_bytes(story->plain, TERMS_TEXT_MAX);
    count_words(&c, tokenizer, text, language, 1.0);
    struct story_terms t = {.fingerprint = fingerprint_of(&c)};
    double least = c.occurrences < TERMS_SHORT_WORDS ? 1.0 : 2.0;
    count_words(&c, tokenizer, story->title, language, headline_use);
    count_words(&c, tokenizer, story->standfirst, language, standfirst_use);
    count_names(&c, story, text, language);
    count_tags(&c, story);
    size_t all = map_count(&c.words);
    t.list = arena_new_array(arena, struct term_use, all);
    for (size_t i = 0; i < all; i++) {
        const struct term_use *use = map_value(&c.words, i);
        if (use->use >= least)
            t.list[t.count++] = *use;
    }
    qsort(t.list, t.count, sizeof(*t.list), by_use);
    t.count = t.count < TERMS_COUNTED_MAX ? t.count : TERMS_COUNTED_MAX;
    *ret_terms = t;
}

/* ---- weighing ---- */

static int by_weight(const void *a, const void *b)
{
    const struct term_use *x = a, *y = b;
    if (x->weight != y->weight)
        return x->weight < y->weight ? 1 : -1;
    return str_cmp(x->word, y->word);
}

/* A word that one story has tells no more than one that two have: it would only crowd out words
 * by which others can be found. */
static double rarity(int64_t stories, int64_t in_all)
{
    double have = stories > 2 ? (double)stories : 2.0;
    return log(((double)in_all + 1.0) / (have + 0.5));
}

void terms_weigh(struct story_terms *t, int64_t stories_in_all)
{
    int64_t in_all = stories_in_all > 4 ? stories_in_all : 4;
    for (size_t i = 0; i < t->count; i++) {
        struct term_use *use = &t->list[i];
        double rare = rarity(use->stories, in_all);
        use->weight = rare > 0 ? (1.0 + log(use->use)) * rare : 0.0;
    }
    if (t->count > 0) /* of none there is no list */
        qsort(t->list, t->count, sizeof(*t->list), by_weight);
    size_t shared = 0, fresh = 0;
    double squares = 0.0;
    t->telling = 0;
    for (size_t i = 0; i < t->count && t->list[i].weight > 0; i++) {
        bool is_fresh = t->list[i].stories <= 1;
        if (is_fresh ? fresh == RELATED_FRESH : shared == RELATED_TERMS)
            continue;
        fresh += is_fresh;
        shared += !is_fresh;
        squares += t->list[i].weight * t->list[i].weight;
        struct term_use kept = t->list[i];
        t->list[i] = t->list[t->telling];
        t->list[t->telling++] = kept;
    }
    for (size_t i = 0; i < t->telling; i++)
        t->list[i].weight /= sqrt(squares);
}

int fingerprint_distance(int64_t a, int64_t b)
{
    if (a == 0 || b == 0)
        return FINGERPRINT_BITS;
    return __builtin_popcountll((uint64_t)a ^ (uint64_t)b);
}
