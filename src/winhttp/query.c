/* query.c - see query.h.
 *
 *      level ----> attribute: a field (table below), a part of the status line, or all of it raw
 *            \---> modifiers: whose head (response, request, trailers), and as what it is wanted
 *
 * A request's head before sending is what the application gave so far; once sent, it is what went
 * out, and the fields that the engine added can be asked for, too. What the application added since
 * then wins, as that is what it will send next.
 */
#include "winhttp/query.h"

#include "core/http/date.h"

#include <string.h>

#define TYPE_MODIFIERS                                                                             \
    (WINHTTP_QUERY_FLAG_NUMBER | WINHTTP_QUERY_FLAG_NUMBER64 | WINHTTP_QUERY_FLAG_SYSTEMTIME)

/* The fields that have a number of their own. 0 (WH_FIELD_OTHER): the level is no field. */
#define FIELD(name) [WINHTTP_QUERY_##name] = WH_FIELD_##name
static const uint8_t field_of_level[WINHTTP_QUERY_MAX + 1] = {
    FIELD(MIME_VERSION),
    FIELD(CONTENT_TYPE),
    FIELD(CONTENT_TRANSFER_ENCODING),
    FIELD(CONTENT_ID),
    FIELD(CONTENT_DESCRIPTION),
    FIELD(CONTENT_LENGTH),
    FIELD(CONTENT_LANGUAGE),
    FIELD(ALLOW),
    FIELD(PUBLIC),
    FIELD(DATE),
    FIELD(EXPIRES),
    FIELD(LAST_MODIFIED),
    FIELD(MESSAGE_ID),
    FIELD(URI),
    FIELD(DERIVED_FROM),
    FIELD(COST),
    FIELD(LINK),
    FIELD(PRAGMA),
    FIELD(CONNECTION),
    FIELD(ACCEPT),
    FIELD(ACCEPT_CHARSET),
    FIELD(ACCEPT_ENCODING),
    FIELD(ACCEPT_LANGUAGE),
    FIELD(AUTHORIZATION),
    FIELD(CONTENT_ENCODING),
    FIELD(FORWARDED),
    FIELD(FROM),
    FIELD(IF_MODIFIED_SINCE),
    FIELD(LOCATION),
    FIELD(ORIG_URI),
    FIELD(REFERER),
    FIELD(RETRY_AFTER),
    FIELD(SERVER),
    FIELD(TITLE),
    FIELD(USER_AGENT),
    FIELD(WWW_AUTHENTICATE),
    FIELD(PROXY_AUTHENTICATE),
    FIELD(ACCEPT_RANGES),
    FIELD(SET_COOKIE),
    FIELD(COOKIE),
    FIELD(REFRESH),
    FIELD(CONTENT_DISPOSITION),
    FIELD(AGE),
    FIELD(CACHE_CONTROL),
    FIELD(CONTENT_BASE),
    FIELD(CONTENT_LOCATION),
    FIELD(CONTENT_MD5),
    FIELD(CONTENT_RANGE),
    FIELD(ETAG),
    FIELD(HOST),
    FIELD(IF_MATCH),
    FIELD(IF_NONE_MATCH),
    FIELD(IF_RANGE),
    FIELD(IF_UNMODIFIED_SINCE),
    FIELD(MAX_FORWARDS),
    FIELD(PROXY_AUTHORIZATION),
    FIELD(RANGE),
    FIELD(TRANSFER_ENCODING),
    FIELD(UPGRADE),
    FIELD(VARY),
    FIELD(VIA),
    FIELD(WARNING),
    FIELD(EXPECT),
    FIELD(PROXY_CONNECTION),
    FIELD(UNLESS_MODIFIED_SINCE),
    FIELD(PROXY_SUPPORT),
    FIELD(AUTHENTICATION_INFO),
    FIELD(PASSPORT_URLS),
    FIELD(PASSPORT_CONFIG),
};
#undef FIELD

static DWORD attribute_of(DWORD level)
{
    return level & ~(DWORD)WH_QUERY_MODIFIERS;
}

/* WH_FIELD_OTHER if the attribute is no numbered field; unknown modifiers make it none. */
static enum wh_field_id field_of(DWORD attribute)
{
    return attribute <= WINHTTP_QUERY_MAX ? (enum wh_field_id)field_of_level[attribute]
                                          : WH_FIELD_OTHER;
}

/* --- text out ------------------------------------------------------------------------------ */

