/* options_report.c - options that tell about an exchange: certificates, ciphers, addresses, times.
 * Numbers in names are those of the behaviour facts. */
#include <winsock2.h>
#include <schannel.h>
#include <windows.h>
#include <winhttp.h>

#include "test.h"
#include "text.h"
#include "web.h"

#include <openssl/x509.h>
#include <string.h>

#define HELLO "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello"

static const struct server_options tls = {.tls = true};
static const struct turn hello[] = {{EXPECT, "GET /hello HTTP/1.1\r\n"}, {REPLY, HELLO}, {END}};

static DWORD query(HINTERNET handle, DWORD option, void *buffer, DWORD *length)
{
    BOOL ok;

    SetLastError(0xdeadbeef);
    ok = WinHttpQueryOption(handle, option, buffer, length);
    CHECK_EQ(ok, GetLastError() == ERROR_SUCCESS);
    return GetLastError();
}

static DWORD get_dword(HINTERNET handle, DWORD option)
{
    DWORD value = 0xcccccccc, length = sizeof(value);

    CHECK_EQ(query(handle, option, &value, &length), ERROR_SUCCESS);
    return value;
}

static PCCERT_CONTEXT get_cert(HINTERNET request)
{
    PCCERT_CONTEXT context = NULL;
    DWORD length = sizeof(context);

    CHECK_EQ(query(request, WINHTTP_OPTION_SERVER_CERT_CONTEXT, &context, &length), ERROR_SUCCESS);
    CHECK_EQ(length, sizeof(context));
    CHECK(context);
    return context;
}

static void check_name(const CERT_NAME_BLOB *blob, const X509_NAME *name)
{
    unsigned char *der = NULL;
    int len = i2d_X509_NAME((X509_NAME *)(uintptr_t)name, &der);

    CHECK_EQ(blob->cbData, len);
    CHECK_MEM(blob->pbData, der, (size_t)len);
    OPENSSL_free(der);
}

static void check_time(FILETIME when, const ASN1_TIME *expected)
{
    SYSTEMTIME parts;
    struct tm tm;

    CHECK(ASN1_TIME_to_tm(expected, &tm));
    CHECK(FileTimeToSystemTime(&when, &parts));
    CHECK_EQ(parts.wYear, tm.tm_year + 1900);
    CHECK_EQ(parts.wMonth, tm.tm_mon + 1);
    CHECK_EQ(parts.wDay, tm.tm_mday);
    CHECK_EQ(parts.wHour, tm.tm_hour);
    CHECK_EQ(parts.wSecond, tm.tm_sec);
}

static void check_serial(const CRYPT_INTEGER_BLOB *blob, const ASN1_INTEGER *expected)
{
    BIGNUM *serial = ASN1_INTEGER_to_BN(expected, NULL);
    BYTE low_first[64] = {0};

    CHECK(serial && BN_num_bytes(serial) < 60);
    BN_bn2lebinpad(serial, low_first, sizeof(low_first));
    CHECK(blob->cbData >= (DWORD)BN_num_bytes(serial));
    CHECK(blob->cbData <= (DWORD)BN_num_bytes(serial) + 1);
    CHECK_MEM(blob->pbData, low_first, blob->cbData);
    BN_free(serial);
}

