/* h1_body.h - where the body of an HTTP/1.1 message ends, and the chunked coding.
 *
 * The reader never touches data. It says how many of the next wire bytes are data, so that they may
 * go straight from the socket to where they are wanted, and eats what is between:
 *
 *      while (!wh_body_is_done(b))
 *          if ((n = wh_body_contiguous(b)) != 0)
 *              move up to n bytes anywhere, wh_body_took(b, moved);
 *          else
 *              wh_body_frame(b, in, len, &used);           chunk heads, CRLF, trailers
 *
 * The end of the stream is told with wh_body_end(). One owner, no locks.
 */
#ifndef WH_CORE_HTTP_H1_BODY_H
#define WH_CORE_HTTP_H1_BODY_H

#include "core/base/buf.h"
#include "core/base/error.h"
#include "core/http/h1_head.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum wh_body_kind {
    WH_BODY_NONE,
    WH_BODY_LENGTH,
    WH_BODY_CHUNKED,
    WH_BODY_UNTIL_CLOSE,
};

/* What the head says about the body. */
struct wh_framing {
    enum wh_body_kind kind;
    uint64_t length; /* of WH_BODY_LENGTH                                              */
    bool must_close; /* the framing is not to be trusted further than this message     */
};

/* Decide the framing of a response (RFC 9112, section 6.3).
 *
 * `method` is the request's: HEAD has no body, and neither has 2xx to CONNECT; nor 1xx, 204, 304.
 * WH_E_INVALID_RESPONSE for what cannot be framed safely:
 *  - Content-Length that is no number, or several that differ (equal ones are one);
 *  - Transfer-Encoding from HTTP/1.0 (6.1), or with any coding but one final "chunked": no other
 *    was asked for, and handing out undecoded bytes would be a silent lie. "identity", which old
 *    servers send, means none;
 * Content-Length beside Transfer-Encoding: the latter wins and the connection must be closed after
 * it, so that nobody who believed the length can make us read a second response out of the first.
 */
enum wh_err wh_framing_of_response(const struct wh_head *head, const uint8_t *base,
                                   struct wh_str method, struct wh_framing *out);

/* The same for a request, seen by a server: no length means no body, and Content-Length beside
 * Transfer-Encoding is WH_E_INVALID_RESPONSE. */
enum wh_err wh_framing_of_request(const struct wh_head *head, const uint8_t *base,
                                  struct wh_framing *out);

/* A chunk's size and extensions, CRLF excluded. Real extensions are tens of bytes. */
#define WH_CHUNK_HEAD_MAX_BYTES 4096u
/* Extensions of all chunks together may exceed the data by this much. */
#define WH_CHUNK_EXTRA_MAX_BYTES 16384u

struct wh_trailers;

struct wh_body {
    uint64_t left;     /* data bytes until the end of the chunk or body                  */
    uint64_t received; /* data bytes so far                                              */
    uint64_t extra;    /* bytes spent on chunk extensions so far                         */
    uint64_t size;     /* of the chunk whose head is being read                          */
    uint32_t head_len; /* bytes of the chunk head being read                             */
    uint8_t kind;      /* enum wh_body_kind                                              */
    uint8_t state;
    enum wh_err err;
    const char *why;
    uint32_t max_trailer_bytes;
    uint32_t max_trailers;
    struct wh_trailers *trailers; /* made when the first trailer field arrives           */
};

/* Ready to read a body of this framing; trailers are bounded as a head is. Allocates nothing. */
void wh_body_init(struct wh_body *body, const struct wh_framing *framing, size_t max_trailer_bytes,
                  uint32_t max_trailers);
void wh_body_free(struct wh_body *body); /* a zeroed or freed one is fine */

/* How many of the next wire bytes are data: 0 when framing comes next or nothing does,
 * UINT64_MAX while only the end of the stream ends the body. */
static inline uint64_t wh_body_contiguous(const struct wh_body *body)
{
    return body->left;
}

/* `n` data bytes went by; never more than wh_body_contiguous(). */
void wh_body_took(struct wh_body *body, uint64_t n);

/* Eat framing, at most up to the next data byte or the end of the body; *used says how much.
 *
 * WH_PARSE_DONE: look at wh_body_contiguous() and wh_body_is_done() again. WH_PARSE_MORE: all of
 * `in` was used and more is needed. WH_PARSE_BAD: body->err is WH_E_INVALID_RESPONSE,
 * WH_E_CHUNK_HEAD_TOO_LARGE, or as for a head in the trailers; body->why says more.
 *
 * Chunk sizes are 1 to 16 hexadecimal digits and fit in 63 bits. Blanks may follow them, before an
 * extension as well as before the CRLF: old servers pad there, and a blank cannot be mistaken for
 * anything else. Lines here end in CRLF and nothing else: a bare LF that one reader takes for the
 * end of an extension and another does not is how messages are smuggled.
 */
enum wh_parse wh_body_frame(struct wh_body *body, const uint8_t *in, size_t len, size_t *used);

bool wh_body_is_done(const struct wh_body *body);

/* The stream ended. WH_OK if the body is then complete, WH_E_CONNECTION_LOST if bytes are missing,
 * or the error it had before. */
enum wh_err wh_body_end(struct wh_body *body);

/* The trailer fields after wh_body_is_done(), and the bytes their spans refer to; NULL if there
 * were none. They live until wh_body_free(). */
const struct wh_head *wh_body_trailers(const struct wh_body *body, const uint8_t **base);

/* Write the line that opens a chunk of `len` bytes; returns its length. The data and CRLF follow.
 * A chunk of 0 ends the body: after it only trailers and CRLF. */
#define WH_CHUNK_HEAD_PUT_MAX 18
size_t wh_chunk_head_put(uint8_t out[WH_CHUNK_HEAD_PUT_MAX], uint64_t len);

#endif