static size_t text_units(struct wh_str text, unsigned unit)
{
    if (unit == WH_WIRE_UNIT)
        return text.len;
    return wh_widen_size(text.data, text.len, wh_text_sniff(text.data, text.len),
                         (enum wh_unit)unit);
}

static size_t text_put(void *out, struct wh_str text, unsigned unit)
{
    if (unit != WH_WIRE_UNIT)
        return wh_widen_put(out, text.data, text.len, wh_text_sniff(text.data, text.len),
                            (enum wh_unit)unit);
    if (text.data)
        memcpy(out, text.data, text.len);
    return text.len;
}

static DWORD not_enough(struct wh_answer *answer, size_t need)
{
    if (need > UINT32_MAX)
        return ERROR_NOT_ENOUGH_MEMORY;
    answer->bytes = (DWORD)need;
    return ERROR_INSUFFICIENT_BUFFER;
}

static DWORD answer_bytes(struct wh_answer *answer, const void *bytes, size_t size)
{
    if (!answer->into || answer->bytes < size)
        return not_enough(answer, size);
    memcpy(answer->into, bytes, size);
    answer->bytes = (DWORD)size;
    return ERROR_SUCCESS;
}

static DWORD answer_text(struct wh_answer *answer, struct wh_str text, unsigned unit)
{
    size_t size = text_units(text, unit) * unit;

    if (!answer->into || answer->bytes < size + unit)
        return not_enough(answer, size + unit);
    text_put(answer->into, text, unit);
    memset((char *)answer->into + size, 0, unit);
    answer->bytes = (DWORD)size;
    return ERROR_SUCCESS;
}

static DWORD answer_number(struct wh_answer *answer, uint64_t number, DWORD level)
{
    DWORD narrow = (DWORD)number;

    if (level & WINHTTP_QUERY_FLAG_NUMBER64)
        return answer_bytes(answer, &number, sizeof(number));
    if (number > UINT32_MAX)
        return ERROR_WINHTTP_INVALID_HEADER;
    return answer_bytes(answer, &narrow, sizeof(narrow));
}

/* A value as what it is wanted as. */
static DWORD answer_value(struct wh_answer *answer, struct wh_str value,
                          const struct wh_query *query)
{
    SYSTEMTIME time;
    uint64_t number;

    if (query->level & (WINHTTP_QUERY_FLAG_NUMBER | WINHTTP_QUERY_FLAG_NUMBER64)) {
        if (!wh_u64_parse(value.data, value.len, &number))
            return ERROR_WINHTTP_INVALID_HEADER;
        return answer_number(answer, number, query->level);
    }
    if (query->level & WINHTTP_QUERY_FLAG_SYSTEMTIME) {
        if (!wh_date_to_system_time(value.data, value.len, &time))
            return ERROR_WINHTTP_INVALID_HEADER;
        return answer_bytes(answer, &time, sizeof(time));
    }
    return answer_text(answer, value, query->unit);
}

/* --- whose head ---------------------------------------------------------------------------- */

struct source {
    const struct wh_request *request;
    const struct wh_head *head; /* of a response, or trailers; NULL: the request's own */
    const uint8_t *base;
    bool is_trailers;
};

struct pair {
    struct wh_str name, value;
};

static DWORD source_of(const struct wh_request *request, DWORD level, struct source *out)
{
    *out = (struct source){.request = request};
    if (level & WINHTTP_QUERY_FLAG_REQUEST_HEADERS)
        return ERROR_SUCCESS;
    if (!wh_request_response(request, &out->head, &out->base))
        return ERROR_WINHTTP_INCORRECT_HANDLE_STATE;
    if (!(level & WINHTTP_QUERY_FLAG_TRAILERS))
        return ERROR_SUCCESS;
    if (request->x.state != WH_EXCHANGE_DONE)
        return ERROR_WINHTTP_INCORRECT_HANDLE_STATE;
    out->is_trailers = true;
    out->head = wh_body_trailers(&request->x.body, &out->base);
    return out->head ? ERROR_SUCCESS : ERROR_WINHTTP_HEADER_NOT_FOUND;
}

/* Take a line off `rest`, without its end; false at an empty line and at the end. */
static bool next_line(struct wh_str *rest, struct wh_str *line)
{
    const char *lf = rest->len ? memchr(rest->data, '\n', rest->len) : NULL;

    if (!lf)
        return false;
    *line = (struct wh_str){rest->data, (size_t)(lf - rest->data)};
    *rest = (struct wh_str){lf + 1, rest->len - line->len - 1};
    if (line->len && line->data[line->len - 1] == '\r')
        line->len--;
    return line->len > 0;
}

