/* h1_head.c - see h1_head.h.
 *
 * The unit of work is a line. Its end is looked for once, from `scanned` on; when it is there the
 * line is taken apart in one pass. A field line is complete only when the first byte of the next
 * line is there, too: a blank means that the line goes on (folding).
 *
 * Everything past `max_bytes` is treated as not there, and a head that would need it is too large.
 * So the verdict is the same whether the bytes come at once or one by one.
 */
#include "core/http/h1_head.h"

#include "core/base/alloc.h"
#include "core/base/scan.h"

#include <string.h>

enum head_state {
    HEAD_FIRST_LINE, /* waiting for the status line or request line */
    HEAD_FIELDS,     /* waiting for a field line or the empty line  */
    HEAD_DONE,
    HEAD_BAD,
};

#define VERSION_LEN 8 /* HTTP/1.1 */

void wh_head_init(struct wh_head *head, enum wh_head_role role, size_t max_bytes,
                  uint32_t max_fields)
{
    head->heap = NULL;
    head->room = WH_HEAD_INLINE;
    head->role = (uint8_t)role;
    wh_head_limit(head, max_bytes);
    head->max_fields = max_fields < UINT16_MAX ? max_fields : UINT16_MAX;
    wh_head_reset(head);
}

void wh_head_reset(struct wh_head *head)
{
    head->size = 0;
    head->block = (struct wh_span){0, 0};
    head->version = 0;
    head->status = 0;
    head->reason = head->method = head->target = (struct wh_span){0, 0};
    head->err = WH_OK;
    head->why = NULL;
    head->count = 0;
    memset(head->present, 0, sizeof(head->present));
    head->state = head->role == WH_HEAD_TRAILERS ? HEAD_FIELDS : HEAD_FIRST_LINE;
    head->blank_lines = 0;
    head->line_at = 0;
    head->scanned = 0;
}

void wh_head_limit(struct wh_head *head, size_t max_bytes)
{
    head->max_bytes = max_bytes < WH_HEAD_MAX_BYTES ? max_bytes : WH_HEAD_MAX_BYTES;
}

void wh_head_free(struct wh_head *head)
{
    wh_free(head->heap);
    head->heap = NULL;
    head->room = WH_HEAD_INLINE;
    wh_head_reset(head);
}

static enum wh_parse fail(struct wh_head *head, enum wh_err err, const char *why)
{
    head->state = HEAD_BAD;
    head->err = err;
    head->why = why;
    return WH_PARSE_BAD;
}

static enum wh_parse refuse(struct wh_head *head, const char *why)
{
    return fail(head, WH_E_INVALID_RESPONSE, why);
}

static struct wh_span span(size_t from, size_t to)
{
    return (struct wh_span){(uint32_t)from, (uint32_t)(to - from)};
}

static bool is_digit(uint8_t c)
{
    return c >= '0' && c <= '9';
}

static bool is_blank(uint8_t c)
{
    return c <= ' ' && (c == ' ' || c == '\t');
}

/* Where, from `at` on, is the first byte that ends a line or may be nowhere: LF, CR, NUL? `limit` if
 * there is none. One look at each byte finds the line's end and proves the line clean. */
static size_t find_break(const uint8_t *in, size_t at, size_t limit)
{
    for (;;) {
        at = wh_scan_up_to(in, at, limit, '\r');
        if (at == limit || in[at] == '\r' || in[at] == '\n' || in[at] == '\0')
            return at;
        at++; /* HTAB, or a control character that RFC 9110, section 5.5 lets us keep */
    }
}

/* The version in VERSION_LEN bytes; 0 if it is none of HTTP/1.x. */
static uint16_t version_of(const uint8_t *text)
{
    if (memcmp(text, "HTTP/1.", VERSION_LEN - 1) != 0 || !is_digit(text[VERSION_LEN - 1]))
        return 0;
    return text[VERSION_LEN - 1] == '0' ? 10 : 11;
}

/* --- first lines --------------------------------------------------------------------------- */

