/* net_cert.c - what a certificate says about itself. */
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "certs.h"
#include "core/base/alloc.h"
#include "core/base/clock.h"
#include "core/net/cert.h"
#include "test.h"

TEST(cert, says_who_when_and_how)
{
    struct cert_options options = {.names = "a.test", .common_name = "J\xc3\xbcrgen, Test"};
    struct cert *minted = cert_new(&options);
    struct wh_cert *cert = NULL;
    int64_t from = 0, until = 0, now = (int64_t)time(NULL);
    char *text;

    CHECK_EQ(wh_cert_from_x509(&cert, cert_x509(minted)), WH_OK);
    cert_free(&minted); /* ours lives on */
    text = wh_cert_subject(cert);
    CHECK_STR(text, "O=Tests, CN=J\xc3\xbcrgen\\, Test");
    wh_free(text);
    text = wh_cert_subject_lines(cert);
    CHECK_STR(text, "Tests\r\nJ\xc3\xbcrgen, Test");
    wh_free(text);
    text = wh_cert_issuer(cert);
    CHECK_STR(text, "O=Tests, CN=Test CA");
    wh_free(text);
    text = wh_cert_issuer_lines(cert);
    CHECK_STR(text, "Tests\r\nTest CA");
    wh_free(text);
    CHECK(wh_cert_not_before(cert, &from));
    CHECK(wh_cert_not_after(cert, &until));
    CHECK(from < now && now - from < 2 * 86400);
    CHECK(until > now && until - now < 31 * 86400);
    CHECK_EQ(wh_cert_key_bits(cert), 256);
    CHECK_STR(wh_cert_signature_name(cert), "ecdsa-with-SHA256");
    CHECK_STR(wh_cert_key_name(cert), "id-ecPublicKey");
    wh_cert_unref(&cert);
    CHECK(!cert);
}

TEST(cert, der_goes_round_and_anything_else_is_refused)
{
    struct wh_cert *cert = NULL, *again = NULL, *bad = NULL;
    const uint8_t *der;
    uint8_t *copy;
    size_t len, again_len;

    CHECK_EQ(wh_cert_from_x509(&cert, cert_x509(cert_localhost())), WH_OK);
    der = wh_cert_der(cert, &len);
    CHECK_EQ(wh_cert_from_der(&again, der, len), WH_OK);
    CHECK_MEM(wh_cert_der(again, &again_len), der, len);
    CHECK_EQ(again_len, len);
    copy = calloc(1, len + 1);
    memcpy(copy, der, len);
    CHECK_EQ(wh_cert_from_der(&bad, copy, len + 1), WH_E_INVALID_ARGUMENT);
    for (size_t cut = 0; cut < len; cut++)
        CHECK_EQ(wh_cert_from_der(&bad, copy, cut), WH_E_INVALID_ARGUMENT);
    CHECK(!bad);
    free(copy);
    wh_cert_unref(&again);
    wh_cert_unref(&cert);
}

TEST(cert, a_name_cannot_smuggle_in_a_line)
{
    struct cert_options options = {.common_name = "x\r\nEvil"};
    struct cert *minted = cert_new(&options);
    struct wh_cert *cert = NULL;
    char *text;

    CHECK_EQ(wh_cert_from_x509(&cert, cert_x509(minted)), WH_OK);
    text = wh_cert_subject_lines(cert);
    CHECK_STR(text, "Tests\r\nx\\0D\\0AEvil");
    wh_free(text);
    wh_cert_unref(&cert);
    cert_free(&minted);
}

TEST(cert, seconds_count_leap_days_before_and_after_1970)
{
    static const struct {
        struct tm utc;
        int64_t seconds;
    } rows[] = {
        {{.tm_year = 70, .tm_mon = 0, .tm_mday = 1}, 0},
        {{.tm_year = 69, .tm_mon = 11, .tm_mday = 31, .tm_hour = 23, .tm_min = 59, .tm_sec = 59},
         -1},
        {{.tm_year = 100, .tm_mon = 1, .tm_mday = 29}, 951782400},
        {{.tm_year = 100, .tm_mon = 2, .tm_mday = 1}, 951868800},
        {{.tm_year = 200, .tm_mon = 2, .tm_mday = 1}, 4107542400},
        {{.tm_year = 8099, .tm_mon = 11, .tm_mday = 31}, 253402214400},
    };

    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
        CHECK_EQ(wh_utc_seconds(&rows[i].utc), rows[i].seconds);
}
