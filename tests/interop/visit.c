/* visit.c - see visit.h. */
#include "visit.h"

#include <pthread.h>
#include <string.h>

enum { PATTERN_PERIOD = 251, PATTERN_MAX = 1 << 20 };

static struct cert *good;

struct cert *visit_good_cert(void)
{
    static const struct cert_options options = {.names = "localhost,127.0.0.1"};

    cert_trust();
    if (!good)
        good = cert_new(&options);
    return good;
}

struct site visit_site(const struct setting *setting)
{
    return (struct site){.cert = setting->tls ? visit_good_cert() : NULL};
}

struct httpd *visit_server(const struct setting *setting)
{
    struct site site = visit_site(setting);

    return httpd_start(setting->kind, &site, 1);
}

struct web visit_connect(const struct httpd *srv, unsigned site, bool async)
{
    struct web web = {.rec = recorder_new(), .async = async};
    const char *host = httpd_is_secure(srv, site) ? "localhost" : "127.0.0.1";

    web.session =
        WinHttpOpen(text_wide("interop"), WINHTTP_ACCESS_TYPE_NO_PROXY, WINHTTP_NO_PROXY_NAME,
                    WINHTTP_NO_PROXY_BYPASS, async ? WINHTTP_FLAG_ASYNC : 0);
    CHECK(web.session != NULL);
    recorder_attach(web.rec, web.session);
    web.connection = WinHttpConnect(web.session, text_wide(host), httpd_port(srv, site), 0);
    CHECK(web.connection != NULL);
    return web;
}

void visit_request(struct web *web, const struct httpd *srv, unsigned site, const char *verb,
                   const char *path)
{
    web_close_request(web);
    recorder_clear(web->rec);
    web->request = WinHttpOpenRequest(web->connection, text_wide(verb), text_wide(path), NULL,
                                      WINHTTP_NO_REFERER, WINHTTP_DEFAULT_ACCEPT_TYPES,
                                      httpd_is_secure(srv, site) ? WINHTTP_FLAG_SECURE : 0);
    CHECK(web->request != NULL);
}

void visit_add_header(struct web *web, const char *line)
{
    CHECK(WinHttpAddRequestHeaders(web->request, text_wide(line), (DWORD)-1,
                                   WINHTTP_ADDREQ_FLAG_ADD | WINHTTP_ADDREQ_FLAG_REPLACE));
}

struct answer visit(struct web *web, const struct httpd *srv, unsigned site, const char *verb,
                    const char *path)
{
    visit_request(web, srv, site, verb, path);
    return web_exchange(web, NULL, 0);
}

void visit_hello(struct web *web, const struct httpd *srv, unsigned site)
{
    struct answer answer = visit(web, srv, site, "GET", "/hello.txt");

    CHECK_EQ(answer.error, 0);
    CHECK_EQ(answer.status, 200);
    CHECK_STR(answer.body, HELLO);
}

const char *visit_field(const struct web *web, const char *name)
{
    static char field[512];
    WCHAR wide[256];
    DWORD size = sizeof(wide);

    if (!WinHttpQueryHeaders(web->request, WINHTTP_QUERY_CUSTOM, text_wide(name), wide, &size,
                             WINHTTP_NO_HEADER_INDEX)) {
        CHECK_EQ(GetLastError(), ERROR_WINHTTP_HEADER_NOT_FOUND);
        return "";
    }
    text_narrow(field, sizeof(field), wide);
    return field;
}

static uint8_t pattern[PATTERN_MAX + PATTERN_PERIOD];

static void make_pattern(void)
{
    server_pattern(pattern, 0, sizeof(pattern));
}

bool visit_is_pattern(const void *bytes, uint64_t from, size_t len)
{
    static pthread_once_t once = PTHREAD_ONCE_INIT;

    pthread_once(&once, make_pattern);
    CHECK(len <= PATTERN_MAX);
    return memcmp(bytes, pattern + from % PATTERN_PERIOD, len) == 0;
}
