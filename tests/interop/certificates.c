/* certificates.c - client certificates and stapled OCSP responses, with nginx, in both versions of TLS. */
#include "visit.h"

#include <wincrypt.h>

#include <stdio.h>
#include <string.h>

static const char *const versions[] = {"TLSv1.2", "TLSv1.3"};

/* ---- client certificates ---------------------------------------------------------------------- */

static PCCERT_CONTEXT import(const struct cert *cert)
{
    int len = 0;
    unsigned char *bytes = cert_pfx(cert, "secret", &len);
    CRYPT_DATA_BLOB blob = {.cbData = (DWORD)len, .pbData = bytes};
    HCERTSTORE store = PFXImportCertStore(&blob, L"secret", 0);
    PCCERT_CONTEXT context = CertFindCertificateInStore(store, X509_ASN_ENCODING, 0,
                                                        CERT_FIND_HAS_PRIVATE_KEY, NULL, NULL);

    CHECK(context);
    CertCloseStore(store, 0);
    return context;
}

enum { OPTIONAL_1_2, OPTIONAL_1_3, DEMANDED_1_2, DEMANDED_1_3, ASKING_SITES };

/* Sites that ask for a certificate and tell in the body whether it was good. */
static struct httpd *serve_asking(void)
{
    static char lines[2][700];
    static char ca_file[512];
    struct site sites[ASKING_SITES];

    cert_trust();
    snprintf(ca_file, sizeof(ca_file), "%s", cert_chain_file((struct cert *)(uintptr_t)cert_ca()));
    for (int demanded = 0; demanded < 2; demanded++) {
        snprintf(lines[demanded], sizeof(lines[demanded]),
                 "ssl_client_certificate %s;\nssl_verify_client %s;\n"
                 "location = /who { return 200 $ssl_client_verify; }",
                 ca_file, demanded ? "on" : "optional");
        for (int version = 0; version < 2; version++)
            sites[2 * demanded + version] = (struct site){.cert = visit_good_cert(),
                                                          .protocols = versions[version],
                                                          .nginx = lines[demanded]};
    }
    return httpd_start(NGINX, sites, ASKING_SITES);
}

static void give(HINTERNET request, PCCERT_CONTEXT context)
{
    CHECK(WinHttpSetOption(request, WINHTTP_OPTION_CLIENT_CERT_CONTEXT, (LPVOID)(uintptr_t)context,
                           context ? sizeof(*context) : 0));
}

static void client_certificates(bool async)
{
    struct httpd *srv = serve_asking();
    struct cert *cert = cert_new(&(struct cert_options){.common_name = "Alice", .is_client = true});
    PCCERT_CONTEXT alice = import(cert);

    for (unsigned i = 0; i < ASKING_SITES; i++) {
        struct web web = visit_connect(srv, i, async);
        bool demanded = i >= DEMANDED_1_2;
        struct answer answer;

        test_note("%s, %s", versions[i % 2], demanded ? "demanded" : "optional");
        /* Nothing was said: the application is asked, and nothing sent. */
        CHECK_EQ(visit(&web, srv, i, "GET", "/who").error, ERROR_WINHTTP_CLIENT_AUTH_CERT_NEEDED);
        give(web.request, alice);
        answer = web_exchange(&web, NULL, 0);
        CHECK_EQ(answer.error, 0);
        CHECK_STR(answer.body, "SUCCESS");
        /* On the connection that belongs to it, and on a resumed session of it. */
        for (int turn = 0; turn < 2; turn++) {
            visit_request(&web, srv, i, "GET", "/who");
            give(web.request, alice);
            if (turn == 0)
                visit_add_header(&web, "Connection: close");
            CHECK_STR(web_exchange(&web, NULL, 0).body, "SUCCESS");
        }
        /* Nobody: as good as anybody where it is optional, and a 400 where it is not. */
        visit_request(&web, srv, i, "GET", "/who");
        give(web.request, NULL);
        answer = web_exchange(&web, NULL, 0);
        CHECK_EQ(answer.error, 0);
        CHECK_EQ(answer.status, demanded ? 400 : 200);
        if (!demanded)
            CHECK_STR(answer.body, "NONE");
        web_close(&web);
    }
    CertFreeCertificateContext(alice);
    cert_free(&cert);
    httpd_stop(srv);
}

TEST(nginx_certificates, a_client_certificate_is_asked_for_and_given__sync)
{
    client_certificates(false);
}

TEST(nginx_certificates, a_client_certificate_is_asked_for_and_given__async)
{
    client_certificates(true);
}

/* ---- stapled responses ------------------------------------------------------------------------ */

static const struct {
    enum cert_staple staple;
    DWORD flag; /* of SECURE_FAILURE; 0: served */
} staples[] = {
    {STAPLE_GOOD, 0},
    {STAPLE_REVOKED, WINHTTP_CALLBACK_STATUS_FLAG_CERT_REVOKED},
    {STAPLE_OLD, WINHTTP_CALLBACK_STATUS_FLAG_CERT_REV_FAILED},
};
enum { STAPLES = sizeof(staples) / sizeof(staples[0]), STAPLED_SITES = 2 * STAPLES };

static struct httpd *serve_stapled(void)
{
    static char lines[STAPLES][700];
    struct site sites[STAPLED_SITES];

    cert_trust();
    for (int i = 0; i < STAPLES; i++) {
        snprintf(lines[i], sizeof(lines[i]), "ssl_stapling on;\nssl_stapling_file %s;\n",
                 cert_staple_file(visit_good_cert(), staples[i].staple));
        for (int version = 0; version < 2; version++)
            sites[2 * i + version] = (struct site){
                .cert = visit_good_cert(), .protocols = versions[version], .nginx = lines[i]};
    }
    return httpd_start(NGINX, sites, STAPLED_SITES);
}

static struct answer visit_asking(struct web *web, struct httpd *srv, unsigned site)
{
    DWORD enable = WINHTTP_ENABLE_SSL_REVOCATION;

    visit_request(web, srv, site, "GET", "/hello.txt");
    CHECK(WinHttpSetOption(web->request, WINHTTP_OPTION_ENABLE_FEATURE, &enable, sizeof(enable)));
    return web_exchange(web, NULL, 0);
}

static void stapled_responses(bool async)
{
    struct httpd *srv = serve_stapled();

    for (unsigned i = 0; i < STAPLED_SITES; i++) {
        struct web web = visit_connect(srv, i, async);
        DWORD flag = staples[i / 2].flag;
        struct answer answer;

        test_note("%s, staple %d", versions[i % 2], staples[i / 2].staple);
        answer = visit_asking(&web, srv, i);
        if (flag) {
            const struct seen *seen =
                recorder_find(web.rec, NULL, WINHTTP_CALLBACK_STATUS_SECURE_FAILURE, 0);

            CHECK_EQ(answer.error, ERROR_WINHTTP_SECURE_FAILURE);
            CHECK(seen && seen->value == flag);
        } else {
            CHECK_STR(answer.body, HELLO);
        }
        visit_hello(&web, srv, i); /* who does not ask is served, on a connection of its own */
        answer = visit_asking(&web, srv, i);
        CHECK_EQ(answer.error, flag ? ERROR_WINHTTP_SECURE_FAILURE : 0);
        web_close(&web);
    }
    httpd_stop(srv);
}

TEST(nginx_certificates, a_stapled_response_is_heard__sync)
{
    stapled_responses(false);
}

TEST(nginx_certificates, a_stapled_response_is_heard__async)
{
    stapled_responses(true);
}
