/* h1_head.h - the head of an HTTP/1.x message, parsed where it was received.
 *
 * The caller keeps all bytes of the head in one buffer and calls wh_head_parse() whenever more
 * arrived. Results are offsets from the start of that buffer, so it may move between calls and
 * afterwards; every lookup takes its present address. Nothing is copied, and no byte is searched
 * twice however small the pieces are.
 *
 *      HTTP/1.1 200 OK\r\nDate: x\r\nVia: a,\r\n b\r\n\r\nbody...
 *      '------------------------ size ----------------'
 *
 * The parser writes into the buffer in one case: an obsolete line folding in a response becomes
 * blanks (RFC 9112, section 5.2), so that whoever shows the raw lines shows them joined.
 *
 * What is taken and what is refused (RFC 9112):
 *  - lines end in CRLF or in LF alone (2.2); a CR elsewhere, and NUL anywhere, is refused;
 *  - up to WH_HEAD_MAX_BLANK_LINES empty lines before the first line are skipped (2.2);
 *  - the version is HTTP/1.x; minor versions above 1 count as 1 (2.3). No HTTP/0.9, no "ICY";
 *  - a status has three digits, 100 to 999, then the line's end or a blank; a reason may lack (4);
 *  - a field name is a token, directly followed by ':'. Blanks before the colon are refused in a
 *    request and removed in a response, as section 5.1 demands of those who forward it: so we and
 *    a correct proxy read the same;
 *  - no blank before the first field line (2.2); folding only in responses and trailers (5.2);
 *  - other control characters in a value are kept, as RFC 9110, section 5.5 allows.
 *
 * One owner, no locks.
 */
#ifndef WH_CORE_HTTP_H1_HEAD_H
#define WH_CORE_HTTP_H1_HEAD_H

#include "core/base/error.h"
#include "core/http/field.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define WH_HEAD_INLINE          24
#define WH_HEAD_MAX_BLANK_LINES 4

/* Offsets are 32 bits wide; a larger limit than this is cut down to it. */
#define WH_HEAD_MAX_BYTES ((size_t)1 << 30)

/* Enough for anything serious; each field costs memory and time that the peer does not pay. */
#define WH_HEAD_DEFAULT_MAX_FIELDS 1000

enum wh_head_role {
    WH_HEAD_RESPONSE,
    WH_HEAD_REQUEST,
    WH_HEAD_TRAILERS, /* field lines and the empty line only */
};

enum wh_parse {
    WH_PARSE_MORE, /* not complete; come back with more bytes                        */
    WH_PARSE_DONE,
    WH_PARSE_BAD, /* never will be; see the object's `err` and `why`                */
};

struct wh_span {
    uint32_t at;
    uint32_t len;
};

struct wh_field {
    struct wh_span name;
    struct wh_span value; /* without the blanks around it */
    uint32_t id;          /* enum wh_field_id             */
};

struct wh_head {
    /* results: valid after WH_PARSE_DONE */
    size_t size;           /* bytes of the head, blank lines before and empty line after included */
    struct wh_span block;  /* the same without the blank lines before it                          */
    uint16_t version;      /* 10 or 11                                                            */
    uint16_t status;       /* response: 100..999                                                  */
    struct wh_span reason; /* response: may be empty                                              */
    struct wh_span method; /* request                                                             */
    struct wh_span target; /* request: as received, not empty, no blank or control character      */

    /* failure */
    enum wh_err err; /* WH_E_INVALID_RESPONSE (in any role), HEADERS_TOO_LARGE,
                               HEADERS_TOO_MANY, NO_MEMORY                                         */
    const char *why; /* a phrase for the trace                                              */

    /* fields, through the functions below */
    uint32_t count;
    uint32_t room;
    struct wh_field *heap; /* NULL while they fit inline */
    uint64_t present[(WH_FIELD_COUNT + 63) / 64];
    uint16_t first[WH_FIELD_COUNT];

    /* the parser's own */
    uint8_t role;
    uint8_t state;
    uint8_t blank_lines;
    uint32_t max_fields;
    size_t max_bytes;
    size_t line_at; /* start of the line being collected           */
    size_t scanned; /* no line end before this offset              */
    struct wh_field few[WH_HEAD_INLINE];
};

/* Ready for one head of at most `max_bytes` bytes and `max_fields` (up to 65535) field lines.
 * Allocates nothing; memory is needed only past WH_HEAD_INLINE fields. */
void wh_head_init(struct wh_head *head, enum wh_head_role role, size_t max_bytes,
                  uint32_t max_fields);

/* Ready for the next head, with the same limits; room is kept. */
void wh_head_reset(struct wh_head *head);

/* Another limit, between two heads. */
void wh_head_limit(struct wh_head *head, size_t max_bytes);
void wh_head_free(struct wh_head *head);

/* Go on parsing. `in` holds the head from its first byte on, `len` is how much is there now.
 *
 * WH_PARSE_DONE: head->size bytes belonged to it, what follows is the body's.
 * WH_PARSE_MORE: call again when `len` has grown. WH_PARSE_BAD: head->err and head->why say why.
 * The verdict does not depend on how the bytes were cut.
 */
enum wh_parse wh_head_parse(struct wh_head *head, uint8_t *in, size_t len);

static inline const struct wh_field *wh_head_field(const struct wh_head *head, size_t i)
{
    return (head->heap ? head->heap : head->few) + i;
}

static inline struct wh_str wh_head_str(const uint8_t *base, struct wh_span span)
{
    return (struct wh_str){(const char *)base + span.at, span.len};
}

static inline bool wh_head_has(const struct wh_head *head, enum wh_field_id id)
{
    return head->present[id / 64] >> (id % 64) & 1;
}

/* The `nth` (from 0) field of that id or name, NULL if there are not as many. `id` may not be
 * WH_FIELD_OTHER. The pointer lives until the head is parsed on, reset or freed. */
const struct wh_field *wh_head_find_id(const struct wh_head *head, enum wh_field_id id, size_t nth);
const struct wh_field *wh_head_find(const struct wh_head *head, const uint8_t *base,
                                    const char *name, size_t len, size_t nth);

/* The value of the first field of this id: false, *value untouched, if there is none. */
bool wh_head_get(const struct wh_head *head, const uint8_t *base, enum wh_field_id id,
                 struct wh_str *value);

/* The number in the first field of this id: false if absent or no number up to UINT64_MAX. */
bool wh_head_number(const struct wh_head *head, const uint8_t *base, enum wh_field_id id,
                    uint64_t *number);

/* Is `member` in the comma-separated list that all fields of this id make up? Case-insensitive. */
bool wh_head_list_has(const struct wh_head *head, const uint8_t *base, enum wh_field_id id,
                      const char *member);

/* May the connection be used again after this message, as far as its head says (RFC 9112, 9.3)?
 * `from_proxy`: a response of a proxy, whose Proxy-Connection counts like Connection. */
bool wh_head_keeps_alive(const struct wh_head *head, const uint8_t *base, bool from_proxy);

/* Take the next line off the raw block: `*at` starts as head->block.at. The line comes without its
 * end; false at the empty line. Folded lines come as one. */
bool wh_head_next_line(const struct wh_head *head, const uint8_t *base, size_t *at,
                       struct wh_str *line);

#endif
