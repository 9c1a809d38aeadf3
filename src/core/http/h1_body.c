/* h1_body.c - see h1_body.h. RFC 9112, sections 6 and 7.1. */
#include "core/http/h1_body.h"

#include "core/base/alloc.h"

#include <assert.h>
#include <string.h>

/* --- framing ------------------------------------------------------------------------------- */

/* Take the next comma-separated piece, empty ones included: "5,,5" is no length. */
static bool next_piece(struct wh_str *rest, struct wh_str *piece)
{
    const char *comma;
    size_t len;

    if (!rest->data)
        return false;
    comma = rest->len ? memchr(rest->data, ',', rest->len) : NULL;
    len = comma ? (size_t)(comma - rest->data) : rest->len;
    *piece = wh_ows_trim(rest->data, len);
    *rest = comma ? (struct wh_str){comma + 1, rest->len - len - 1} : (struct wh_str){NULL, 0};
    return true;
}

/* The one length that all Content-Length fields agree on. */
static enum wh_err content_length(const struct wh_head *head, const uint8_t *base, uint64_t *out)
{
    const struct wh_field *field;
    bool have = false;

    for (size_t n = 0; (field = wh_head_find_id(head, WH_FIELD_CONTENT_LENGTH, n)); n++) {
        struct wh_str rest = wh_head_str(base, field->value);
        struct wh_str piece;

        while (next_piece(&rest, &piece)) {
            uint64_t length;

            if (!wh_u64_parse(piece.data, piece.len, &length) || length > INT64_MAX ||
                (have && length != *out))
                return WH_E_INVALID_RESPONSE;
            *out = length;
            have = true;
        }
    }
    return WH_OK;
}

/* What the Transfer-Encoding fields say when taken together. */
struct codings {
    unsigned chunked;
    unsigned identity;
    unsigned others;
};

static struct codings codings_of(const struct wh_head *head, const uint8_t *base)
{
    struct codings codings = {0};
    const struct wh_field *field;

    for (size_t n = 0; (field = wh_head_find_id(head, WH_FIELD_TRANSFER_ENCODING, n)); n++) {
        struct wh_str rest = wh_head_str(base, field->value);
        struct wh_str coding;

        while (wh_list_next(&rest, &coding)) {
            if (wh_ascii_is(coding.data, coding.len, "chunked"))
                codings.chunked++;
            else if (wh_ascii_is(coding.data, coding.len, "identity"))
                codings.identity++;
            else
                codings.others++;
        }
    }
    return codings;
}

/* Framing of a message that may have a body, whose end is `otherwise` when the head is silent. */
static enum wh_err framing(const struct wh_head *head, const uint8_t *base,
                           enum wh_body_kind otherwise, struct wh_framing *out)
{
    struct wh_framing frame = {.kind = otherwise};
    bool has_length = wh_head_has(head, WH_FIELD_CONTENT_LENGTH);
    bool has_coding = wh_head_has(head, WH_FIELD_TRANSFER_ENCODING);
    enum wh_err err = content_length(head, base, &frame.length);

    if (err)
        return err;
    if (has_length)
        frame.kind = WH_BODY_LENGTH;
    if (has_coding) {
        struct codings codings = codings_of(head, base);

        if (head->version < 11 || codings.others || codings.chunked > 1 ||
            codings.chunked + codings.identity == 0 || (codings.chunked && codings.identity))
            return WH_E_INVALID_RESPONSE;
        if (codings.chunked)
            frame = (struct wh_framing){.kind = WH_BODY_CHUNKED};
        frame.must_close = has_length || codings.identity;
    }
    if (frame.kind == WH_BODY_LENGTH && !frame.length)
        frame.kind = WH_BODY_NONE;
    *out = frame;
    return WH_OK;
}