/* "HTTP/1.1 200 reason"; RFC 9112, section 4. */
static enum wh_parse status_line(struct wh_head *head, const uint8_t *in, size_t at, size_t end)
{
    const uint8_t *line = in + at;
    size_t len = end - at;
    const uint8_t *code = line + VERSION_LEN + 1;

    head->version = len >= VERSION_LEN ? version_of(line) : 0;
    if (!head->version)
        return refuse(head, "the status line's version is not HTTP/1.x");
    if (len < VERSION_LEN + 4 || line[VERSION_LEN] != ' ' || !is_digit(code[0]) ||
        !is_digit(code[1]) || !is_digit(code[2]) || code[0] == '0')
        return refuse(head, "the status is not a number of three digits");
    if (len > VERSION_LEN + 4 && line[VERSION_LEN + 4] != ' ')
        return refuse(head, "the status is not followed by a blank");
    head->status = (uint16_t)((code[0] - '0') * 100 + (code[1] - '0') * 10 + (code[2] - '0'));
    head->reason = len > VERSION_LEN + 5 ? span(at + VERSION_LEN + 5, end) : span(end, end);
    return WH_PARSE_MORE;
}

/* "GET /path HTTP/1.1"; RFC 9112, section 3. One blank between the parts, and no other. */
static enum wh_parse request_line(struct wh_head *head, const uint8_t *in, size_t at, size_t end)
{
    size_t method = wh_token_span((const char *)in + at, end - at);
    size_t target = at + method + 1;
    size_t to = target;

    if (!method || at + method >= end || in[at + method] != ' ')
        return refuse(head, "the method is not a token and a blank");
    while (to < end && in[to] > ' ' && in[to] != 0x7f)
        to++;
    if (to == target || end - to != VERSION_LEN + 1 || in[to] != ' ')
        return refuse(head, "the request line is not made of three parts");
    head->version = version_of(in + to + 1);
    if (!head->version)
        return refuse(head, "the request line's version is not HTTP/1.x");
    head->method = span(at, at + method);
    head->target = span(target, to);
    return WH_PARSE_MORE;
}

/* The line [line_at, end) without its end, `next` is where the following one begins. */
static enum wh_parse first_line(struct wh_head *head, const uint8_t *in, size_t end, size_t next)
{
    size_t at = head->line_at;
    enum wh_parse result;

    if (at == end) {
        if (++head->blank_lines > WH_HEAD_MAX_BLANK_LINES)
            return refuse(head, "too many empty lines before the first line");
        head->line_at = next;
        return WH_PARSE_MORE;
    }
    result = head->role == WH_HEAD_REQUEST ? request_line(head, in, at, end)
                                           : status_line(head, in, at, end);
    head->block.at = (uint32_t)at;
    head->line_at = next;
    if (result == WH_PARSE_MORE)
        head->state = HEAD_FIELDS;
    return result;
}

/* Can what is there of the first line still become one? A peer that speaks something else (TLS,
 * HTTP/2) may never send a line's end, and should not keep us waiting for it. */
static bool may_begin(const struct wh_head *head, const uint8_t *in, size_t len)
{
    static const char prefix[] = "HTTP/1.";
    const uint8_t *line = in + head->line_at;
    size_t have = len - head->line_at;

    if (!have || line[0] == '\r')
        return true;
    if (head->role == WH_HEAD_REQUEST)
        return wh_token_span((const char *)line, 1) == 1;
    return memcmp(line, prefix, have < sizeof(prefix) - 1 ? have : sizeof(prefix) - 1) == 0;
}

/* --- fields -------------------------------------------------------------------------------- */

static bool make_room(struct wh_head *head)
{
    uint32_t room = head->room * 2;
    struct wh_field *heap;

    if (head->count < head->room)
        return true;
    heap = wh_realloc(head->heap, room * sizeof(*heap));
    if (!heap)
        return false;
    if (!head->heap)
        memcpy(heap, head->few, sizeof(head->few));
    head->heap = heap;
    head->room = room;
    return true;
}

/* A place in the table for the next field; NULL: refused. */
static struct wh_field *next_field(struct wh_head *head)
{
    if (head->count >= head->max_fields)
        fail(head, WH_E_HEADERS_TOO_MANY, "too many fields");
    else if (!make_room(head))
        fail(head, WH_E_NO_MEMORY, "no memory for the field table");
    else
        return (head->heap ? head->heap : head->few) + head->count;
    return NULL;
}

