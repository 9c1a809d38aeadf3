/* handshake.c - the headers of the opening handshake, both sides (RFC 6455, sections 4.1 and 4.2).
 *
 * Values of headers that are out lie in one buffer, the handle's, until the handshake ends. What the
 * peer sent is bounded by the caller, who had it in memory; what is written here by TEXT_MAX.
 */
#include "websocket/session.h"

#include "core/http/field.h"
#include "core/ws/key_pool.h"

#include <string.h>

enum { TEXT_MAX = 64 * 1024 };

#define NAME_IS(header, literal) wh_ascii_is((header)->pcName, (header)->ulNameLength, literal)

void wsc_handshake_free(struct wsc_handshake *handshake)
{
    wh_buf_free(&handshake->text);
    *handshake = (struct wsc_handshake){.header_count = 0};
}

bool wsc_headers_are_there(const WEB_SOCKET_HTTP_HEADER *headers, ULONG count)
{
    if (!headers)
        return count == 0;
    for (ULONG i = 0; i < count; i++)
        if (!headers[i].pcName || (!headers[i].pcValue && headers[i].ulValueLength))
            return false;
    return true;
}

bool wsc_headers_are_valid(const WEB_SOCKET_HTTP_HEADER *headers, ULONG count)
{
    for (ULONG i = 0; i < count; i++)
        if (!wh_token_is_valid(headers[i].pcName, headers[i].ulNameLength) ||
            !wh_field_value_is_valid(headers[i].pcValue, headers[i].ulValueLength))
            return false;
    return true;
}

/* ---- reading --------------------------------------------------------------------------------- */

/* A message's headers, one name at a time. */
struct search {
    const WEB_SOCKET_HTTP_HEADER *headers;
    ULONG count;
    struct wh_str name;
    ULONG at;
};

static struct search search_for(const WEB_SOCKET_HTTP_HEADER *headers, ULONG count,
                                const char *name)
{
    return (struct search){headers, count, {name, strlen(name)}, 0};
}

/* The value of the next header of that name, trimmed. */
static bool search_next(struct search *search, struct wh_str *value)
{
    while (search->at < search->count) {
        const WEB_SOCKET_HTTP_HEADER *header = &search->headers[search->at++];

        if (wh_ascii_equal(header->pcName, header->ulNameLength, search->name.data,
                           search->name.len)) {
            *value = wh_ows_trim(header->pcValue, header->ulValueLength);
            return true;
        }
    }
    return false;
}

/* The value of a header that is there exactly once. */
static bool find_one(const WEB_SOCKET_HTTP_HEADER *headers, ULONG count, const char *name,
                     struct wh_str *value)
{
    struct search search = search_for(headers, count, name);
    struct wh_str second;

    return search_next(&search, value) && !search_next(&search, &second);
}

static bool connection_is_upgrade(const WEB_SOCKET_HTTP_HEADER *headers, ULONG count)
{
    struct search search = search_for(headers, count, "Connection");
    struct wh_str value;

    while (search_next(&search, &value))
        if (wh_ws_connection_is_upgrade(value.data, value.len))
            return true;
    return false;
}

/* Upgrade and Connection, as both sides must have them. */
static bool asks_for_websocket(const WEB_SOCKET_HTTP_HEADER *headers, ULONG count)
{
    struct wh_str upgrade;

    return find_one(headers, count, "Upgrade", &upgrade) &&
           wh_ws_upgrade_is_websocket(upgrade.data, upgrade.len) &&
           connection_is_upgrade(headers, count);
}

/* An extension's name is what stands before its parameters. */
static struct wh_str extension_name(struct wh_str extension)
{
    extension.len = wh_token_span(extension.data, extension.len);
    return extension;
}

/* Is it a token, then nothing or parameters? */
static bool extension_is_valid(struct wh_str extension)
{
    struct wh_str name = extension_name(extension);
    struct wh_str rest = wh_ows_trim(extension.data + name.len, extension.len - name.len);

    return name.len > 0 && (rest.len == 0 || rest.data[0] == ';');
}

/* Where in `list` an element begins with this token, as a number; SIZE_MAX if none does. */
static size_t position_in(struct wh_str list, struct wh_str name)
{
    struct wh_str element;

    for (size_t i = 0; wh_list_next(&list, &element); i++) {
        element = extension_name(element);
        if (element.len == name.len && memcmp(element.data, name.data, name.len) == 0)
            return i;
    }
    return SIZE_MAX;
}