static bool next_pair(struct wh_str *rest, struct pair *pair)
{
    struct wh_str line;

    if (!next_line(rest, &line))
        return false;
    pair->name = (struct wh_str){line.data, wh_token_span(line.data, line.len)};
    pair->value = wh_ows_trim(line.data + pair->name.len + 1, line.len - pair->name.len - 1);
    return true;
}

/* The head that was sent; empty before. */
static struct wh_str sent_head(const struct wh_request *request)
{
    const struct wh_buf *head = &request->x.head_out;

    return (struct wh_str){(const char *)head->data, request->sent ? head->len : 0};
}

/* The field lines of a request: those that were sent, or else those that will be. */
static struct wh_str request_lines(const struct wh_request *request)
{
    struct wh_str sent = sent_head(request);
    struct wh_str line;

    return next_line(&sent, &line) ? sent : wh_headers_lines(&request->headers);
}

static bool find_in_request(const struct wh_request *request, struct wh_str name, size_t nth,
                            struct pair *pair)
{
    const struct wh_headers *headers = &request->headers;
    struct wh_str rest = request_lines(request);
    size_t i;

    if (wh_headers_find(headers, name.data, name.len, 0) < headers->count) {
        i = wh_headers_find(headers, name.data, name.len, nth);
        if (i == headers->count)
            return false;
        *pair = (struct pair){wh_headers_name(headers, i), wh_headers_value(headers, i)};
        return true;
    }
    while (next_pair(&rest, pair))
        if (wh_ascii_equal(pair->name.data, pair->name.len, name.data, name.len) && nth-- == 0)
            return true;
    return false;
}

/* The nth field of this id, or, for WH_FIELD_OTHER, of this name. */
static bool find(const struct source *source, enum wh_field_id id, struct wh_str name, size_t nth,
                 struct pair *pair)
{
    const struct wh_field *field;

    if (!source->head)
        return find_in_request(source->request, id ? wh_field_name(id) : name, nth, pair);
    field = id ? wh_head_find_id(source->head, id, nth)
               : wh_head_find(source->head, source->base, name.data, name.len, nth);
    if (!field)
        return false;
    pair->name = wh_head_str(source->base, field->name);
    pair->value = wh_head_str(source->base, field->value);
    return true;
}

/* --- raw ----------------------------------------------------------------------------------- */

/* Lines and their ends; with `out` NULL they are only counted. */
struct writer {
    char *out;
    size_t units;
    unsigned unit;
    bool crlf;
};

static void write_text(struct writer *to, struct wh_str text)
{
    if (to->out)
        to->units += text_put(to->out + to->units * to->unit, text, to->unit);
    else
        to->units += text_units(text, to->unit);
}

static void write_end(struct writer *to)
{
    write_text(to, to->crlf ? WH_STR("\r\n") : (struct wh_str){"", 1});
}

static struct wh_str str_of(const char *text)
{
    return (struct wh_str){text, strlen(text)};
}

static void write_request(struct writer *to, const struct wh_request *request)
{
    struct wh_str rest = sent_head(request);
    struct wh_str line;

    if (next_line(&rest, &line)) {
        write_text(to, line);
    } else {
        write_text(to, str_of(request->verb));
        write_text(to, WH_STR(" "));
        write_text(to, str_of(request->target));
        write_text(to, WH_STR(" "));
        write_text(to, str_of(request->version));
        rest = wh_headers_lines(&request->headers);
    }
    write_end(to);
    while (next_line(&rest, &line)) {
        write_text(to, line);
        write_end(to);
    }
}

static void write_raw(struct writer *to, const struct source *source)
{
    size_t at = source->head ? source->head->block.at : 0;
    struct wh_str line;

    if (!source->head)
        write_request(to, source->request);
    else
        while (wh_head_next_line(source->head, source->base, &at, &line)) {
            write_text(to, line);
            write_end(to);
        }
    if (to->crlf)
        write_end(to);
}

