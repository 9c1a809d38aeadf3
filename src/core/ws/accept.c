/* accept.c - the opening handshake's values; RFC 6455, sections 4.1, 4.2 and 11.3. */
#include "core/ws/accept.h"

#include "core/base/text.h"
#include "core/http/field.h"
#include "core/ws/sha1.h"

#include <string.h>

#define KEY_BYTES 16u

static const char guid[] = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11"; /* section 1.3 */
static const char alphabet[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

/* With a NUL behind it. */
static void put_base64(char *out, const uint8_t *in, size_t len)
{
    wh_base64_write(out, in, len);
    out[WH_BASE64_LEN(len)] = '\0';
}

void wh_ws_key_put(char out[WH_WS_KEY_LEN + 1], const uint8_t random[16])
{
    put_base64(out, random, KEY_BYTES);
}

static bool is_one_of(char c, const char *set)
{
    return c != 0 && strchr(set, c);
}

/* 22 digits carry 132 bits, four more than there are: those of the last digit are zero. */
bool wh_ws_key_is_valid(const char *key, size_t len)
{
    if (len != WH_WS_KEY_LEN || memcmp(key + 22, "==", 2) != 0)
        return false;
    for (size_t i = 0; i < 22; i++)
        if (!is_one_of(key[i], alphabet))
            return false;
    return is_one_of(key[21], "AQgw");
}

void wh_ws_accept_put(char out[WH_WS_ACCEPT_LEN + 1], const char key[WH_WS_KEY_LEN])
{
    char text[WH_WS_KEY_LEN + sizeof(guid) - 1];
    uint8_t hash[WH_WS_SHA1_LEN];

    memcpy(text, key, WH_WS_KEY_LEN);
    memcpy(text + WH_WS_KEY_LEN, guid, sizeof(guid) - 1);
    wh_ws_sha1(hash, text, sizeof(text));
    put_base64(out, hash, sizeof(hash));
}

bool wh_ws_accept_is_for(const char *value, size_t len, const char key[WH_WS_KEY_LEN])
{
    struct wh_str given = wh_ows_trim(value, len);
    char want[WH_WS_ACCEPT_LEN + 1];

    wh_ws_accept_put(want, key);
    return given.len == WH_WS_ACCEPT_LEN && memcmp(given.data, want, WH_WS_ACCEPT_LEN) == 0;
}

bool wh_ws_upgrade_is_websocket(const char *value, size_t len)
{
    return wh_list_has(value, len, "websocket", strlen("websocket"));
}

bool wh_ws_connection_is_upgrade(const char *value, size_t len)
{
    return wh_list_has(value, len, "upgrade", strlen("upgrade"));
}

bool wh_ws_version_is_spoken(const char *value, size_t len)
{
    return wh_list_has(value, len, WH_WS_VERSION, strlen(WH_WS_VERSION));
}

bool wh_ws_subprotocol_is_offered(const char *offered, size_t offered_len, const char *chosen,
                                  size_t chosen_len)
{
    struct wh_str rest = {offered, offered_len};
    struct wh_str one;

    if (!wh_token_is_valid(chosen, chosen_len))
        return false;
    while (wh_list_next(&rest, &one))
        if (one.len == chosen_len && memcmp(one.data, chosen, chosen_len) == 0)
            return true;
    return false;
}
