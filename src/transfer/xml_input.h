/* transfer/xml_input.h -- what stands in export files and is not XML, made so.
 *
 *     struct xml_input in;
 *     xml_input_init(&in, fd, S("export.xml"));
 *     while ((st = xml_input_next(&in, &piece, err)) == ST_OK && piece.len > 0)
 *         parse(piece);
 *
 * Sites put a byte-order mark, warnings of PHP, or blank lines before the XML: what stands before
 * "<?xml" or "<rss" is passed over (`skipped` bytes, `lines_before` of them lines). Control bytes, bytes
 * that are not UTF-8, U+FFFE and U+FFFF, and references to such characters ("&#0;") become U+FFFD
 * and are counted. An "&" outside CDATA that begins no reference (addresses in old exports have such) becomes
 * "&amp;". A file in UTF-16, or one that names another encoding, is left to the parser,
 * less its control bytes.
 *
 * Inside transfer/ only. Memory: two buffers of fixed size, in the struct. Threads: one at a time. */
#pragma once
#include "base/str.h"

enum {
    XML_PIECE_BYTES = 64 * 1024,
    XML_JUNK_BYTES_MAX = 64 * 1024, /* before the XML begins */
    XML_CARRY_MAX = 16,             /* a character or reference cut by the end of a piece */
};

struct xml_input {
    int fd;
    str name;
    size_t skipped, lines_before;
    size_t mended, bare; /* characters, and "&" that began nothing */
    bool cdata;          /* what was given so far ends within one */
    size_t match;        /* bytes of "<![CDATA[", or of "]]>" within one, that it ends in */
    bool started, ended;
    bool other_encoding; /* only control bytes are looked at */
    bool untouched;      /* UTF-16 */
    size_t raw_len;
    char raw[XML_PIECE_BYTES + XML_CARRY_MAX];
    char clean[5 * (XML_PIECE_BYTES + XML_CARRY_MAX)];
};

void xml_input_init(struct xml_input *in, int fd, str name);
/* An empty piece is the end. ST_IO. */
MUST_USE enum status xml_input_next(struct xml_input *in, str *ret_piece, struct error *err);