/* Facts 77, 78, 84. The NUL behind everything is not counted, as that of any other text. */
static DWORD answer_raw(struct wh_answer *answer, const struct source *source,
                        const struct wh_query *query, bool crlf)
{
    struct writer to = {.unit = query->unit, .crlf = crlf};
    size_t size;

    write_raw(&to, source);
    size = to.units * to.unit;
    if (!answer->into || answer->bytes < size + to.unit)
        return not_enough(answer, size + to.unit);
    to.out = answer->into;
    to.units = 0;
    write_raw(&to, source);
    memset(to.out + size, 0, to.unit);
    answer->bytes = (DWORD)size;
    return ERROR_SUCCESS;
}

/* --- one query ----------------------------------------------------------------------------- */

#define VERSION_LEN (sizeof("HTTP/1.1") - 1)

/* What only a first line has. */
static DWORD answer_first_line(struct wh_answer *answer, const struct source *source,
                               const struct wh_query *query, DWORD attribute)
{
    char digits[WH_U64_DIGITS];
    size_t len;

    if (source->is_trailers || (!source->head && attribute != WINHTTP_QUERY_VERSION))
        return ERROR_WINHTTP_INVALID_QUERY_REQUEST;
    if (!source->head)
        return answer_value(answer, str_of(source->request->version), query);
    if (attribute == WINHTTP_QUERY_VERSION)
        return answer_value(
            answer,
            (struct wh_str){(const char *)source->base + source->head->block.at, VERSION_LEN},
            query);
    if (attribute == WINHTTP_QUERY_STATUS_TEXT)
        return answer_value(answer, wh_head_str(source->base, source->head->reason), query);
    if (query->level & (WINHTTP_QUERY_FLAG_NUMBER | WINHTTP_QUERY_FLAG_NUMBER64))
        return answer_number(answer, source->head->status, query->level);
    len = wh_u64_put(digits, source->head->status);
    return answer_value(answer, (struct wh_str){digits, len}, query);
}

static DWORD answer_field(struct wh_answer *answer, const struct source *source,
                          const struct wh_query *query, enum wh_field_id id, DWORD *index)
{
    struct pair pair;
    DWORD error;

    if (!find(source, id, query->name, *index, &pair))
        return ERROR_WINHTTP_HEADER_NOT_FOUND;
    error = answer_value(answer, pair.value, query);
    if (!error)
        ++*index;
    return error;
}

static DWORD answer_attribute(struct wh_answer *answer, const struct source *source,
                              const struct wh_query *query, DWORD *index)
{
    DWORD attribute = attribute_of(query->level);

    switch (attribute) {
    case WINHTTP_QUERY_RAW_HEADERS:
    case WINHTTP_QUERY_RAW_HEADERS_CRLF:
        if (query->level & TYPE_MODIFIERS)
            return ERROR_WINHTTP_INVALID_QUERY_REQUEST;
        return answer_raw(answer, source, query, attribute == WINHTTP_QUERY_RAW_HEADERS_CRLF);
    case WINHTTP_QUERY_VERSION:
    case WINHTTP_QUERY_STATUS_CODE:
    case WINHTTP_QUERY_STATUS_TEXT:
        return answer_first_line(answer, source, query, attribute);
    default:
        return answer_field(answer, source, query, field_of(attribute), index);
    }
}

static bool level_is_valid(const struct wh_query *query)
{
    DWORD attribute = attribute_of(query->level);
    DWORD types = query->level & TYPE_MODIFIERS;

    if ((types & (types - 1)) || ((query->level & WINHTTP_QUERY_FLAG_TRAILERS) &&
                                  (query->level & WINHTTP_QUERY_FLAG_REQUEST_HEADERS)))
        return false;
    switch (attribute) {
    case WINHTTP_QUERY_CUSTOM:
        return query->name.data != NULL;
    case WINHTTP_QUERY_RAW_HEADERS:
    case WINHTTP_QUERY_RAW_HEADERS_CRLF:
    case WINHTTP_QUERY_VERSION:
    case WINHTTP_QUERY_STATUS_CODE:
    case WINHTTP_QUERY_STATUS_TEXT:
    case WINHTTP_QUERY_REQUEST_METHOD:
        return true;
    default:
        return field_of(attribute) != WH_FIELD_OTHER;
    }
}

DWORD wh_query_headers(struct wh_request *request, const struct wh_query *query,
                       struct wh_answer *answer, DWORD *index)
{
    struct source source;
    DWORD error;

