/* fuzz_headers.c - blocks of headers, separated by NUL, each preceded by a byte that says how. What
 * comes out must be a head that our own parser reads back line for line. */
#include "core/http/h1_head.h"
#include "core/http/headers.h"
#include "fuzz.h"

#include <string.h>

static void check_read_back(const struct wh_headers *headers)
{
    struct wh_str lines = wh_headers_lines(headers);
    uint8_t *wire = malloc(lines.len + 2);
    struct wh_head head;

    if (lines.len)
        memcpy(wire, lines.data, lines.len);
    memcpy(wire + lines.len, "\r\n", 2);
    wh_head_init(&head, WH_HEAD_TRAILERS, 1 << 20, 65535);
    FUZZ_CHECK(wh_head_parse(&head, wire, lines.len + 2) == WH_PARSE_DONE);
    FUZZ_CHECK(head.size == lines.len + 2 && head.count == wh_headers_count(headers));
    for (size_t i = 0; i < head.count; i++) {
        struct wh_str name = wh_headers_name(headers, i);
        struct wh_str value = wh_headers_value(headers, i);
        const struct wh_field *field = wh_head_field(&head, i);

        FUZZ_CHECK(field->name.len == name.len && field->value.len == value.len);
        FUZZ_CHECK(memcmp(wire + field->name.at, name.data, name.len) == 0);
        FUZZ_CHECK(memcmp(wire + field->value.at, value.data, value.len) == 0);
    }
    wh_head_free(&head);
    free(wire);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct wh_headers headers;

    wh_headers_init(&headers);
    while (size) {
        unsigned how = data[0];
        const uint8_t *nul = memchr(data + 1, '\0', size - 1);
        size_t len = nul ? (size_t)(nul - data) - 1 : size - 1;

        wh_headers_set_block(&headers, (const char *)data + 1, len, how & 31);
        if (how & 0x80 && wh_headers_count(&headers))
            wh_headers_remove(&headers, how % wh_headers_count(&headers));
        data += nul ? len + 2 : size;
        size -= nul ? len + 2 : size;
    }
    check_read_back(&headers);
    wh_headers_free(&headers);
    return 0;
}
