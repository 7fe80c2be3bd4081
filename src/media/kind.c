/* SPDX-License-Identifier: MIT
 *
 * One table says what there is to say of each kind; below it is one function a family that looks at the first bytes. Each asks for more
 * than a magic number where a magic number is short: two frames in a row for an MP3, the brands of a
 * film, the document type of EBML, the root element of an SVG. */
#include "media/kind.h"

enum { SNIFF_BRANDS_MAX = 32 };

#define POLICY "default-src 'none'; style-src 'unsafe-inline'; img-src data:; sandbox"
#define POLICY_PDF                                                                                 \
    "default-src 'none'; style-src 'unsafe-inline'; object-src 'self'; frame-ancestors 'self'"

static const struct {
    str type, ending, name;
    int64_t bytes_max;
    bool raster;
} kinds[MEDIA_KINDS] = {
    [MEDIA_UNKNOWN] = {STR_INIT("application/octet-stream"), STR_INIT(""), STR_INIT("file"), 0,
                       false},
    [MEDIA_JPEG] = {STR_INIT("image/jpeg"), STR_INIT("jpg"), STR_INIT("JPEG"),
                    MEDIA_RASTER_BYTES_MAX, true},
    [MEDIA_PNG] = {STR_INIT("image/png"), STR_INIT("png"), STR_INIT("PNG"), MEDIA_RASTER_BYTES_MAX,
                   true},
    [MEDIA_GIF] = {STR_INIT("image/gif"), STR_INIT("gif"), STR_INIT("GIF"), MEDIA_RASTER_BYTES_MAX,
                   true},
    [MEDIA_WEBP] = {STR_INIT("image/webp"), STR_INIT("webp"), STR_INIT("WebP"),
                    MEDIA_RASTER_BYTES_MAX, true},
    [MEDIA_AVIF] = {STR_INIT("image/avif"), STR_INIT("avif"), STR_INIT("AVIF"),
                    MEDIA_RASTER_BYTES_MAX, true},
    [MEDIA_HEIC] = {STR_INIT("image/heic"), STR_INIT("heic"), STR_INIT("HEIC"),
                    MEDIA_RASTER_BYTES_MAX, true},
    [MEDIA_SVG] = {STR_INIT("image/svg+xml"), STR_INIT("svg"), STR_INIT("SVG"), MEDIA_SVG_BYTES_MAX,
                   false},
    [MEDIA_PDF] = {STR_INIT("application/pdf"), STR_INIT("pdf"), STR_INIT("PDF"),
                   MEDIA_PDF_BYTES_MAX, false},
    [MEDIA_MP3] = {STR_INIT("audio/mpeg"), STR_INIT("mp3"), STR_INIT("MP3"), MEDIA_SOUND_BYTES_MAX,
                   false},
    [MEDIA_MP4] = {STR_INIT("video/mp4"), STR_INIT("mp4"), STR_INIT("MP4"), MEDIA_FILM_BYTES_MAX,
                   false},
    [MEDIA_M4A] = {STR_INIT("audio/mp4"), STR_INIT("m4a"), STR_INIT("M4A"), MEDIA_SOUND_BYTES_MAX,
                   false},
    [MEDIA_WEBM] = {STR_INIT("video/webm"), STR_INIT("webm"), STR_INIT("WebM"),
                    MEDIA_FILM_BYTES_MAX, false},
    [MEDIA_OGG] = {STR_INIT("audio/ogg"), STR_INIT("ogg"), STR_INIT("Ogg"), MEDIA_SOUND_BYTES_MAX,
                   false},
    [MEDIA_WAV] = {STR_INIT("audio/wav"), STR_INIT("wav"), STR_INIT("WAV"), MEDIA_SOUND_BYTES_MAX,
                   false},
};

