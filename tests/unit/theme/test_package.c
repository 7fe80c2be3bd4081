// SPDX-License-Identifier: MIT
#include "base/arena.h"
#include "tests/check.h"
#include "theme/package.h"

static const str full = S(
    "{\"name\": \"wharf\", \"version\": \"1.2.3\", \"author\": {\"name\": \"Ada\"},"
    "\"config\": {\"posts_per_page\": 12,"
    "  \"image_sizes\": {\"s\": {\"width\": 320}, \"sq\": {\"width\": 80, \"height\": 80}, \"bad\": {}},"
    "  \"card_assets\": false,"
    "  \"custom\": {"
    "    \"scheme\": {\"type\": \"select\", \"options\": [\"Light\", \"Dark\"], \"default\": \"Dark\","
    "                 \"group\": \"homepage\", \"visibility\": \"show:true\"},"
    "    \"show\": {\"type\": \"boolean\", \"default\": true},"
    "    \"Bad-Key\": {\"type\": \"text\"},"
    "    \"odd\": {\"type\": \"sound\"}}}}");

int main(void)
{
    AUTO(arena_freep) struct arena *arena = arena_new(ARENA_SMALL);
    struct error err = ERROR_INIT;
    struct package *package = NULL;
    EXPECT_ST(package_read(arena, full, &package, &err), ST_OK, &err);
    EXPECT_STR(package->name, S("wharf"));
    EXPECT_STR(package->author, S("Ada"));
    EXPECT_INT(package->posts_per_page, 12);
    EXPECT(!package->card_assets);
    EXPECT_INT(package->image_sizes_count, 2);
    EXPECT_INT(package_image_size(package, S("sq"))->height, 80);
    EXPECT(package_image_size(package, S("bad")) == NULL);
    EXPECT_INT(package->custom_count, 2);
    const struct package_custom *scheme = package_custom(package, S("scheme"));
    EXPECT(scheme != NULL);
    EXPECT_STR(scheme->value, S("Dark"));
    EXPECT_INT(scheme->options_count, 2);
    EXPECT_STR(scheme->visibility, S("show:true"));
    EXPECT_STR(package_custom(package, S("show"))->value, S("true"));

    EXPECT_ST(package_read(arena, S("{}"), &package, &err), ST_OK, &err);
    EXPECT_INT(package->posts_per_page, 0);
    EXPECT(package->card_assets);
    EXPECT_ST(package_read(arena, S("{\"config\": {\"posts_per_page\": 9999}}"), &package, &err),
              ST_OK, &err);
    EXPECT_INT(package->posts_per_page, PACKAGE_POSTS_PER_PAGE_MAX);
    EXPECT_ST(package_read(arena, S("{\n\"a\": }"), &package, &err), ST_INVALID, &err);
    EXPECT(str_starts(str_from_c(err.text), S("package.json:2:")));
    EXPECT_ST(package_read(arena, S("[1]"), &package, &err), ST_INVALID, &err);
    return test_done();
}
