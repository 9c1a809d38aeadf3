/* fuzz_h1_head.c - a head of any role; the first byte picks the role, the second the cut. */
#include "core/http/h1_head.h"
#include "fuzz.h"

#include <string.h>

#define MAX_BYTES  2048
#define MAX_FIELDS 40

static void check_span(struct wh_span span, size_t size)
{
    FUZZ_CHECK(span.at <= size && span.len <= size - span.at);
}

static void check_head(const struct wh_head *head, const uint8_t *in, size_t len)
{
    struct wh_str line;
    size_t at = head->block.at;
    size_t lines = 0;

    FUZZ_CHECK(head->size <= len && head->size <= MAX_BYTES && head->count <= MAX_FIELDS);
    FUZZ_CHECK(head->block.at + (size_t)head->block.len == head->size);
    FUZZ_CHECK(in[head->size - 1] == '\n');
    for (size_t i = 0; i < head->count; i++) {
        const struct wh_field *field = wh_head_field(head, i);
        struct wh_str name = wh_head_str(in, field->name);
        struct wh_str value = wh_head_str(in, field->value);

        check_span(field->name, head->size);
        check_span(field->value, head->size);
        FUZZ_CHECK(wh_token_is_valid(name.data, name.len));
        FUZZ_CHECK(!memchr(value.data, '\r', value.len) && !memchr(value.data, '\n', value.len) &&
                   !memchr(value.data, '\0', value.len));
        FUZZ_CHECK(wh_head_find(head, in, name.data, name.len, 0) <= field);
    }
    while (wh_head_next_line(head, in, &at, &line))
        lines++;
    FUZZ_CHECK(lines == head->count + (head->role != WH_HEAD_TRAILERS));
    wh_head_keeps_alive(head, in, true);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (size < 2)
        return 0;

    enum wh_head_role role = (enum wh_head_role)(data[0] % 3);
    size_t len = size - 2;
    size_t cut = len ? data[1] % len : 0;
    uint8_t *whole = malloc(len + 1);
    uint8_t *pieces = malloc(len + 1);
    struct wh_head head;
    struct wh_head again;

    memcpy(whole, data + 2, len);
    memcpy(pieces, data + 2, len);
    wh_head_init(&head, role, MAX_BYTES, MAX_FIELDS);
    wh_head_init(&again, role, MAX_BYTES, MAX_FIELDS);

    enum wh_parse result = wh_head_parse(&head, whole, len);
    enum wh_parse other = wh_head_parse(&again, pieces, cut);

    while (other == WH_PARSE_MORE && cut < len)
        other = wh_head_parse(&again, pieces, ++cut);
    FUZZ_CHECK(result == other && head.err == again.err && head.size == again.size);
    if (result == WH_PARSE_DONE) {
        FUZZ_CHECK(memcmp(whole, pieces, head.size) == 0 && head.count == again.count);
        check_head(&head, whole, len);
    }
    FUZZ_CHECK(result != WH_PARSE_MORE || len < MAX_BYTES);
    wh_head_free(&head);
    wh_head_free(&again);
    free(whole);
    free(pieces);
    return 0;
}