/* The field in that place is complete. */
static void count_field(struct wh_head *head, enum wh_field_id id)
{
    if (id != WH_FIELD_OTHER && !wh_head_has(head, id)) {
        head->present[id / 64] |= UINT64_C(1) << (id % 64);
        head->first[id] = (uint16_t)head->count;
    }
    head->count++;
}

/* The colon behind the name at [at, end), and the name's end; `end` if there is none. A known name
 * needs no look at its bytes. */
static size_t field_name(const struct wh_head *head, const uint8_t *in, size_t at, size_t end,
                         struct wh_field *field)
{
    size_t colon = wh_scan_for(in, at, end, ':');
    size_t name_end = colon;

    field->id = wh_field_find((const char *)in + at, colon - at);
    if (field->id == WH_FIELD_OTHER) {
        name_end = at + wh_token_span((const char *)in + at, colon - at);
        field->id = name_end == colon ? WH_FIELD_OTHER
                                      : wh_field_find((const char *)in + at, name_end - at);
    }
    field->name = span(at, name_end);
    while (head->role != WH_HEAD_REQUEST && name_end < colon && is_blank(in[name_end]))
        name_end++;
    return name_end == colon ? colon : end;
}

/* "name: value" in [at, end); RFC 9112, section 5. */
static enum wh_parse field_line(struct wh_head *head, const uint8_t *in, size_t at, size_t end)
{
    struct wh_field *field = next_field(head);
    size_t colon;

    if (!field)
        return WH_PARSE_BAD;
    colon = field_name(head, in, at, end, field);
    if (!field->name.len)
        return refuse(head, "a field line does not begin with a name");
    if (colon == end)
        return refuse(head, "a field name is not followed by a colon");
    at = colon + 1;
    if (at < end && in[at] == ' ') /* nearly always this one and no other */
        at++;
    while (at < end && is_blank(in[at]))
        at++;
    while (end > at && is_blank(in[end - 1]))
        end--;
    field->value = span(at, end);
    count_field(head, (enum wh_field_id)field->id);
    return WH_PARSE_MORE;
}

/* --- the loop ------------------------------------------------------------------------------ */

static enum wh_parse finish(struct wh_head *head, size_t size)
{
    head->size = size;
    head->block.len = (uint32_t)(size - head->block.at);
    head->state = HEAD_DONE;
    return WH_PARSE_DONE;
}

/* Nothing more can be done with `limit` bytes. */
static enum wh_parse starve(struct wh_head *head, const uint8_t *in, size_t limit)
{
    if (head->state == HEAD_FIRST_LINE && !may_begin(head, in, limit))
        return refuse(head, "this is not HTTP/1.x");
    if (limit == head->max_bytes)
        return fail(head, WH_E_HEADERS_TOO_LARGE, "the head is too large");
    return WH_PARSE_MORE;
}

/* A field line that ends at `lf`; `end` is the same without its CR. */
static enum wh_parse take_field_line(struct wh_head *head, uint8_t *in, size_t end, size_t lf,
                                     size_t limit)
{
    if (head->role == WH_HEAD_TRAILERS && end == lf)
        return refuse(head, "a trailer line ends without CR");
    if (end == head->line_at)
        return finish(head, lf + 1);
    if (lf + 1 == limit) { /* a folded line may follow: look at this end again */
        head->scanned = end;
        return starve(head, in, limit);
    }
    if (is_blank(in[lf + 1])) {
        if (head->role == WH_HEAD_REQUEST)
            return refuse(head, "a folded line in a request");
        memset(in + end, ' ', lf + 1 - end);
        return WH_PARSE_MORE;
    }
    size_t at = head->line_at;

    head->line_at = lf + 1;
    return field_line(head, in, at, end);
}

enum wh_parse wh_head_parse(struct wh_head *head, uint8_t *in, size_t len)
{
    size_t limit = len < head->max_bytes ? len : head->max_bytes;
    enum wh_parse result = WH_PARSE_MORE;

