/* flows_tls.c - whom to believe, and in which version to speak.
 *
 * After a failed verification nothing may be sent: the access log stays empty, and so it is read
 * after the server has stopped.
 */
#include "flows.h"

#define IGNORE_ALL                                                                                 \
    (SECURITY_FLAG_IGNORE_UNKNOWN_CA | SECURITY_FLAG_IGNORE_CERT_DATE_INVALID |                    \
     SECURITY_FLAG_IGNORE_CERT_CN_INVALID | SECURITY_FLAG_IGNORE_CERT_WRONG_USAGE)

static struct logged requests[LOG_MAX];

/* ---- certificates ---------------------------------------------------------------------------- */

static const struct {
    const char *what;
    struct cert_options options;
    bool untrusted; /* from a CA that nobody trusts */
    DWORD flags;    /* of SECURE_FAILURE            */
    DWORD ignore;   /* lets exactly that pass       */
} faults[] = {
    {"wrong host",
     {.names = "other.test"},
     false,
     WINHTTP_CALLBACK_STATUS_FLAG_CERT_CN_INVALID,
     SECURITY_FLAG_IGNORE_CERT_CN_INVALID},
    {"expired",
     {.names = "localhost", .fault = CERT_EXPIRED},
     false,
     WINHTTP_CALLBACK_STATUS_FLAG_CERT_DATE_INVALID,
     SECURITY_FLAG_IGNORE_CERT_DATE_INVALID},
    {"not yet valid",
     {.names = "localhost", .fault = CERT_NOT_YET_VALID},
     false,
     WINHTTP_CALLBACK_STATUS_FLAG_CERT_DATE_INVALID,
     SECURITY_FLAG_IGNORE_CERT_DATE_INVALID},
    {"self-signed",
     {.names = "localhost", .fault = CERT_SELF_SIGNED},
     false,
     WINHTTP_CALLBACK_STATUS_FLAG_INVALID_CA,
     SECURITY_FLAG_IGNORE_UNKNOWN_CA},
    {"untrusted CA",
     {.names = "localhost"},
     true,
     WINHTTP_CALLBACK_STATUS_FLAG_INVALID_CA,
     SECURITY_FLAG_IGNORE_UNKNOWN_CA},
    {"wrong usage",
     {.names = "localhost", .fault = CERT_CLIENT_ONLY},
     false,
     WINHTTP_CALLBACK_STATUS_FLAG_CERT_WRONG_USAGE,
     SECURITY_FLAG_IGNORE_CERT_WRONG_USAGE},
    {"untrusted CA, wrong host, expired",
     {.names = "other.test", .fault = CERT_EXPIRED},
     true,
     WINHTTP_CALLBACK_STATUS_FLAG_INVALID_CA | WINHTTP_CALLBACK_STATUS_FLAG_CERT_CN_INVALID |
         WINHTTP_CALLBACK_STATUS_FLAG_CERT_DATE_INVALID,
     SECURITY_FLAG_IGNORE_UNKNOWN_CA | SECURITY_FLAG_IGNORE_CERT_CN_INVALID |
         SECURITY_FLAG_IGNORE_CERT_DATE_INVALID},
    {"untrusted CA, wrong usage",
     {.names = "localhost", .fault = CERT_CLIENT_ONLY},
     true,
     WINHTTP_CALLBACK_STATUS_FLAG_INVALID_CA | WINHTTP_CALLBACK_STATUS_FLAG_CERT_WRONG_USAGE,
     SECURITY_FLAG_IGNORE_UNKNOWN_CA | SECURITY_FLAG_IGNORE_CERT_WRONG_USAGE},
};
enum { FAULTS = sizeof(faults) / sizeof(faults[0]) };
_Static_assert((int)FAULTS <= (int)SITES_MAX, "one site for each");

/* Minted once per program, each at the site of its number. */
static struct httpd *serve_faults(enum httpd_kind kind)
{
    static const struct cert_options stranger_options = {
        .common_name = "Stranger CA", .fault = CERT_SELF_SIGNED, .is_ca = true};
    static struct cert *stranger;
    static struct site sites[FAULTS];