/* Everything in a CERT_CONTEXT, against OpenSSL's own view of the certificate. */
static void check_context(PCCERT_CONTEXT context, X509 *x509)
{
    const CERT_INFO *info = context->pCertInfo;
    unsigned char *der = NULL;
    int len = i2d_X509(x509, &der);
    const ASN1_BIT_STRING *key = X509_get0_pubkey_bitstr(x509);

    CHECK_EQ(context->dwCertEncodingType, X509_ASN_ENCODING);
    CHECK_EQ(context->cbCertEncoded, len);
    CHECK_MEM(context->pbCertEncoded, der, (size_t)len);
    OPENSSL_free(der);
    CHECK(context->hCertStore); /* what the server sent along */
    CHECK_EQ(info->dwVersion, CERT_V3);
    check_serial(&info->SerialNumber, X509_get0_serialNumber(x509));
    CHECK_STR(info->SignatureAlgorithm.pszObjId, "1.2.840.10045.4.3.2");
    check_name(&info->Issuer, X509_get_issuer_name(x509));
    check_name(&info->Subject, X509_get_subject_name(x509));
    check_time(info->NotBefore, X509_get0_notBefore(x509));
    check_time(info->NotAfter, X509_get0_notAfter(x509));
    CHECK_STR(info->SubjectPublicKeyInfo.Algorithm.pszObjId, "1.2.840.10045.2.1");
    CHECK_EQ(info->SubjectPublicKeyInfo.Algorithm.Parameters.cbData, 10); /* the curve's OID */
    CHECK_EQ(info->SubjectPublicKeyInfo.PublicKey.cbData, key->length);
    CHECK_MEM(info->SubjectPublicKeyInfo.PublicKey.pbData, key->data, (size_t)key->length);
    CHECK_EQ(info->SubjectPublicKeyInfo.PublicKey.cUnusedBits, 0);
    CHECK_EQ(info->cExtension, X509_get_ext_count(x509));
    for (DWORD i = 0; i < info->cExtension; i++) {
        X509_EXTENSION *extension = X509_get_ext(x509, (int)i);
        ASN1_OCTET_STRING *value = X509_EXTENSION_get_data(extension);
        char oid[64];

        OBJ_obj2txt(oid, sizeof(oid), X509_EXTENSION_get_object(extension), 1);
        CHECK_STR(info->rgExtension[i].pszObjId, oid);
        CHECK_EQ(info->rgExtension[i].fCritical, X509_EXTENSION_get_critical(extension) != 0);
        CHECK_EQ(info->rgExtension[i].Value.cbData, value->length);
        CHECK_MEM(info->rgExtension[i].Value.pbData, value->data, (size_t)value->length);
    }
}

static void check_certificate_struct(HINTERNET request, X509 *x509)
{
    WINHTTP_CERTIFICATE_INFO info;
    DWORD length = 1;
    char subject[256];

    CHECK_EQ(query(request, WINHTTP_OPTION_SECURITY_CERTIFICATE_STRUCT, &info, &length),
             ERROR_INSUFFICIENT_BUFFER);
    CHECK_EQ(length, sizeof(info));
    CHECK_EQ(query(request, WINHTTP_OPTION_SECURITY_CERTIFICATE_STRUCT, &info, &length),
             ERROR_SUCCESS);
    check_time(info.ftStart, X509_get0_notBefore(x509));
    check_time(info.ftExpiry, X509_get0_notAfter(x509));
    text_narrow(subject, sizeof(subject), info.lpszSubjectInfo);
    CHECK_STR(subject, "Tests\r\nlocalhost"); /* one part per line */
    CHECK(text_length(info.lpszIssuerInfo) > 0);
    CHECK(!info.lpszProtocolName && !info.lpszSignatureAlgName && !info.lpszEncryptionAlgName);
    CHECK(info.dwKeySize >= 128);
    CHECK(!LocalFree(info.lpszSubjectInfo));
    CHECK(!LocalFree(info.lpszIssuerInfo));
}

