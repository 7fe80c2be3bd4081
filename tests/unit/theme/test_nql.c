// SPDX-License-Identifier: MIT
#include "base/arena.h"
#include "base/buf.h"
#include "tests/check.h"
#include "theme/nql.h"

/* A story with slug "rain", featured, tags news and wharf, number 5, title "Rain at three". */
static bool field(const void *record, str name, size_t i, struct nql_value *ret)
{
    static const str tags[] = {STR_INIT("news"), STR_INIT("wharf")};
    (void)record;
    if (str_eq(name, S("tag")) || str_eq(name, S("tags"))) {
        if (i >= 2)
            return false;
        *ret = nql_text(tags[i]);
        return true;
    }
    if (i > 0)
        return false;
    if (str_eq(name, S("slug")))
        *ret = nql_text(S("rain"));
    else if (str_eq(name, S("title")))
        *ret = nql_text(S("Rain at three"));
    else if (str_eq(name, S("year")))
        *ret = nql_text(S("2024"));
    else if (str_eq(name, S("featured")))
        *ret = nql_bool(true);
    else if (str_eq(name, S("number")))
        *ret = nql_number(5);
    else if (str_eq(name, S("published_at")))
        *ret = nql_time(TIME_DAY * 100);
    else
        return false;
    return true;
}

static const struct {
    str text;
    bool parses, matches;
} cases[] = {
    {S("slug:rain"), true, true},
    {S("slug:-rain"), true, false},
    {S("slug:[a,rain]"), true, true},
    {S("slug:-[a,b]"), true, true},
    {S("tag:news"), true, true},
    {S("tag:news+tag:wharf"), true, true},
    {S("tag:-news"), true, false},
    {S("tag:-sport"), true, true},
    {S("tags:[news+wharf]"), true, true},
    {S("tags:[news+sport]"), true, false},
    {S("tags:[a,b]"), true, false},
    {S("slug:x,tag:news+featured:true"), true, true},
    {S("slug:x,tag:news+featured:false"), true, false},
    {S("(slug:x,tag:news)+featured:TRUE"), true, true},
    {S("number:5"), true, true},
    {S("number:>=5"), true, true},
    {S("number:>5"), true, false},
    {S("number:<6+number:<=5"), true, true},
    {S("year:2024"), true, true},
    {S("title:~'AT'"), true, true},
    {S("title:~^'rain'"), true, true},
    {S("title:~$'three'"), true, true},
    {S("title:-~'wind'"), true, true},
    {S("title:'Rain at three'"), true, true},
    {S("missing:null"), true, true},
    {S("missing:-null"), true, false},
    {S("slug:null"), true, false},
    {S("slug:-null"), true, true},
    {S("published_at:>'1970-01-02'"), true, true},
    {S("published_at:<1970-01-02"), true, false},
    {S("published_at:>now-30d"), true, true}, /* now is day 120 */
    {S("published_at:>now-10d"), true, false},
    {S(" slug : rain"), false, false},
    {S("slug:rain + tag:news , slug:x"), true, true},
    {S("slug:2019-review"), true, false},
    {S("slug:a\\,b"), true, false},
    {S("slug:'it\\'s'"), true, false},
    {S("id:-"), false, false},
    {S("tags:[]"), false, false},
    {S(""), false, false},
    {S("slug"), false, false},
    {S("slug:"), false, false},
    {S("slug:a+"), false, false},
    {S("(slug:a"), false, false},
    {S("slug:a)"), false, false},
    {S("slug:[a+b,c]"), false, false},
    {S("slug:-[a+b]"), false, false},
    {S("slug:'open"), false, false},
    {S("slug:->5"), false, false},
    {S("((((((((((((((((((slug:a))))))))))))))))))"), false, false},
};

static void test_types(struct arena *arena, struct error *err)
{
    static const struct {
        str text;
        enum nql_type type;
    } typed[] = {
        {S("a:2019-review"), NQL_TEXT}, {S("a:123"), NQL_NUMBER},     {S("a:1.5"), NQL_NUMBER},
        {S("a:True"), NQL_BOOL},        {S("a:NULL"), NQL_NULL},      {S("a:now-3d"), NQL_TIME},
        {S("a:nowhere"), NQL_TEXT},     {S("a:now-3days"), NQL_TEXT},
    };
    for (size_t i = 0; i < sizeof(typed) / sizeof(typed[0]); i++) {
        struct nql *filter = NULL;
        EXPECT_ST(nql_parse(arena, typed[i].text, 0, &filter, err), ST_OK, err);
        EXPECT_INT(filter->values[0].type, typed[i].type);
    }
}

static void test_limits(struct arena *arena, struct error *err)
{
    struct buf b;
    buf_init(&b, arena, NQL_BYTES_MAX + 100);
    for (int i = 0; i < NQL_CLAUSES_MAX + 1; i++)
        buf_add(&b, i == 0 ? S("a:1") : S(",a:1"));
    struct nql *filter;
    EXPECT_ST(nql_parse(arena, buf_view(&b), 0, &filter, err), ST_TOO_BIG, err);
    buf_truncate(&b, 0);
    buf_add(&b, S("a:[1"));
    for (int i = 0; i < NQL_VALUES_MAX; i++)
        buf_add(&b, S(",1"));
    buf_add(&b, S("]"));
    EXPECT_ST(nql_parse(arena, buf_view(&b), 0, &filter, err), ST_TOO_BIG, err);
}

int main(void)
{
    AUTO(arena_freep) struct arena *arena = arena_new(ARENA_SMALL);
    struct error err = ERROR_INIT;
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        struct nql *filter;
        enum status st = nql_parse(arena, cases[i].text, 120 * TIME_DAY, &filter, &err);
        test_count((st == ST_OK) == cases[i].parses &&
                       (st != ST_OK || nql_matches(filter, field, NULL) == cases[i].matches),
                   __FILE__, __LINE__, cases[i].text.ptr);
    }
    test_types(arena, &err);
    test_limits(arena, &err);
    return test_done();
}
