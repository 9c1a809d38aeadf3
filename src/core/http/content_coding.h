/* content_coding.h - the content codings a response body may be in, and the way back: RFC 9110,
 * section 8.4; RFC 1950 to 1952.
 *
 * An inflater is a pure stream over zlib: coded bytes in, cut anywhere, plain bytes out, as many as
 * the caller has room for. It keeps no output, so nothing that a server sends makes it grow. Its
 * memory (some 40 KB, zlib's) comes through alloc.h. One owner, no locks.
 */
#ifndef WH_CORE_HTTP_CONTENT_CODING_H
#define WH_CORE_HTTP_CONTENT_CODING_H

#include "core/base/error.h"
#include "core/http/h1_head.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Combinable, to say which are wanted. */
enum wh_coding {
    WH_CODING_NONE = 0,
    WH_CODING_GZIP = 1 << 0,    /* also "x-gzip"; any number of members                           */
    WH_CODING_DEFLATE = 1 << 1, /* zlib's format, or without its wrapper, as some servers send it */
};

/* The one coding that this response's body is in. NONE if there is none, one that we do not know, or
 * more than one: the application then gets what came. "identity" does not count. */
enum wh_coding wh_coding_of(const struct wh_head *head, const uint8_t *base);

struct wh_inflater;

/* Ready for a body in `coding` (GZIP or DEFLATE). WH_E_NO_MEMORY. */
enum wh_err wh_inflater_new(struct wh_inflater **out, enum wh_coding coding);
void wh_inflater_free(struct wh_inflater **inflater); /* NULL in it is fine */

/* Take up to `in_len` bytes, make up to `out_len`; *used and *made tell. With no room at all it takes
 * what makes nothing, like a trailer. It stops when it needs more of the one or of the other.
 *
 * WH_E_INVALID_RESPONSE: this is not the coding, or a checksum or length is wrong; WH_E_NO_MEMORY.
 * Both are for good. What *made counts was made before.
 */
enum wh_err wh_inflate(struct wh_inflater *inflater, const uint8_t *in, size_t in_len, size_t *used,
                       uint8_t *out, size_t out_len, size_t *made);

/* May the body end here? Not within a stream; nothing at all is an empty body. */
bool wh_inflater_may_end(const struct wh_inflater *inflater);

#endif