    cert_trust();
    if (!stranger)
        stranger = cert_new(&stranger_options);
    for (unsigned i = 0; i < FAULTS; i++) {
        struct cert_options options = faults[i].options;

        if (faults[i].untrusted)
            options.issuer = stranger;
        if (!sites[i].cert)
            sites[i].cert = cert_new(&options);
    }
    return httpd_start(kind, sites, FAULTS);
}

/* A GET that ignores some faults. */
static struct answer visit_ignoring(struct web *web, struct httpd *srv, unsigned site, DWORD ignore)
{
    visit_request(web, srv, site, "GET", "/hello.txt");
    if (ignore)
        CHECK(
            WinHttpSetOption(web->request, WINHTTP_OPTION_SECURITY_FLAGS, &ignore, sizeof(ignore)));
    return web_exchange(web, NULL, 0);
}

/* The one SECURE_FAILURE's flags; 0 if there was none. */
static DWORD failure_flags(const struct web *web)
{
    const struct seen *seen =
        recorder_find(web->rec, NULL, WINHTTP_CALLBACK_STATUS_SECURE_FAILURE, 0);

    CHECK(!recorder_find(web->rec, NULL, WINHTTP_CALLBACK_STATUS_SECURE_FAILURE, 1));
    if (!seen)
        return 0;
    CHECK_EQ(seen->length, sizeof(DWORD));
    return (DWORD)seen->value;
}

static void check_refused(const struct web *web, struct answer answer, DWORD flags)
{
    CHECK_EQ(answer.error, ERROR_WINHTTP_SECURE_FAILURE);
    CHECK_EQ(failure_flags(web), flags);
    CHECK(!recorder_find(web->rec, NULL, WINHTTP_CALLBACK_STATUS_REQUEST_SENT, 0));
}

void flow__a_faulty_certificate_is_refused_and_nothing_sent(struct setting setting)
{
    struct httpd *srv = serve_faults(setting.kind);

    for (unsigned i = 0; i < FAULTS; i++) {
        struct web web = visit_connect(srv, i, setting.async);

        test_note("%s", faults[i].what);
        check_refused(&web, visit_ignoring(&web, srv, i, 0), faults[i].flags);
        check_refused(&web, visit_ignoring(&web, srv, i, 0),
                      faults[i].flags); /* nor is it learnt */
        web_close(&web);
    }
    httpd_stop(srv);
    for (unsigned i = 0; i < FAULTS; i++) {
        test_note("%s", faults[i].what);
        CHECK_EQ(httpd_log(srv, i, requests), 0);
    }
}

/* Without any one bit of its own, the others do not help. */
static void check_each_bit_counts(struct web *web, struct httpd *srv, unsigned i)
{
    for (DWORD bit = 1; bit; bit <<= 1) {
        struct answer answer;

        if (!(faults[i].ignore & bit))
            continue;
        answer = visit_ignoring(web, srv, i, IGNORE_ALL & ~bit);
        CHECK_EQ(answer.error, ERROR_WINHTTP_SECURE_FAILURE);
        CHECK((failure_flags(web) & ~faults[i].flags) == 0);
        CHECK(failure_flags(web) != 0);
    }
}

void flow__each_ignore_flag_lets_its_own_fault_pass(struct setting setting)
{
    struct httpd *srv = serve_faults(setting.kind);

    for (unsigned i = 0; i < FAULTS; i++) {
        struct web web = visit_connect(srv, i, setting.async);
        struct answer answer;

        test_note("%s", faults[i].what);
        check_each_bit_counts(&web, srv, i);
        answer = visit_ignoring(&web, srv, i, faults[i].ignore);
        CHECK_EQ(answer.error, 0);
        CHECK_STR(answer.body, HELLO);
        CHECK_EQ(failure_flags(&web), 0);
        /* Neither the connection nor the TLS session serves those who did not ask for it. */
        check_refused(&web, visit_ignoring(&web, srv, i, 0), faults[i].flags);
        check_each_bit_counts(&web, srv, i);
        web_close(&web);
    }
    httpd_stop(srv);
    for (unsigned i = 0; i < FAULTS; i++) {
        test_note("%s", faults[i].what);
        CHECK_EQ(httpd_log(srv, i, requests), 1);
    }
}