/* ---- writing --------------------------------------------------------------------------------- */

static void begin_headers(struct wsc_handshake *handshake)
{
    wsc_handshake_free(handshake);
    wh_buf_init(&handshake->text, TEXT_MAX);
}

/* A header whose value is what was written to the text since it had `from` bytes. The text may still
 * move, so the value is an offset until point_headers(). */
static void add_header(struct wsc_handshake *handshake, const char *name, size_t from)
{
    WEB_SOCKET_HTTP_HEADER *header = &handshake->headers[handshake->header_count++];

    header->pcName = (PCHAR)(uintptr_t)name;
    header->ulNameLength = (ULONG)strlen(name);
    header->pcValue = NULL;
    header->ulValueLength = (ULONG)(handshake->text.len - from);
}

static void add_text(struct wsc_handshake *handshake, const char *name, const char *value)
{
    size_t from = handshake->text.len;

    wh_buf_put(&handshake->text, value, strlen(value));
    add_header(handshake, name, from);
}

/* E_INVALIDARG: `TEXT_MAX` was not enough. */
static HRESULT point_headers(struct wsc_handshake *handshake)
{
    char *at = (char *)handshake->text.data;

    if (handshake->text.err)
        return handshake->text.err == WH_E_NO_MEMORY ? E_OUTOFMEMORY : E_INVALIDARG;
    for (ULONG i = 0; i < handshake->header_count; i++) {
        handshake->headers[i].pcValue = at;
        at += handshake->headers[i].ulValueLength;
    }
    return S_OK;
}

/* A header that lists `count` values, if there are any. E_INVALIDARG for one that is not one element,
 * or no token where it must be. */
static HRESULT add_list(struct wsc_handshake *handshake, const char *name, PCSTR *values,
                        ULONG count, bool tokens)
{
    size_t from = handshake->text.len;

    if (count && !values)
        return E_INVALIDARG;
    for (ULONG i = 0; i < count; i++) {
        struct wh_str rest, element;

        if (!values[i])
            return E_INVALIDARG;
        rest = (struct wh_str){values[i], strlen(values[i])};
        if (!wh_field_value_is_valid(rest.data, rest.len) || !wh_list_next(&rest, &element) ||
            element.len != strlen(values[i]) || !extension_is_valid(element) ||
            (tokens && !wh_token_is_valid(element.data, element.len)))
            return E_INVALIDARG;
        if (i)
            wh_buf_put_literal(&handshake->text, ", ");
        wh_buf_put_str(&handshake->text, element);
        if (handshake->text.err)
            break;
    }
    if (count)
        add_header(handshake, name, from);
    return S_OK;
}

/* The value of the header of that name which is out; empty if there is none. */
static struct wh_str header_out(const struct wsc_handshake *handshake, const char *name)
{
    struct wh_str value = {"", 0};

    find_one(handshake->headers, handshake->header_count, name, &value);
    return value;
}

static bool has_twice(PCSTR *values, ULONG count)
{
    for (ULONG i = 0; i < count; i++)
        for (ULONG j = 0; j < i; j++)
            if (strcmp(values[i], values[j]) == 0)
                return true;
    return false;
}

/* ---- the client ------------------------------------------------------------------------------ */

HRESULT wsc_client_begin(struct wsc_session *session, PCSTR *subprotocols, ULONG subprotocol_count,
                         PCSTR *extensions, ULONG extension_count)
{
    struct wsc_handshake *handshake = &session->handshake;
    uint8_t random[16];
    HRESULT hr;

    session->phase = WSC_CREATED;
    begin_headers(handshake);
    if (!wh_ws_random(random, sizeof(random)))
        return E_FAIL;
    wh_ws_key_put(handshake->key, random);
    add_text(handshake, "Connection", "Upgrade");
    add_text(handshake, "Upgrade", "websocket");
    add_text(handshake, "Sec-WebSocket-Version", WH_WS_VERSION);
    add_text(handshake, "Sec-WebSocket-Key", handshake->key);
    hr = add_list(handshake, "Sec-WebSocket-Protocol", subprotocols, subprotocol_count, true);
    if (SUCCEEDED(hr))
        hr = add_list(handshake, "Sec-WebSocket-Extensions", extensions, extension_count, false);
    if (SUCCEEDED(hr))
        hr = point_headers(handshake);
    if (SUCCEEDED(hr) && has_twice(subprotocols, subprotocol_count))
        hr = E_INVALIDARG; /* section 4.1, point 10 */
    if (FAILED(hr))
        return hr;
    handshake->subprotocols = header_out(handshake, "Sec-WebSocket-Protocol");
    handshake->extensions = header_out(handshake, "Sec-WebSocket-Extensions");
    session->phase = WSC_HANDSHAKE;
    return S_OK;
}