static void certificates_are_told(DWORD flags)
{
    struct cert *cert = cert_new(
        &(struct cert_options){.names = "localhost,127.0.0.1", .common_name = "localhost"});
    struct server_options options = {.tls = true, .cert = cert};
    struct server *srv = server_play_with(&options, hello);
    struct web web = web_open(srv, flags, "GET", "/hello");
    PCCERT_CONTEXT context, second;
    char body[16];
    DWORD got;

    CHECK_EQ(get_dword(web.request, WINHTTP_OPTION_SECURITY_FLAGS), 0);
    CHECK_EQ(web_send(&web, NULL, NULL, 0, 0), 0);
    context = get_cert(web.request);
    check_context(context, cert_x509(cert));
    check_certificate_struct(web.request, cert_x509(cert));
    CHECK(get_dword(web.request, WINHTTP_OPTION_SECURITY_KEY_BITNESS) >= 128);
    CHECK_EQ(get_dword(web.request, WINHTTP_OPTION_SECURITY_FLAGS),
             SECURITY_FLAG_SECURE | SECURITY_FLAG_STRENGTH_STRONG);
    CHECK_EQ(web_receive(&web), 0);
    CHECK_EQ(web_read(&web, body, sizeof(body), &got), 0);
    CHECK_EQ(got, 5);
    CHECK_EQ(web_read(&web, body, sizeof(body), &got), 0);
    CHECK_EQ(got, 0);
    second = get_cert(web.request);
    CHECK(second != context);
    check_context(second, cert_x509(cert));
    CHECK(CertFreeCertificateContext(second));
    web_close(&web);
    server_stop(&srv);
    check_context(context, cert_x509(cert)); /* the application's, whatever has gone */
    CHECK(CertDuplicateCertificateContext(context) == context);
    CHECK(CertFreeCertificateContext(context));
    check_context(context, cert_x509(cert));
    CHECK(CertFreeCertificateContext(context));
    cert_free(&cert);
}

TEST(options_report, fact_44_certificates_are_there_after_sending_and_stay_synchronously)
{
    certificates_are_told(0);
}

TEST(options_report, fact_44_certificates_are_there_after_sending_and_stay_asynchronously)
{
    certificates_are_told(WINHTTP_FLAG_ASYNC);
}

TEST(options_report, freeing_no_certificate_succeeds)
{
    CHECK(CertFreeCertificateContext(NULL));
    CHECK(!CertDuplicateCertificateContext(NULL));
}

static void look_when_sending(const struct seen *seen, void *info, void *user)
{
    (void)info;
    if (seen->status == WINHTTP_CALLBACK_STATUS_SENDING_REQUEST)
        *(PCCERT_CONTEXT *)user = get_cert(seen->handle);
}

TEST(options_report, the_certificate_can_be_looked_at_before_anything_is_sent)
{
    struct server *srv = server_play_with(&tls, hello);
    struct web web = web_open(srv, 0, "GET", "/hello");
    PCCERT_CONTEXT context = NULL;

    recorder_set_hook(web.rec, look_when_sending, &context);
    CHECK_EQ(web_exchange(&web, NULL, 0).status, 200);
    CHECK(context);
    check_context(context, cert_x509(cert_localhost()));
    CHECK(CertFreeCertificateContext(context));
    web_close(&web);
    server_stop(&srv);
}

TEST(options_report, a_refused_certificate_can_be_looked_at)
{
    struct cert *cert =
        cert_new(&(struct cert_options){.names = "127.0.0.1", .fault = CERT_SELF_SIGNED});
    struct server_options options = {.tls = true, .cert = cert};
    struct server *srv = server_play_with(&options, (const struct turn[]){{ACCEPT_REFUSED}, {END}});
    struct web web = web_open(srv, 0, "GET", "/");
    PCCERT_CONTEXT context;

    CHECK_EQ(web_send(&web, NULL, NULL, 0, 0), ERROR_WINHTTP_SECURE_FAILURE);
    context = get_cert(web.request);
    check_context(context, cert_x509(cert));
    CHECK(CertFreeCertificateContext(context));
    CHECK_EQ(get_dword(web.request, WINHTTP_OPTION_SECURITY_FLAGS), 0);
    web_close(&web);
    server_stop(&srv);
    cert_free(&cert);
}