/* Other spellings of an ending or a type that the world uses. */
static const struct {
    str word;
    enum media_kind kind;
} endings[] =
    {
        {STR_INIT("jpeg"), MEDIA_JPEG}, {STR_INIT("jpe"), MEDIA_JPEG},
        {STR_INIT("jfif"), MEDIA_JPEG}, {STR_INIT("heif"), MEDIA_HEIC},
        {STR_INIT("m4v"), MEDIA_MP4},   {STR_INIT("mov"), MEDIA_MP4},
        {STR_INIT("m4b"), MEDIA_M4A},   {STR_INIT("oga"), MEDIA_OGG},
        {STR_INIT("ogv"), MEDIA_OGG},   {STR_INIT("opus"), MEDIA_OGG},
},
  types[] = {
      {STR_INIT("image/jpg"), MEDIA_JPEG},      {STR_INIT("image/pjpeg"), MEDIA_JPEG},
      {STR_INIT("image/heif"), MEDIA_HEIC},     {STR_INIT("audio/mp3"), MEDIA_MP3},
      {STR_INIT("video/quicktime"), MEDIA_MP4}, {STR_INIT("audio/x-m4a"), MEDIA_M4A},
      {STR_INIT("audio/webm"), MEDIA_WEBM},     {STR_INIT("video/ogg"), MEDIA_OGG},
      {STR_INIT("application/ogg"), MEDIA_OGG}, {STR_INIT("audio/x-wav"), MEDIA_WAV},
      {STR_INIT("audio/wave"), MEDIA_WAV},
};

/* ---- what is said of a kind ---- */

str media_kind_type(enum media_kind kind)
{
    return kinds[kind].type;
}

str media_kind_ending(enum media_kind kind)
{
    return kinds[kind].ending;
}

str media_kind_name(enum media_kind kind)
{
    return kinds[kind].name;
}

int64_t media_kind_bytes_max(enum media_kind kind)
{
    return kinds[kind].bytes_max;
}

bool media_kind_is_raster(enum media_kind kind)
{
    return kinds[kind].raster;
}

bool media_kind_is_picture(enum media_kind kind)
{
    return kinds[kind].raster || kind == MEDIA_SVG;
}

enum media_kind media_kind_by_type(str content_type)
{
    str type = str_trim(str_cut(&content_type, ';'));
    for (size_t i = MEDIA_UNKNOWN + 1; i < MEDIA_KINDS; i++) {
        if (str_eq_nocase(type, kinds[i].type))
            return (enum media_kind)i;
    }
    for (size_t i = 0; i < ARRAY_LEN(types); i++) {
        if (str_eq_nocase(type, types[i].word))
            return types[i].kind;
    }
    return MEDIA_UNKNOWN;
}

enum media_kind media_kind_by_path(str path)
{
    size_t slash = str_rfind_char(path, '/');
    str name = slash == STR_NPOS ? path : str_from(path, slash + 1);
    size_t dot = str_rfind_char(name, '.');
    if (dot == STR_NPOS)
        return MEDIA_UNKNOWN;
    str ending = str_from(name, dot + 1);
    for (size_t i = MEDIA_UNKNOWN + 1; i < MEDIA_KINDS; i++) {
        if (str_eq_nocase(ending, kinds[i].ending))
            return (enum media_kind)i;
    }
    for (size_t i = 0; i < ARRAY_LEN(endings); i++) {
        if (str_eq_nocase(ending, endings[i].word))
            return endings[i].kind;
    }
    return MEDIA_UNKNOWN;
}

str media_kind_policy(enum media_kind kind)
{
    return kind == MEDIA_PDF ? S(POLICY_PDF) : S(POLICY);
}

str media_kind_disposition(enum media_kind kind)
{
    if (kind == MEDIA_UNKNOWN)
        return S("attachment");
    return kind == MEDIA_PDF ? S("inline") : STR_NONE;
}

/* ---- telling ---- */

static uint32_t be32(str bytes, size_t at)
{
    const unsigned char *p = (const unsigned char *)bytes.ptr + at;
    return (uint32_t)p[0] << 24 | (uint32_t)p[1] << 16 | (uint32_t)p[2] << 8 | p[3];
}