/* ---- versions -------------------------------------------------------------------------------- */

static struct answer visit_speaking(struct web *web, struct httpd *srv, unsigned site,
                                    DWORD protocols)
{
    CHECK(WinHttpSetOption(web->session, WINHTTP_OPTION_SECURE_PROTOCOLS, &protocols,
                           sizeof(protocols)));
    return visit(web, srv, site, "GET", "/hello.txt");
}

void flow__versions_are_agreed_on_or_refused(struct setting setting)
{
    enum { ONLY_1_2, ONLY_1_3, ONLY_1_0, BOTH, SITES };
    static const char *const spoken[SITES] = {"TLSv1.2", "TLSv1.3", "TLSv1", "TLSv1.2 TLSv1.3"};
    struct site sites[SITES];
    struct httpd *srv;

    for (unsigned i = 0; i < SITES; i++)
        sites[i] = (struct site){.cert = visit_good_cert(), .protocols = spoken[i]};
    srv = httpd_start(setting.kind, sites, SITES);
    for (unsigned i = 0; i < SITES; i++) {
        struct web web = visit_connect(srv, i, setting.async);

        test_note("a server of %s", spoken[i]);
        if (i == ONLY_1_0)
            check_refused(&web, visit(&web, srv, i, "GET", "/hello.txt"),
                          WINHTTP_CALLBACK_STATUS_FLAG_SECURITY_CHANNEL_ERROR);
        else
            visit_hello(&web, srv, i);
        if (i != ONLY_1_2)
            CHECK_EQ(visit_speaking(&web, srv, i, WINHTTP_FLAG_SECURE_PROTOCOL_TLS1_2).error,
                     i == BOTH ? 0 : ERROR_WINHTTP_SECURE_FAILURE);
        else
            CHECK_EQ(visit_speaking(&web, srv, i, WINHTTP_FLAG_SECURE_PROTOCOL_TLS1_3).error,
                     ERROR_WINHTTP_SECURE_FAILURE);
        web_close(&web);
    }
    httpd_stop(srv);
    CHECK_EQ(httpd_log(srv, ONLY_1_0, requests), 0);
    CHECK_EQ(httpd_log(srv, ONLY_1_2, requests), 1);
    CHECK_STR(requests[0].protocol, "TLSv1.2");
    CHECK_EQ(httpd_log(srv, ONLY_1_3, requests), 1);
    CHECK_STR(requests[0].protocol, "TLSv1.3");
    CHECK_EQ(httpd_log(srv, BOTH, requests), 2);
    CHECK_STR(requests[0].protocol, "TLSv1.3");
    CHECK_STR(requests[1].protocol, "TLSv1.2");
}

void flow__sessions_are_resumed(struct setting setting)
{
    static const char *const spoken[] = {"TLSv1.2", "TLSv1.3"};
    struct site sites[2];
    struct httpd *srv;

    for (unsigned i = 0; i < 2; i++)
        sites[i] = (struct site){.cert = visit_good_cert(), .protocols = spoken[i]};
    srv = httpd_start(setting.kind, sites, 2);
    for (unsigned i = 0; i < 2; i++) {
        struct web web = visit_connect(srv, i, setting.async);

        test_note("%s", spoken[i]);
        for (unsigned n = 0; n < 3; n++) {
            visit_request(&web, srv, i, "GET", "/hello.txt");
            visit_add_header(&web, "Connection: close");
            CHECK_STR(web_exchange(&web, NULL, 0).body, HELLO);
        }
        web_close(&web);
        httpd_log_wait(srv, i, 3, requests);
        CHECK_EQ(logged_connections(requests, 3), 3);
        /* All but the first; who answered them may have logged them in another order. */
        CHECK_EQ(requests[0].resumed + requests[1].resumed + requests[2].resumed, 2);
    }
}