TEST(options_report, the_cipher_is_told_in_words_and_numbers)
{
    static const struct server_options tls_1_2 = {.tls = true, .max_tls = TLS1_2_VERSION};
    struct server *srv = server_play_with(&tls_1_2, hello);
    struct web web = web_open(srv, 0, "GET", "/hello");
    WINHTTP_SECURITY_INFO info;
    DWORD length = 0;

    CHECK_EQ(web_exchange(&web, NULL, 0).status, 200);
    CHECK_EQ(query(web.request, WINHTTP_OPTION_SECURITY_INFO, NULL, &length),
             ERROR_INSUFFICIENT_BUFFER);
    CHECK_EQ(length, sizeof(info));
    CHECK_EQ(query(web.request, WINHTTP_OPTION_SECURITY_INFO, &info, &length), ERROR_SUCCESS);
    CHECK_EQ(info.ConnectionInfo.dwProtocol, SP_PROT_TLS1_2_CLIENT);
    CHECK_EQ(info.CipherInfo.dwProtocol, 0x0303);
    CHECK_EQ(info.CipherInfo.dwVersion, SECPKGCONTEXT_CIPHERINFO_V1);
    CHECK(info.ConnectionInfo.dwCipherStrength >= 128);
    CHECK_EQ(info.CipherInfo.dwCipherLen, info.ConnectionInfo.dwCipherStrength);
    CHECK_EQ(info.CipherInfo.dwCipherSuite >> 8, 0xc0); /* ECDHE_ECDSA suites */
    CHECK_WSTR(info.CipherInfo.szExchange, L"ECDHE");
    CHECK_WSTR(info.CipherInfo.szCertificate, L"ECDSA");
    CHECK(text_length(info.CipherInfo.szCipherSuite) > 10);
    web_close(&web);
    server_stop(&srv);
}

TEST(options_report, a_plain_request_has_no_certificate)
{
    struct server *srv = server_play(hello);
    struct web web = web_open(srv, 0, "GET", "/hello");
    char room[64];
    DWORD length = sizeof(room);

    CHECK_EQ(web_exchange(&web, NULL, 0).status, 200);
    CHECK_EQ(query(web.request, WINHTTP_OPTION_SERVER_CERT_CONTEXT, room, &length),
             ERROR_WINHTTP_INCORRECT_HANDLE_STATE);
    CHECK_EQ(query(web.request, WINHTTP_OPTION_SECURITY_KEY_BITNESS, room, &length),
             ERROR_WINHTTP_INCORRECT_HANDLE_STATE);
    CHECK_EQ(get_dword(web.request, WINHTTP_OPTION_SECURITY_FLAGS), 0);
    web_close(&web);
    server_stop(&srv);
}

TEST(options_report, fact_45_connection_info_comes_with_sending_and_stays)
{
    struct server *srv = server_play(
        (const struct turn[]){{EXPECT, "GET / HTTP/1.1\r\n"}, {REPLY, HELLO}, {CLOSE}, {END}});
    struct web web = web_open(srv, 0, "GET", "/");
    WINHTTP_CONNECTION_INFO info;
    const struct sockaddr_in *remote = (const struct sockaddr_in *)&info.RemoteAddress;
    const struct sockaddr_in *local = (const struct sockaddr_in *)&info.LocalAddress;
    DWORD length = sizeof(info);

    CHECK_EQ(query(web.request, WINHTTP_OPTION_CONNECTION_INFO, &info, &length),
             ERROR_WINHTTP_INCORRECT_HANDLE_STATE);
    CHECK_EQ(web_send(&web, NULL, NULL, 0, 0), 0);
    length = 0;
    CHECK_EQ(query(web.request, WINHTTP_OPTION_CONNECTION_INFO, &info, &length),
             ERROR_INSUFFICIENT_BUFFER);
    CHECK_EQ(length, sizeof(info));
    CHECK_EQ(query(web.request, WINHTTP_OPTION_CONNECTION_INFO, &info, &length), ERROR_SUCCESS);
    CHECK_EQ(info.cbSize, sizeof(info));
    CHECK_EQ(remote->sin_family, AF_INET);
    CHECK_EQ(ntohs(remote->sin_port), server_port(srv));
    CHECK_EQ(ntohl(remote->sin_addr.s_addr), INADDR_LOOPBACK);
    CHECK_EQ(ntohl(local->sin_addr.s_addr), INADDR_LOOPBACK);
    CHECK(local->sin_port != 0);
    CHECK_EQ(web_receive(&web), 0);
    CHECK(server_wait_end(srv));
    CHECK_EQ(query(web.request, WINHTTP_OPTION_CONNECTION_INFO, &info, &length), ERROR_SUCCESS);
    CHECK_EQ(ntohs(remote->sin_port), server_port(srv));
    web_close(&web);
    server_stop(&srv);
}

