/* ws_accept_test.c - the handshake's values: RFC 6455, sections 1.2, 1.3, 4.1, 4.2; FIPS 180-4. */
#include "core/ws/accept.h"
#include "core/ws/sha1.h"
#include "test.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void hex_of(const void *bytes, size_t len, char *out)
{
    uint8_t hash[WH_WS_SHA1_LEN];

    wh_ws_sha1(hash, bytes, len);
    for (size_t i = 0; i < sizeof(hash); i++)
        snprintf(out + 2 * i, 3, "%02x", hash[i]);
}

TEST(ws_accept, sha1_has_the_values_of_its_standard)
{
    static char million[1000000];
    char hex[41];

    hex_of("", 0, hex);
    CHECK_STR(hex, "da39a3ee5e6b4b0d3255bfef95601890afd80709");
    hex_of("abc", 3, hex);
    CHECK_STR(hex, "a9993e364706816aba3e25717850c26c9cd0d89d");
    hex_of("abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq", 56, hex);
    CHECK_STR(hex, "84983e441c3bd26ebaae4aa1f95129e5e54670f1");
    memset(million, 'a', sizeof(million));
    hex_of(million, sizeof(million), hex);
    CHECK_STR(hex, "34aa973cd4c4daa4f61eeb2bdbad27316534016f");
}

/* Where padding begins a second block: lengths 55, 56, 63, 64, 65 of 'a', as other tools have them. */
TEST(ws_accept, sha1_pads_at_every_length)
{
    static const struct {
        size_t len;
        const char *hex;
    } rows[] = {
        {55, "c1c8bbdc22796e28c0e15163d20899b65621d65a"},
        {56, "c2db330f6083854c99d4b5bfb6e8f29f201be699"},
        {63, "03f09f5b158a7a8cdad920bddc29b81c18a551f5"},
        {64, "0098ba824b5c16427bd7a1122a5a442a25ec644d"},
        {65, "11655326c708d70319be2610e8a57d9a5b959d3b"},
    };
    char text[65], hex[41];

    memset(text, 'a', sizeof(text));
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        hex_of(text, rows[i].len, hex);
        CHECK_STR(hex, rows[i].hex);
    }
}

TEST(ws_accept, the_answer_to_the_rfcs_key_is_the_rfcs_answer)
{
    static const char key[] = "dGhlIHNhbXBsZSBub25jZQ=="; /* section 1.3 */
    char out[WH_WS_ACCEPT_LEN + 1];

    wh_ws_accept_put(out, key);
    CHECK_STR(out, "s3pPLMBiTxaQ9kYGzzhZRbK+xOo=");
    CHECK(wh_ws_accept_is_for(out, 28, key));
    CHECK(wh_ws_accept_is_for(" s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\t", 30, key));
    CHECK(!wh_ws_accept_is_for("s3pplmbitxaq9kygzzhzrbk+xoo=", 28, key)); /* case counts */
    CHECK(!wh_ws_accept_is_for(out, 27, key));
    CHECK(!wh_ws_accept_is_for("", 0, key));
    CHECK(!wh_ws_accept_is_for(out, 28, "AAAAAAAAAAAAAAAAAAAAAA=="));
}

TEST(ws_accept, a_key_is_the_base64_of_sixteen_bytes)
{
    char out[WH_WS_KEY_LEN + 1];
    uint8_t bytes[16];

    wh_ws_key_put(out, (const uint8_t *)"the sample nonce");
    CHECK_STR(out, "dGhlIHNhbXBsZSBub25jZQ==");
    for (unsigned value = 0; value < 256; value++) {
        for (size_t i = 0; i < 16; i++)
            bytes[i] = (uint8_t)(value + i * 37);
        wh_ws_key_put(out, bytes);
        CHECK_EQ(strlen(out), WH_WS_KEY_LEN);
        CHECK(wh_ws_key_is_valid(out, WH_WS_KEY_LEN));
    }
    memset(bytes, 0xff, 16);
    wh_ws_key_put(out, bytes);
    CHECK_STR(out, "/////////////////////w==");
}

TEST(ws_accept, what_is_no_key_is_refused)
{
    static const char *const bad[] = {
        "",
        "dGhlIHNhbXBsZSBub25jZQ=",
        "dGhlIHNhbXBsZSBub25jZQ",
        "dGhlIHNhbXBsZSBub25jZQ===",
        "dGhlIHNhbXBsZSBub25jZR==", /* a bit that belongs to nothing */
        "dGhlIHNhbXBsZSBub25jZWE=", /* 17 bytes */
        "dGhlIHNhbXBsZSBub25j ZQ=",
        "dGhlIHNhbXBs-SBub25jZQ==",
        "====================ZQ==",
        "dGhlIHNhbXBsZSBub25jZ===",
    };

    CHECK(wh_ws_key_is_valid("AAAAAAAAAAAAAAAAAAAAAA==", 24));
    for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
        test_note("%s", bad[i]);
        CHECK(!wh_ws_key_is_valid(bad[i], strlen(bad[i])));
    }
    CHECK(!wh_ws_key_is_valid("dGhlIHNhbXBsZ\0Bub25jZQ==", 24));
}

#define IS(fn, text) (fn)((text), sizeof(text) - 1)

TEST(ws_accept, upgrade_connection_and_version_are_lists_in_any_case)
{
    CHECK(IS(wh_ws_upgrade_is_websocket, "websocket"));
    CHECK(IS(wh_ws_upgrade_is_websocket, "WebSocket"));
    CHECK(IS(wh_ws_upgrade_is_websocket, "h2c , WEBSOCKET"));
    CHECK(!IS(wh_ws_upgrade_is_websocket, "websockets"));
    CHECK(!IS(wh_ws_upgrade_is_websocket, "websocket/13"));
    CHECK(!IS(wh_ws_upgrade_is_websocket, ""));
    CHECK(IS(wh_ws_connection_is_upgrade, "Upgrade"));
    CHECK(IS(wh_ws_connection_is_upgrade, "keep-alive, upgrade"));
    CHECK(!IS(wh_ws_connection_is_upgrade, "keep-alive"));
    CHECK(!IS(wh_ws_connection_is_upgrade, "keep-alive upgrade"));
    CHECK(IS(wh_ws_version_is_spoken, "13"));
    CHECK(IS(wh_ws_version_is_spoken, "8, 13"));
    CHECK(!IS(wh_ws_version_is_spoken, "8"));
    CHECK(!IS(wh_ws_version_is_spoken, "013"));
}

TEST(ws_accept, a_subprotocol_must_be_one_that_was_offered_in_its_own_case)
{
    static const char offered[] = "chat, superchat";
    size_t len = sizeof(offered) - 1;

    CHECK(wh_ws_subprotocol_is_offered(offered, len, "chat", 4));
    CHECK(wh_ws_subprotocol_is_offered(offered, len, "superchat", 9));
    CHECK(!wh_ws_subprotocol_is_offered(offered, len, "Chat", 4));
    CHECK(!wh_ws_subprotocol_is_offered(offered, len, "super", 5));
    CHECK(!wh_ws_subprotocol_is_offered(offered, len, "chat, superchat", 15));
    CHECK(!wh_ws_subprotocol_is_offered(offered, len, "", 0));
    CHECK(!wh_ws_subprotocol_is_offered("", 0, "chat", 4));
}