/* The subprotocol that the server chose: its number among ours, SIZE_MAX for none. */
static HRESULT read_subprotocol(const struct wsc_handshake *handshake,
                                const WEB_SOCKET_HTTP_HEADER *headers, ULONG count, size_t *chosen)
{
    struct search search = search_for(headers, count, "Sec-WebSocket-Protocol");
    struct wh_str value, second;

    *chosen = SIZE_MAX;
    if (!search_next(&search, &value))
        return S_OK;
    if (search_next(&search, &second) || !wh_token_is_valid(value.data, value.len))
        return E_INVALID_PROTOCOL_FORMAT;
    *chosen = position_in(handshake->subprotocols, value);
    return *chosen == SIZE_MAX ? E_SUBPROTOCOL_NOT_SUPPORTED : S_OK;
}

/* The extensions that the server chose, as numbers of ours; `selected` may be NULL to look only.
 * *total is how many there are, whatever the room. */
static HRESULT read_extensions(const struct wsc_handshake *handshake,
                               const WEB_SOCKET_HTTP_HEADER *headers, ULONG count, ULONG *selected,
                               ULONG *total)
{
    struct search search = search_for(headers, count, "Sec-WebSocket-Extensions");
    struct search before;
    struct wh_str list, element, earlier;
    size_t at;

    *total = 0;
    while (search_next(&search, &list)) {
        const char *start = list.data;

        while (wh_list_next(&list, &element)) {
            struct wh_str name = extension_name(element);

            if (!extension_is_valid(element))
                return E_INVALID_PROTOCOL_FORMAT;
            at = position_in(handshake->extensions, name);
            if (at == SIZE_MAX)
                return E_PROTOCOL_EXTENSIONS_NOT_SUPPORTED;
            earlier = (struct wh_str){start, (size_t)(element.data - start)};
            if (position_in(earlier, name) != SIZE_MAX)
                return E_PROTOCOL_EXTENSIONS_NOT_SUPPORTED;
            before = search_for(headers, search.at - 1, "Sec-WebSocket-Extensions");
            while (search_next(&before, &earlier))
                if (position_in(earlier, name) != SIZE_MAX)
                    return E_PROTOCOL_EXTENSIONS_NOT_SUPPORTED;
            if (selected)
                selected[*total] = (ULONG)at;
            ++*total;
        }
    }
    return S_OK;
}

static HRESULT check_response(const struct wsc_handshake *handshake,
                              const WEB_SOCKET_HTTP_HEADER *headers, ULONG count)
{
    struct wh_str accept;

    if (!wsc_headers_are_valid(headers, count) || !asks_for_websocket(headers, count) ||
        !find_one(headers, count, "Sec-WebSocket-Accept", &accept) ||
        !wh_ws_accept_is_for(accept.data, accept.len, handshake->key))
        return E_INVALID_PROTOCOL_FORMAT;
    return S_OK;
}

HRESULT wsc_client_end(struct wsc_session *session, const WEB_SOCKET_HTTP_HEADER *headers,
                       ULONG count, ULONG *extensions, ULONG *extension_count, ULONG *subprotocol)
{
    const struct wsc_handshake *handshake = &session->handshake;
    ULONG room = extension_count && extensions ? *extension_count : 0;
    HRESULT hr = check_response(handshake, headers, count);
    size_t chosen = SIZE_MAX;
    ULONG total = 0;

    if (SUCCEEDED(hr))
        hr = read_subprotocol(handshake, headers, count, &chosen);
    if (SUCCEEDED(hr))
        hr = read_extensions(handshake, headers, count, NULL, &total);
    if (SUCCEEDED(hr) && extension_count && total > room)
        hr = HRESULT_FROM_WIN32(ERROR_INSUFFICIENT_BUFFER);
    if (FAILED(hr))
        return hr;
    if (extension_count && extensions)
        read_extensions(handshake, headers, count, extensions, &total);
    hr = wsc_session_open(session); /* the offers are gone after it */
    if (FAILED(hr))
        return hr;
    if (extension_count)
        *extension_count = total;
    if (subprotocol && chosen != SIZE_MAX)
        *subprotocol = (ULONG)chosen;
    return S_OK;
}