TEST(options_report, times_are_in_order_and_between_before_and_after)
{
    static const int order[] = {
        WinHttpConnectionEstablishmentStart,
        WinHttpConnectionEstablishmentEnd,
        WinHttpTlsHandshakeClientLeg1Start,
        WinHttpTlsHandshakeClientLeg1End,
        WinHttpSendRequestStart,
        WinHttpSendRequestHeadersEnd,
        WinHttpSendRequestEnd,
        WinHttpReceiveResponseStart,
        WinHttpReceiveResponseHeadersEnd,
        WinHttpReceiveResponseEnd,
    };
    struct server *srv = server_play_with(&tls, hello);
    struct web web = web_open(srv, 0, "GET", "/hello");
    WINHTTP_REQUEST_TIMES times = {.cTimes = WinHttpRequestTimeLast};
    DWORD length = sizeof(times);
    LARGE_INTEGER before, after;
    ULONGLONG last;

    QueryPerformanceCounter(&before);
    CHECK_EQ(web_exchange(&web, NULL, 0).status, 200);
    QueryPerformanceCounter(&after);
    CHECK_EQ(query(web.request, WINHTTP_OPTION_REQUEST_TIMES, &times, &length), ERROR_SUCCESS);
    CHECK_EQ(times.cTimes, WinHttpRequestTimeLast);
    last = (ULONGLONG)before.QuadPart;
    last -= last % 1000000; /* the engine counts microseconds */
    for (size_t i = 0; i < sizeof(order) / sizeof(order[0]); i++) {
        test_note("entry %d", order[i]);
        CHECK(times.rgullTimes[order[i]] >= last);
        last = times.rgullTimes[order[i]];
    }
    CHECK(last <= (ULONGLONG)after.QuadPart);
    CHECK_EQ(times.rgullTimes[WinHttpProxyTunnelStart], 0);
    times = (WINHTTP_REQUEST_TIMES){.cTimes = 3};
    CHECK_EQ(query(web.request, WINHTTP_OPTION_REQUEST_TIMES, &times, &length), ERROR_SUCCESS);
    CHECK_EQ(times.cTimes, 3);
    CHECK_EQ(times.rgullTimes[WinHttpSendRequestStart], 0);
    web_close(&web);
    server_stop(&srv);
}

/* One leg after the other, on one connection: nothing of the first is mixed into the last. */
TEST(options_report, after_a_redirect_times_and_sizes_are_those_of_the_last_leg)
{
    struct server *srv =
        server_play((const struct turn[]){{EXPECT, "GET /from HTTP/1.1\r\n"},
                                          {REPLY, "HTTP/1.1 302 Found\r\nLocation: /to\r\n"
                                                  "Content-Length: 7\r\n\r\nthither"},
                                          {EXPECT, "GET /to HTTP/1.1\r\n"},
                                          {REPLY, HELLO},
                                          {END}});
    struct web web = web_open(srv, 0, "GET", "/from");
    WINHTTP_REQUEST_STATS stats = {.cStats = WinHttpRequestStatLast};
    WINHTTP_REQUEST_TIMES times = {.cTimes = WinHttpRequestTimeLast};
    DWORD length = sizeof(stats);

    CHECK_EQ(web_exchange(&web, NULL, 0).status, 200);
    CHECK_EQ(query(web.request, WINHTTP_OPTION_REQUEST_STATS, &stats, &length), ERROR_SUCCESS);
    CHECK_EQ(stats.rgullStats[WinHttpRequestHeadersSize], strlen(server_request(srv, 1)));
    CHECK_EQ(stats.rgullStats[WinHttpResponseBodySize], 5);
    CHECK_EQ(stats.ullFlags, 0);
    CHECK_EQ(stats.ulIndex, 1);
    length = sizeof(times);
    CHECK_EQ(query(web.request, WINHTTP_OPTION_REQUEST_TIMES, &times, &length), ERROR_SUCCESS);
    CHECK_EQ(times.rgullTimes[WinHttpConnectionEstablishmentStart], 0);
    CHECK(times.rgullTimes[WinHttpSendRequestStart] > 0);
    CHECK(times.rgullTimes[WinHttpReceiveResponseEnd] >= times.rgullTimes[WinHttpSendRequestStart]);
    web_close(&web);
    server_stop(&srv);
}