static enum media_kind of_brand(str brand)
{
    static const struct {
        str brand;
        enum media_kind kind;
    } brands[] = {
        {STR_INIT("avif"), MEDIA_AVIF}, {STR_INIT("avis"), MEDIA_AVIF},
        {STR_INIT("heic"), MEDIA_HEIC}, {STR_INIT("heix"), MEDIA_HEIC},
        {STR_INIT("heim"), MEDIA_HEIC}, {STR_INIT("heis"), MEDIA_HEIC},
        {STR_INIT("hevc"), MEDIA_HEIC}, {STR_INIT("hevx"), MEDIA_HEIC},
        {STR_INIT("M4A "), MEDIA_M4A},  {STR_INIT("M4B "), MEDIA_M4A},
        {STR_INIT("isom"), MEDIA_MP4},  {STR_INIT("iso2"), MEDIA_MP4},
        {STR_INIT("iso3"), MEDIA_MP4},  {STR_INIT("iso4"), MEDIA_MP4},
        {STR_INIT("iso5"), MEDIA_MP4},  {STR_INIT("iso6"), MEDIA_MP4},
        {STR_INIT("mp41"), MEDIA_MP4},  {STR_INIT("mp42"), MEDIA_MP4},
        {STR_INIT("avc1"), MEDIA_MP4},  {STR_INIT("M4V "), MEDIA_MP4},
        {STR_INIT("M4VH"), MEDIA_MP4},  {STR_INIT("M4VP"), MEDIA_MP4},
        {STR_INIT("MSNV"), MEDIA_MP4},  {STR_INIT("XAVC"), MEDIA_MP4},
        {STR_INIT("dash"), MEDIA_MP4},  {STR_INIT("qt  "), MEDIA_MP4},
        {STR_INIT("3gp4"), MEDIA_MP4},  {STR_INIT("3gp5"), MEDIA_MP4},
        {STR_INIT("3gp6"), MEDIA_MP4},  {STR_INIT("3g2a"), MEDIA_MP4},
    };
    for (size_t i = 0; i < ARRAY_LEN(brands); i++) {
        if (str_eq(brand, brands[i].brand))
            return brands[i].kind;
    }
    return MEDIA_UNKNOWN;
}

/* The major brand decides; a general one ("mif1", "msf1", or one that nobody knows) leaves it to the others in
 * the list. */
static enum media_kind of_film(str s)
{
    if (s.len < 16 || !str_eq(str_sub(s, 4, 4), S("ftyp")))
        return MEDIA_UNKNOWN;
    size_t size = be32(s, 0);
    enum media_kind kind = of_brand(str_sub(s, 8, 4));
    for (size_t i = 0; kind == MEDIA_UNKNOWN && i < SNIFF_BRANDS_MAX; i++) {
        size_t at = 16 + 4 * i;
        if (at + 4 > size || at + 4 > s.len)
            break;
        kind = of_brand(str_sub(s, at, 4));
    }
    return kind;
}

/* The bytes of the MPEG layer III frame whose header this is; 0 when it is none. */
static size_t mp3_frame_bytes(uint32_t header)
{
    static const uint16_t kbits_1[16] = {0,   32,  40,  48,  56,  64,  80,  96,
                                         112, 128, 160, 192, 224, 256, 320, 0};
    static const uint16_t kbits_2[16] = {0,  8,  16, 24,  32,  40,  48,  56,
                                         64, 80, 96, 112, 128, 144, 160, 0};
    static const uint16_t hertz[4] = {44100, 48000, 32000, 0};
    unsigned version = header >> 19 & 3; /* 3: MPEG 1, 2: MPEG 2, 0: MPEG 2.5 */
    unsigned layer = header >> 17 & 3;
    unsigned rate = hertz[header >> 10 & 3];
    unsigned padding = header >> 9 & 1;
    if (header >> 21 != 0x7FF || version == 1 || layer != 1 || rate == 0)
        return 0;
    unsigned kbits = (version == 3 ? kbits_1 : kbits_2)[header >> 12 & 15];
    rate >>= version == 3 ? 0 : version == 2 ? 1 : 2;
    return kbits == 0 ? 0 : (version == 3 ? 144U : 72U) * kbits * 1000 / rate + padding;
}