    if (!level_is_valid(query))
        return ERROR_INVALID_PARAMETER;
    if (attribute_of(query->level) == WINHTTP_QUERY_REQUEST_METHOD) /* fact 79 */
        return answer_value(answer, str_of(request->verb), query);
    wh_request_lock(request);
    error = source_of(request, query->level, &source);
    if (!error)
        error = answer_attribute(answer, &source, query, index);
    wh_request_unlock(request);
    return error;
}

/* --- tables -------------------------------------------------------------------------------- */

/* All fields of a head, or the one that is asked for, one after the other. */
struct cursor {
    const struct source *source;
    const struct wh_query *query;
    size_t at;           /* all of a response's or trailers': the position */
    struct wh_str lines; /* all of a request's: what is left */
    bool all;
    size_t nth;
};

static struct cursor cursor_of(const struct source *source, const struct wh_query *query, DWORD nth)
{
    struct cursor cursor = {.source = source, .query = query, .nth = nth};

    cursor.all = attribute_of(query->level) == WINHTTP_QUERY_EX_ALL_HEADERS;
    if (!source->head)
        cursor.lines = request_lines(source->request);
    return cursor;
}

static bool cursor_next(struct cursor *cursor, struct pair *pair)
{
    const struct source *source = cursor->source;
    const struct wh_field *field;

    if (!cursor->all)
        return cursor->at++ == 0 && find(source, field_of(attribute_of(cursor->query->level)),
                                         cursor->query->name, cursor->nth, pair);
    if (!source->head)
        return next_pair(&cursor->lines, pair);
    if (cursor->at == source->head->count)
        return false;
    field = wh_head_field(source->head, cursor->at++);
    pair->name = wh_head_str(source->base, field->name);
    pair->value = wh_head_str(source->base, field->value);
    return true;
}

static bool table_level_is_valid(const struct wh_query *query)
{
    switch (attribute_of(query->level)) {
    case WINHTTP_QUERY_RAW_HEADERS_CRLF:
    case WINHTTP_QUERY_VERSION:
    case WINHTTP_QUERY_STATUS_CODE:
    case WINHTTP_QUERY_STATUS_TEXT:
    case WINHTTP_QUERY_REQUEST_METHOD:
        return false;
    default:
        return level_is_valid(query) && !(query->level & TYPE_MODIFIERS);
    }
}

static char *put_string(char *at, struct wh_str text, unsigned unit)
{
    at += text_put(at, text, unit) * unit;
    memset(at, 0, unit);
    return at + unit;
}

static DWORD answer_table(struct wh_answer *answer, struct cursor first, DWORD *count,
                          WINHTTP_EXTENDED_HEADER **table)
{
    unsigned unit = first.query->unit;
    size_t slack = -(uintptr_t)answer->into % _Alignof(WINHTTP_EXTENDED_HEADER);
    size_t strings = 0;
    struct cursor cursor = first;
    struct pair pair;
    WINHTTP_EXTENDED_HEADER *entry;
    char *at;
    DWORD n = 0;

    for (; cursor_next(&cursor, &pair); n++)
        strings += (text_units(pair.name, unit) + text_units(pair.value, unit) + 2) * unit;
    if (!n)
        return ERROR_WINHTTP_HEADER_NOT_FOUND;
    if (!answer->into || answer->bytes < slack + n * sizeof(*entry) + strings)
        return not_enough(answer, slack + n * sizeof(*entry) + strings);
    entry = (WINHTTP_EXTENDED_HEADER *)(void *)((char *)answer->into + slack);
    at = (char *)(entry + n);
    *table = entry;
    *count = n;
    for (cursor = first; cursor_next(&cursor, &pair); entry++) {
        entry->pszName = at;
        at = put_string(at, pair.name, unit);
        entry->pszValue = at;
        at = put_string(at, pair.value, unit);
    }
    answer->bytes = (DWORD)(at - (char *)answer->into);
    return ERROR_SUCCESS;
}

DWORD wh_query_header_table(struct wh_request *request, const struct wh_query *query,
                            struct wh_answer *answer, DWORD *index, WINHTTP_EXTENDED_HEADER **table,
                            DWORD *count)
{
    struct source source;
    struct cursor cursor;
    DWORD error;

    if (!table_level_is_valid(query))
        return ERROR_INVALID_PARAMETER;
    wh_request_lock(request);
    error = source_of(request, query->level, &source);
    if (!error) {
        cursor = cursor_of(&source, query, *index);
        error = answer_table(answer, cursor, count, table);
        if (!error && !cursor.all)
            ++*index;
    }
    wh_request_unlock(request);
    return error;
}