TEST(options_report, what_a_dead_connection_swallowed_is_not_counted)
{
    struct server *srv = server_play((const struct turn[]){{EXPECT, "GET /hello HTTP/1.1\r\n"},
                                                           {REPLY, HELLO},
                                                           {EXPECT, "GET /hello HTTP/1.1\r\n"},
                                                           {CLOSE},
                                                           {ACCEPT},
                                                           {EXPECT, "GET /hello HTTP/1.1\r\n"},
                                                           {REPLY, HELLO},
                                                           {END}});
    struct web web = web_open(srv, 0, "GET", "/hello");
    WINHTTP_REQUEST_STATS stats = {.cStats = WinHttpRequestStatLast};
    DWORD length = sizeof(stats);

    CHECK_EQ(web_exchange(&web, NULL, 0).status, 200);
    CHECK_EQ(web_exchange(&web, NULL, 0).status, 200);
    CHECK_EQ(query(web.request, WINHTTP_OPTION_REQUEST_STATS, &stats, &length), ERROR_SUCCESS);
    CHECK_EQ(stats.rgullStats[WinHttpRequestHeadersSize], strlen(server_request(srv, 2)));
    CHECK_EQ(stats.ullFlags, WINHTTP_REQUEST_STAT_FLAG_FIRST_REQUEST);
    CHECK_EQ(stats.ulIndex, 0);
    web_close(&web);
    server_stop(&srv);
}

TEST(options_report, sizes_of_heads_and_bodies_are_counted)
{
    struct server *srv = server_play((const struct turn[]){{EXPECT, "GET /hello HTTP/1.1\r\n"},
                                                           {REPLY, HELLO},
                                                           {EXPECT, "GET /hello HTTP/1.1\r\n"},
                                                           {REPLY, HELLO},
                                                           {END}});
    struct web web = web_open(srv, 0, "GET", "/hello");
    WINHTTP_REQUEST_STATS stats = {.cStats = WinHttpRequestStatLast};
    DWORD length = sizeof(stats);

    CHECK_EQ(web_exchange(&web, NULL, 0).status, 200);
    CHECK_EQ(query(web.request, WINHTTP_OPTION_REQUEST_STATS, &stats, &length), ERROR_SUCCESS);
    CHECK_EQ(stats.cStats, WinHttpRequestStatLast);
    CHECK_EQ(stats.rgullStats[WinHttpRequestHeadersSize], strlen(server_request(srv, 0)));
    CHECK_EQ(stats.rgullStats[WinHttpResponseHeadersSize], strlen(HELLO) - 5);
    CHECK_EQ(stats.rgullStats[WinHttpResponseBodySize], 5);
    CHECK_EQ(stats.ullFlags, WINHTTP_REQUEST_STAT_FLAG_FIRST_REQUEST);
    CHECK_EQ(stats.ulIndex, 0);
    web_close_request(&web);
    web_request(&web, srv, "GET", "/hello");
    CHECK_EQ(web_exchange(&web, NULL, 0).status, 200);
    CHECK_EQ(query(web.request, WINHTTP_OPTION_REQUEST_STATS, &stats, &length), ERROR_SUCCESS);
    CHECK_EQ(stats.ullFlags, 0); /* the connection was used before */
    CHECK_EQ(stats.ulIndex, 1);
    web_close(&web);
    server_stop(&srv);
}