enum wh_err wh_framing_of_response(const struct wh_head *head, const uint8_t *base,
                                   struct wh_str method, struct wh_framing *out)
{
    bool is_connect = method.len == 7 && memcmp(method.data, "CONNECT", 7) == 0;
    bool is_head = method.len == 4 && memcmp(method.data, "HEAD", 4) == 0;

    if (is_head || head->status < 200 || head->status == 204 || head->status == 304 ||
        (is_connect && head->status < 300)) {
        *out = (struct wh_framing){.kind = WH_BODY_NONE};
        return WH_OK;
    }
    return framing(head, base, WH_BODY_UNTIL_CLOSE, out);
}

enum wh_err wh_framing_of_request(const struct wh_head *head, const uint8_t *base,
                                  struct wh_framing *out)
{
    if (wh_head_has(head, WH_FIELD_CONTENT_LENGTH) && wh_head_has(head, WH_FIELD_TRANSFER_ENCODING))
        return WH_E_INVALID_RESPONSE;
    return framing(head, base, WH_BODY_NONE, out);
}

/* --- reading ------------------------------------------------------------------------------- */

/* What the next wire byte is. */
enum body_state {
    BODY_DATA,       /* data; `left` bytes of it                            */
    BODY_SIZE,       /* a hexadecimal digit, or what may follow one         */
    BODY_PADDING,    /* a blank after the size, or what may follow it       */
    BODY_EXTENSION,  /* part of an extension, or the CR after it            */
    BODY_SIZE_LF,    /* the LF that ends a chunk head                       */
    BODY_DATA_CR,    /* the CR after a chunk's data                         */
    BODY_DATA_LF,    /* the LF after that                                   */
    BODY_AFTER_LAST, /* the CR of the final CRLF, or a trailer              */
    BODY_FINAL_LF,   /* the LF of the final CRLF                            */
    BODY_TRAILERS,   /* part of a trailer line                              */
    BODY_DONE,       /* none of ours                                        */
    BODY_BAD,        /* of no interest                                      */
};

#define MAX_DIGITS 16

struct wh_trailers {
    struct wh_buf text;
    struct wh_head head;
};

void wh_body_init(struct wh_body *body, const struct wh_framing *framing, size_t max_trailer_bytes,
                  uint32_t max_trailers)
{
    *body = (struct wh_body){
        .kind = (uint8_t)framing->kind,
        .max_trailer_bytes = (uint32_t)(max_trailer_bytes < WH_HEAD_MAX_BYTES ? max_trailer_bytes
                                                                              : WH_HEAD_MAX_BYTES),
        .max_trailers = max_trailers,
    };
    switch (framing->kind) {
    case WH_BODY_NONE:
        body->state = BODY_DONE;
        break;
    case WH_BODY_LENGTH:
        body->left = framing->length;
        body->state = framing->length ? BODY_DATA : BODY_DONE;
        break;
    case WH_BODY_CHUNKED:
        body->state = BODY_SIZE;
        break;
    case WH_BODY_UNTIL_CLOSE:
        body->left = UINT64_MAX;
        body->state = BODY_DATA;
        break;
    }
}

void wh_body_free(struct wh_body *body)
{
    if (body->trailers) {
        wh_buf_free(&body->trailers->text);
        wh_head_free(&body->trailers->head);
        wh_free(body->trailers);
        body->trailers = NULL;
    }
}

void wh_body_took(struct wh_body *body, uint64_t n)
{
    assert(n <= body->left);
    body->received += n;
    if (body->kind == WH_BODY_UNTIL_CLOSE)
        return;
    body->left -= n;
    if (!body->left && n)
        body->state = body->kind == WH_BODY_CHUNKED ? BODY_DATA_CR : BODY_DONE;
}

bool wh_body_is_done(const struct wh_body *body)
{
    return body->state == BODY_DONE;
}