/* With an ID3 tag before it, or two frames of one kind in a row: eleven set bits alone say nothing. */
static bool is_mp3(str s)
{
    if (s.len >= 10 && str_starts(s, S("ID3")))
        return (unsigned char)s.ptr[3] < 0xFF &&
               ((s.ptr[6] | s.ptr[7] | s.ptr[8] | s.ptr[9]) & 0x80) == 0;
    if (s.len < 4)
        return false;
    uint32_t first = be32(s, 0);
    size_t bytes = mp3_frame_bytes(first);
    if (bytes == 0 || bytes + 4 > s.len)
        return false;
    uint32_t second = be32(s, bytes);
    return mp3_frame_bytes(second) > 0 && (first ^ second) >> 17 == 0;
}

/* EBML is Matroska's too; "webm" is what browsers play. The header is small: its elements are walked. */
static bool is_webm(str s)
{
    static const str doc_type = STR_INIT("\x42\x82\x84webm");
    return str_starts(s, S("\x1A\x45\xDF\xA3")) && str_contains(str_sub(s, 0, 64), doc_type);
}

/* "<svg", after what may stand before a root element: white space, the declaration, comments, a DOCTYPE. */
static bool is_svg(str s)
{
    if (str_starts(s, S("\xEF\xBB\xBF")))
        s = str_from(s, 3);
    for (;;) {
        while (s.len > 0 && ascii_is_space(s.ptr[0]))
            s = str_from(s, 1);
        if (!str_starts(s, S("<?")) && !str_starts(s, S("<!")))
            break;
        bool comment = str_starts(s, S("<!--"));
        bool subset =
            !comment && str_find_char(str_sub(s, 0, str_find_char(s, '>')), '[') != STR_NPOS;
        str end = comment ? S("-->") : subset ? S("]>") : S(">");
        size_t at = str_find(s, end);
        if (at == STR_NPOS)
            return false;
        s = str_from(s, at + end.len);
    }
    if (s.len < 5 || s.ptr[0] != '<')
        return false;
    size_t n = 1;
    while (n < s.len && !ascii_is_space(s.ptr[n]) && s.ptr[n] != '>' && s.ptr[n] != '/')
        n++;
    str name = str_sub(s, 1, n - 1);
    size_t colon = str_find_char(name, ':');
    return str_eq(colon == STR_NPOS ? name : str_from(name, colon + 1), S("svg"));
}

enum media_kind media_kind_of(str s)
{
    static const struct {
        str magic;
        enum media_kind kind;
    } magics[] = {
        {STR_INIT("\xFF\xD8\xFF"), MEDIA_JPEG}, {STR_INIT("\x89PNG\r\n\x1a\n"), MEDIA_PNG},
        {STR_INIT("GIF87a"), MEDIA_GIF},        {STR_INIT("GIF89a"), MEDIA_GIF},
        {STR_INIT("%PDF-"), MEDIA_PDF},         {STR_INIT("OggS"), MEDIA_OGG},
    };
    s = str_sub(s, 0, MEDIA_KIND_BYTES);
    for (size_t i = 0; i < ARRAY_LEN(magics); i++) {
        if (str_starts(s, magics[i].magic))
            return magics[i].kind;
    }
    if (str_starts(s, S("RIFF"))) {
        str form = str_sub(s, 8, 4);
        return str_eq(form, S("WEBP"))   ? MEDIA_WEBP
               : str_eq(form, S("WAVE")) ? MEDIA_WAV
                                         : MEDIA_UNKNOWN;
    }
    if (is_webm(s))
        return MEDIA_WEBM;
    if (is_mp3(s))
        return MEDIA_MP3;
    return is_svg(s) ? MEDIA_SVG : of_film(s);
}