    if (head->state >= HEAD_DONE)
        return head->state == HEAD_DONE ? WH_PARSE_DONE : WH_PARSE_BAD;
    while (result == WH_PARSE_MORE) {
        size_t end = find_break(in, head->scanned, limit), lf = end;

        if (end < limit && in[end] == '\r')
            lf++;
        if (lf >= limit) {
            head->scanned = end;
            return starve(head, in, limit);
        }
        if (in[lf] != '\n')
            return refuse(head, in[end] ? "a CR that ends no line" : "a NUL");
        head->scanned = lf + 1;
        result = head->state == HEAD_FIRST_LINE ? first_line(head, in, end, lf + 1)
                                                : take_field_line(head, in, end, lf, limit);
        if (head->scanned == end)
            return result;
    }
    return result;
}

/* --- lookups ------------------------------------------------------------------------------- */

const struct wh_field *wh_head_find_id(const struct wh_head *head, enum wh_field_id id, size_t nth)
{
    if (!wh_head_has(head, id))
        return NULL;
    for (size_t i = head->first[id]; i < head->count; i++)
        if (wh_head_field(head, i)->id == id && nth-- == 0)
            return wh_head_field(head, i);
    return NULL;
}

const struct wh_field *wh_head_find(const struct wh_head *head, const uint8_t *base,
                                    const char *name, size_t len, size_t nth)
{
    enum wh_field_id id = wh_field_find(name, len);

    if (id != WH_FIELD_OTHER)
        return wh_head_find_id(head, id, nth);
    for (size_t i = 0; i < head->count; i++) {
        const struct wh_field *field = wh_head_field(head, i);

        if (field->id == WH_FIELD_OTHER && field->name.len == len &&
            wh_ascii_equal((const char *)base + field->name.at, len, name, len) && nth-- == 0)
            return field;
    }
    return NULL;
}

bool wh_head_get(const struct wh_head *head, const uint8_t *base, enum wh_field_id id,
                 struct wh_str *value)
{
    if (!wh_head_has(head, id))
        return false;
    *value = wh_head_str(base, wh_head_field(head, head->first[id])->value);
    return true;
}

bool wh_head_number(const struct wh_head *head, const uint8_t *base, enum wh_field_id id,
                    uint64_t *number)
{
    struct wh_str value;

    return wh_head_get(head, base, id, &value) && wh_u64_parse(value.data, value.len, number);
}

bool wh_head_list_has(const struct wh_head *head, const uint8_t *base, enum wh_field_id id,
                      const char *member)
{
    size_t member_len = strlen(member);

    if (!wh_head_has(head, id))
        return false;
    for (size_t i = head->first[id]; i < head->count; i++) {
        const struct wh_field *field = wh_head_field(head, i);
        struct wh_str value = wh_head_str(base, field->value);

        if (field->id == id && wh_list_has(value.data, value.len, member, member_len))
            return true;
    }
    return false;
}

static bool connection_says(const struct wh_head *head, const uint8_t *base, bool from_proxy,
                            const char *what)
{
    return wh_head_list_has(head, base, WH_FIELD_CONNECTION, what) ||
           (from_proxy && wh_head_list_has(head, base, WH_FIELD_PROXY_CONNECTION, what));
}

bool wh_head_keeps_alive(const struct wh_head *head, const uint8_t *base, bool from_proxy)
{
    if (connection_says(head, base, from_proxy, "close"))
        return false;
    return head->version >= 11 || connection_says(head, base, from_proxy, "keep-alive");
}

bool wh_head_next_line(const struct wh_head *head, const uint8_t *base, size_t *at,
                       struct wh_str *line)
{
    size_t stop = head->block.at + (size_t)head->block.len;
    const uint8_t *lf = *at < stop ? memchr(base + *at, '\n', stop - *at) : NULL;
    size_t end = lf ? (size_t)(lf - base) : *at;

    if (!lf)
        return false;
    *line = (struct wh_str){(const char *)base + *at, end - *at};
    *at = end + 1;
    if (line->len && line->data[line->len - 1] == '\r')
        line->len--;
    return line->len > 0;
}