enum wh_err wh_body_end(struct wh_body *body)
{
    if (body->state == BODY_DONE)
        return WH_OK;
    if (body->kind == WH_BODY_UNTIL_CLOSE && body->state == BODY_DATA) {
        body->left = 0;
        body->state = BODY_DONE;
        return WH_OK;
    }
    if (body->state != BODY_BAD) {
        body->state = BODY_BAD;
        body->left = 0;
        body->err = WH_E_CONNECTION_LOST;
        body->why = "the stream ended within the body";
    }
    return body->err;
}

const struct wh_head *wh_body_trailers(const struct wh_body *body, const uint8_t **base)
{
    if (body->state != BODY_DONE || !body->trailers)
        return NULL;
    *base = body->trailers->text.data;
    return &body->trailers->head;
}

static enum wh_parse fail(struct wh_body *body, enum wh_err err, const char *why)
{
    body->state = BODY_BAD;
    body->left = 0;
    body->err = err;
    body->why = why;
    return WH_PARSE_BAD;
}

static enum wh_parse refuse(struct wh_body *body, const char *why)
{
    return fail(body, WH_E_INVALID_RESPONSE, why);
}

static enum wh_parse enter(struct wh_body *body, enum body_state state)
{
    body->state = (uint8_t)state;
    return WH_PARSE_MORE;
}