/* ---- the server ------------------------------------------------------------------------------ */

/* The request's key, checked with everything else in it. */
static HRESULT check_request(const WEB_SOCKET_HTTP_HEADER *headers, ULONG count, struct wh_str *key)
{
    struct wh_str value;

    if (!wsc_headers_are_valid(headers, count) || !find_one(headers, count, "Host", &value) ||
        !asks_for_websocket(headers, count) ||
        !find_one(headers, count, "Sec-WebSocket-Key", key) ||
        !wh_ws_key_is_valid(key->data, key->len) ||
        !find_one(headers, count, "Sec-WebSocket-Version", &value))
        return E_INVALID_PROTOCOL_FORMAT;
    return wh_ws_version_is_spoken(value.data, value.len) ? S_OK : E_PROTOCOL_VERSION_NOT_SUPPORTED;
}

/* E_INVALID_PROTOCOL_FORMAT unless all elements of all these headers are what they must be. */
static HRESULT check_list(const WEB_SOCKET_HTTP_HEADER *headers, ULONG count, const char *name,
                          bool tokens)
{
    struct search search = search_for(headers, count, name);
    struct wh_str list, element;

    while (search_next(&search, &list))
        while (wh_list_next(&list, &element))
            if (!extension_is_valid(element) ||
                (tokens && !wh_token_is_valid(element.data, element.len)))
                return E_INVALID_PROTOCOL_FORMAT;
    return S_OK;
}

/* Does one of these headers list what begins with the token of `value`? */
static bool is_offered(const WEB_SOCKET_HTTP_HEADER *headers, ULONG count, const char *name,
                       PCSTR value)
{
    struct search search = search_for(headers, count, name);
    struct wh_str list;

    while (search_next(&search, &list))
        if (position_in(list, extension_name((struct wh_str){value, strlen(value)})) != SIZE_MAX)
            return true;
    return false;
}

static HRESULT check_selection(PCSTR subprotocol, PCSTR *extensions, ULONG extension_count,
                               const WEB_SOCKET_HTTP_HEADER *headers, ULONG count)
{
    if (subprotocol && !is_offered(headers, count, "Sec-WebSocket-Protocol", subprotocol))
        return E_SUBPROTOCOL_NOT_SUPPORTED;
    for (ULONG i = 0; i < extension_count; i++)
        if (!is_offered(headers, count, "Sec-WebSocket-Extensions", extensions[i]))
            return E_PROTOCOL_EXTENSIONS_NOT_SUPPORTED;
    return S_OK;
}

HRESULT wsc_server_begin(struct wsc_session *session, PCSTR subprotocol, PCSTR *extensions,
                         ULONG extension_count, const WEB_SOCKET_HTTP_HEADER *headers, ULONG count)
{
    struct wsc_handshake *handshake = &session->handshake;
    PCSTR selected = subprotocol && *subprotocol ? subprotocol : NULL;
    char accept[WH_WS_ACCEPT_LEN + 1];
    struct wh_str key;
    HRESULT hr;

    session->phase = WSC_CREATED;
    begin_headers(handshake);
    hr = check_request(headers, count, &key);
    if (SUCCEEDED(hr))
        hr = check_list(headers, count, "Sec-WebSocket-Protocol", true);
    if (SUCCEEDED(hr))
        hr = check_list(headers, count, "Sec-WebSocket-Extensions", false);
    if (FAILED(hr))
        return hr;
    wh_ws_accept_put(accept, key.data);
    add_text(handshake, "Upgrade", "websocket");
    add_text(handshake, "Connection", "Upgrade");
    add_text(handshake, "Sec-WebSocket-Accept", accept);
    hr = add_list(handshake, "Sec-WebSocket-Protocol", &selected, selected ? 1 : 0, true);
    if (SUCCEEDED(hr))
        hr = add_list(handshake, "Sec-WebSocket-Extensions", extensions, extension_count, false);
    if (SUCCEEDED(hr))
        hr = point_headers(handshake);
    if (SUCCEEDED(hr))
        hr = check_selection(selected, extensions, extension_count, headers, count);
    if (SUCCEEDED(hr))
        session->phase = WSC_HANDSHAKE;
    return hr;
}