static int hex_digit(uint8_t c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    c |= 0x20;
    return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

static bool is_blank(uint8_t c)
{
    return c == ' ' || c == '\t';
}

/* One more byte behind the size. Data pays for extensions: a peer that sends next to no data may
 * not keep us busy with them. */
static enum wh_parse count_extra(struct wh_body *body, enum body_state state)
{
    if (++body->head_len > WH_CHUNK_HEAD_MAX_BYTES)
        return fail(body, WH_E_CHUNK_HEAD_TOO_LARGE, "a chunk's extensions are too long");
    if (++body->extra > body->received + WH_CHUNK_EXTRA_MAX_BYTES)
        return fail(body, WH_E_CHUNK_HEAD_TOO_LARGE, "more chunk extensions than data");
    return enter(body, state);
}

/* What may stand behind the size: a blank, the ';' of an extension, or the line's end. */
static enum wh_parse on_padding(struct wh_body *body, uint8_t c)
{
    if (c == '\r')
        return enter(body, BODY_SIZE_LF);
    if (is_blank(c))
        return count_extra(body, BODY_PADDING);
    if (c == ';')
        return count_extra(body, BODY_EXTENSION);
    return refuse(body, "a chunk size is not hexadecimal");
}

static enum wh_parse on_size(struct wh_body *body, uint8_t c)
{
    int digit = hex_digit(c);

    if (digit < 0)
        return body->head_len ? on_padding(body, c)
                              : refuse(body, "a chunk does not begin with its size");
    if (++body->head_len > MAX_DIGITS || body->size > (uint64_t)INT64_MAX >> 4)
        return refuse(body, "a chunk size is too large");
    body->size = body->size << 4 | (unsigned)digit;
    return WH_PARSE_MORE;
}

static enum wh_parse on_extension(struct wh_body *body, uint8_t c)
{
    if (c == '\r')
        return enter(body, BODY_SIZE_LF);
    if ((c < 0x20 && c != '\t') || c == 0x7f)
        return refuse(body, "a control character in a chunk extension");
    return count_extra(body, BODY_EXTENSION);
}

static enum wh_parse on_size_lf(struct wh_body *body, uint8_t c)
{
    if (c != '\n')
        return refuse(body, "a CR without LF in a chunk head");
    body->left = body->size;
    body->size = 0;
    body->head_len = 0;
    if (!body->left)
        return enter(body, BODY_AFTER_LAST);
    body->state = BODY_DATA;
    return WH_PARSE_DONE;
}

static enum wh_parse on_data_cr(struct wh_body *body, uint8_t c)
{
    return c == '\r' ? enter(body, BODY_DATA_LF) : refuse(body, "no CRLF after a chunk's data");
}

static enum wh_parse on_data_lf(struct wh_body *body, uint8_t c)
{
    return c == '\n' ? enter(body, BODY_SIZE) : refuse(body, "no CRLF after a chunk's data");
}

static enum wh_parse on_final_lf(struct wh_body *body, uint8_t c)
{
    if (c != '\n')
        return refuse(body, "a CR without LF after the last chunk");
    body->state = BODY_DONE;
    return WH_PARSE_DONE;
}

static enum wh_parse (*const on_byte[])(struct wh_body *, uint8_t) = {
    [BODY_SIZE] = on_size,         [BODY_PADDING] = on_padding, [BODY_EXTENSION] = on_extension,
    [BODY_SIZE_LF] = on_size_lf,   [BODY_DATA_CR] = on_data_cr, [BODY_DATA_LF] = on_data_lf,
    [BODY_FINAL_LF] = on_final_lf,
};

/* --- trailers ------------------------------------------------------------------------------ */

static enum wh_parse open_trailers(struct wh_body *body)
{
    struct wh_trailers *trailers = wh_alloc(sizeof(*trailers));

    if (!trailers)
        return fail(body, WH_E_NO_MEMORY, "no memory for trailers");
    wh_buf_init(&trailers->text, body->max_trailer_bytes);
    wh_head_init(&trailers->head, WH_HEAD_TRAILERS, body->max_trailer_bytes, body->max_trailers);
    body->trailers = trailers;
    return enter(body, BODY_TRAILERS);
}

/* Trailers are collected, because what looks them up later wants them in one place. */
static enum wh_parse read_trailers(struct wh_body *body, const uint8_t *in, size_t len,
                                   size_t *used)
{
    struct wh_trailers *trailers = body->trailers;
    size_t before = trailers->text.len;
    size_t room = body->max_trailer_bytes - before;
    size_t taken = len < room ? len : room;
    enum wh_parse result;

    if (wh_buf_put(&trailers->text, in, taken))
        return fail(body, trailers->text.err, "no memory for trailers");
    result = wh_head_parse(&trailers->head, trailers->text.data, trailers->text.len);
    if (result == WH_PARSE_BAD)
        return fail(body, trailers->head.err, trailers->head.why);
    if (result == WH_PARSE_DONE) {
        taken = trailers->head.size - before;
        trailers->text.len = trailers->head.size;
        body->state = BODY_DONE;
    }
    *used += taken;
    return result;
}

static enum wh_parse after_last(struct wh_body *body, uint8_t c, size_t *used)
{
    if (c != '\r')
        return open_trailers(body);
    ++*used;
    return enter(body, BODY_FINAL_LF);
}

enum wh_parse wh_body_frame(struct wh_body *body, const uint8_t *in, size_t len, size_t *used)
{
    enum wh_parse result = WH_PARSE_MORE;

    *used = 0;
    if (body->state == BODY_BAD)
        return WH_PARSE_BAD;
    if (body->state == BODY_DATA || body->state == BODY_DONE)
        return WH_PARSE_DONE;
    while (result == WH_PARSE_MORE && *used < len) {
        if (body->state == BODY_AFTER_LAST)
            result = after_last(body, in[*used], used);
        else if (body->state == BODY_TRAILERS)
            result = read_trailers(body, in + *used, len - *used, used);
        else
            result = on_byte[body->state](body, in[(*used)++]);
    }
    return result;
}

/* --- writing ------------------------------------------------------------------------------- */

size_t wh_chunk_head_put(uint8_t out[WH_CHUNK_HEAD_PUT_MAX], uint64_t len)
{
    size_t digits = 1;

    while (digits < MAX_DIGITS && len >> (4 * digits))
        digits++;
    for (size_t i = 0; i < digits; i++)
        out[i] = (uint8_t) "0123456789abcdef"[len >> (4 * (digits - 1 - i)) & 15];
    out[digits] = '\r';
    out[digits + 1] = '\n';
    return digits + 2;
}
